"""`from_yaml`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.paper import NAMES, NODES, interpreted, paper
from benchmarks.side import Round
from everything_is_an_actor.flow import from_yaml, to_yaml


@asynccontextmanager
async def side(nodes: int) -> AsyncIterator[Round]:
    steps = nodes // NODES
    flow = paper(steps)
    text = to_yaml(flow, NAMES)
    yield interpreted(steps, lambda: hash(from_yaml(text, NAMES)) == hash(flow))
