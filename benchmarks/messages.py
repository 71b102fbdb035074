"""Messages to one actor: asked one after the other, and told in bulk."""

import asyncio
import gc
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import quantiles
from time import perf_counter
from typing import override

from benchmarks.harness import Amount, AtMost, Workload, microseconds, need_all
from everything_is_an_actor import Actor, ActorRef, ActorSystem

ASKED, TOLD = 20_000, 100_000


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


def latency(echoing: ActorRef[int, int], percentile: int) -> Amount:
    """What so many percent of the asks do not exceed, each timed by itself."""

    async def amount() -> float:
        gc.collect()
        replies = 0
        seconds: list[float] = []
        for i in range(ASKED):
            begun = perf_counter()
            reply = await echoing.ask(i)
            seconds.append(perf_counter() - begun)
            replies += reply == i
        need_all(replies, ASKED)
        return quantiles(seconds, n=100)[percentile - 1] * 1e6

    return amount


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """`ask` against eager tasks, `tell` and its synchronous twin against a queue."""
    async with ActorSystem("bench") as system:
        echoing = await system.spawn(Echo, "echo")

        async def ask() -> int:
            replies = 0
            for i in range(ASKED):
                replies += await echoing.ask(i) == i
            return replies

        async def draining() -> tuple[ActorRef[int, None], asyncio.Future[int]]:
            drained: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            return await system.spawn(Drain, "drain", mailbox_size=0, args=(drained,)), drained

        async def tell() -> int:
            drain, drained = await draining()
            for i in range(TOLD):
                await drain.tell(i)
            count = await drained
            await drain.stop()
            return count

        async def tell_nowait() -> int:
            drain, drained = await draining()
            for i in range(TOLD):
                drain.tell_nowait(i)
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
                "ask latency, p99",
                "message",
                latency(echoing, 99),
                latency(echoing, 50),
                "its own p50",
                AtMost(4),
            ),
            Workload(
                f"tell {TOLD:,}, then drain",
                "message",
                microseconds(tell, TOLD),
                microseconds(tell_by_hand, TOLD),
                "a deque and one task",
                AtMost(2),
            ),
            Workload(
                f"tell_nowait {TOLD:,}, then drain",
                "message",
                microseconds(tell_nowait, TOLD),
                microseconds(tell_by_hand, TOLD),
                "a deque and one task",
                AtMost(2),
            ),
        ]
