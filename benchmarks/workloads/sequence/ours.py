"""`context.sequence`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from benchmarks.workloads.ask_agent.ours import Increment
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task
from everything_is_an_actor.flow import agent

TIMES = 20
"""In one run, so that what the run itself costs does not show."""


class Sequence(AgentActor[int, int]):
    """Asks so many children; how many have succeeded."""

    @override
    async def execute(self, children: int, /) -> int:
        asks = [(Increment, Task(i)) for i in range(children)]
        succeeded = 0
        for _ in range(TIMES):
            succeeded += sum(each.is_success for each in await self.context.sequence(asks))
        return succeeded


@asynccontextmanager
async def side(children: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:

        async def run() -> int:
            return await system.run_flow(agent(Sequence), children)

        yield timed(run, children * TIMES)
