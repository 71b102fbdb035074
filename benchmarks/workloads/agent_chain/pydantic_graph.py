"""Typed steps in a checked graph, with state and dependencies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic_graph import GraphBuilder, StepContext

from benchmarks.side import Round, timed


async def add(context: StepContext[None, None, int]) -> int:
    number: int = context.inputs
    return number + 1


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    builder = GraphBuilder(input_type=int, output_type=int, auto_instrument=False)
    last = builder.start_node
    for i in range(steps):
        step = builder.step(add, node_id=f"add_{i}")
        builder.add_edge(last, step)
        last = step
    builder.add_edge(last, builder.end_node)
    graph = builder.build()

    async def run() -> int:
        number: int = await graph.run(inputs=0)
        return number

    yield timed(run, steps)
