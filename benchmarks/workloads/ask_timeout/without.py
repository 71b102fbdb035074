"""`timeout=None`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.ask_at_once_waiting.ours import EchoLater
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        actor = await system.spawn(EchoLater, "later")

        async def ask() -> int:
            replies = 0
            for i in range(messages):
                replies += await actor.ask(i, timeout=None) == i
            return replies

        yield timed(ask, messages)
