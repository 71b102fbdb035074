"""By address, which may be that of another process or machine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import xoscar as xo

from benchmarks.side import Round, Side, timed


class Hop(xo.Actor):
    def __init__(self, following: Any | None) -> None:
        self.following = following

    async def add(self, message: int) -> int:
        reply: int = await self.following.add(message) if self.following else message
        return reply + 1


async def as_it_is(ref: Any) -> Any:
    return ref


def referring(refer: Callable[[Any], Awaitable[Any]]) -> Side:
    @asynccontextmanager
    async def side(actors: int) -> AsyncIterator[Round]:
        async with await xo.create_actor_pool("127.0.0.1:0", n_process=0) as pool:
            first: Any = None
            for _ in range(actors):
                created = await xo.create_actor(Hop, first, address=pool.external_address)
                first = await refer(created)

            async def ask() -> int:
                reply: int = await first.add(0)
                return reply

            yield timed(ask, actors)

    return side


side = referring(as_it_is)
