"""Typed steps in a checked graph, with state and dependencies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic_graph import GraphBuilder, StepContext

from benchmarks.side import Round, timed


async def add(context: StepContext[None, None, int]) -> int:
    number: int = context.inputs
    return number + 1


@asynccontextmanager
async def side(iterations: int) -> AsyncIterator[Round]:
    builder = GraphBuilder(input_type=int, output_type=int, auto_instrument=False)
    step = builder.step(add)
    builder.add(
        builder.edge_from(builder.start_node).to(step),
        builder.edge_from(step).to(
            builder.decision()
            .branch(builder.match(int, matches=lambda number: number < iterations).to(step))
            .branch(builder.match(int).to(builder.end_node))
        ),
    )
    graph = builder.build()

    async def run() -> int:
        number: int = await graph.run(inputs=0)
        return number

    yield timed(run, iterations)
