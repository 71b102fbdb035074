"""A deque and a task each."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.tell_many.ours import TELLS, Tally


class Consumer:
    """Messages, and the task that takes them out."""

    __slots__ = ("arrived", "queue", "tally", "task")

    def __init__(self, tally: Tally) -> None:
        self.queue: deque[int] = deque()
        self.arrived = asyncio.Event()
        self.tally = tally
        self.task = asyncio.get_running_loop().create_task(self.consume())

    async def handle(self, _: int) -> None:
        self.tally.add()

    async def consume(self) -> None:
        while True:
            await self.arrived.wait()
            self.arrived.clear()
            while self.queue:
                await self.handle(self.queue.popleft())


@asynccontextmanager
async def side(tasks: int) -> AsyncIterator[Round]:
    tally = Tally(tasks * TELLS)
    consumers = [Consumer(tally) for _ in range(tasks)]

    async def tell() -> int:
        tally.begin()
        for i in range(TELLS):
            for consumer in consumers:
                consumer.queue.append(i)
                consumer.arrived.set()
        return await tally.full

    yield timed(tell, tasks * TELLS)
    for consumer in consumers:
        consumer.task.cancel()
    await asyncio.wait([consumer.task for consumer in consumers])
