"""Typed, validated events find steps, which can be retried."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workflows import Workflow, step
from workflows.events import Event, StartEvent, StopEvent

from benchmarks.side import Round, timed


class Begun(StartEvent):
    number: int
    branches: int


class Branch(Event):
    number: int


class Added(Event):
    number: int


class Ended(StopEvent):
    total: int


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    class FanOut(Workflow):
        @step
        async def spread(self, event: Begun) -> list[Branch]:
            return [Branch(number=event.number) for _ in range(event.branches)]

        @step(num_workers=steps)
        async def add(self, event: Branch) -> Added:
            return Added(number=event.number + 1)

        @step
        async def total(self, events: list[Added]) -> Ended:
            return Ended(total=sum(event.number for event in events))

    fan_out = FanOut(timeout=None)

    async def run() -> int:
        ended: Ended = await fan_out.run(start_event=Begun(number=0, branches=steps))
        return ended.total

    yield timed(run, steps)
