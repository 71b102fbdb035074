"""`from_dict`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.paper import NAMES, NODES, interpreted, paper
from benchmarks.side import Round
from everything_is_an_actor.flow import from_dict, to_dict


@asynccontextmanager
async def side(nodes: int) -> AsyncIterator[Round]:
    steps = nodes // NODES
    flow = paper(steps)
    document = to_dict(flow, NAMES)
    yield interpreted(steps, lambda: hash(from_dict(document, NAMES)) == hash(flow))
