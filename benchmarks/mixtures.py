"""A layer of a mixture of agents: three proposers at once, and an aggregator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.harness import AtMost, Workload, microseconds
from everything_is_an_actor.flow import QuorumResult
from everything_is_an_actor.moa import MoASystem, moa_layer

PROPOSERS, REPEATS = 3, 500


async def propose(_: object) -> int:
    return 1


async def aggregate(quorum: QuorumResult[int]) -> int:
    return sum(quorum.succeeded)


async def by_hand() -> int:
    """A task for each proposer; errors are collected; the aggregator is a coroutine."""
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(propose(None)) for _ in range(PROPOSERS)]
    await asyncio.wait(tasks)
    succeeded: list[int] = []
    failed: list[Exception] = []
    for task in tasks:
        try:
            succeeded.append(task.result())
        except Exception as error:
            failed.append(error)
    if not succeeded:
        raise ExceptionGroup("no proposer has succeeded", failed)
    return await aggregate(QuorumResult(tuple(succeeded), tuple(failed)))


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Each agent with a bound on its time, against bare tasks without one."""
    layer = moa_layer(proposers=[propose] * PROPOSERS, aggregator=aggregate)
    async with MoASystem() as system:

        async def run() -> int:
            return await system.run(layer, None)

        yield [
            Workload(
                f"MoA layer of {PROPOSERS} and an aggregator",
                "proposer",
                microseconds(run, PROPOSERS, REPEATS),
                microseconds(by_hand, PROPOSERS, REPEATS),
                "bare tasks",
                AtMost(2),
            )
        ]
