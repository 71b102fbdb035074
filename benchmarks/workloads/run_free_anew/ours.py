"""`run_free(ref.free_ask(…))`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.ask.ours import Echo
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        actor = await system.spawn(Echo, "echo")

        async def run() -> int:
            replies = 0
            for i in range(count):
                replies += await system.run_free(actor.free_ask(i)) == i
            return replies

        yield timed(run, count)
