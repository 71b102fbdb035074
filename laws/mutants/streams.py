"""Actors whose events, as `run_flow_stream` yields them, do not tell what happened."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.algebra.laws.interpreter import AGREEMENT
from everything_is_an_actor.runtime.events import EventType, TaskEvent
from everything_is_an_actor.runtime.listening import EventStream
from everything_is_an_actor.testing.agreement import agreeing
from everything_is_an_actor.testing.interpreters import AnyFlow, Reference
from everything_is_an_actor.testing.on_a_loop import HORIZON, Interpret, Running
from everything_is_an_actor.testing.streams import followed
from laws.mutant import WrongSubject

type Events = list[TaskEvent]
type Change = Callable[[Events], Events]


def a_stream_that_loses_a_start(events: Events) -> Events:
    at = _first("task_started", events)
    return [*events[:at], *events[at + 1 :]]


def a_stream_that_loses_the_losers_of_a_race(events: Events) -> Events:
    lost = {event.task_id for event in events if event.type == "task_cancelled"}
    return [event for event in events if event.task_id not in lost]


def a_stream_that_tells_an_ending_twice(events: Events) -> Events:
    at = _first("task_completed", events)
    return [*events[: at + 1], *events[at:]]


def a_stream_that_ends_before_its_last_task(events: Events) -> Events:
    return [*events[:-2], events[-1], events[-2]] if len(events) > 2 else events


def a_stream_that_ends_in_another_value(events: Events) -> Events:
    last = events[-1]
    return [*events[:-1], replace(last, data="?")] if last.type == "flow_completed" else events


def _first(type: EventType, events: Events) -> int:
    return next((at for at, event in enumerate(events) if event.type == type), len(events))


@dataclass(frozen=True)
class Altered:
    """A stream of the events that `change` makes of those of another one, at its end."""

    stream: EventStream
    change: Change

    async def __aiter__(self) -> AsyncGenerator[TaskEvent]:
        events: Events = []
        error: BaseException | None = None
        try:
            async for event in self.stream:
                events.append(event)
        except BaseException as raised:
            error = raised
        for event in self.change(events):
            yield event
        if error is not None:
            raise error


def on_streams(change: Change) -> Running:
    """Actors, by events that are changed."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Interpret]:
        async with AgentSystem("laws") as system:

            async def interpret(flow: AnyFlow, input: Any) -> Any:
                stream: Any = Altered(system.run_flow_stream(flow, input), change)
                return await followed(system, stream, input)

            yield interpret
            await system.shutdown(timeout=HORIZON)

    return Running(change.__name__, opened, timely=False)


MUTANTS: tuple[WrongSubject, ...] = tuple(
    WrongSubject(agreeing(on_streams(change), Reference()), AGREEMENT)
    for change in (
        a_stream_that_loses_a_start,
        a_stream_that_loses_the_losers_of_a_race,
        a_stream_that_tells_an_ending_twice,
        a_stream_that_ends_before_its_last_task,
        a_stream_that_ends_in_another_value,
    )
)
