"""`system.spawn`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import override

from benchmarks.side import Round, Sample, clocked, sample
from everything_is_an_actor import Actor, ActorRef, ActorSystem


class Idle(Actor[int, int]):
    """Waits for messages that do not come."""

    @override
    async def on_receive(self, message: int) -> int:
        return message


async def started(system: ActorSystem, count: int) -> list[ActorRef[int, int]]:
    """So many actors."""
    return [await system.spawn(Idle, f"actor-{i}") for i in range(count)]


async def stopped(actors: list[ActorRef[int, int]]) -> int:
    """Stopped, and awaited; how many have ended."""
    endings = [actor.stop() for actor in actors]
    for ending in endings:
        await ending
    return sum(not actor.is_alive for actor in actors)


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:

        async def start() -> Sample:
            begun = perf_counter()
            actors = await started(system, count)
            seconds = perf_counter() - begun
            return sample(seconds, await stopped(actors), count)

        yield clocked(start)
