"""All in the calling thread; processes on another system base."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from thespian.actors import Actor, ActorSystem

from benchmarks.side import Round, Sample, sample


class Echo(Actor):
    def receiveMessage(self, message: Any, sender: Any) -> None:
        if isinstance(message, int):
            self.send(sender, message)


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    async def spawn() -> Sample:
        system = ActorSystem("simpleSystemBase", logDefs=False)
        gc.collect()
        begun = perf_counter()
        started = [system.createActor(Echo) for _ in range(actors)]
        seconds = perf_counter() - begun
        alive = sum(system.ask(each, i) == i for i, each in enumerate(started))
        system.shutdown()
        return sample(seconds, alive, actors)

    yield spawn
