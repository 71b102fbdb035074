"""A state machine: immutable state, declared reads and writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from burr.core import ApplicationBuilder, Condition, State, action, default
from burr.core.action import Result
from burr.core.graph import GraphBuilder

from benchmarks.side import Round, timed


@action(reads=["number"], writes=["number"])
async def add(state: State) -> State:
    return state.update(number=state["number"] + 1)


@asynccontextmanager
async def side(iterations: int) -> AsyncIterator[Round]:
    goes_on = Condition(["number"], lambda state: state["number"] < iterations, name="goes on")
    graph = (
        GraphBuilder()
        .with_actions(add=add, result=Result("number"))
        .with_transitions(("add", "add", goes_on), ("add", "result", default))
        .build()
    )

    async def run() -> int:
        builder = ApplicationBuilder().with_graph(graph).with_entrypoint("add")
        application = builder.with_state(number=0).build()
        _, _, state = await application.arun(halt_after=["result"])
        number: int = state["number"]
        return number

    yield timed(run, iterations)
