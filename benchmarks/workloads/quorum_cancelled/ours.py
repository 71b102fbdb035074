"""`at_least(…, stop_early=True)`."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import rounds
from benchmarks.side import Round
from benchmarks.workloads.quorum.ours import is_reached
from benchmarks.workloads.race.floor import lose, win
from everything_is_an_actor.flow import agent, at_least


def side(agents: int) -> AbstractAsyncContextManager[Round]:
    racers = [agent(win)] * (agents - 1)
    return rounds(at_least(2, *racers, agent(lose), stop_early=True).map(is_reached), None, 1)
