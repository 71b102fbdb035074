"""An actor in a thread of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

import pykka

from benchmarks.side import Round, timed


class Drain(pykka.ThreadingActor):
    def __init__(self, messages: int, drained: Event) -> None:
        super().__init__()
        self.count = 0
        self.messages = messages
        self.drained = drained

    def on_receive(self, message: int) -> None:
        self.count += 1
        if self.count == self.messages:
            self.drained.set()


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async def tell() -> int:
        drained = Event()
        drain = Drain.start(messages, drained)
        for i in range(messages):
            drain.tell(i)
        drained.wait()
        drain.stop()
        return messages

    yield timed(tell, messages)
