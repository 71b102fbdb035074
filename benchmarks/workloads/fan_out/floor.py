"""A `TaskGroup`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed


async def one(_: object) -> int:
    return 1


@asynccontextmanager
async def side(tasks: int) -> AsyncIterator[Round]:
    async def run() -> int:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(one(None)) for _ in range(tasks)]
        return sum(task.result() for task in running)

    yield timed(run, tasks)
