"""Whatever an event carries, it is one line of JSON; what was written is read, nothing else is."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor.agents import (
    EventDecodeError,
    TaskEvent,
    event_from_json,
    event_to_json,
)
from everything_is_an_actor.algebra.plain import plain
from tests.cli.runs import Executed, executions, garbage
from tests.odd_values import Odd, cyclic, nested, unshowable

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


# -- written -----------------------------------------------------------------------------------


def decoded(data: object, *, ascii_only: bool = False) -> Any:
    """What a reader of the event's line finds as its data."""
    event = TaskEvent("task_completed", "t", "/eiaa/A-1", data, None, None, "run", 1.0)
    line = event_to_json(event, ascii_only=ascii_only)
    assert line.encode().decode().splitlines() == [line]
    assert line.isascii() or not ascii_only
    record = json.loads(line, parse_constant=pytest.fail)
    assert (record["type"], record["task_id"], record["timestamp"]) == ("task_completed", "t", 1.0)
    return record["data"]


@dataclass(slots=True)
class Page:
    title: str
    notes: set[int]
    unset: object = field(init=False)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ("line\nline é \ud800", "line\nline é \ud800"),
        ("\udc00\ud83d", "\udc00\ud83d"),
        ("halves \ud83d\ude80", "halves 🚀"),
        ("a\x85b\u2028c\\\u2029", "a\x85b\u2028c\\\u2029"),
        ({"\u2028\ud800": 1}, {"\u2028\ud800": 1}),
        (Odd(lambda: "odd \u2029\udfff"), "odd \u2029\udfff"),
        ([None, True, 1, 1.5], [None, True, 1, 1.5]),
        (float("nan"), "nan"),
        ({1: (2, float("-inf"))}, {"1": [2, "-inf"]}),
        (Path("a/b"), "a/b"),
        (b"\xff", "b'\\xff'"),
        (Odd(lambda: "odd"), "odd"),
        (Page, "<class 'tests.runtime.test_event_json.Page'>"),
        (Odd(unshowable), "<Odd: cannot be shown: OSError>"),
        ([Odd(unshowable)], "<list: cannot be shown: OSError>"),
        (Page("a", {1}), "<Page: cannot be shown: AttributeError>"),
        pytest.param(10**5000, "<int: cannot be shown: ValueError>", id="long int"),
        (nested(100_000), "<list: cannot be shown: RecursionError>"),
        (cyclic(), "[[...]]"),
    ],
)
def test_any_value_can_be_encoded(value: object, data: object) -> None:
    assert decoded(value) == data
    assert decoded(value, ascii_only=True) == data


def test_a_dataclass_is_its_fields() -> None:
    page = Page("a", {1})
    page.unset = ("b",)
    assert plain(page) == {"title": "a", "notes": [1], "unset": ["b"]}


def test_an_error_is_its_type_text_and_notes() -> None:
    error = KeyError("x")
    error.add_note("in flow at steps[1]: pure(f)")
    expected = {"error": "KeyError", "message": "'x'", "notes": ["in flow at steps[1]: pure(f)"]}
    assert decoded(error) == expected


# -- read --------------------------------------------------------------------------------------


@given(executions(), st.booleans(), st.booleans())
def test_what_was_written_is_read(executed: Executed, ascii_only: bool, as_bytes: bool) -> None:
    for event in executed.events:
        line = event_to_json(event, ascii_only=ascii_only)
        again = event_from_json(line.encode() if as_bytes else line)
        assert again == replace(event, data=plain(event.data))


@given(garbage)
def test_what_was_read_is_written_as_it_was(events: list[TaskEvent]) -> None:
    for event in events:
        line = event_to_json(event)
        assert event_to_json(event_from_json(line)) == line


@given(st.text(st.characters(categories=("Cs", "Zl", "Zp", "Cc")) | st.characters()))
def test_any_text_is_one_line_of_utf_8_that_is_written_again_as_it_was(text: str) -> None:
    line = event_to_json(TaskEvent("task_chunk", text, text, text, timestamp=1.0))
    assert line.encode().decode().splitlines() == [line]
    assert event_to_json(event_from_json(line)) == line


@pytest.mark.parametrize("line", [None, {}, 1, memoryview(b"{}")])
def test_what_is_no_text_is_a_wrong_argument(line: Any) -> None:
    expected = r"^event_from_json: line must be a str or bytes, got "
    with pytest.raises(TypeError, match=expected):
        event_from_json(line)


@given(st.binary() | st.text())
def test_any_other_line_is_one_error(line: str | bytes) -> None:
    with pytest.raises(EventDecodeError, match=r"^not (text|JSON|an event)") as raised:
        event_from_json(line)
    assert "\n" not in str(raised.value)


def test_parents_and_data_may_be_left_out_and_more_may_be_there() -> None:
    few = {name: value for name, value in EVENT.items() if value is not None}
    event = event_from_json(json.dumps(few | {"more": 1}).encode())
    assert event == TaskEvent("task_started", "t", "/app/A-1", None, None, None, "run", 1.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "task_startd"}, 'there is no type "task_startd". Did you mean task_started?'),
        ({"type": 3}, "there is no type 3."),
        ({"type": "task\u2028\ud800"}, 'there is no type "task\\u2028\\ud800".'),
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
    with pytest.raises(EventDecodeError) as raised:
        event_from_json(json.dumps(EVENT | change).encode())
    assert str(raised.value) == f"not an event: {message}"


@pytest.mark.parametrize("name", ["type", "timestamp", "run_id", "task_id", "agent_path"])
def test_a_missing_field_is_named(name: str) -> None:
    left = {key: value for key, value in EVENT.items() if key != name}
    with pytest.raises(EventDecodeError, match=f"^not an event: it has no '{name}'.$"):
        event_from_json(json.dumps(left).encode())
