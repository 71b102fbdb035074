"""All of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task

LEVELS = 2
"""Below the first."""

TASKS = 7
"""In such a tree."""


class Tree(AgentActor[int, int]):
    """Two of the same below each; how many they are."""

    @override
    async def execute(self, levels: int, /) -> int:
        if not levels:
            await asyncio.sleep(0)
            return 1
        below = await self.context.traverse([Task(levels - 1)] * 2, Tree)
        return 1 + sum(result.get_or_raise() for result in below)


async def grown(system: AgentSystem, at_once: int) -> int:
    """So many at once; how many agents that were."""

    async def tree() -> int:
        return len([event async for event in system.run(Tree, LEVELS)]) // 2

    return sum(await asyncio.gather(*(tree() for _ in range(at_once))))


@asynccontextmanager
async def side(runs: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:
        yield timed(lambda: grown(system, runs), runs * TASKS)
