"""Agents: what a user imports to write agents and to run flows."""

from everything_is_an_actor.agents.system import AgentSystem
from everything_is_an_actor.algebra.failure import AllFailedError
from everything_is_an_actor.algebra.leaves import AgentLike, StreamingAgentLike
from everything_is_an_actor.runtime.agent_actor import AgentActor
from everything_is_an_actor.runtime.cards import AgentCard
from everything_is_an_actor.runtime.config import ActorConfig
from everything_is_an_actor.runtime.event_json import (
    EventDecodeError,
    event_from_json,
    event_to_json,
)
from everything_is_an_actor.runtime.events import (
    EventType,
    StreamEvent,
    StreamItem,
    StreamResult,
    TaskEvent,
)
from everything_is_an_actor.runtime.listening import EventStream
from everything_is_an_actor.runtime.spawning import SpawnOptions
from everything_is_an_actor.runtime.stream import Overflow
from everything_is_an_actor.runtime.task import Task, TaskResult, TaskStatus

__all__ = [
    "ActorConfig",
    "AgentActor",
    "AgentCard",
    "AgentLike",
    "AgentSystem",
    "AllFailedError",
    "EventDecodeError",
    "EventStream",
    "EventType",
    "Overflow",
    "SpawnOptions",
    "StreamEvent",
    "StreamItem",
    "StreamResult",
    "StreamingAgentLike",
    "Task",
    "TaskEvent",
    "TaskResult",
    "TaskStatus",
    "event_from_json",
    "event_to_json",
]
