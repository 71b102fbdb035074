"""Events as JSON lines: the trace of a run, for a file or for another program."""

import json
from dataclasses import fields, is_dataclass
from math import isfinite
from pathlib import Path

from everything_is_an_actor.agents import TaskEvent

__all__ = ["as_json"]


def as_json(event: TaskEvent) -> str:
    """An event on one line: data of the pipeline by field, anything else as its repr."""
    return json.dumps(
        {
            "type": event.type,
            "timestamp": event.timestamp,
            "run_id": event.run_id,
            "task_id": event.task_id,
            "agent_path": event.agent_path,
            "parent_task_id": event.parent_task_id,
            "parent_agent_path": event.parent_agent_path,
            "data": _plain(event.data),
        },
        ensure_ascii=False,
    )


def _plain(data: object) -> object:
    match data:
        case float() if not isfinite(data):
            return repr(data)
        case None | bool() | int() | float() | str():
            return data
        case Path():
            return str(data)
        case BaseException():
            return {"error": type(data).__name__, "message": str(data)}
        case list() | tuple():
            return [_plain(one) for one in data]
        case dict():
            return {str(key): _plain(value) for key, value in data.items()}
        case _ if is_dataclass(data) and not isinstance(data, type):
            return {field.name: _plain(getattr(data, field.name)) for field in fields(data)}
        case _:
            return repr(data)
