"""Delayed calls, made for each input; the same on a cluster."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dask import delayed

from benchmarks.side import Round, timed


@delayed
def add(number: int) -> int:
    return number + 1


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    async def run() -> int:
        total = delayed(sum)([add(0) for _ in range(steps)])
        summed: int = total.compute(scheduler="synchronous")
        return summed

    yield timed(run, steps)
