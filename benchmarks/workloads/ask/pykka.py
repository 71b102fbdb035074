"""Each actor is a thread: handlers may block, and run beside each other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pykka

from benchmarks.side import Round, timed


class Echo(pykka.ThreadingActor):
    def on_receive(self, message: int) -> int:
        return message


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    echo = Echo.start()

    async def ask() -> int:
        return sum(echo.ask(i) == i for i in range(messages))

    yield timed(ask, messages)
    echo.stop()
