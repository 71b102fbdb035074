"""`at_least`."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import rounds
from benchmarks.side import Round
from benchmarks.workloads.race.floor import win
from everything_is_an_actor.flow import QuorumResult, agent, at_least


def is_reached(result: QuorumResult[int]) -> int:
    """As a count."""
    return int(len(result.succeeded) >= 2)


def side(agents: int) -> AbstractAsyncContextManager[Round]:
    return rounds(at_least(2, *[agent(win)] * agents).map(is_reached), None, 1)
