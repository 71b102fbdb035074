"""`agent(C) >> agent(C)` and so on."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import chain, rounds
from benchmarks.side import Round
from benchmarks.workloads.ask_agent.ours import Increment
from everything_is_an_actor.flow import agent


def side(steps: int) -> AbstractAsyncContextManager[Round]:
    return rounds(chain(steps, agent(Increment)), 0, steps)
