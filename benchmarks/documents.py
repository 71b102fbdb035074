"""What interpreters on paper cost a node: a flow is written, read, drawn, checked, planned."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any, Final

from benchmarks.harness import Amount, Total, Workload, microseconds
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import children
from everything_is_an_actor.flow import (
    Flow,
    Registry,
    agent,
    bounds,
    check,
    dry_run,
    from_dict,
    from_yaml,
    pure,
    race,
    to_dict,
    to_mermaid,
    to_yaml,
)

STEPS: Final = 10_000
NODES: Final = 10 * STEPS + 1


async def search(query: str) -> str:
    raise AssertionError("nothing is run on paper")


async def write(found: str) -> str:
    raise AssertionError("nothing is run on paper")


def tidy(text: str) -> str:
    raise AssertionError("nothing is run on paper")


def explain(error: Exception) -> str:
    raise AssertionError("nothing is run on paper")


NAMES: Final = Registry.of(search, write, tidy, explain)


def step() -> Flow[str, str]:
    """Nine nodes, as someone may write them; the one that leads to them is the tenth."""
    found = race(agent(search).retry(2), agent(search).timeout(5)).map(tidy)
    return (found >> agent(write)).recover(explain)


class Paper:
    """A flow, and what is written of it, each made when it is first wanted."""

    @cached_property
    def flow(self) -> Flow[str, str]:
        flow: Flow[str, str] = pure(tidy)
        for _ in range(STEPS):
            flow = flow >> step()
        return flow

    @cached_property
    def document(self) -> dict[str, Any]:
        return to_dict(self.flow, NAMES)

    @cached_property
    def text(self) -> str:
        return to_yaml(self.flow, NAMES)

    def amount(self, is_done: Callable[[], bool]) -> Amount:
        """The time of an interpretation that says whether it saw the whole flow."""

        async def interpret() -> int:
            return NODES if is_done() else 0

        return microseconds(interpret, NODES)

    async def walk(self) -> int:
        """The nodes, one after the other."""
        nodes = 0
        pending: list[AnyFlow] = [self.flow]
        while pending:
            nodes += 1
            pending += children(pending.pop().node)
        return nodes


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Every interpreter that runs nothing, on 100,000 nodes; those of texts if they are named."""
    paper = Paper()
    interpretations: dict[str, tuple[Callable[[], bool], float]] = {
        "to_dict": (lambda: len(to_dict(paper.flow, NAMES)["steps"]) == STEPS + 1, 10),
        "to_mermaid": (lambda: to_mermaid(paper.flow).count("write") == STEPS, 10),
        "check": (lambda: check(paper.flow).ok, 10),
        "bounds": (lambda: bounds(paper.flow).most_calls == 5 * STEPS, 10),
        "plan": (lambda: len(dry_run(paper.flow).calls) == 3 * STEPS, 15),
        # Last, since a document is a million objects more for the collector to look at.
        "from_dict": (lambda: hash(from_dict(paper.document, NAMES)) == hash(paper.flow), 10),
        "to_yaml": (lambda: to_yaml(paper.flow, NAMES).count("search") == 2 * STEPS, 30),
        "from_yaml": (lambda: hash(from_yaml(paper.text, NAMES)) == hash(paper.flow), 60),
    }
    walk = microseconds(paper.walk, NODES)
    yield [
        Workload(
            f"documents, {name}",
            "node",
            paper.amount(is_done),
            walk,
            "a walk over it",
            Total(reach),
            only_if_named=name.endswith("yaml"),
        )
        for name, (is_done, reach) in interpretations.items()
    ]
