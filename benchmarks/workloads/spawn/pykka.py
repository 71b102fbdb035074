"""A thread per actor: handlers may block, and run side by side."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import pykka

from benchmarks.side import Round, Sample, sample


class Echo(pykka.ThreadingActor):
    def on_receive(self, message: int) -> int:
        return message


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    async def spawn() -> Sample:
        gc.collect()
        begun = perf_counter()
        started = [Echo.start() for _ in range(actors)]
        seconds = perf_counter() - begun
        alive = sum(ref.is_alive() for ref in started)
        pykka.ActorRegistry.stop_all()
        return sample(seconds, alive, actors)

    yield spawn
