"""A deque and a task each."""

import gc
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, Sample, need_all
from benchmarks.workloads.spawn.floor import started, stopped


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async def trace() -> Sample:
        gc.collect()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        waiters = await started(count)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        need_all(await stopped(waiters), count)
        return Sample(count, (after - before) / count)

    yield trace
