"""A deque and a task each."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from benchmarks.side import Round, Sample, clocked, sample


class Waiter:
    """The least that waits for messages: a queue and a task."""

    __slots__ = ("arrived", "queue", "task")

    def __init__(self, loop: asyncio.AbstractEventLoop, name: str) -> None:
        self.queue: deque[int] = deque()
        self.arrived: asyncio.Future[None] = loop.create_future()
        self.task = loop.create_task(self.wait(), name=name)

    async def wait(self) -> None:
        while True:
            await self.arrived


async def started(count: int) -> list[Waiter]:
    """So many, each of which has reached its wait."""
    loop = asyncio.get_running_loop()
    waiters = [Waiter(loop, f"actor-{i}") for i in range(count)]
    await asyncio.sleep(0)
    return waiters


async def stopped(waiters: list[Waiter]) -> int:
    """Cancelled, and awaited; how many have ended."""
    for waiter in waiters:
        waiter.task.cancel()
    await asyncio.wait([waiter.task for waiter in waiters])
    return sum(waiter.task.done() for waiter in waiters)


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async def start() -> Sample:
        begun = perf_counter()
        waiters = await started(count)
        seconds = perf_counter() - begun
        return sample(seconds, await stopped(waiters), count)

    yield clocked(start)
