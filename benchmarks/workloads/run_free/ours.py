"""`run_free`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.ask.ours import Echo
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        actor = await system.spawn(Echo, "echo")
        programs = [actor.free_ask(i) for i in range(count)]

        async def run() -> int:
            replies = 0
            for i, program in enumerate(programs):
                replies += await system.run_free(program) == i
            return replies

        yield timed(run, count)
