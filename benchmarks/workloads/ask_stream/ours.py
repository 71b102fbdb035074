"""`ref.ask_stream`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from everything_is_an_actor.agents import AgentActor, AgentSystem, StreamEvent, Task


class Counting(AgentActor[int, list[int]]):
    """Yields so many chunks."""

    @override
    async def execute(self, n: int, /) -> AsyncIterator[int]:
        for i in range(n):
            yield i


@asynccontextmanager
async def side(chunks: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:
        counting = await system.spawn(Counting, "counting")

        async def stream() -> int:
            seen = 0
            async for item in counting.ask_stream(Task(chunks), timeout=None):
                seen += isinstance(item, StreamEvent) and item.event.type == "task_chunk"
            return seen

        yield timed(stream, chunks)
