"""`ref.ask` of the next one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from everything_is_an_actor import Actor, ActorRef, ActorSystem


class Hop(Actor[int, int]):
    """Adds one to what the next one replies."""

    def __init__(self, next_one: ActorRef[int, int] | None) -> None:
        self.next_one = next_one

    @override
    async def on_receive(self, message: int) -> int:
        if self.next_one is None:
            return message + 1
        return await self.next_one.ask(message + 1)


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        first: ActorRef[int, int] | None = None
        for i in range(actors):
            first = await system.spawn(Hop, f"hop-{i}", args=(first,))

        async def ask() -> int:
            assert first is not None
            return await first.ask(0)

        yield timed(ask, actors)
