"""Fifty agents on the same input at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.harness import AtMost, Workload, microseconds
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import agent, zip_all

WIDTH, REPEATS = 50, 60


async def one(_: object) -> int:
    return 1


async def by_hand() -> int:
    """A task group of as many tasks."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(None)) for _ in range(WIDTH)]
    return sum(task.result() for task in tasks)


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """`zip_all` against a task group."""
    flow = zip_all(*[agent(one)] * WIDTH)
    async with AgentSystem() as system:

        async def run() -> int:
            return sum(await system.run_flow(flow, None))

        yield [
            Workload(
                f"zip_all of {WIDTH} agents",
                "agent",
                microseconds(run, WIDTH, REPEATS),
                microseconds(by_hand, WIDTH, REPEATS),
                "a TaskGroup",
                AtMost(1.5),
            )
        ]
