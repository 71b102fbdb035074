"""All in the calling thread; processes on another system base."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from thespian.actors import Actor, ActorExitRequest, ActorSystem

from benchmarks.side import Round, timed

REPORT = "report"


class Drain(Actor):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def receiveMessage(self, message: Any, sender: Any) -> None:
        if isinstance(message, int):
            self.count += 1
        elif message == REPORT:
            self.send(sender, self.count)


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    system = ActorSystem("simpleSystemBase", logDefs=False)

    async def tell() -> int:
        drain = system.createActor(Drain)
        for i in range(messages):
            system.tell(drain, i)
        count: int = system.ask(drain, REPORT)
        system.tell(drain, ActorExitRequest())
        return count

    yield timed(tell, messages)
    system.shutdown()
