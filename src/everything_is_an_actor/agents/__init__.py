"""Agents: what a user imports to write agents and to run flows."""

from everything_is_an_actor.agents.system import AgentSystem
from everything_is_an_actor.algebra.leaves import AgentLike, StreamingAgentLike
from everything_is_an_actor.runtime.agent_actor import AgentActor
from everything_is_an_actor.runtime.cards import AgentCard
from everything_is_an_actor.runtime.config import ActorConfig
from everything_is_an_actor.runtime.events import EventType, TaskEvent
from everything_is_an_actor.runtime.spawning import SpawnOptions
from everything_is_an_actor.runtime.task import Task, TaskResult, TaskStatus

__all__ = [
    "ActorConfig",
    "AgentActor",
    "AgentCard",
    "AgentLike",
    "AgentSystem",
    "EventType",
    "SpawnOptions",
    "StreamingAgentLike",
    "Task",
    "TaskEvent",
    "TaskResult",
    "TaskStatus",
]
