"""A walk over the nodes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.paper import NODES, paper
from benchmarks.side import Round, timed
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import children


@asynccontextmanager
async def side(nodes: int) -> AsyncIterator[Round]:
    steps = nodes // NODES
    flow = paper(steps)

    async def walk() -> int:
        seen = 0
        pending: list[AnyFlow] = [flow]
        while pending:
            seen += 1
            pending += children(pending.pop().node)
        return seen

    yield timed(walk, NODES * steps + 1)
