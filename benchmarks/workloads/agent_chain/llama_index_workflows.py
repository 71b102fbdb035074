"""Typed, validated events find steps, which can be retried."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from workflows import Workflow, step
from workflows.events import Event, StartEvent, StopEvent

from benchmarks.side import Round, timed


class Begun(StartEvent):
    number: int


class Ended(StopEvent):
    number: int


class Chain(Workflow):
    """Its steps are added below: they differ in the events that they take and give."""


def add_step(name: str, taken: type[Any], given: type[Any]) -> None:
    async def add(event: Any) -> Any:
        return given(number=event.number + 1)

    add.__name__ = name
    add.__annotations__ = {"event": taken, "return": given}
    step(workflow=Chain)(add)


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    between = [
        type(f"Added{i}", (Event,), {"__annotations__": {"number": int}}) for i in range(1, steps)
    ]
    events = [Begun, *between, Ended]
    for i in range(steps):
        add_step(f"add_{i}", events[i], events[i + 1])
    chain = Chain(timeout=None)

    async def run() -> int:
        ended: Ended = await chain.run(start_event=Begun(number=0))
        return ended.number

    yield timed(run, steps)
