"""Many at once: a thousand askers of one actor, and a thousand actors that are told things."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import override

from benchmarks.harness import AtMost, Workload, microseconds
from benchmarks.messages import Echo, echo
from everything_is_an_actor import Actor, ActorRef, ActorSystem

ASKERS, REPEATS = 1_000, 10
ACTORS, TELLS = 1_000, 100


async def echo_later(message: int) -> int:
    await asyncio.sleep(0)
    return message


class EchoLater(Actor[int, int]):
    """Replies what it is sent, after the loop has gone round."""

    @override
    async def on_receive(self, message: int) -> int:
        await asyncio.sleep(0)
        return message


async def asked_at_once(ask: Callable[[int], Awaitable[int]]) -> int:
    """As many askers as there are messages; how many have the right reply."""
    replies = await asyncio.gather(*[ask(i) for i in range(ASKERS)])
    return sum(reply == i for i, reply in enumerate(replies))


def ask_by_hand(handle: Callable[[int], Awaitable[int]]) -> Callable[[], Awaitable[int]]:
    """A deque of messages and futures, and one task that answers them in order."""

    async def run() -> int:
        loop = asyncio.get_running_loop()
        queue: deque[tuple[int, asyncio.Future[int]]] = deque()
        arrived = asyncio.Event()

        async def answer() -> None:
            while True:
                await arrived.wait()
                arrived.clear()
                while queue:
                    message, replied = queue.popleft()
                    replied.set_result(await handle(message))

        async def ask(message: int) -> int:
            replied: asyncio.Future[int] = loop.create_future()
            queue.append((message, replied))
            arrived.set()
            return await replied

        answering = loop.create_task(answer())
        try:
            return await asked_at_once(ask)
        finally:
            answering.cancel()

    return run


class Tally:
    """Counts what all of them have handled, and says when that is everything."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.count = 0
        self.full: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def handle(self, _: int) -> None:
        self.count += 1
        if self.count == ACTORS * TELLS:
            self.full.set_result(self.count)


class Counted(Actor[int, None]):
    """Handles a message by counting it."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally

    @override
    async def on_receive(self, message: int) -> None:
        tally = self.tally
        tally.count += 1
        if tally.count == ACTORS * TELLS:
            tally.full.set_result(tally.count)


class Consumer:
    """A deque, and one task that takes the messages out of it."""

    __slots__ = ("arrived", "queue", "tally", "task")

    def __init__(self, tally: Tally) -> None:
        self.queue: deque[int] = deque()
        self.arrived = asyncio.Event()
        self.tally = tally
        self.task = asyncio.get_running_loop().create_task(self.consume())

    async def consume(self) -> None:
        while True:
            await self.arrived.wait()
            self.arrived.clear()
            while self.queue:
                await self.tally.handle(self.queue.popleft())


async def told(actors: list[ActorRef[int, None]], tally: Tally) -> int:
    """One message to each of them, as often as it takes; how many they have handled."""
    tally.begin()
    for i in range(TELLS):
        for actor in actors:
            await actor.tell(i)
    return await tally.full


async def told_by_hand(consumers: list[Consumer], tally: Tally) -> int:
    """The same to tasks."""
    tally.begin()
    for i in range(TELLS):
        for consumer in consumers:
            consumer.queue.append(i)
            consumer.arrived.set()
    return await tally.full


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Asks against futures in a queue, tells against queues with a task each."""
    async with ActorSystem("bench") as system:
        tally, tally_by_hand = Tally(), Tally()
        actors = [await system.spawn(Counted, f"counted-{i}", args=(tally,)) for i in range(ACTORS)]
        consumers = [Consumer(tally_by_hand) for _ in range(ACTORS)]

        def asks(
            name: str, actor: ActorRef[int, int], handle: Callable[[int], Awaitable[int]]
        ) -> Workload:
            return Workload(
                name,
                "message",
                microseconds(lambda: asked_at_once(actor.ask), ASKERS, REPEATS),
                microseconds(ask_by_hand(handle), ASKERS, REPEATS),
                "a deque and futures",
                AtMost(1),
            )

        yield [
            asks(f"ask, {ASKERS:,} at once", await system.spawn(Echo, "echo"), echo),
            asks(
                f"ask, {ASKERS:,} at once, waiting",
                await system.spawn(EchoLater, "later", mailbox_size=0),  # as the deque
                echo_later,
            ),
            Workload(
                f"tell {ACTORS:,} actors {TELLS} times",
                "message",
                microseconds(lambda: told(actors, tally), ACTORS * TELLS),
                microseconds(lambda: told_by_hand(consumers, tally_by_hand), ACTORS * TELLS),
                "a deque and a task each",
                AtMost(2),
            ),
        ]
        for consumer in consumers:
            consumer.task.cancel()
        await asyncio.wait([consumer.task for consumer in consumers])
