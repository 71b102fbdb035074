"""Bare tasks, the loser cancelled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round
from benchmarks.workloads.race.floor import first, lose, win


@asynccontextmanager
async def side(racers: int) -> AsyncIterator[Round]:
    yield first(1, win, *[lose] * (racers - 1))
