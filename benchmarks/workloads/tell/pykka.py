"""A thread per actor: handlers may block, and run side by side."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pykka

from benchmarks.side import Round, timed


class Drain(pykka.ThreadingActor):
    def __init__(self, messages: int, drained: pykka.Future[int]) -> None:
        super().__init__()
        self.count = 0
        self.messages = messages
        self.drained = drained

    def on_receive(self, message: int) -> None:
        self.count += 1
        if self.count == self.messages:
            self.drained.set(self.count)


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async def tell() -> int:
        drained: pykka.Future[int] = pykka.ThreadingFuture()
        drain = Drain.start(messages, drained)
        for i in range(messages):
            drain.tell(i)
        count: int = drained.get()
        drain.stop()
        return count

    yield timed(tell, messages)
