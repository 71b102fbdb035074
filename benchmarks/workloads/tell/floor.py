"""A deque and one task."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.tell.ours import Drain


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async def tell() -> int:
        queue: deque[int] = deque()
        arrived = asyncio.Event()
        drain = Drain(messages, asyncio.get_running_loop().create_future())

        async def consume() -> None:
            while not drain.drained.done():
                await arrived.wait()
                arrived.clear()
                while queue:
                    await drain.on_receive(queue.popleft())

        consumer = asyncio.create_task(consume())
        for i in range(messages):
            queue.append(i)
            arrived.set()
        await consumer
        return drain.drained.result()

    yield timed(tell, messages)
