"""`ask_stream`: events, then one result, whatever the mailbox and whoever is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, override

import pytest

from everything_is_an_actor import (
    AskTimeoutError,
    FastMailbox,
    Mailbox,
    MemoryMailbox,
    PriorityMailbox,
    ThreadedMailbox,
    VirtualActorRegistry,
)
from everything_is_an_actor.agents import (
    AgentActor,
    AgentSystem,
    StreamEvent,
    StreamResult,
    Task,
)
from everything_is_an_actor.testing import on_virtual_time

MAILBOXES: dict[str, Callable[[], Mailbox]] = {
    "memory": lambda: MemoryMailbox(4),
    "fast": FastMailbox,
    "threaded": ThreadedMailbox,
    "priority": lambda: PriorityMailbox(key=lambda message: 0),
}


class Spells(AgentActor[str, list[str]]):
    """Yields letters, by and by."""

    @override
    async def execute(self, input: str) -> AsyncIterator[str]:
        for letter in input:
            await asyncio.sleep(1.0)
            if letter == "!":
                raise ValueError("loud")
            yield letter


SPELT = ["task_started", "task_chunk", "task_chunk", "task_completed", "result"]


async def told(items: Any) -> list[str]:
    kinds: list[str] = []
    async for item in items:
        kinds.append(item.event.type if isinstance(item, StreamEvent) else "result")
        if isinstance(item, StreamResult):
            assert item.result.get_or_raise() == ["a", "b"]
    return kinds


@pytest.mark.parametrize("mailbox", MAILBOXES.values(), ids=MAILBOXES)
async def test_every_mailbox_passes_the_stream_on(mailbox: Callable[[], Mailbox]) -> None:
    class Fast(Spells):
        @override
        async def execute(self, input: str) -> AsyncIterator[str]:
            for letter in input:
                await asyncio.sleep(0)
                yield letter

    async with AgentSystem("test") as system:
        ref = await system.spawn(Fast, "spells", mailbox=mailbox())
        several = [told(ref.ask_stream(Task("ab"))) for _ in range(3)]
        assert await asyncio.gather(*several) == [SPELT] * 3


@on_virtual_time
async def test_whoever_is_asked_streams() -> None:
    async with AgentSystem("test") as system:
        ref = await system.spawn(Spells, "spells")
        registry = VirtualActorRegistry(system.actors)
        assert await told(ref.ask_stream(Task("ab"))) == SPELT
        assert await told(system.ask_stream(ref, Task("ab"))) == SPELT
        assert await told(system.ask_stream("/test/spells", Task("ab"))) == SPELT
        assert await told(system.actors.ask_stream(ref, Task("ab"))) == SPELT
        assert await told(registry.ask_stream(Spells, "v", Task("ab"))) == SPELT
        await registry.deactivate_all()


@on_virtual_time
async def test_an_agent_streams_from_a_child_and_both_listeners_have_the_events() -> None:
    heard: list[str] = []

    class Listens(AgentActor[str, None]):
        @override
        async def execute(self, input: str) -> None:
            heard.extend(await told(self.context.stream(Spells, Task(input), name="child")))
            assert self.context.children == ()

    async with AgentSystem("test") as system:
        events = [event async for event in system.run(Listens, "ab")]
    assert heard == SPELT
    inner = [event for event in events if event.agent_path.endswith("/child")]
    assert [event.type for event in inner] == SPELT[:-1]
    assert {event.parent_task_id for event in inner} == {events[0].task_id}


@on_virtual_time
async def test_an_error_is_raised_after_the_last_event() -> None:
    async with AgentSystem("test") as system:
        ref = await system.spawn(Spells, "spells")
        kinds: list[str] = []
        with pytest.raises(ValueError, match="loud"):
            async for item in ref.ask_stream(Task("a!")):
                assert isinstance(item, StreamEvent)
                kinds.append(item.event.type)
        assert kinds == ["task_started", "task_chunk", "task_failed"]


@on_virtual_time
async def test_past_its_timeout_it_raises_that_after_the_last_event() -> None:
    async with AgentSystem("test") as system:
        ref = await system.spawn(Spells, "spells")
        seen: list[Any] = []
        with pytest.raises(AskTimeoutError):
            async for item in ref.ask_stream(Task("abc"), timeout=1.5):
                seen.append(item)  # noqa: PERF401  # one by one
        assert [item.event.type for item in seen][:2] == ["task_started", "task_chunk"]


@on_virtual_time
async def test_progress_outside_a_task_is_nothing() -> None:
    agent = Spells()
    await agent.emit_progress("nobody hears it")
    async with AgentSystem("test") as system:

        class Starts(Spells):
            @override
            async def on_started(self) -> None:
                await self.emit_progress("nor this")

        ref = await system.spawn(Starts, "starts")
        assert await told(ref.ask_stream(Task("ab"))) == SPELT
