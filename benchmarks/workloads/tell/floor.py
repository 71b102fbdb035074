"""A deque and one task."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async def tell() -> int:
        queue: deque[int] = deque()
        arrived = asyncio.Event()
        handled = 0

        async def handle(_: int) -> None:
            nonlocal handled
            handled += 1

        async def consume() -> None:
            while handled < messages:
                await arrived.wait()
                arrived.clear()
                while queue:
                    await handle(queue.popleft())

        consumer = asyncio.create_task(consume())
        for i in range(messages):
            queue.append(i)
            arrived.set()
        await consumer
        return handled

    yield timed(tell, messages)
