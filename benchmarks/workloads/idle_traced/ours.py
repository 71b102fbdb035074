"""`system.spawn`."""

import gc
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, Sample, need_all
from benchmarks.workloads.spawn.ours import started, stopped
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:

        async def trace() -> Sample:
            gc.collect()
            tracemalloc.start()
            before, _ = tracemalloc.get_traced_memory()
            actors = await started(system, count)
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            need_all(await stopped(actors), count)
            return Sample(count, (after - before) / count)

        yield trace
