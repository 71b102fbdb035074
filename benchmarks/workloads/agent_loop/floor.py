"""A while loop, an eager task each."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.side import Round, timed
from everything_is_an_actor.flow import Continue, Done


def until(iterations: int) -> Callable[[int], Coroutine[Any, Any, Continue[int] | Done[int]]]:
    """The body that counts to so many."""

    async def step(n: int) -> Continue[int] | Done[int]:
        return Continue(n + 1) if n < iterations - 1 else Done(n + 1)

    return step


@asynccontextmanager
async def side(iterations: int) -> AsyncIterator[Round]:
    event_loop = asyncio.get_running_loop()
    step = until(iterations)

    async def run() -> int:
        n = 0
        while True:
            match asyncio.Task(step(n), loop=event_loop, eager_start=True).result():
                case Continue(n):
                    pass
                case Done(result):
                    return result

    yield timed(run, iterations)
