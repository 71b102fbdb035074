"""State in channels with reducers; every step can be streamed."""

import operator
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Annotated, Any, TypedDict

from langgraph.graph import START, StateGraph

from benchmarks.side import Round, Side, timed

os.environ["LANGSMITH_TRACING"] = "false"


class State(TypedDict):
    number: int
    total: Annotated[int, operator.add]


class Update(TypedDict):
    total: int


async def add(state: State) -> Update:
    return {"total": state["number"] + 1}


def saved_in(checkpointer: Any) -> Side:
    @asynccontextmanager
    async def side(steps: int) -> AsyncIterator[Round]:
        builder = StateGraph(State)
        for i in range(steps):
            builder.add_node(f"add_{i}", add)
            builder.add_edge(START, f"add_{i}")
        graph = builder.compile(checkpointer=checkpointer)
        threads = count()

        async def run() -> int:
            config = {"configurable": {"thread_id": next(threads)}}
            state: State = await graph.ainvoke({"number": 0}, config)
            return state["total"]

        yield timed(run, steps)

    return side


side = saved_in(None)
