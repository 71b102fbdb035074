"""Random trees of actors in which everything happens at once: what holds however it comes.

Jobs, asks from below to above, failures, stops and restarts that wait, under any schedule.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any, override

from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import ActorStoppedError, ActorSystem
from everything_is_an_actor.runtime.errors import AskCycleError
from everything_is_an_actor.testing import run
from laws.supervised import (
    KINDS,
    MOSTLY_RESTART,
    Boom,
    Plan,
    Subject,
    Tree,
    Where,
    World,
    ended,
    trees,
)
from tests.runtime.actors import now

numbers = st.integers(0, 15)


@dataclass(frozen=True)
class Job:
    """Work for so long, ask one further up, fail.

    Those further up ask nobody below: of two that ask each other each would wait for the other.
    """

    seconds: float
    asks: Where | None
    kind: int | None


class Busy(Subject):
    """A subject that does jobs."""

    @override
    async def handle(self, message: Job) -> Any:
        await asyncio.sleep(message.seconds)
        if message.asks is not None:
            path = "/".join(["/actor-system/top", *map(str, message.asks)])
            try:
                other = self.context.system.get_actor(path)
            except LookupError:
                return None
            await other.ask(Job(0.5, None, None), timeout=None)
        if message.kind is not None:
            raise Boom(message.kind)
        return None


instants = st.sampled_from([0.0, 0.5, 1.0, 2.0])
busy_plans = st.builds(
    Plan,
    st.tuples(*[MOSTLY_RESTART] * KINDS),
    st.booleans(),
    st.sampled_from([3, 10, 1, 0]),
    st.just(10.0),
    st.sampled_from([None, 0.0, 0.5, 2.0]),
)
jobs = st.tuples(instants, st.integers(0, 2), st.none() | st.integers(0, KINDS - 1))
events = st.one_of(
    st.tuples(instants, numbers, jobs),
    st.tuples(instants, numbers, jobs),
    st.tuples(instants, numbers, st.sampled_from(["stop", "drain", "interrupt"])),
)


async def holds(
    tree: Tree, plan: Plan, happens: list[Any], pause: float, shutdown: float | None
) -> None:
    world = World()
    places = [where for where, _ in tree.all()]
    system = ActorSystem(supervisor_strategy=plan.strategy())
    try:
        _ = await system.spawn(Busy, "top", args=(tree, (), world, pause))
    finally:
        begin = now()

    def path(who: int) -> str:
        return "/".join(["/actor-system/top", *map(str, places[who % len(places)])])

    async def event(instant: float, who: int, what: Any) -> Any:
        await asyncio.sleep(instant)
        try:
            ref = system.get_actor(path(who))
        except LookupError:
            return
        if isinstance(what, str):
            await ended(ref, what)
        else:
            seconds, levels, kind = what
            where = places[who % len(places)]
            asked = where[:-levels] if 0 < levels <= len(where) else None
            await ref.ask(Job(seconds, asked, kind), timeout=None)

    running = [asyncio.ensure_future(event(*each)) for each in happens]
    try:
        if shutdown is not None:
            await asyncio.sleep(shutdown)
            await system.shutdown()
        for outcome in await asyncio.gather(*running, return_exceptions=True):
            assert outcome is None or isinstance(
                outcome, Boom | ActorStoppedError | AskCycleError
            ), outcome
    finally:
        await system.shutdown()
    assert world.overlaps == []
    assert world.ends == Counter(world.begun)
    assert now() < begin + 1_000


@settings(deadline=None)
@given(
    trees(busy_plans, 2),
    busy_plans,
    st.lists(events, max_size=16),
    st.sampled_from([0.0, 0.5]),
    st.none() | instants,
    st.none() | st.integers(0, 2**32 - 1),
)
def test_instances_never_overlap_each_actor_ends_once_and_every_ask_is_answered(
    tree: Tree,
    plan: Plan,
    happens: list[Any],
    pause: float,
    shutdown: float | None,
    schedule: int | None,
) -> None:
    run(holds(tree, plan, happens, pause, shutdown), schedule=schedule)
