"""Lines of JSON as the events that they tell of."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, Never, get_args

from everything_is_an_actor.agents import EventType, TaskEvent
from everything_is_an_actor.algebra.similar import did_you_mean

_TYPES: Final[tuple[EventType, ...]] = get_args(EventType.__value__)
_LATEST: Final = 1e18
"""Seconds: thirty thousand million years, before which arithmetic has no surprises."""


class NoEventError(ValueError):
    """A line that is no event; the text says which line it is, and why."""


def events_of(lines: Iterable[bytes], source: str) -> Iterator[TaskEvent]:
    """The events of a trace, one a line; empty lines are passed over.

    `source` is how the file is called in errors. Raises `NoEventError`.
    """
    is_empty = True
    for number, line in enumerate(lines, start=1):
        if line.strip():
            is_empty = False
            try:
                yield event_of(line)
            except NoEventError as error:
                raise NoEventError(f"{source}, line {number}: {error}") from None
    if is_empty:
        raise NoEventError(f"{source} is empty: there are no events in it.")


def event_of(line: bytes) -> TaskEvent:
    """The event that a line of JSON tells of. Raises `NoEventError`.

    >>> event_of(b'{"type": "task_started"}')
    Traceback (most recent call last):
    everything_is_an_actor.cli.decode.NoEventError: not an event: it has no 'timestamp'.
    """
    record = _parsed(line)
    if not isinstance(record, dict):
        raise NoEventError(f"not an event: expected an object, got {_kind(record)}.")
    return TaskEvent(
        _type(record),
        timestamp=_timestamp(record),
        agent_path=_text(record, "agent_path"),
        task_id=_text(record, "task_id"),
        run_id=_text(record, "run_id"),
        parent_task_id=_optional_text(record, "parent_task_id"),
        parent_agent_path=_optional_text(record, "parent_agent_path"),
        data=record.get("data"),
        flow_path=_optional_text(record, "flow_path"),
    )


def _parsed(line: bytes) -> object:
    try:
        text = line.decode("utf-8-sig").rstrip()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise NoEventError(f"not text in UTF-8: byte 0x{byte:02x} at {error.start}.") from None
    try:
        parsed: object = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        near = text[max(error.pos - 10, 0) : error.pos + 20].strip()
        reason = f"{error.msg} at column {error.colno}, near {near!r}"
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:  # a number of very many digits, among others
        reason = str(error)
    else:
        return parsed
    raise NoEventError(f"not JSON: {reason}.")


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON value")


def _type(record: dict[str, Any]) -> EventType:
    kind = _field(record, "type")
    for known in _TYPES:
        if kind == known:
            return known
    hint = did_you_mean(kind, _TYPES) if isinstance(kind, str) else ""
    raise NoEventError(f"not an event: there is no type {_shown(kind)}.{hint}")


def _timestamp(record: dict[str, Any]) -> float:
    value = _field(record, "timestamp")
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except OverflowError:
            seconds = float("inf")
        if abs(seconds) <= _LATEST:
            return seconds
    raise NoEventError(
        f"not an event: its 'timestamp' must be in seconds since 1970, got {_shown(value)}."
    )


def _text(record: dict[str, Any], name: str) -> str:
    value = _field(record, name)
    if not isinstance(value, str):
        raise NoEventError(f"not an event: its {name!r} must be a string, got {_shown(value)}.")
    return value


def _optional_text(record: dict[str, Any], name: str) -> str | None:
    return None if record.get(name) is None else _text(record, name)


def _field(record: dict[str, Any], name: str) -> Any:
    if name not in record:
        raise NoEventError(f"not an event: it has no {name!r}.")
    return record[name]


def _shown(value: object) -> str:
    """A value as it is in JSON, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
