"""What 99 % of the asks do not exceed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, percentile
from benchmarks.workloads.ask.ours import Echo
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        actor = await system.spawn(Echo, "echo")

        async def ask() -> int:
            return await actor.ask(1)

        yield percentile(99, ask, messages)
