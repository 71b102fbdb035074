"""State in channels with reducers; every step can be streamed."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph

from benchmarks.side import Round, Side, timed

os.environ["LANGSMITH_TRACING"] = "false"


class State(TypedDict):
    number: int


async def add(state: State) -> State:
    return {"number": state["number"] + 1}


def saved_in(checkpointer: Any) -> Side:
    @asynccontextmanager
    async def side(iterations: int) -> AsyncIterator[Round]:
        def following(state: State) -> str:
            return "add" if state["number"] < iterations else END

        builder = StateGraph(State)
        builder.add_node("add", add)
        builder.add_edge(START, "add")
        builder.add_conditional_edges("add", following, ["add", END])
        graph = builder.compile(checkpointer=checkpointer)
        threads = count()

        async def run() -> int:
            thread = {"thread_id": next(threads)}
            config = {"configurable": thread, "recursion_limit": iterations + 1}
            state: State = await graph.ainvoke({"number": 0}, config)
            return state["number"]

        yield timed(run, iterations)

    return side


side = saved_in(None)
