"""Bare tasks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.side import Round, timed


async def win(_: object) -> int:
    return 1


async def lose(_: object) -> int:
    """Waits until it is cancelled."""
    await asyncio.get_running_loop().create_future()
    return 0


def first(needed: int, *racers: Callable[[object], Coroutine[Any, Any, int]]) -> Round:
    """A task for each; once enough have succeeded, the others are cancelled and awaited."""

    async def run() -> int:
        loop = asyncio.get_running_loop()
        pending = {loop.create_task(racer(None)) for racer in racers}
        succeeded = 0
        while pending and succeeded < needed:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            succeeded += sum(task.result() for task in done)
        for task in pending:
            task.cancel()
        if pending:
            await asyncio.wait(pending)
        return int(succeeded >= needed)

    return timed(run, 1)


@asynccontextmanager
async def side(racers: int) -> AsyncIterator[Round]:
    yield first(1, *[win] * racers)
