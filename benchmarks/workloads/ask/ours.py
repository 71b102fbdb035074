"""`ref.ask`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round, timed
from everything_is_an_actor import Actor, ActorRef, ActorSystem


class Echo(Actor[int, int]):
    """Replies what it is sent."""

    @override
    async def on_receive(self, message: int) -> int:
        return message


def asking(actor: ActorRef[int, int], messages: int) -> Round:
    """One ask after the other; how many have the right reply."""

    async def ask() -> int:
        replies = 0
        for i in range(messages):
            replies += await actor.ask(i) == i
        return replies

    return timed(ask, messages)


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        yield asking(await system.spawn(Echo, "echo"), messages)
