"""An actor without events."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round
from benchmarks.workloads.ask_agent.ours import asking
from everything_is_an_actor import Actor
from everything_is_an_actor.agents import AgentSystem, Task, TaskResult


class Silent(Actor[Task[int], TaskResult[int]]):
    """Does what an agent does, without a thought of events."""

    @override
    async def on_receive(self, message: Task[int]) -> TaskResult[int]:
        if not isinstance(message, Task):
            raise TypeError
        return TaskResult(message.id, await self.execute(message.input))

    async def execute(self, n: int) -> int:
        return n + 1


@asynccontextmanager
async def side(tasks: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:
        yield asking(await system.spawn(Silent, "silent"), tasks)
