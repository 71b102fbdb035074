"""Bare tasks, the last one cancelled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round
from benchmarks.workloads.race.floor import first, lose, win


@asynccontextmanager
async def side(tasks: int) -> AsyncIterator[Round]:
    yield first(2, *[win] * (tasks - 1), lose)
