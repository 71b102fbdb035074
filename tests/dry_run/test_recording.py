"""What was recorded of a live run is found again: by its path, or by its input."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from everything_is_an_actor.agents import AgentSystem, event_from_json, event_to_json
from everything_is_an_actor.flow import Flow, FlowTimeoutError, NoBranchError, agent
from everything_is_an_actor.interpreters.dry_run import dry_run
from everything_is_an_actor.interpreters.read_back import with_errors
from everything_is_an_actor.interpreters.recording import recorded
from everything_is_an_actor.runtime.errors import ActorStoppedError, AskTimeoutError
from everything_is_an_actor.runtime.events import TaskEvent

type AnyFlow = Flow[Any, Any]


async def grow(found: Any) -> Any:
    found.append(len(found))
    return found


class Own(Exception):
    """One that Python does not have."""


async def count(x: Any) -> Any:
    return x + 1


def events_of(flow: AnyFlow, input: Any) -> list[TaskEvent]:
    async def live() -> list[TaskEvent]:
        async with AgentSystem() as system:
            return [event async for event in system.run_flow_stream(flow, input)]

    return asyncio.run(live())


def test_inputs_that_were_changed_afterwards_are_found_by_their_paths() -> None:
    flow = agent(grow) >> agent(grow)
    events = events_of(flow, [])
    assert dry_run(flow, [], recorded(flow, events)).value == [0, 1]
    old = [replace(event, flow_path=None) for event in events]
    with pytest.raises(LookupError, match="or an input that was changed afterwards"):
        dry_run(flow, [], recorded(flow, old))


def test_equal_calls_that_did_different_things_are_told_apart_by_their_paths() -> None:
    turns = iter("ab")

    async def next_one(x: Any) -> Any:
        return next(turns)

    flow = agent(next_one).zip(agent(next_one))
    events = events_of(flow, 0)
    swapped = sorted(events, key=lambda event: event.flow_path or "", reverse=True)
    swapped.sort(key=lambda event: not event.type.endswith("started"))
    swapped.sort(key=lambda event: event.type != "flow_started")
    assert dry_run(flow, 0, recorded(flow, swapped)).value == ("a", "b")


def test_what_was_written_and_read_back_is_run_again_with_its_errors() -> None:
    async def fails(x: Any) -> Any:
        raise {"key": KeyError("x"), "group": ExceptionGroup("all", [OSError()]), "own": Own("no")}[
            x
        ]

    flow = agent(fails).retry(1, on=(KeyError, ExceptionGroup)).recover(repr)
    for input, error in {
        "key": """KeyError("'x'")""",
        "group": "ExceptionGroup('all (1 sub-exception)')",
        "own": "Own('no')",
    }.items():
        lines = map(event_to_json, events_of(flow, input))
        again = dry_run(flow, input, recorded(flow, map(event_from_json, lines)))
        assert again.value == error


def undecodable() -> UnicodeDecodeError:
    return UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (undecodable(), UnicodeError),
        (FlowTimeoutError(1.0, "agent(x)"), TimeoutError),
        (NoBranchError(1, ("str",)), KeyError),
        (AskTimeoutError("/app/a", 0.5), TimeoutError),
        (ActorStoppedError("/app/a", "it was interrupted"), Exception),
    ],
)
def test_an_error_that_was_read_is_of_the_narrowest_type_of_pythons_that_it_was(
    error: Exception, kind: type[Exception]
) -> None:
    error.add_note("in flow at steps[1]")
    line = event_to_json(TaskEvent("task_failed", "t1", "/a-1", error))
    read = with_errors(event_from_json(line)).data
    assert type(read).__name__ == type(error).__name__
    assert type(read).__base__ is kind
    assert (str(read), read.__notes__) == (str(error), ["in flow at steps[1]"])


def test_notes_may_be_left_out() -> None:
    record = {"error": "CancelledError", "message": "no"}
    read = with_errors(TaskEvent("task_failed", "t1", "/a-1", record)).data
    assert isinstance(read, asyncio.CancelledError)
    assert not hasattr(read, "__notes__")


@pytest.mark.parametrize("name", ["", "a\0", "\ud800", "print", "SystemExit", "int"])
def test_an_error_that_was_read_is_one_whatever_it_is_called(name: str) -> None:
    record = {"error": name, "message": "no", "notes": []}
    read = with_errors(TaskEvent("task_failed", "t1", "/a-1", record)).data
    assert (isinstance(read, Exception), str(read)) == (True, "no")


def test_another_input_is_not_what_was_recorded() -> None:
    flow = agent(count) >> agent(count)
    script = recorded(flow, events_of(flow, 1))
    with pytest.raises(LookupError, match="was recorded on that input never: is it another flow"):
        dry_run(flow, 7, script)


def test_a_call_at_another_path_is_found_by_its_input() -> None:
    flow = agent(count) >> agent(count)
    script = recorded(flow, events_of(flow, 1))
    assert dry_run(flow.named("other"), 1, script).value == 3


@pytest.mark.parametrize(
    ("events", "also", "text"),
    [
        (3, (), r"recorded: events must be those of a run, .* got 3 \(int\)"),
        ([], [3], r"recorded: also\[0\] must be a Flow"),
        ([], agent(count), "recorded: also must be several flows, such as a list of them, got"),
        ([], 3, r"recorded: also must be several flows, .* got 3 \(int\)"),
    ],
)
def test_what_is_no_recording_is_refused(events: Any, also: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        recorded(agent(count), events, also=also)
