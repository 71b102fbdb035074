"""Events as lines of JSON, and back.

    event_to_json(event_from_json(line)) = line    for what event_to_json has written

A trace is a file of such lines, a message to a browser is one. What an event carries may be any
object; read back it is what JSON has of it, which is the same again when it is written once more.
"""

import json
import re
from typing import Any, Final, Never, get_args

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.plain import plain, safely
from everything_is_an_actor.algebra.similar import did_you_mean
from everything_is_an_actor.runtime.errors import ActorError
from everything_is_an_actor.runtime.events import EventType, TaskEvent

_TYPES: Final[tuple[EventType, ...]] = get_args(EventType.__value__)
_LATEST: Final = 1e18
"""Seconds: thirty thousand million years, before which arithmetic has no surprises."""
_UNWRITABLE: Final = re.compile(r"[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff\x85\u2028\u2029]")
"""Halves of characters, which UTF-8 has not, and the ends of lines that JSON leaves as they are."""


class EventDecodeError(ActorError, ValueError):
    """A text that is no event in JSON; it says why, in one line.

    >>> try:
    ...     event_from_json("[]")
    ... except ValueError as error:
    ...     print(error)
    not an event: expected an object, got an array.
    """


def event_to_json(event: TaskEvent, *, ascii_only: bool = False) -> str:
    """An event as one line of JSON, without the end of the line, whatever its data is.

    Data that JSON has no form for becomes one: a dataclass is its fields, an error its type, text
    and notes, a set a list, and what is left its `repr`. UTF-8 has every character of it, and
    `str.splitlines` does not cut it. Raises nothing.

    >>> event = TaskEvent("task_chunk", "t2", "/app/a", {"é"}, run_id="r", timestamp=0.5)
    >>> print(event_to_json(event)[-14:])
    "data": ["é"]}
    """
    record: dict[str, object] = {
        "type": event.type,
        "timestamp": event.timestamp,
        "run_id": event.run_id,
        "task_id": event.task_id,
        "agent_path": event.agent_path,
        "parent_task_id": event.parent_task_id,
        "parent_agent_path": event.parent_agent_path,
        "flow_path": event.flow_path,
    }
    try:
        line = json.dumps(record | {"data": plain(event.data)}, ensure_ascii=ascii_only)
    except Exception:  # nested too deeply, or an object whose own code fails
        line = json.dumps(record | {"data": safely(repr, event.data)}, ensure_ascii=ascii_only)
    return line if line.isascii() else _UNWRITABLE.sub(_written, line)


def event_from_json(line: str | bytes) -> TaskEvent:
    """The event that a line of JSON tells of: the inverse of `event_to_json`, but for the data.

    Its `data` is what JSON has of it: a list for a tuple, `{"error": …, "message": …, "notes": …}`
    for an error. Fields that an event does not have are passed over. Raises `EventDecodeError`, and
    `TypeError` for what is neither a `str` nor `bytes`.

    >>> line = event_to_json(TaskEvent("task_completed", "t2", "/app/a", ("é", 1)))
    >>> event_from_json(line).data
    ['é', 1]
    >>> event_from_json('{"type": "task_started"}')
    Traceback (most recent call last):
    everything_is_an_actor.runtime.event_json.EventDecodeError: not an event: it has no 'timestamp'.
    """
    record = _parsed(line)
    if not isinstance(record, dict):
        raise EventDecodeError(f"not an event: expected an object, got {_kind(record)}.")
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


def _written(found: re.Match[str]) -> str:
    text = found[0]
    if len(text) == 2:  # both halves, which are one character when they are read
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    return f"\\u{ord(text):04x}"


def _parsed(line: str | bytes) -> object:
    text = _text_of(line).removeprefix("\ufeff").rstrip()
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
    raise EventDecodeError(f"not JSON: {reason}.")


def _text_of(line: str | bytes) -> str:
    if isinstance(line, str):
        return line
    if not isinstance(line, bytes | bytearray):
        raise TypeError(f"event_from_json: line must be a str or bytes, got {shown(line)}")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise EventDecodeError(f"not text in UTF-8: byte 0x{byte:02x} at {error.start}.") from None


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON value")


def _type(record: dict[str, Any]) -> EventType:
    kind = _field(record, "type")
    for known in _TYPES:
        if kind == known:
            return known
    hint = did_you_mean(kind, _TYPES) if isinstance(kind, str) else ""
    raise EventDecodeError(f"not an event: there is no type {_shown(kind)}.{hint}")


def _timestamp(record: dict[str, Any]) -> float:
    value = _field(record, "timestamp")
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except OverflowError:
            seconds = float("inf")
        if abs(seconds) <= _LATEST:
            return seconds
    raise EventDecodeError(
        f"not an event: its 'timestamp' must be in seconds since 1970, got {_shown(value)}."
    )


def _text(record: dict[str, Any], name: str) -> str:
    value = _field(record, name)
    if not isinstance(value, str):
        raise EventDecodeError(f"not an event: its {name!r} must be a string, got {_shown(value)}.")
    return value


def _optional_text(record: dict[str, Any], name: str) -> str | None:
    return None if record.get(name) is None else _text(record, name)


def _field(record: dict[str, Any], name: str) -> Any:
    if name not in record:
        raise EventDecodeError(f"not an event: it has no {name!r}.")
    return record[name]


def _shown(value: object) -> str:
    """A value as it is in JSON, shortened."""
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
