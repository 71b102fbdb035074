"""A state machine: immutable state, declared reads and writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

from burr.core import ApplicationBuilder, State, action
from burr.core.graph import GraphBuilder

from benchmarks.side import Round, timed


@action(reads=["number"], writes=["number"])
async def add(state: State) -> State:
    return state.update(number=state["number"] + 1)


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    names = [f"add_{i}" for i in range(steps)]
    graph = (
        GraphBuilder()
        .with_actions(**dict.fromkeys(names, add))
        .with_transitions(*pairwise(names))
        .build()
    )

    async def run() -> int:
        builder = ApplicationBuilder().with_graph(graph).with_entrypoint(names[0])
        application = builder.with_state(number=0).build()
        _, _, state = await application.arun(halt_after=[names[-1]])
        number: int = state["number"]
        return number

    yield timed(run, steps)
