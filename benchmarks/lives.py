"""To start an actor, and to stop it."""

import asyncio
import gc
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import override

from benchmarks.harness import Amount, AtMost, Workload, need_all
from everything_is_an_actor import Actor, ActorRef, ActorSystem

FEW, MANY, MOST = 5_000, 100_000, 1_000_000
FLAT = 1.25  # what growth may cost: a machine's caches, and no more


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


type Start[X] = Callable[[int], Awaitable[list[X]]]
type Stop[X] = Callable[[list[X]], Awaitable[int]]


def starting[X](count: int, start: Start[X], stop: Stop[X]) -> Amount:
    """The time to start one of so many."""

    async def amount() -> float:
        gc.collect()
        begun = perf_counter()
        alive = await start(count)
        seconds = perf_counter() - begun
        need_all(await stop(alive), count)
        return seconds / count * 1e6

    return amount


def stopping[X](count: int, start: Start[X], stop: Stop[X]) -> Amount:
    """The time to stop one of so many."""

    async def amount() -> float:
        alive = await start(count)
        gc.collect()
        begun = perf_counter()
        ended = await stop(alive)
        seconds = perf_counter() - begun
        need_all(ended, count)
        return seconds / count * 1e6

    return amount


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Actors against tasks, and a million of them against few."""
    async with ActorSystem("bench") as system:

        async def start(count: int) -> list[ActorRef[int, int]]:
            return await started(system, count)

        yield [
            *(
                Workload(
                    f"spawn {count:,} actors",
                    "actor",
                    starting(count, start, stopped),
                    starting(count, started_by_hand, stopped_by_hand),
                    "a task each",
                    AtMost(0.4),
                )
                for count in (FEW, MANY)
            ),
            Workload(
                f"spawn {MANY:,} actors, growth",
                "actor",
                starting(MANY, start, stopped),
                starting(FEW, start, stopped),
                f"{FEW:,} of the same",
                AtMost(FLAT),
            ),
            Workload(
                f"spawn {MOST:,} actors, growth",
                "actor",
                starting(MOST, start, stopped),
                starting(FEW, start, stopped),
                f"{FEW:,} of the same",
                AtMost(FLAT),
                only_if_named=True,
            ),
            Workload(
                f"stop {FEW:,} actors",
                "actor",
                stopping(FEW, start, stopped),
                stopping(FEW, started_by_hand, stopped_by_hand),
                "a task each",
                AtMost(0.5),
            ),
        ]
