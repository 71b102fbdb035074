"""State in channels with reducers; every step can be streamed."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, TypedDict

from langgraph.graph import START, StateGraph

from benchmarks.side import Round, Side, timed

os.environ["LANGSMITH_TRACING"] = "false"


class State(TypedDict):
    number: int


async def add(state: State) -> State:
    return {"number": state["number"] + 1}


def saved_in(checkpointer: Any) -> Side:
    @asynccontextmanager
    async def side(steps: int) -> AsyncIterator[Round]:
        builder = StateGraph(State)
        builder.add_sequence([(f"add_{i}", add) for i in range(steps)])
        builder.add_edge(START, "add_0")
        graph = builder.compile(checkpointer=checkpointer)
        threads = count()

        async def run() -> int:
            config = {"configurable": {"thread_id": next(threads)}}
            state: State = await graph.ainvoke({"number": 0}, config)
            return state["number"]

        yield timed(run, steps)

    return side


side = saved_in(None)
