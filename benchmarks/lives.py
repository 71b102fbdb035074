"""To start an actor, to stop it, and what it weighs in between."""

import asyncio
import gc
import tracemalloc
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import override

from benchmarks.harness import Amount, AtMost, Total, Workload, need_all
from everything_is_an_actor import Actor, ActorRef, ActorSystem

ACTORS = 5_000
WEIGHED = 2_000


class Idle(Actor[int, int]):
    """Waits for messages that do not come."""

    @override
    async def on_receive(self, message: int) -> int:
        return message


class Waiter:
    """The least that waits for messages: a queue and a task."""

    __slots__ = ("arrived", "queue", "task")

    def __init__(self, loop: asyncio.AbstractEventLoop, name: str) -> None:
        self.queue: deque[int] = deque()
        self.arrived: asyncio.Future[None] = loop.create_future()
        self.task = loop.create_task(self.wait(), name=name)

    async def wait(self) -> None:
        while True:
            await self.arrived


async def started_by_hand(count: int) -> list[Waiter]:
    """So many, each of which has reached its wait."""
    loop = asyncio.get_running_loop()
    waiters = [Waiter(loop, f"actor-{i}") for i in range(count)]
    await asyncio.sleep(0)
    return waiters


async def stopped_by_hand(waiters: list[Waiter]) -> int:
    """Cancelled, and awaited; how many have ended."""
    for waiter in waiters:
        waiter.task.cancel()
    await asyncio.wait([waiter.task for waiter in waiters])
    return sum(waiter.task.done() for waiter in waiters)


async def started(system: ActorSystem, count: int) -> list[ActorRef[int, int]]:
    """So many actors."""
    return [await system.spawn(Idle, f"actor-{i}") for i in range(count)]


async def stopped(actors: list[ActorRef[int, int]]) -> int:
    """Stopped, and awaited; how many have ended."""
    endings = [actor.stop() for actor in actors]
    for ending in endings:
        await ending
    return sum(not actor.is_alive for actor in actors)


def spawn_and_stop[X](
    start: Callable[[], Awaitable[list[X]]], stop: Callable[[list[X]], Awaitable[int]]
) -> tuple[Amount, Amount]:
    """The time to start one, and the time to stop one."""

    async def starting() -> float:
        gc.collect()
        begun = perf_counter()
        alive = await start()
        seconds = perf_counter() - begun
        need_all(await stop(alive), ACTORS)
        return seconds / ACTORS * 1e6

    async def stopping() -> float:
        alive = await start()
        gc.collect()
        begun = perf_counter()
        ended = await stop(alive)
        seconds = perf_counter() - begun
        need_all(ended, ACTORS)
        return seconds / ACTORS * 1e6

    return starting, stopping


def weight[X](
    start: Callable[[], Awaitable[list[X]]], stop: Callable[[list[X]], Awaitable[int]]
) -> Amount:
    """The bytes that one keeps allocated while it waits, its name included."""

    async def amount() -> float:
        gc.collect()
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            alive = await start()
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        need_all(await stop(alive), WEIGHED)
        return (after - before) / WEIGHED

    return amount


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Actors against tasks."""
    async with ActorSystem("bench") as system:
        spawn, stop = spawn_and_stop(lambda: started(system, ACTORS), stopped)
        create, cancel = spawn_and_stop(lambda: started_by_hand(ACTORS), stopped_by_hand)
        yield [
            Workload(
                f"spawn {ACTORS:,} actors", "actor", spawn, create, "a task each", AtMost(0.4)
            ),
            Workload(f"stop {ACTORS:,} actors", "actor", stop, cancel, "a task each", AtMost(0.5)),
            Workload(
                "memory of an idle actor",
                "actor",
                weight(lambda: started(system, WEIGHED), stopped),
                weight(lambda: started_by_hand(WEIGHED), stopped_by_hand),
                "a deque and a task",
                Total(400),
                unit="bytes",
            ),
        ]
