"""By address, which may be that of another process or machine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import xoscar as xo

from benchmarks.side import Round, Side, timed


class Echo(xo.Actor):
    def echo(self, message: int) -> int:
        return message


async def as_it_is(ref: Any) -> Any:
    return ref


def referring(refer: Callable[[Any], Awaitable[Any]]) -> Side:
    @asynccontextmanager
    async def side(messages: int) -> AsyncIterator[Round]:
        async with await xo.create_actor_pool("127.0.0.1:0", n_process=0) as pool:
            echo = await refer(await xo.create_actor(Echo, address=pool.external_address))

            async def ask() -> int:
                return sum([await echo.echo(i) == i for i in range(messages)])

            yield timed(ask, messages)

    return side


side = referring(as_it_is)
