"""`to_mermaid`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.paper import NODES, interpreted, paper
from benchmarks.side import Round
from everything_is_an_actor.flow import to_mermaid


@asynccontextmanager
async def side(nodes: int) -> AsyncIterator[Round]:
    steps = nodes // NODES
    flow = paper(steps)
    yield interpreted(steps, lambda: to_mermaid(flow).count("write") == steps)
