"""A task with a queue each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed

type Asked = tuple[int, asyncio.Future[int]]
"""A message, and where the reply is awaited."""


async def hop(queue: asyncio.Queue[Asked], next_one: asyncio.Queue[Asked] | None) -> None:
    """Adds one to what the next one replies."""
    loop = asyncio.get_running_loop()
    while True:
        message, replied = await queue.get()
        if next_one is None:
            replied.set_result(message + 1)
        else:
            reply: asyncio.Future[int] = loop.create_future()
            await next_one.put((message + 1, reply))
            replied.set_result(await reply)


@asynccontextmanager
async def side(tasks: int) -> AsyncIterator[Round]:
    loop = asyncio.get_running_loop()
    entrance: asyncio.Queue[Asked] | None = None
    running: list[asyncio.Task[None]] = []
    for _ in range(tasks):
        queue: asyncio.Queue[Asked] = asyncio.Queue()
        running.append(loop.create_task(hop(queue, entrance)))
        entrance = queue

    async def ask() -> int:
        assert entrance is not None
        replied: asyncio.Future[int] = loop.create_future()
        await entrance.put((0, replied))
        return await replied

    yield timed(ask, tasks)
    for task in running:
        task.cancel()
    await asyncio.wait(running)
