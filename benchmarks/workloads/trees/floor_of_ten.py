"""The floor, ten at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.trees.floor import grown
from benchmarks.workloads.trees.ours import TASKS


@asynccontextmanager
async def side(runs: int) -> AsyncIterator[Round]:
    async def ten_at_once() -> int:
        return sum([await grown(10) for _ in range(runs // 10)])

    yield timed(ten_at_once, runs * TASKS)
