"""A deque and a task each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, Sample, need_all, resident
from benchmarks.workloads.spawn.floor import started, stopped


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async def grow() -> Sample:
        before = resident()
        waiters = await started(count)
        grown = resident() - before
        need_all(await stopped(waiters), count)
        return Sample(count, grown / count)

    yield grow
