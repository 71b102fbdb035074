"""What a middleware costs that does nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, override

from benchmarks.harness import AtMost, Workload, microseconds
from benchmarks.messages import Echo
from everything_is_an_actor import ActorRef, ActorSystem, MessageContext, Middleware, Next

ASKED = 20_000


class Through(Middleware):
    """Passes everything on."""

    @override
    async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        return await next_fn(message)


def asking(actor: ActorRef[int, int]) -> Callable[[], Awaitable[int]]:
    """One ask after the other; how many have the right reply."""

    async def ask() -> int:
        replies = 0
        for i in range(ASKED):
            replies += await actor.ask(i) == i
        return replies

    return ask


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """An ask through one middleware against an ask without."""
    async with ActorSystem("bench") as system:
        plain = await system.spawn(Echo, "plain")
        through = await system.spawn(Echo, "through", middlewares=(Through(),))
        yield [
            Workload(
                "ask through one middleware",
                "message",
                microseconds(asking(through), ASKED),
                microseconds(asking(plain), ASKED),
                "an ask without",
                AtMost(1.2),
            )
        ]
