"""Typed steps in a checked graph, with state and dependencies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic_graph import GraphBuilder, StepContext, reduce_sum

from benchmarks.side import Round, timed


async def add(context: StepContext[None, None, int]) -> int:
    number: int = context.inputs
    return number + 1


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    builder = GraphBuilder(input_type=int, output_type=int, auto_instrument=False)
    branches = [builder.step(add, node_id=f"add_{i}") for i in range(steps)]
    total = builder.join(reduce_sum, initial=0)
    builder.add(
        builder.edge_from(builder.start_node).to(*branches),
        builder.edge_from(*branches).to(total),
        builder.edge_from(total).to(builder.end_node),
    )
    graph = builder.build()

    async def run() -> int:
        summed: int = await graph.run(inputs=0)
        return summed

    yield timed(run, steps)
