"""Plain coroutines, nothing in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


async def add(number: int) -> int:
    return number + 1


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    chain = [add] * steps

    async def run() -> int:
        number = 0
        for step in chain:
            number = await step(number)
        return number

    yield timed(run, steps)
