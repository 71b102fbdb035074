"""Values and events as text: JSON where a value has that form, its `str` or `repr` where not."""

import json
from collections.abc import Callable

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.algebra.plain import plain, unshowable


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
        "flow_path": event.flow_path,
    }
    try:
        return json.dumps(record | {"data": plain(event.data)}, ensure_ascii=ascii_only)
    except Exception:  # nested too deeply, or an object whose own code fails
        return json.dumps(record | {"data": _shown(event.data, repr)}, ensure_ascii=ascii_only)


def _shown(value: object, show: Callable[[object], str]) -> str:
    try:
        return show(value)
    except Exception as error:
        return unshowable(value, error)
