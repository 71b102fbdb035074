"""Agents behind a queue on Redis: tasks are JSON, and their events belong to who has asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, override

import pytest
from redis.asyncio import ConnectionPool

from everything_is_an_actor import ActorRef
from everything_is_an_actor.agents import (
    AgentActor,
    AgentSystem,
    StreamEvent,
    StreamResult,
    Task,
    TaskResult,
)
from everything_is_an_actor.plugins.redis import JsonCodec, RedisMailbox


class Spells(AgentActor[str, list[str]]):
    @override
    async def execute(self, input: str) -> AsyncIterator[str]:
        for letter in input:
            yield letter


class Asks(AgentActor[ActorRef[Any, Any], int]):
    @override
    async def execute(self, input: ActorRef[Any, Any]) -> int:
        return len((await input.ask(Task("ab"), timeout=None)).get_or_raise())


async def test_an_agent_streams_through_a_queue_on_redis(pool: ConnectionPool, queue: str) -> None:
    async with AgentSystem("test") as system:
        spells = await system.spawn(Spells, "spells", mailbox=RedisMailbox(pool, queue))
        items = [item async for item in spells.ask_stream(Task("ab", "t"), timeout=None)]
        kinds = [item.event.type for item in items if isinstance(item, StreamEvent)]
        assert kinds == ["task_started", "task_chunk", "task_chunk", "task_completed"]
        assert items[-1] == StreamResult(TaskResult("t", ["a", "b"]))


async def test_its_tasks_are_those_of_the_sender(pool: ConnectionPool, queue: str) -> None:
    async with AgentSystem("test") as system:
        spells = await system.spawn(Spells, "spells", mailbox=RedisMailbox(pool, queue))
        events = [event async for event in system.run(Asks, spells)]
        assert [event.type for event in events] == [
            "task_started",
            *("task_started", "task_chunk", "task_chunk", "task_completed"),
            "task_completed",
        ]
        assert {event.parent_task_id for event in events[1:-1]} == {events[0].task_id}


@pytest.mark.parametrize(
    "message", [Task({"n": [1, None]}, "t"), TaskResult("t", ["a"]), TaskResult("t", None)]
)
def test_json_carries_what_agents_take_and_give(message: Any) -> None:
    assert JsonCodec().decode(JsonCodec().encode(message)) == message


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (Task((1, 2)), r"\(1, 2\) \(tuple\) at message.input: send a list"),
        (TaskResult("t", {"a": {1}}), r"\{1\} \(set\) at message.output\['a'\]"),
        ({"everything_is_an_actor.Task": 3}, "its key means an agent's task"),
        (TaskResult[int].failure("t", OSError()), r"TaskResult\(.*\(TaskResult\) at message"),
    ],
)
def test_what_would_not_come_back_is_refused(message: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        JsonCodec().encode(message)
