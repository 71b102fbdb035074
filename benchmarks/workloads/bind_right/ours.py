"""`Pure(n).flat_map(f)`, where `f` gives the same of `n + 1`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Never

from benchmarks.side import Round, timed
from everything_is_an_actor import ActorSystem
from everything_is_an_actor.free import Free, Pure


@asynccontextmanager
async def side(binds: int) -> AsyncIterator[Round]:
    def counting(n: int) -> Free[Never, int]:
        return Pure(n) if n == binds else Pure(n + 1).flat_map(counting)

    async with ActorSystem("bench") as system:
        yield timed(lambda: system.run_free(counting(0)), binds)
