"""The flow that interpreters on paper are given, and rounds of what they do with it."""

from collections.abc import Callable
from typing import Final

from benchmarks.side import Round, timed
from everything_is_an_actor.flow import Flow, Registry, agent, pure, race

NODES: Final = 10
"""Of a step, with the one that leads to it."""


async def search(query: str) -> str:
    raise AssertionError("nothing is run on paper")


async def write(found: str) -> str:
    raise AssertionError("nothing is run on paper")


def tidy(text: str) -> str:
    raise AssertionError("nothing is run on paper")


def explain(error: Exception) -> str:
    raise AssertionError("nothing is run on paper")


NAMES: Final = Registry.of(search, write, tidy, explain)


def paper(steps: int) -> Flow[str, str]:
    """One node, and so many steps, as someone may write them."""
    flow: Flow[str, str] = pure(tidy)
    for _ in range(steps):
        flow = flow >> _step()
    return flow


def _step() -> Flow[str, str]:
    found = race(agent(search).retry(2), agent(search).timeout(5)).map(tidy)
    return (found >> agent(write)).recover(explain)


def interpreted(steps: int, is_done: Callable[[], bool]) -> Round:
    """Rounds of an interpretation that says whether it saw the whole flow."""
    nodes = NODES * steps + 1

    async def interpret() -> int:
        return nodes if is_done() else 0

    return timed(interpret, nodes)
