"""`loop(agent(f))`."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import rounds
from benchmarks.side import Round
from benchmarks.workloads.agent_loop.floor import until
from everything_is_an_actor.flow import agent, loop


def side(iterations: int) -> AbstractAsyncContextManager[Round]:
    return rounds(loop(agent(until(iterations)), max_iter=iterations), 0, iterations)
