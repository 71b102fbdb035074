"""Typed, validated events find steps, which can be retried."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workflows import Workflow, step
from workflows.events import Event, StartEvent, StopEvent

from benchmarks.side import Round, timed


class Begun(StartEvent):
    number: int
    end: int


class Added(Event):
    number: int
    end: int


class Ended(StopEvent):
    number: int


class Loop(Workflow):
    @step
    async def add(self, event: Begun | Added) -> Added | Ended:
        number = event.number + 1
        return Added(number=number, end=event.end) if number < event.end else Ended(number=number)


@asynccontextmanager
async def side(iterations: int) -> AsyncIterator[Round]:
    loop = Loop(timeout=None)

    async def run() -> int:
        ended: Ended = await loop.run(start_event=Begun(number=0, end=iterations))
        return ended.number

    yield timed(run, iterations)
