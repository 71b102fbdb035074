"""A task and a queue."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, percentile
from benchmarks.workloads.agent_chain.floor import increment


async def run() -> int:
    """Tells of its start and its end."""
    queue: asyncio.Queue[object] = asyncio.Queue()

    async def work() -> None:
        await queue.put("started")
        await queue.put(await increment(1))

    task = asyncio.create_task(work())
    events = [await queue.get() for _ in range(2)]
    await task
    return len(events) // 2


@asynccontextmanager
async def side(runs: int) -> AsyncIterator[Round]:
    yield percentile(50, run, runs)
