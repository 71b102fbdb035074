"""`system.run`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, percentile
from benchmarks.workloads.ask_agent.ours import Increment
from everything_is_an_actor.agents import AgentSystem


@asynccontextmanager
async def side(runs: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:

        async def run() -> int:
            return len([event async for event in system.run(Increment, 1)]) // 2

        yield percentile(50, run, runs)
