"""`agent(f) >> agent(f)` and so on."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import chain, rounds
from benchmarks.side import Round
from everything_is_an_actor.flow import agent


async def increment(n: int) -> int:
    return n + 1


def side(steps: int) -> AbstractAsyncContextManager[Round]:
    return rounds(chain(steps, agent(increment)), 0, steps)
