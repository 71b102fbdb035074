"""A thread per actor: handlers may block, and run side by side."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pykka

from benchmarks.side import Round, Sample, need_all, resident


class Echo(pykka.ThreadingActor):
    def on_receive(self, message: int) -> int:
        return message


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    async def idle() -> Sample:
        gc.collect()
        before = resident()
        started = [Echo.start() for _ in range(actors)]
        grown = resident() - before
        need_all(sum(ref.is_alive() for ref in started), actors)
        return Sample(actors, grown / actors)

    yield idle  # those of one round stay for the next one, which so needs new memory
    pykka.ActorRegistry.stop_all()
