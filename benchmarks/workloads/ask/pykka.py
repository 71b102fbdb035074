"""A thread per actor: handlers may block, and run side by side."""

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
