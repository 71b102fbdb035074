"""A deque of futures and one task."""

import asyncio
from contextlib import AbstractAsyncContextManager

from benchmarks.side import Round
from benchmarks.workloads.ask_at_once.floor import answering


async def echo(message: int) -> int:
    await asyncio.sleep(0)
    return message


def side(messages: int) -> AbstractAsyncContextManager[Round]:
    return answering(echo, messages)
