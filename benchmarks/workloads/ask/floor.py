"""An eager task each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


async def echo(message: int) -> int:
    return message


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    loop = asyncio.get_running_loop()

    async def ask() -> int:
        replies = 0
        for i in range(messages):
            task = asyncio.Task(echo(i), loop=loop, eager_start=True)
            replies += (task.result() if task.done() else await task) == i
        return replies

    yield timed(ask, messages)
