"""Bare tasks, errors collected."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from everything_is_an_actor.flow import QuorumResult


async def propose(_: object) -> int:
    return 1


async def aggregate(quorum: QuorumResult[int]) -> int:
    return sum(quorum.succeeded)


@asynccontextmanager
async def side(proposers: int) -> AsyncIterator[Round]:
    loop = asyncio.get_running_loop()

    async def run() -> int:
        tasks = [loop.create_task(propose(None)) for _ in range(proposers)]
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
        return await aggregate(QuorumResult(tuple(succeeded), tuple(failed))) // proposers

    yield timed(run, 1)
