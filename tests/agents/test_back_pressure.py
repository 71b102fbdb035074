"""A slow consumer slows its producers, within a bound; one that leaves cancels them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, override

import pytest

from everything_is_an_actor import ActorStoppedError
from everything_is_an_actor.agents import (
    AgentActor,
    AgentSystem,
    StreamEvent,
    StreamResult,
    Task,
    TaskEvent,
)
from everything_is_an_actor.flow import agent, traverse
from everything_is_an_actor.runtime import events as events_module
from everything_is_an_actor.runtime.stream import Stream
from everything_is_an_actor.testing import on_virtual_time


class Counts(AgentActor[int, list[int]]):
    """Yields numbers, and says how many it has yielded and whether it has ended."""

    yielded = 0
    ended = False

    @override
    async def execute(self, input: int) -> AsyncIterator[int]:
        Counts.yielded, Counts.ended = 0, False
        try:
            for i in range(input):
                Counts.yielded += 1
                yield i
        finally:
            await asyncio.sleep(0)
            Counts.ended = True


class Reports(AgentActor[int, int]):
    """Follows a child that has many children, and makes progress with each event."""

    @override
    async def execute(self, input: int) -> int:
        seen = 0
        async for item in self.context.stream(Fans, Task(input)):
            if isinstance(item, StreamEvent):
                seen += 1
                await self.emit_progress(seen)
        return seen


class Fans(AgentActor[int, int]):
    @override
    async def execute(self, input: int) -> int:
        return len(await self.context.traverse([2] * input, Counts))


@pytest.mark.parametrize("size", [1, 2, 7, 1024])
@on_virtual_time
async def test_a_slow_consumer_slows_the_producer_within_the_bound(size: int) -> None:
    async with AgentSystem("test") as system:
        seen = 0
        async for event in system.run(Counts, 3_000, buffer_size=size, timeout=None):
            seen += event.type == "task_chunk"
            await asyncio.sleep(0.001)
            assert Counts.yielded <= seen + size + 1
        assert seen == 3_000


@pytest.mark.parametrize("size", [1, 2, 1024])
@on_virtual_time
async def test_many_producers_never_exceed_the_bound_by_more_than_their_endings(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = 0
    put = Stream.put

    def watched(stream: Stream, event: TaskEvent) -> None:
        nonlocal longest
        put(stream, event)
        longest = max(longest, len(stream._events))

    monkeypatch.setattr(Stream, "put", watched)
    async with AgentSystem("test") as system:
        flow = traverse(agent(Counts))
        events = [event async for event in system.run_flow_stream(flow, [9] * 50, buffer_size=size)]
        assert len(events) == 2 + 50 * 11
        assert longest <= size + 51


@pytest.mark.parametrize("size", [1, 3, 16, 1024])
@on_virtual_time
async def test_a_listener_within_a_run_that_is_slow_holds_nobody_up_for_ever(size: int) -> None:
    async with AgentSystem("test") as system:
        stream = system.run(Reports, 300, buffer_size=size, timeout=None)
        events = [event async for event in stream]
        assert events[-1].data == 2 + 300 * 4


@pytest.mark.parametrize("size", [1, 5, 100])
@on_virtual_time
async def test_the_oldest_may_be_dropped_instead_and_are_counted(size: int) -> None:
    async with AgentSystem("test") as system:
        stream = system.run(Counts, 1_000, buffer_size=size, overflow="drop_oldest")
        events = [event async for event in stream]
        assert len(events) + stream.dropped == 1_002
        assert stream.dropped > 0
        assert events[-1].type == "task_completed"
        chunks = [event.data for event in events if event.type == "task_chunk"]
        assert chunks == sorted(chunks)


@on_virtual_time
async def test_one_that_never_waits_gives_others_their_turn() -> None:
    async with AgentSystem("test") as system:
        stream = system.run(Counts, 10**9, overflow="drop_oldest", timeout=None)

        async def follow() -> None:
            async for _ in stream:
                pass

        following = asyncio.create_task(follow())
        await asyncio.sleep(0)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        await stream.aclose()
        assert Counts.ended


def _break(stream: Any) -> Any:
    async def leave() -> None:
        async for _ in stream:
            break

    return leave()


def _fail(stream: Any) -> Any:
    async def leave() -> None:
        with pytest.raises(LookupError):
            async for _ in stream:
                raise LookupError

    return leave()


@pytest.mark.parametrize("leave", [_break, _fail])
@pytest.mark.parametrize("is_kept", [True, False])
@on_virtual_time
async def test_who_leaves_the_iteration_cancels_the_run(
    leave: Callable[[Any], Any], is_kept: bool
) -> None:
    async with AgentSystem("test") as system:
        stream = system.run(Counts, 10**9, timeout=None)
        leaving, kept = leave(stream), [stream] if is_kept else []
        del stream
        await leaving
        gc.collect()
        await asyncio.sleep(1.0)
        assert Counts.ended
        assert system.actors.children == ()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        for each in kept:
            assert [event async for event in each] == []
            await each.aclose()


@on_virtual_time
async def test_async_with_waits_for_the_finalisers() -> None:
    async with AgentSystem("test") as system:
        async with system.run(Counts, 10**9, timeout=None) as stream:
            async for _ in stream:
                break
        assert Counts.ended


@on_virtual_time
async def test_aclose_waits_for_the_finalisers() -> None:
    async with AgentSystem("test") as system:
        async with aclosing(system.run(Counts, 10**9, timeout=None)) as stream:
            assert (await anext(stream)).type == "task_started"
        assert Counts.ended
        assert [event async for event in stream] == []


@on_virtual_time
async def test_a_run_that_cannot_begin_need_not_be_left() -> None:
    system = AgentSystem("test")
    await system.shutdown()
    stream = system.run(Counts, 1)
    with pytest.raises(ActorStoppedError):
        async for _ in stream:
            pass
    await stream.aclose()


@on_virtual_time
async def test_with_nobody_listening_no_event_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("an event was built")

    monkeypatch.setattr(events_module.EventDraft, "__init__", never)
    monkeypatch.setattr(TaskEvent, "__init__", never)
    async with AgentSystem("test") as system:
        assert await system.run_flow(agent(Fans), 3) == 3
        counts = await system.spawn(Counts, "counts")
        assert (await counts.ask(Task(2))).output == [0, 1]
        with pytest.raises(AssertionError, match="an event was built"):
            async for _ in system.run(Counts, 1):
                pass


@on_virtual_time
async def test_an_early_leaver_of_an_ask_stream_gives_the_ask_up_and_the_agent_lives_on() -> None:
    async with AgentSystem("test") as system:
        counts = await system.spawn(Counts, "counts")
        async with aclosing(counts.ask_stream(Task(10**9), timeout=None)) as items:
            async for _ in items:
                break
        await asyncio.sleep(1.0)
        assert Counts.ended
        results = [item async for item in counts.ask_stream(Task(2))]
        assert isinstance(results[-1], StreamResult)
        assert results[-1].result.output == [0, 1]
