"""Through one that does nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, override

from benchmarks.side import Round
from benchmarks.workloads.ask.ours import Echo, asking
from everything_is_an_actor import ActorSystem, MessageContext, Middleware, Next


class Through(Middleware):
    """Passes everything on."""

    @override
    async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        return await next_fn(message)


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        yield asking(await system.spawn(Echo, "echo", middlewares=(Through(),)), messages)
