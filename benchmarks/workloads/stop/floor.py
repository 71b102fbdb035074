"""A deque and a task each, cancelled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from benchmarks.side import Round, Sample, clocked, sample
from benchmarks.workloads.spawn.floor import started, stopped


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async def stop() -> Sample:
        waiters = await started(count)
        begun = perf_counter()
        ended = await stopped(waiters)
        return sample(perf_counter() - begun, ended, count)

    yield clocked(stop)
