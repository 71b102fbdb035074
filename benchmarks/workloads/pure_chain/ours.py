"""`map` and `>>`, half of each."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import rounds
from benchmarks.side import Round
from everything_is_an_actor.flow import Flow, pure


def increment(n: int) -> int:
    return n + 1


def chain(steps: int) -> Flow[int, int]:
    flow = pure(increment)
    for i in range(steps - 1):
        flow = flow.map(increment) if i % 2 else flow >> pure(increment)
    return flow


def side(steps: int) -> AbstractAsyncContextManager[Round]:
    return rounds(chain(steps), 0, steps)
