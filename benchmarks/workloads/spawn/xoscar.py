"""By address, which may be that of another process or machine."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import xoscar as xo

from benchmarks.side import Round, Sample, sample


class Echo(xo.Actor):
    def echo(self, message: int) -> int:
        return message


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    async with await xo.create_actor_pool("127.0.0.1:0", n_process=0) as pool:

        async def spawn() -> Sample:
            gc.collect()
            begun = perf_counter()
            started = [
                await xo.create_actor(Echo, address=pool.external_address) for _ in range(actors)
            ]
            seconds = perf_counter() - begun
            alive = sum([await xo.has_actor(ref) for ref in started])
            for ref in started:
                await ref.destroy()
            return sample(seconds, alive, actors)

        yield spawn
