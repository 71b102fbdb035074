"""A chain of actors, each of which asks the next one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.harness import AtMost, Workload, microseconds
from everything_is_an_actor import Actor, ActorRef, ActorSystem

ACTORS, REPEATS = 100, 50

type Asked = tuple[int, asyncio.Future[int]]
"""A message, and where the reply is awaited."""


class Hop(Actor[int, int]):
    """Adds itself to what the next one replies."""

    def __init__(self, next_one: ActorRef[int, int] | None) -> None:
        self.next_one = next_one

    @override
    async def on_receive(self, message: int) -> int:
        if self.next_one is None:
            return message + 1
        return await self.next_one.ask(message + 1)


async def hop(queue: asyncio.Queue[Asked], next_one: asyncio.Queue[Asked] | None) -> None:
    """The same as a task with a queue."""
    loop = asyncio.get_running_loop()
    while True:
        message, replied = await queue.get()
        if next_one is None:
            replied.set_result(message + 1)
        else:
            reply: asyncio.Future[int] = loop.create_future()
            await next_one.put((message + 1, reply))
            replied.set_result(await reply)


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Actors against tasks with queues."""
    loop = asyncio.get_running_loop()
    async with ActorSystem("bench") as system:
        first: ActorRef[int, int] | None = None
        entrance: asyncio.Queue[Asked] | None = None
        tasks: list[asyncio.Task[None]] = []
        for i in range(ACTORS):
            first = await system.spawn(Hop, f"hop-{i}", args=(first,))
            queue: asyncio.Queue[Asked] = asyncio.Queue()
            tasks.append(loop.create_task(hop(queue, entrance)))
            entrance = queue
        assert first is not None
        assert entrance is not None

        async def by_hand() -> int:
            replied: asyncio.Future[int] = loop.create_future()
            await entrance.put((0, replied))
            return await replied

        async def run() -> int:
            return await first.ask(0)

        yield [
            Workload(
                f"chain of asks over {ACTORS} actors",
                "hop",
                microseconds(run, ACTORS, REPEATS),
                microseconds(by_hand, ACTORS, REPEATS),
                "a task with a queue each",
                AtMost(0.6),
            )
        ]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
