"""Messages to one actor: asked one after the other, and told in bulk."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.harness import AtMost, Workload, microseconds
from everything_is_an_actor import Actor, ActorSystem

ASKED, TOLD = 5_000, 100_000


class Echo(Actor[int, int]):
    """Replies what it is sent."""

    @override
    async def on_receive(self, message: int) -> int:
        return message


class Drain(Actor[int, None]):
    """Counts messages, and says when the last one has come."""

    count = 0

    def __init__(self, drained: asyncio.Future[int]) -> None:
        self.drained = drained

    @override
    async def on_receive(self, message: int) -> None:
        self.count += 1
        if message == TOLD - 1:
            self.drained.set_result(self.count)


async def echo(message: int) -> int:
    return message


async def ask_by_hand() -> int:
    """An eager task for each message."""
    loop = asyncio.get_running_loop()
    replies = 0
    for i in range(ASKED):
        task = asyncio.Task(echo(i), loop=loop, eager_start=True)
        replies += (task.result() if task.done() else await task) == i
    return replies


async def tell_by_hand() -> int:
    """A deque, and one task that takes the messages out of it."""
    loop = asyncio.get_running_loop()
    queue: deque[int] = deque()
    arrived = asyncio.Event()
    drain = Drain(loop.create_future())

    async def consume() -> None:
        while not drain.drained.done():
            await arrived.wait()
            arrived.clear()
            while queue:
                await drain.on_receive(queue.popleft())

    consumer = loop.create_task(consume())
    for i in range(TOLD):
        queue.append(i)
        arrived.set()
    await consumer
    return drain.drained.result()


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """`ask` against eager tasks, `tell` against a queue."""
    async with ActorSystem("bench") as system:
        echoing = await system.spawn(Echo, "echo")

        async def ask() -> int:
            replies = 0
            for i in range(ASKED):
                replies += await echoing.ask(i) == i
            return replies

        async def tell() -> int:
            drained: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            drain = await system.spawn(Drain, "drain", mailbox_size=0, args=(drained,))
            for i in range(TOLD):
                await drain.tell(i)
            count = await drained
            await drain.stop()
            return count

        yield [
            Workload(
                f"ask, {ASKED:,} in sequence",
                "message",
                microseconds(ask, ASKED),
                microseconds(ask_by_hand, ASKED),
                "an eager task each",
                AtMost(2.5),
            ),
            Workload(
                f"tell {TOLD:,}, then drain",
                "message",
                microseconds(tell, TOLD),
                microseconds(tell_by_hand, TOLD),
                "a deque and one task",
                AtMost(2),
            ),
        ]
