"""Lines of JSON are read back as the events that were written, and nothing else is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.cli.decode import NoEventError, event_of, events_of
from everything_is_an_actor.cli.encode import event_line
from tests.cli.runs import Executed, executions, garbage

EVENT = {
    "type": "task_started",
    "timestamp": 1.5,
    "run_id": "run",
    "task_id": "t",
    "agent_path": "/app/A-1",
    "parent_task_id": None,
    "parent_agent_path": None,
    "data": None,
}


@given(executions(), st.booleans())
def test_what_was_written_is_read(executed: Executed, ascii_only: bool) -> None:
    lines = [event_line(event, ascii_only=ascii_only) for event in executed.events]
    again = [event_line(event) for event in events_of(map(str.encode, lines), "a")]
    assert again == [event_line(event) for event in executed.events]


@given(garbage)
def test_whatever_was_written_can_be_read(events: list[TaskEvent]) -> None:
    for event in events:
        assert event_of(event_line(event).encode()).timestamp == event.timestamp


@given(st.binary() | st.text().map(str.encode))
def test_any_other_line_is_one_error(line: bytes) -> None:
    with pytest.raises(NoEventError, match=r"^not (text|JSON|an event)") as raised:
        event_of(line)
    assert "\n" not in str(raised.value)


def test_parents_and_data_may_be_left_out_and_more_may_be_there() -> None:
    few = {name: value for name, value in EVENT.items() if value is not None}
    event = event_of(json.dumps(few | {"more": 1}).encode())
    assert event == TaskEvent("task_started", "t", "/app/A-1", None, None, None, "run", 1.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "task_startd"}, 'there is no type "task_startd". Did you mean task_started?'),
        ({"type": 3}, "there is no type 3."),
        ({"type": ["task_started"]}, 'there is no type ["task_started"].'),
        ({"timestamp": "soon"}, "its 'timestamp' must be in seconds since 1970, got \"soon\"."),
        ({"timestamp": True}, "its 'timestamp' must be in seconds since 1970, got true."),
        (
            {"timestamp": 10**400},
            f"its 'timestamp' must be in seconds since 1970, got 1{'0' * 39}….",
        ),
        ({"timestamp": -1e308}, "its 'timestamp' must be in seconds since 1970, got -1e+308."),
        ({"task_id": 1}, "its 'task_id' must be a string, got 1."),
        ({"agent_path": None}, "its 'agent_path' must be a string, got null."),
        ({"parent_task_id": [1]}, "its 'parent_task_id' must be a string, got [1]."),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(NoEventError) as raised:
        event_of(json.dumps(EVENT | change).encode())
    assert str(raised.value) == f"not an event: {message}"


@pytest.mark.parametrize("name", ["type", "timestamp", "run_id", "task_id", "agent_path"])
def test_a_missing_field_is_named(name: str) -> None:
    left = {key: value for key, value in EVENT.items() if key != name}
    with pytest.raises(NoEventError, match=f"^not an event: it has no '{name}'.$"):
        event_of(json.dumps(left).encode())
