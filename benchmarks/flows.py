"""Rounds of one flow."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Flow


@asynccontextmanager
async def rounds[I](flow: Flow[I, int], value: I, operations: int) -> AsyncIterator[Round]:
    """Of a flow whose result is how many operations it has done."""
    async with AgentSystem() as system:

        async def run() -> int:
            return await system.run_flow(flow, value)

        yield timed(run, operations)


def chain(steps: int, step: Flow[int, int]) -> Flow[int, int]:
    """So many steps, one after the other."""
    flow = step
    for _ in range(steps - 1):
        flow = flow >> step
    return flow
