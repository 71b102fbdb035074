"""By address, which may be that of another process or machine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import xoscar as xo

from benchmarks.side import Round, Side, timed


class Drain(xo.Actor):
    def __init__(self) -> None:
        self.count = 0

    def handle(self, message: int) -> None:
        self.count += 1

    def handled(self) -> int:
        return self.count


async def as_it_is(ref: Any) -> Any:
    return ref


def referring(refer: Callable[[Any], Awaitable[Any]]) -> Side:
    @asynccontextmanager
    async def side(messages: int) -> AsyncIterator[Round]:
        pool = await xo.create_actor_pool("127.0.0.1:0", n_process=0)

        async def tell() -> int:
            drain = await refer(await xo.create_actor(Drain, address=pool.external_address))
            for i in range(messages):
                await drain.handle.tell(i)
            count: int = await drain.handled()
            await drain.destroy()
            return count

        async with pool:
            yield timed(tell, messages)

    return side


side = referring(as_it_is)
