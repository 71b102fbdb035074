"""`race`."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import rounds
from benchmarks.side import Round
from benchmarks.workloads.race.floor import win
from everything_is_an_actor.flow import agent, race


def side(racers: int) -> AbstractAsyncContextManager[Round]:
    return rounds(race(*[agent(win)] * racers), None, 1)
