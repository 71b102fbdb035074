"""Actors mean what the reference semantics says: same result, same time, same calls.

And a run that is watched is the same run.
"""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from everything_is_an_actor.agents import AgentSystem, TaskEvent
from everything_is_an_actor.algebra import node
from everything_is_an_actor.flow import Flow
from everything_is_an_actor.testing import run
from tests.flow.programs import MAKE, programs
from tests.flow.test_stream import assert_bracketed, calls_in, collect
from tests.flow.worlds import Actors, Outcome, Reference, journal, nothing_runs

# Random, but the same in every run.
SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=300)


def shape(error: BaseException) -> Any:
    """What two errors have to have in common."""
    if isinstance(error, BaseExceptionGroup):
        parts: Any = [shape(part) for part in error.exceptions]
    elif isinstance(error, asyncio.CancelledError):
        return asyncio.CancelledError  # a task makes a new one
    else:
        parts = repr(error.args)
    return type(error), parts, list(getattr(error, "__notes__", []))


def seen(result: Result[Any, BaseException]) -> Any:
    """What two results have to have in common."""
    return shape(result.failure()) if isinstance(result, Failure) else result.unwrap()


def observed(outcome: Outcome) -> Any:
    """The result, the seconds, and every call with its input, its span of time and its ending."""
    return seen(outcome.result), outcome.seconds, outcome.called


@given(programs(), st.integers(0, 12))
@SETTINGS
def test_actors_agree_with_the_reference(flow: Flow[int, int], input: int) -> None:
    meant = Reference().run(flow, input)
    event(type(meant.result.failure()).__name__ if isinstance(meant.result, Failure) else "value")
    assert observed(Actors().run(flow, input)) == observed(meant)


@given(programs(), st.integers(0, 12))
@SETTINGS
def test_a_stream_agrees_with_the_reference(flow: Flow[int, int], input: int) -> None:
    meant = Reference().run(flow, input)
    events: list[TaskEvent] = []

    async def stream() -> Result[Any, BaseException]:
        with journal():
            async with AgentSystem("test") as system:
                try:
                    await collect(system.run_flow_stream(flow, input), events)
                except BaseException as error:
                    return Failure(error)
                finally:
                    nothing_runs(system)
        return Success(events[-1].data)

    assert seen(run(stream())) == seen(meant.result)
    assert_bracketed(events)
    assert calls_in(events) == sorted(meant.calls)


def test_every_kind_of_node_is_in_the_programs() -> None:
    assert set(MAKE) == node.KINDS
