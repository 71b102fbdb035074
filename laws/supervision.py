"""Random trees of actors with random strategies do what a model says, one thing at a time.

Crashes, directives, windows and failing restarts; delays of restarts on virtual time, exactly; all
under any schedule of what is ready.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import (
    ActorStoppedError,
    ActorSystem,
    OneForOneStrategy,
    RestartBackoff,
)
from everything_is_an_actor.testing import run
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.sentences import sentences
from laws.supervised import (
    KINDS,
    Boom,
    Model,
    Plan,
    Subject,
    Tree,
    World,
    ended,
    errors,
    fragile_trees,
    plans,
)
from tests.runtime.actors import Echo, Parent, child_of, now

schedules = st.none() | st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Crash:
    who: int
    kind: int


@dataclass(frozen=True)
class End:
    who: int
    how: str


@dataclass(frozen=True)
class Wait:
    seconds: float


type Step = Crash | End | Wait

numbers = st.integers(0, 2) | st.integers(0, 15)  # of actors: few, lest each fail but once
kinds = st.just(0) | st.integers(0, KINDS - 1)
steps = st.one_of(
    st.builds(Crash, numbers, kinds),
    st.builds(Crash, numbers, kinds),
    st.builds(Crash, numbers, kinds),
    st.builds(Wait, st.sampled_from([0.5, 5.0, 20.0])),
    st.builds(End, numbers, st.sampled_from(["stop", "drain", "interrupt"])),
)


async def settle() -> None:
    """Let all that goes on without a timer come to its end."""
    await asyncio.sleep(1e-3)


async def agrees(tree: Tree, plan: Plan, happens: list[Step]) -> None:
    world = World()
    places = [where for where, _ in tree.all()]
    async with ActorSystem(supervisor_strategy=plan.strategy()) as system:
        system.on_failure(world.failed)
        _ = await system.spawn(Subject, "top", args=(tree, (), world))
        model = Model(tree, plan)
        for step in happens:
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
                continue
            where = places[step.who % len(places)]
            place = model.find(where)
            if place is None:
                continue
            ref = system.get_actor("/".join(["/actor-system/top", *map(str, where)]))
            if isinstance(step, Crash):
                error, instant = Boom(step.kind), now()
                place.fail(error)
                failures = await asyncio.gather(
                    ref.ask(error, timeout=None), return_exceptions=True
                )
                assert failures[0] is error
                assert now() == instant
            else:
                place.stop()
                await ended(ref, step.how)
            await settle()
            for where in places:
                alive = model.find(where)
                path = "/".join(["/actor-system/top", *map(str, where)])
                if alive is not None:
                    alive.count += 1
                    answer = await system.ask(path, "count", timeout=None)
                    assert answer == (model.instances[where], alive.count), where
            assert world.instances == model.instances
            assert world.stopped == model.stopped
            assert errors(world.restarts) == errors(model.restarts)
            assert errors(world.published) == errors(model.published)
    if model.top is not None:
        model.top.stop()
    assert world.stopped == model.stopped
    assert world.overlaps == []
    assert world.ends == Counter(world.begun)


# ---------------------------------------------------------------------- what waits


@dataclass(frozen=True)
class Delays:
    """How long restarts wait, and how many there may be."""

    initial: float
    maximum: float
    max_restarts: int
    within: float

    def strategy(self) -> OneForOneStrategy:
        backoff = RestartBackoff(self.initial, self.maximum)
        return OneForOneStrategy(self.max_restarts, self.within, backoff=backoff)


def delays(cls: type[Delays] = Delays) -> st.SearchStrategy[Delays]:
    seconds = st.sampled_from([0.0, 0.5, 1.0, 3.0])
    return st.builds(
        lambda initial, more, most, within: cls(initial, initial + more, most, within),
        seconds,
        st.sampled_from([0.0, 1.0, 6.0]),
        st.integers(0, 6),
        st.sampled_from([2.0, 10.0, 60.0]),
    )


async def waits_as_long_as(plan: Delays, pauses: list[float]) -> None:
    restarts: list[float] = []
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(plan.strategy(),))
        child = await child_of(parent, Echo, "child")
        for pause in pauses:
            await asyncio.sleep(pause)
            failed = now()
            restarts = [instant for instant in restarts if failed - instant < plan.within]
            with pytest.raises(Boom):
                await child.ask(Boom(0), timeout=None)
            assert now() == failed, "its asker waited"
            if len(restarts) == plan.max_restarts:
                with pytest.raises(ActorStoppedError):
                    await child.ask("back", timeout=None)
                return
            delay = min(plan.initial * 2 ** len(restarts), plan.maximum)
            restarts.append(failed)
            assert await child.ask("back", timeout=None) == "back"
            assert now() == failed + delay


# ---------------------------------------------------------------------- both


@dataclass(frozen=True)
class Supervised:
    """What strategies are made of: of what a plan says."""

    plan: type[Plan] = Plan
    delays: type[Delays] = Delays
    configured: settings | None = None


happenings = st.lists(steps, max_size=12)
pauses = st.lists(st.sampled_from([0.0, 0.5, 2.0, 20.0]), max_size=8)


def who_restarts_and_who_stops(supervised: Supervised) -> None:
    """Crashes, directives and windows: who restarts and who stops is as a model says."""

    @settings(supervised.configured, deadline=None)
    @given(fragile_trees(plans(supervised.plan)), plans(supervised.plan), happenings, schedules)
    def holds(tree: Tree, plan: Plan, happens: list[Step], schedule: int | None) -> None:
        run(agrees(tree, plan, happens), schedule=schedule)

    holds()


def how_long_a_restart_waits(supervised: Supervised) -> None:
    """Each restart waits twice as long as the one before it in the window, up to the maximum."""

    @settings(supervised.configured, deadline=None)
    @given(delays(supervised.delays), pauses, schedules)
    def holds(plan: Delays, pauses: list[float], schedule: int | None) -> None:
        run(waits_as_long_as(plan, pauses), schedule=schedule)

    holds()


def supervision_suite(supervised: Supervised) -> tuple[Check, ...]:
    """What holds of supervisors, as checks."""
    return sentences(
        "supervision", supervised, [who_restarts_and_who_stops, how_long_a_restart_waits]
    )
