"""All in the calling thread; processes on another system base."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from thespian.actors import Actor, ActorSystem

from benchmarks.side import Round, Sample, need_all, resident


class Echo(Actor):
    def receiveMessage(self, message: Any, sender: Any) -> None:
        if isinstance(message, int):
            self.send(sender, message)


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    system = ActorSystem("simpleSystemBase", logDefs=False)

    async def idle() -> Sample:
        gc.collect()
        before = resident()
        started = [system.createActor(Echo) for _ in range(actors)]
        grown = resident() - before
        need_all(sum(system.ask(each, i) == i for i, each in enumerate(started)), actors)
        return Sample(actors, grown / actors)

    yield idle  # those of one round stay for the next one, which so needs new memory
    system.shutdown()
