"""`system.run`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.ask_stream.ours import Counting
from everything_is_an_actor.agents import AgentSystem


@asynccontextmanager
async def side(chunks: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:

        async def stream() -> int:
            seen = 0
            async for event in system.run(Counting, chunks):
                seen += event.type == "task_chunk"
            return seen

        yield timed(stream, chunks)
