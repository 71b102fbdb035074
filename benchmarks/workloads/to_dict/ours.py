"""`to_dict`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.paper import NAMES, NODES, interpreted, paper
from benchmarks.side import Round
from everything_is_an_actor.flow import to_dict


@asynccontextmanager
async def side(nodes: int) -> AsyncIterator[Round]:
    steps = nodes // NODES
    flow = paper(steps)
    yield interpreted(steps, lambda: len(to_dict(flow, NAMES)["steps"]) == steps + 1)
