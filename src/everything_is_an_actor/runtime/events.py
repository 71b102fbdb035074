"""Events: what happened to the tasks of one run, as a flat stream from which the calls are rebuilt.

Every task has one start and exactly one ending, and lies within its parent.
"""

import time
from dataclasses import dataclass, field
from typing import Any, Literal

from everything_is_an_actor.algebra.subscripted import subscriptable
from everything_is_an_actor.runtime.paths import agent_name

_now = time.time

type EventType = Literal[
    "task_started",
    "task_chunk",
    "task_progress",
    "task_completed",
    "task_failed",
    "task_cancelled",
    "flow_started",
    "flow_completed",
    "flow_failed",
    "side_failed",
]
"""What happened: to a task of an agent, to the run of a flow, or to a side flow."""


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """One thing that happened to one task (a run of a flow, or of an agent in it).

    `data` is the input, chunk, result or error that the type speaks of: hence its `Any`.
    `timestamp` is in seconds since the epoch. `flow_path` is the path in the flow of the leaf that
    is run, such as `steps[2].race[0]`, empty if the leaf is all of the flow; `None` for what is no
    leaf. An agent that runs a flow itself runs another one: the paths in that are its own.

    >>> event = TaskEvent("task_chunk", "t2", "/app/Writer-7", "word", "t1", "/app/Editor-3", "r")
    >>> event.agent, event.data
    ('Writer', 'word')
    """

    type: EventType
    task_id: str
    agent_path: str
    data: Any
    parent_task_id: str | None = None
    parent_agent_path: str | None = None
    run_id: str = ""
    timestamp: float = field(default_factory=time.time)
    flow_path: str | None = None

    @property
    def agent(self) -> str:
        """The name of the agent, as in `agent_path` but without the number of this one use of it.

        Of a flow's own events: the name of the agent, or else the system, that runs the flow.
        """
        return agent_name(self.agent_path)


class EventDraft:
    """An event to be: a frozen dataclass takes four times as long to set its fields."""

    __slots__ = TaskEvent.__slots__

    def __init__(
        self,
        type: EventType,
        task_id: str,
        agent_path: str,
        data: object,
        parent_task_id: str | None,
        parent_agent_path: str | None,
        run_id: str,
        flow_path: str | None,
    ) -> None:
        self.type = type
        self.task_id = task_id
        self.agent_path = agent_path
        self.data = data
        self.parent_task_id = parent_task_id
        self.parent_agent_path = parent_agent_path
        self.run_id = run_id
        self.timestamp = _now()
        self.flow_path = flow_path

    def done(self) -> TaskEvent:
        """This very object, as the event that it has become."""
        self.__class__ = TaskEvent  # type: ignore[assignment]  # the same slots in the same order
        return self  # type: ignore[return-value]  # which it now is


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """What happened on the way to the result of an `ask_stream`.

    >>> StreamEvent(
    ...     TaskEvent("task_chunk", "t1", "/app/writer", "word", None, None, "r")
    ... ).event.data
    'word'
    """

    event: TaskEvent


@subscriptable
@dataclass(frozen=True, slots=True)
class StreamResult[R]:
    """The reply in which an `ask_stream` ends: its last item, unless it raises.

    >>> StreamResult(42).result
    42
    """

    result: R


type StreamItem[R] = StreamEvent | StreamResult[R]
"""What an `ask_stream` yields: events, then one result."""
