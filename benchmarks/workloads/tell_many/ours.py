"""`ref.tell`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from everything_is_an_actor import Actor, ActorSystem

TELLS = 100
"""To each of them."""


class Tally:
    """Counts what all of them have handled, and says when that is everything."""

    def __init__(self, everything: int) -> None:
        self.everything = everything
        self.begin()

    def begin(self) -> None:
        self.count = 0
        self.full: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def add(self) -> None:
        self.count += 1
        if self.count == self.everything:
            self.full.set_result(self.count)


class Counted(Actor[int, None]):
    """Handles a message by counting it."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally

    @override
    async def on_receive(self, message: int) -> None:
        self.tally.add()


@asynccontextmanager
async def side(count: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        tally = Tally(count * TELLS)
        actors = [await system.spawn(Counted, f"counted-{i}", args=(tally,)) for i in range(count)]

        async def tell() -> int:
            tally.begin()
            for i in range(TELLS):
                for actor in actors:
                    await actor.tell(i)
            return await tally.full

        yield timed(tell, count * TELLS)
