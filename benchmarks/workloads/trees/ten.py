"""Ten at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.trees.ours import TASKS, grown
from everything_is_an_actor.agents import AgentSystem


@asynccontextmanager
async def side(runs: int) -> AsyncIterator[Round]:
    async with AgentSystem() as system:

        async def ten_at_once() -> int:
            return sum([await grown(system, 10) for _ in range(runs // 10)])

        yield timed(ten_at_once, runs * TASKS)
