"""A state machine: each branch is an application of its own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from burr.core import ApplicationBuilder, State, action
from burr.core.graph import GraphBuilder
from burr.core.parallelism import MapActions, RunnableGraph

from benchmarks.side import Round, timed


@action(reads=["number"], writes=["number"])
async def add(state: State) -> State:
    return state.update(number=state["number"] + 1)


class FanOut(MapActions):
    def __init__(self, branches: int) -> None:
        super().__init__()
        graph = GraphBuilder().with_actions(add=add).build()
        self.branches = [RunnableGraph(graph, entrypoint="add", halt_after=["add"])] * branches

    def is_async(self) -> bool:
        return True

    def actions(self, state: State, context: Any, inputs: dict[str, Any]) -> Iterator[Any]:
        yield from self.branches

    async def reduce(self, state: State, states: AsyncIterator[State]) -> State:
        return state.update(total=sum([each["number"] async for each in states]))

    @property
    def reads(self) -> list[str]:
        return ["number"]

    @property
    def writes(self) -> list[str]:
        return ["total"]


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    graph = GraphBuilder().with_actions(fan_out=FanOut(steps)).build()

    async def run() -> int:
        builder = ApplicationBuilder().with_graph(graph).with_entrypoint("fan_out")
        application = builder.with_state(number=0).build()
        _, _, state = await application.arun(halt_after=["fan_out"])
        total: int = state["total"]
        return total

    yield timed(run, steps)
