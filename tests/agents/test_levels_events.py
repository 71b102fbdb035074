"""What is told of the tasks of every level of agent, spawned, asked once or run."""

from collections.abc import AsyncIterator
from typing import Any, override

import pytest

from everything_is_an_actor import Actor
from everything_is_an_actor.agents import (
    AgentActor,
    AgentSystem,
    StreamEvent,
    StreamResult,
    Task,
)


async def letters(text: str) -> AsyncIterator[str]:
    for letter in text:
        yield letter


class Letters:
    async def execute(self, input: str) -> AsyncIterator[str]:
        for letter in input:
            yield letter


class LettersActor(AgentActor[str, list[str]]):
    @override
    async def execute(self, input: str) -> AsyncIterator[str]:
        for letter in input:
            yield letter


LEVELS: list[Any] = [letters, Letters, LettersActor]

ALL: list[tuple[str, Any]] = [
    ("task_started", "ab"),
    ("task_chunk", "a"),
    ("task_chunk", "b"),
    ("task_completed", ["a", "b"]),
]


class Does(Actor[Any, Any]):
    """Does what it is sent: a function of the actor."""

    @override
    async def on_receive(self, message: Any) -> Any:
        return await message(self)


@pytest.mark.parametrize("level", LEVELS)
async def test_each_chunk_of_a_run_is_an_event(level: Any) -> None:
    async with AgentSystem() as system:
        events = [event async for event in system.run(level, "ab")]
        assert [(event.type, event.data) for event in events] == ALL
        assert level.__name__ in events[0].agent_path


@pytest.mark.parametrize("level", LEVELS)
async def test_each_chunk_of_a_long_lived_agent_is_an_event(level: Any) -> None:
    async with AgentSystem("app") as system:
        ref = await system.spawn(level, "letters")
        *events, result = [item async for item in system.ask_stream(ref, Task("ab"))]
        assert told(events) == ALL
        assert paths(events) == {"/app/letters"}
        assert isinstance(result, StreamResult)
        by_path = [item async for item in system.ask_stream("/app/letters", Task("ab"))]
        assert told(by_path[:-1]) == ALL


@pytest.mark.parametrize("level", LEVELS)
async def test_each_chunk_of_who_is_asked_once_is_an_event(level: Any) -> None:
    async def job(actor: Does) -> Any:
        return [item async for item in actor.context.stream(level, Task("ab"), name="once")]

    async with AgentSystem("app") as system:
        does = await system.spawn(Does, "does")
        *events, result = await does.ask(job)
        assert told(events) == ALL
        assert paths(events) == {"/app/does/once"}
        assert isinstance(result, StreamResult)


def told(events: list[Any]) -> list[Any]:
    assert all(isinstance(each, StreamEvent) for each in events)
    return [(each.event.type, each.event.data) for each in events]


def paths(events: list[Any]) -> set[str]:
    return {each.event.agent_path for each in events}
