"""`loop`."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import rounds
from benchmarks.side import Round
from benchmarks.workloads.pure_loop.floor import until
from everything_is_an_actor.flow import loop, pure


def side(iterations: int) -> AbstractAsyncContextManager[Round]:
    return rounds(loop(pure(until(iterations)), max_iter=iterations), 0, iterations)
