"""Flows of the same shape, each run once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from benchmarks.side import Round, Sample, clocked, sample
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Flow, agent, pure

SEVERAL = 10
"""Flows, built before the first of them is run."""


def new(steps: int) -> Flow[int, int]:
    """A flow that no other one shares a node or a function with: agents and functions in turn."""

    async def ask(n: int) -> int:
        return n + 1

    def add(n: int) -> int:
        return n + 1

    flow = agent(ask)
    for i in range(1, steps):
        flow = flow >> (pure(add) if i % 2 else agent(ask))
    return flow


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:

        async def run() -> Sample:
            flows = [new(steps) for _ in range(SEVERAL)]
            counted = 0
            begun = perf_counter()
            for flow in flows:
                counted += await system.run_flow(flow, 0)
            return sample(perf_counter() - begun, counted, steps * SEVERAL)

        yield clocked(run)
