"""Coroutines, and as many eager tasks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


async def increment(n: int) -> int:
    return n + 1


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    loop = asyncio.get_running_loop()

    async def run() -> int:
        n = 0
        for _ in range(steps):
            n = await increment(n)
        done = 0
        for _ in range(steps):
            done = asyncio.Task(increment(done), loop=loop, eager_start=True).result()
        return min(n, done)

    yield timed(run, steps)
