"""`ref.ask` of an `AgentActor`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from everything_is_an_actor import ActorRef
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskResult


class Increment(AgentActor[int, int]):
    """The least of an agent."""

    @override
    async def execute(self, n: int, /) -> int:
        return n + 1


def asking(ref: ActorRef[Task[int], TaskResult[int]], tasks: int) -> Round:
    """One task after the other; how many have the right output."""

    async def ask() -> int:
        outputs = 0
        for i in range(tasks):
            outputs += (await ref.ask(Task(i))).output == i + 1
        return outputs

    return timed(ask, tasks)


@asynccontextmanager
async def side(tasks: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:
        yield asking(await system.spawn(Increment, "increment"), tasks)
