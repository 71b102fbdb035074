"""A deque of futures and one task."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from benchmarks.side import Round
from benchmarks.workloads.ask.floor import echo
from benchmarks.workloads.ask_at_once.ours import asked_at_once


@asynccontextmanager
async def answering(handle: Callable[[int], Awaitable[int]], messages: int) -> AsyncIterator[Round]:
    """Messages and futures in a queue, and one task that answers them in order."""
    loop = asyncio.get_running_loop()
    queue: deque[tuple[int, asyncio.Future[int]]] = deque()
    arrived = asyncio.Event()

    async def answer() -> None:
        while True:
            await arrived.wait()
            arrived.clear()
            while queue:
                message, replied = queue.popleft()
                replied.set_result(await handle(message))

    async def ask(message: int) -> int:
        replied: asyncio.Future[int] = loop.create_future()
        queue.append((message, replied))
        arrived.set()
        return await replied

    task = loop.create_task(answer())
    yield asked_at_once(ask, messages)
    task.cancel()
    await asyncio.wait([task])


def side(messages: int) -> AbstractAsyncContextManager[Round]:
    return answering(echo, messages)
