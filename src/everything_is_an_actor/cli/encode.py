"""Values and events as text: JSON where a value has that form, its `str` or `repr` where not."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from math import isfinite
from pathlib import PurePath
from typing import Any

from everything_is_an_actor.agents import TaskEvent


def result_text(value: object, *, ascii_only: bool = False) -> str:
    """A result for people and pipes: a `str` as it is, JSON if it has that form, else its `str`.

    >>> result_text("done"), result_text(("a", 1)), result_text(1j)
    ('done', '["a", 1]', '1j')
    """
    if isinstance(value, str):
        return _shown(value, str)
    try:
        return json.dumps(value, ensure_ascii=ascii_only, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return _shown(value, str)


def event_line(event: TaskEvent, *, ascii_only: bool = False) -> str:
    """An event as one line of JSON, whatever its data is."""
    record: dict[str, object] = {
        "type": event.type,
        "timestamp": event.timestamp,
        "run_id": event.run_id,
        "task_id": event.task_id,
        "agent_path": event.agent_path,
        "parent_task_id": event.parent_task_id,
        "parent_agent_path": event.parent_agent_path,
    }
    try:
        return json.dumps(record | {"data": plain(event.data)}, ensure_ascii=ascii_only)
    except Exception:  # nested too deeply, or an object whose own code fails
        return json.dumps(record | {"data": _shown(event.data, repr)}, ensure_ascii=ascii_only)


def plain(value: Any) -> object:
    """A value in JSON's terms: a dataclass by its fields, an error by its type, text and notes.

    What has no such form is written as its `repr`. A value may be anything: hence the `Any`.

    >>> plain({1: {2.0}, "path": PurePath("a/b")})
    {'1': [2.0], 'path': 'a/b'}
    >>> plain(ValueError("no"))
    {'error': 'ValueError', 'message': 'no', 'notes': []}
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if isfinite(value) else repr(value)
        case list() | tuple() | set() | frozenset():
            return [plain(element) for element in value]
        case dict():
            return {str(key): plain(element) for key, element in value.items()}
        case PurePath():
            return str(value)
        case BaseException():
            return {
                "error": type(value).__name__,
                "message": str(value),
                "notes": [str(note) for note in getattr(value, "__notes__", ())],
            }
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return repr(value)


def _shown(value: object, show: Callable[[object], str]) -> str:
    try:
        return show(value)
    except Exception as error:
        return f"<{type(value).__name__}: cannot be shown: {type(error).__name__}>"
