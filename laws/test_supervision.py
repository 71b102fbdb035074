"""Random trees of actors with random strategies do what a model says, one thing at a time.

Crashes, directives, windows and failing restarts; delays of restarts on virtual time, exactly; all
under any schedule of what is ready.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import permutations
from typing import override

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import (
    ActorError,
    ActorStoppedError,
    ActorSystem,
    Directive,
    OneForOneStrategy,
    RestartBackoff,
    SupervisorStrategy,
)
from everything_is_an_actor.testing import run
from laws.effort import ENOUGH
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


def the_model_is_right_about(cls: type[Plan], configured: settings | None = None) -> None:
    @settings(configured, deadline=None)
    @given(fragile_trees(plans(cls)), plans(cls), st.lists(steps, max_size=12), schedules)
    def holds(tree: Tree, plan: Plan, happens: list[Step], schedule: int | None) -> None:
        run(agrees(tree, plan, happens), schedule=schedule)

    holds()


def test_who_restarts_and_who_stops_is_as_the_model_says() -> None:
    the_model_is_right_about(Plan)


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
    """Each restart waits twice as long as the one before it in the window, up to the maximum."""
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


def the_delays_are_those_of(cls: type[Delays], configured: settings | None = None) -> None:
    pauses = st.lists(st.sampled_from([0.0, 0.5, 2.0, 20.0]), max_size=8)

    @settings(configured, deadline=None)
    @given(delays(cls), pauses, schedules)
    def holds(plan: Delays, pauses: list[float], schedule: int | None) -> None:
        run(waits_as_long_as(plan, pauses), schedule=schedule)

    holds()


def test_a_restart_waits_as_long_as_its_number_in_the_window_says() -> None:
    the_delays_are_those_of(Delays)


# ---------------------------------------------------------------------- what is wrong is caught


def one_too_many(plan: Plan) -> SupervisorStrategy:
    return replace(plan, max_restarts=plan.max_restarts + 1).strategy()


def one_too_few(plan: Plan) -> SupervisorStrategy:
    return replace(plan, max_restarts=max(0, plan.max_restarts - 1)).strategy()


def counts_for_ever(plan: Plan) -> SupervisorStrategy:
    return replace(plan, within=1e6).strategy()


def forgets_at_once(plan: Plan) -> SupervisorStrategy:
    return replace(plan, within=1e-6).strategy()


def only_the_failed(plan: Plan) -> SupervisorStrategy:
    return replace(plan, together=False).strategy()


def always_all(plan: Plan) -> SupervisorStrategy:
    return replace(plan, together=True).strategy()


def instead_of(meant: Directive, done: Directive) -> Callable[[Plan], SupervisorStrategy]:
    def wrong(plan: Plan) -> SupervisorStrategy:
        directives = (done if each is meant else each for each in plan.directives)
        return replace(plan, directives=tuple(directives)).strategy()

    wrong.__name__ = f"{done.name}_instead_of_{meant.name}"
    return wrong


WRONG: list[Callable[[Plan], SupervisorStrategy]] = [
    one_too_many,
    one_too_few,
    counts_for_ever,
    forgets_at_once,
    only_the_failed,
    always_all,
    *(instead_of(*pair) for pair in permutations(Directive, 2)),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_a_wrong_strategy_is_caught(wrong: Callable[[Plan], SupervisorStrategy]) -> None:
    class Wrong(Plan):
        @override
        def strategy(self) -> SupervisorStrategy:
            fields = (getattr(self, name) for name in Plan.__dataclass_fields__)
            return wrong(Plan(*fields))

    with pytest.raises((AssertionError, ActorError)):
        the_model_is_right_about(Wrong, ENOUGH)


def waits_not_at_all(plan: Delays) -> Delays:
    return replace(plan, initial=0.0)


def waits_no_longer_each_time(plan: Delays) -> Delays:
    return replace(plan, maximum=plan.initial)


def waits_without_a_maximum(plan: Delays) -> Delays:
    return replace(plan, maximum=1e6)


def begins_with_the_maximum(plan: Delays) -> Delays:
    return replace(plan, initial=plan.maximum)


def remembers_for_ever(plan: Delays) -> Delays:
    return replace(plan, within=1e6)


WRONG_DELAYS: list[Callable[[Delays], Delays]] = [
    waits_not_at_all,
    waits_no_longer_each_time,
    waits_without_a_maximum,
    begins_with_the_maximum,
    remembers_for_ever,
]


@pytest.mark.parametrize("wrong", WRONG_DELAYS, ids=lambda wrong: wrong.__name__)
def test_a_wrong_delay_is_caught(wrong: Callable[[Delays], Delays]) -> None:
    class Wrong(Delays):
        @override
        def strategy(self) -> OneForOneStrategy:
            plan = wrong(self)
            backoff = RestartBackoff(plan.initial, plan.maximum)
            return OneForOneStrategy(plan.max_restarts, plan.within, backoff=backoff)

    with pytest.raises((AssertionError, ActorError)):
        the_delays_are_those_of(Wrong, ENOUGH)
