"""A loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


@asynccontextmanager
async def side(additions: int) -> AsyncIterator[Round]:
    async def add() -> int:
        n = 0
        for _ in range(additions):
            n += 1
        return n

    yield timed(add, additions)
