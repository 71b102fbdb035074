"""The interpreter that believes events: what `run_flow_stream` tells of a run, which is checked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.runtime.events import TaskEvent
from everything_is_an_actor.runtime.listening import EventStream
from everything_is_an_actor.testing.events import ending_of, wrong_with
from everything_is_an_actor.testing.interpreters import AnyFlow
from everything_is_an_actor.testing.on_a_loop import Interpret, Running, agent_system
from everything_is_an_actor.testing.scripted import Journal, current_journal


@asynccontextmanager
async def _by_events() -> AsyncGenerator[Interpret]:
    async with agent_system() as system:

        async def interpret(flow: AnyFlow, input: Any) -> Any:
            return await followed(system, system.run_flow_stream(flow, input), input)

        yield interpret


async def followed(system: AgentSystem, stream: EventStream, input: Any) -> Any:
    """What the last event of a run on an input says. Raises `AssertionError` for wrong events.

    Given up, it shuts the system down: of a flow that waits only for its side flows, which may
    never end, the last event then still says what has come.
    """
    events: list[TaskEvent] = []
    following = asyncio.create_task(_collected(stream, events))
    cut_short = False
    try:
        await asyncio.wait((following,))
    except asyncio.CancelledError:
        cut_short = True
        await system.shutdown(timeout=1.0)
        await asyncio.wait((following,))
    raised = following.result()
    wrong = wrong_with(events, input, current_journal() or Journal(0.0))
    if wrong is None and not cut_short:
        said = None if events[-1].type == "flow_completed" else events[-1].data
        wrong = None if raised is said else f"{raised!r} is raised after {events[-1]}"
    if wrong is not None:
        raise AssertionError(wrong)
    return ending_of(events)


async def _collected(stream: EventStream, into: list[TaskEvent]) -> BaseException | None:
    """The error that is raised after the events, if there is one."""
    try:
        async for event in stream:
            into.append(event)  # noqa: PERF401  # those before an error are there as well
    except BaseException as error:
        return error
    return None


STREAMS = Running("streams", _by_events, timely=False)
"""Actors, by the events of `run_flow_stream`, which are checked as well.

The last event comes after the side flows have ended, whenever the outcome itself was there.
"""
