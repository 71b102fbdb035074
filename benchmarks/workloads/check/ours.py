"""`check`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.paper import NODES, interpreted, paper
from benchmarks.side import Round
from everything_is_an_actor.flow import check


@asynccontextmanager
async def side(nodes: int) -> AsyncIterator[Round]:
    steps = nodes // NODES
    flow = paper(steps)
    yield interpreted(steps, lambda: check(flow).ok)
