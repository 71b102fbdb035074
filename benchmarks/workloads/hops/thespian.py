"""A message that is passed on, for no actor waits; one reply."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from thespian.actors import Actor, ActorSystem

from benchmarks.side import Round, timed


@dataclass
class Following:
    """Who comes next, told once."""

    actor: Any


@dataclass
class Asked:
    amount: int
    by: Any = None


class Hop(Actor):
    def __init__(self) -> None:
        super().__init__()
        self.following: Any = None

    def receiveMessage(self, message: Any, sender: Any) -> None:
        if isinstance(message, Asked):
            asked = Asked(message.amount + 1, message.by or sender)
            if self.following:
                self.send(self.following, asked)
            else:
                self.send(asked.by, asked.amount)
        elif isinstance(message, Following):
            self.following = message.actor


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    system = ActorSystem("simpleSystemBase", logDefs=False)
    hops = [system.createActor(Hop) for _ in range(actors)]
    for hop, following in pairwise(hops):
        system.tell(hop, Following(following))

    async def ask() -> int:
        reply: int = system.ask(hops[0], Asked(0))
        return reply

    yield timed(ask, actors)
    system.shutdown()
