"""The floor, which lets timers and others have their turn as often as ours does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.tell_many.floor import Consumer
from benchmarks.workloads.tell_many.ours import TELLS, Tally

BETWEEN = 16_384


@asynccontextmanager
async def side(tasks: int) -> AsyncIterator[Round]:
    tally = Tally(tasks * TELLS)
    consumers = [Consumer(tally) for _ in range(tasks)]

    async def tell() -> int:
        tally.begin()
        told = 0
        for i in range(TELLS):
            for consumer in consumers:
                told += 1
                if not told % BETWEEN:
                    await asyncio.sleep(0)
                consumer.queue.append(i)
                consumer.arrived.set()
        return await tally.full

    yield timed(tell, tasks * TELLS)
    for consumer in consumers:
        consumer.task.cancel()
    await asyncio.wait([consumer.task for consumer in consumers])
