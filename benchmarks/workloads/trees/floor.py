"""Bare tasks in `TaskGroup`s; two tuples of each, in a queue of its tree."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.trees.ours import LEVELS, TASKS

type Events = asyncio.Queue[tuple[str, int] | None]
"""What has begun and ended, and then nothing more."""


async def grow(levels: int, events: Events) -> int:
    """Two of the same below each; how many they are."""
    events.put_nowait(("started", levels))
    count = 1
    if levels:
        async with asyncio.TaskGroup() as group:
            below = [group.create_task(grow(levels - 1, events)) for _ in range(2)]
        count += sum(task.result() for task in below)
    else:
        await asyncio.sleep(0)
    events.put_nowait(("completed", count))
    return count


async def grown(at_once: int) -> int:
    """So many at once; how many tasks that were."""

    async def tree() -> int:
        events: Events = asyncio.Queue()
        seen = 0
        async with asyncio.TaskGroup() as group:
            growing = group.create_task(grow(LEVELS, events))
            growing.add_done_callback(lambda _: events.put_nowait(None))
            while await events.get() is not None:
                seen += 1
        return seen // 2

    return sum(await asyncio.gather(*(tree() for _ in range(at_once))))


@asynccontextmanager
async def side(runs: int) -> AsyncIterator[Round]:
    yield timed(lambda: grown(runs), runs * TASKS)
