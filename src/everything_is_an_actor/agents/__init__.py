"""Agents: what a user imports to write agents and to run flows."""

from everything_is_an_actor.agents.system import AgentSystem
from everything_is_an_actor.runtime.agent import AgentActor
from everything_is_an_actor.runtime.events import (
    EventType,
    StreamEvent,
    StreamItem,
    StreamResult,
    TaskEvent,
)
from everything_is_an_actor.runtime.listening import EventStream
from everything_is_an_actor.runtime.stream import Overflow
from everything_is_an_actor.runtime.task import Task, TaskResult, TaskStatus

__all__ = [
    "AgentActor",
    "AgentSystem",
    "EventStream",
    "EventType",
    "Overflow",
    "StreamEvent",
    "StreamItem",
    "StreamResult",
    "Task",
    "TaskEvent",
    "TaskResult",
    "TaskStatus",
]
