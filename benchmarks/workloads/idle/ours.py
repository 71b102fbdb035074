"""`system.spawn`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, Sample, need_all, resident
from benchmarks.workloads.spawn.ours import started, stopped
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:

        async def grow() -> Sample:
            before = resident()
            actors = await started(system, count)
            grown = resident() - before
            need_all(await stopped(actors), count)
            return Sample(count, grown / count)

        yield grow
