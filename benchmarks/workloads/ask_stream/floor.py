"""A bounded queue."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


@asynccontextmanager
async def side(chunks: int) -> AsyncIterator[Round]:
    async def stream() -> int:
        queue: asyncio.Queue[int | None] = asyncio.Queue(1024)

        async def numbers() -> AsyncIterator[int]:
            for i in range(chunks):
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

    yield timed(stream, chunks)
