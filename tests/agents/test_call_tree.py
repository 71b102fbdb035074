"""The flat stream of events of a run rebuilds the exact tree of calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from hypothesis import HealthCheck, given, settings

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.testing import run
from tests.agents.rebuilt import differences, rebuilt
from tests.agents.trees import (
    Home,
    Job,
    Node,
    Program,
    Works,
    a_task_of,
    a_world,
    expected,
    programs,
    trees,
)

thoroughly = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


async def followed(
    stream: AsyncIterator[TaskEvent],
) -> tuple[list[tuple[TaskEvent, float]], Exception | None]:
    """What happened, when, and what was raised in the end."""
    events: list[tuple[TaskEvent, float]] = []
    try:
        async for event in stream:
            events.append((event, asyncio.get_running_loop().time()))  # noqa: PERF401  # one by one
    except Exception as error:
        return events, error
    return events, None


@thoroughly
@given(trees())
def test_the_events_of_a_run_rebuild_the_tree_of_calls(node: Node) -> None:
    async def main() -> None:
        async with a_world() as world:
            job = Job(node, world, None, Home())
            events, error = await followed(world.system.run(Works, job, timeout=None))
            assert (events[-1][0].data is error) == (error is not None)
            await world.quiet()
            assert job.home.root is not None
            found = differences(rebuilt(events), expected(job.home.root))
            assert not found, found

    run(main())


@thoroughly
@given(programs())
def test_the_events_of_a_flow_rebuild_the_tree_of_calls(program: Program) -> None:
    async def main() -> None:
        async with a_world() as world:
            with a_task_of(program, world) as (flow, home):
                events, error = await followed(world.system.run_flow_stream(flow, None))
            assert (events[-1][0].data is error) == (error is not None)
            await world.quiet()
            assert home.root is not None
            found = differences(rebuilt(events), expected(home.root))
            assert not found, found

    run(main())
