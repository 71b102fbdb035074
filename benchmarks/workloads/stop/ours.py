"""`ref.stop`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from benchmarks.side import Round, Sample, clocked, sample
from benchmarks.workloads.spawn.ours import started, stopped
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:

        async def stop() -> Sample:
            actors = await started(system, count)
            begun = perf_counter()
            ended = await stopped(actors)
            return sample(perf_counter() - begun, ended, count)

        yield clocked(stop)
