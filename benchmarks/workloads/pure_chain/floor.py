"""A loop over the functions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.pure_chain.ours import increment


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    functions = [increment] * steps

    async def call() -> int:
        n = 0
        for function in functions:
            n = function(n)
        return n

    yield timed(call, steps)
