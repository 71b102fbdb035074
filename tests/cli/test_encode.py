"""Whatever an event carries, it is one line of JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.algebra.plain import plain
from everything_is_an_actor.cli.encode import event_line, result_text


def decoded(data: object, *, ascii_only: bool = False) -> Any:
    """What a reader of the event's line finds as its data."""
    event = TaskEvent("task_completed", "t", "/eiaa/A-1", data, None, None, "run", 1.0)
    line = event_line(event, ascii_only=ascii_only)
    assert "\n" not in line
    assert line.isascii() or not ascii_only
    record = json.loads(line, parse_constant=pytest.fail)
    assert (record["type"], record["task_id"], record["timestamp"]) == ("task_completed", "t", 1.0)
    return record["data"]


@dataclass(slots=True)
class Page:
    title: str
    notes: set[int]
    unset: object = field(init=False)


class Odd:
    def __init__(self, show: Callable[[], str]) -> None:
        self.show = show

    def __repr__(self) -> str:
        return self.show()


def unshowable() -> str:
    raise OSError("no")


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def cyclic() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ("line\nline é \ud800", "line\nline é \ud800"),
        ([None, True, 1, 1.5], [None, True, 1, 1.5]),
        (float("nan"), "nan"),
        ({1: (2, float("-inf"))}, {"1": [2, "-inf"]}),
        (Path("a/b"), "a/b"),
        (b"\xff", "b'\\xff'"),
        (Odd(lambda: "odd"), "odd"),
        (Page, "<class 'tests.cli.test_encode.Page'>"),
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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as\nit is", "as\nit is"),
        (None, "null"),
        ([1, ("é",)], '[1, ["é"]]'),
        (float("nan"), "nan"),
        ([float("nan")], "[nan]"),
        (Odd(lambda: "odd"), "odd"),
        ([Odd(lambda: "odd")], "[odd]"),
        (cyclic(), "[[...]]"),
        (nested(100_000), "<list: cannot be shown: RecursionError>"),
        pytest.param(10**5000, "<int: cannot be shown: ValueError>", id="long int"),
    ],
)
def test_a_result_is_json_or_its_text(value: object, text: str) -> None:
    assert result_text(value) == text
