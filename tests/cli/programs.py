"""The programs that the tests of the command line run: `programs:NAME`."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import override

from everything_is_an_actor.agents import AgentActor
from everything_is_an_actor.flow import Flow, agent, identity, pure, race


def say(text: str) -> None:
    print(text, flush=True)


async def shout(text: str) -> str:
    return text.upper()


async def chatter(text: str) -> str:
    print("this is no result")
    return text


async def fail(text: str) -> str:
    raise ConnectionError(f"no route to {text}")


async def wait(text: str) -> str:
    """Says that it has started, and waits until it is cancelled."""
    say("started")
    try:
        await asyncio.Event().wait()
    finally:
        say("cleaned up")
    return text


async def block(text: str) -> str:
    """Says when it is asked to end, and goes on without giving way to anything."""
    say("blocking")
    asked = False
    while True:
        if not asked and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            asked = True
            say("asked to end")


class Count(AgentActor[int, list[int]]):
    """Yields so many numbers, one after the other."""

    @override
    async def execute(self, input: int, /) -> AsyncIterator[int]:
        try:
            for number in range(input):
                yield number
                await asyncio.sleep(0)
        finally:
            say("cleaned up")


@dataclass(frozen=True)
class Point:
    x: int
    y: int

    def __str__(self) -> str:
        return f"({self.x}, {self.y})"


async def interrupt_itself(text: str) -> str:
    raise KeyboardInterrupt


def leave(text: str) -> str:
    sys.exit(3)


text: Flow[str, str] = identity()
value: Flow[object, object] = identity()

shouted = agent(shout)
both = agent(shout).zip(pure(len))
chatty = agent(chatter)
point = pure(len).map(lambda n: Point(n, 0))
failing = agent(shout).flat_map(agent(fail)).named("lookup")
blocking = agent(block)
waiting = agent(wait).zip(agent(wait))
counted = agent(Count)
notified = agent(shout).notify(agent(fail))
left = pure(leave)
interrupted = agent(interrupt_itself)
nested = SimpleNamespace(inner=SimpleNamespace(flow=shouted))
first = race(agent(wait), agent(shout))
