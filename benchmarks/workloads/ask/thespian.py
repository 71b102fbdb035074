"""All in the calling thread; processes on another system base."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from thespian.actors import Actor, ActorSystem

from benchmarks.side import Round, timed


class Echo(Actor):
    def receiveMessage(self, message: Any, sender: Any) -> None:
        if isinstance(message, int):
            self.send(sender, message)


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    system = ActorSystem("simpleSystemBase", logDefs=False)
    echo = system.createActor(Echo)

    async def ask() -> int:
        return sum(system.ask(echo, i) == i for i in range(messages))

    yield timed(ask, messages)
    system.shutdown()
