"""A while loop."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from everything_is_an_actor.flow import Continue, Done


def until(iterations: int) -> Callable[[int], Continue[int] | Done[int]]:
    """The body that counts to so many."""

    def step(n: int) -> Continue[int] | Done[int]:
        return Continue(n + 1) if n < iterations - 1 else Done(n + 1)

    return step


@asynccontextmanager
async def side(iterations: int) -> AsyncIterator[Round]:
    step = until(iterations)

    async def run() -> int:
        n = 0
        while True:
            match step(n):
                case Continue(n):
                    pass
                case Done(result):
                    return result

    yield timed(run, iterations)
