"""`ref.tell`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from everything_is_an_actor import Actor, ActorSystem


class Drain(Actor[int, None]):
    """Counts messages, and says when the last one has come."""

    def __init__(self, messages: int, drained: asyncio.Future[int]) -> None:
        self.count = 0
        self.messages = messages
        self.drained = drained

    @override
    async def on_receive(self, message: int) -> None:
        self.count += 1
        if self.count == self.messages:
            self.drained.set_result(self.count)


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:

        async def tell() -> int:
            drained: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            args = (messages, drained)
            drain = await system.spawn(Drain, "drain", mailbox_size=0, args=args)
            for i in range(messages):
                await drain.tell(i)
            count = await drained
            await drain.stop()
            return count

        yield timed(tell, messages)
