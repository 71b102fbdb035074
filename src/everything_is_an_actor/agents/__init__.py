"""Agents: what a user imports to write agents and to run flows."""

from everything_is_an_actor.agents.system import AgentSystem
from everything_is_an_actor.runtime.agent import AgentActor
from everything_is_an_actor.runtime.events import EventType, TaskEvent
from everything_is_an_actor.runtime.task import Task, TaskResult, TaskStatus

__all__ = [
    "AgentActor",
    "AgentSystem",
    "EventType",
    "Task",
    "TaskEvent",
    "TaskResult",
    "TaskStatus",
]
