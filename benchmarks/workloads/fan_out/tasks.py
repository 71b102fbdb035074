"""`asyncio.gather`: a task for each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


async def add(number: int) -> int:
    return number + 1


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    branches = [add] * steps

    async def run() -> int:
        return sum(await asyncio.gather(*[step(0) for step in branches]))

    yield timed(run, steps)
