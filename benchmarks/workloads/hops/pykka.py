"""A thread per actor: handlers may block, and run side by side."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pykka

from benchmarks.side import Round, timed


class Hop(pykka.ThreadingActor):
    def __init__(self, following: pykka.ActorRef[Any] | None) -> None:
        super().__init__()
        self.following = following

    def on_receive(self, message: int) -> int:
        reply: int = self.following.ask(message) if self.following else message
        return reply + 1


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    first: pykka.ActorRef[Hop] | None = None
    for _ in range(actors):
        first = Hop.start(first)

    async def ask() -> int:
        assert first is not None
        reply: int = first.ask(0)
        return reply

    yield timed(ask, actors)
    pykka.ActorRegistry.stop_all()
