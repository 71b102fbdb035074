"""By address, which may be that of another process or machine."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import xoscar as xo

from benchmarks.side import Round, Sample, need_all, resident


class Echo(xo.Actor):
    def echo(self, message: int) -> int:
        return message


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    kept: list[Any] = []
    async with await xo.create_actor_pool("127.0.0.1:0", n_process=0) as pool:

        async def idle() -> Sample:
            gc.collect()
            before = resident()
            started = [
                await xo.create_actor(Echo, address=pool.external_address) for _ in range(actors)
            ]
            grown = resident() - before
            need_all(sum([await xo.has_actor(ref) for ref in started]), actors)
            kept.extend(started)  # so that the next round needs new memory
            return Sample(actors, grown / actors)

        yield idle
