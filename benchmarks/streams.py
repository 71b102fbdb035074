"""Streams: what one chunk costs on its way from an agent to who has asked for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.harness import Total, Workload, microseconds
from everything_is_an_actor.agents import AgentActor, AgentSystem, StreamEvent, Task

CHUNKS = 20_000


class Counting(AgentActor[int, list[int]]):
    """Yields so many chunks."""

    @override
    async def execute(self, n: int, /) -> AsyncIterator[int]:
        for i in range(n):
            yield i


async def by_hand() -> int:
    """An async generator, and a bounded queue to one consumer."""
    queue: asyncio.Queue[int | None] = asyncio.Queue(1024)

    async def numbers() -> AsyncIterator[int]:
        for i in range(CHUNKS):
            yield i

    async def produce() -> None:
        async for i in numbers():
            await queue.put(i)
        await queue.put(None)

    task = asyncio.create_task(produce())
    seen = 0
    while await queue.get() is not None:
        seen += 1
    await task
    return seen


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """`ask_stream` of an agent, and a run that is streamed, against a queue."""
    async with AgentSystem() as system:
        counting = await system.spawn(Counting, "counting")

        async def ask_stream() -> int:
            chunks = 0
            async for item in counting.ask_stream(Task(CHUNKS), timeout=None):
                chunks += isinstance(item, StreamEvent) and item.event.type == "task_chunk"
            return chunks

        async def run() -> int:
            chunks = 0
            async for event in system.run(Counting, CHUNKS):
                chunks += event.type == "task_chunk"
            return chunks

        yield [
            Workload(
                "ask_stream",
                "chunk",
                microseconds(ask_stream, CHUNKS),
                microseconds(by_hand, CHUNKS),
                "a bounded queue",
                Total(7 / 4),
            ),
            Workload(
                "run, streaming",
                "chunk",
                microseconds(run, CHUNKS),
                microseconds(by_hand, CHUNKS),
                "a bounded queue",
                Total(7 / 4),
            ),
        ]
