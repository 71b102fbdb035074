"""`ref.ask`, with the default timeout."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round
from benchmarks.workloads.ask.ours import asking
from benchmarks.workloads.ask_at_once_waiting.ours import EchoLater
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        yield asking(await system.spawn(EchoLater, "later"), messages)
