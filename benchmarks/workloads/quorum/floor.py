"""Bare tasks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round
from benchmarks.workloads.race.floor import first, win


@asynccontextmanager
async def side(tasks: int) -> AsyncIterator[Round]:
    yield first(2, *[win] * tasks)
