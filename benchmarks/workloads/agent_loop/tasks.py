"""A `while` loop, a task for each iteration."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


async def add(number: int) -> int:
    return number + 1


@asynccontextmanager
async def side(iterations: int) -> AsyncIterator[Round]:
    async def run() -> int:
        number = 0
        while number < iterations:
            number = await asyncio.create_task(add(number))
        return number

    yield timed(run, iterations)
