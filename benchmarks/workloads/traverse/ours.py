"""`context.traverse`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from benchmarks.workloads.ask_agent.ours import Increment
from benchmarks.workloads.sequence.ours import TIMES
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task
from everything_is_an_actor.flow import agent


class Traverse(AgentActor[int, int]):
    """Asks a child for each of so many items; how many have succeeded."""

    @override
    async def execute(self, items: int, /) -> int:
        inputs = [Task(i) for i in range(items)]
        succeeded = 0
        for _ in range(TIMES):
            succeeded += sum(
                each.is_success for each in await self.context.traverse(inputs, Increment)
            )
        return succeeded


@asynccontextmanager
async def side(items: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:

        async def run() -> int:
            return await system.run_flow(agent(Traverse), items)

        yield timed(run, items * TIMES)
