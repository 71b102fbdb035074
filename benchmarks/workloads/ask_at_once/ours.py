"""`ref.ask`, gathered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.ask.ours import Echo
from everything_is_an_actor import ActorSystem


def asked_at_once(ask: Callable[[int], Awaitable[int]], messages: int) -> Round:
    """As many askers as there are messages; how many have the right reply."""

    async def gather() -> int:
        replies = await asyncio.gather(*[ask(i) for i in range(messages)])
        return sum(reply == i for i, reply in enumerate(replies))

    return timed(gather, messages)


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        actor = await system.spawn(Echo, "echo", mailbox_size=0)  # as the deque
        yield asked_at_once(actor.ask, messages)
