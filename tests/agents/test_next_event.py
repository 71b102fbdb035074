"""Events taken one by one: who is cancelled while he waits for the next has taken none."""

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest

from everything_is_an_actor import ActorStoppedError
from everything_is_an_actor.agents import AgentSystem, EventStream, TaskEvent
from everything_is_an_actor.flow import agent
from everything_is_an_actor.testing import on_virtual_time


async def count(delays: list[float]) -> AsyncIterator[int]:
    for number, delay in enumerate(delays):
        await asyncio.sleep(delay)
        yield number


def told(events: list[TaskEvent]) -> list[tuple[str, object]]:
    return [(event.type, event.data) for event in events]


async def one_by_one(events: EventStream, patience: float) -> tuple[list[TaskEvent], int]:
    """All of them, and how often it took longer than `patience` until the next."""
    taken: list[TaskEvent] = []
    waits = 0
    while True:
        try:
            event = await asyncio.wait_for(anext(events, None), patience)
        except TimeoutError:
            waits += 1
            continue
        if event is None:
            return taken, waits
        taken.append(event)


@pytest.mark.parametrize("patience", [0.25, 1.0, 1.5, 7.0])
@on_virtual_time
async def test_no_event_is_lost_to_a_timeout_and_the_run_goes_on(patience: float) -> None:
    delays = [0.0, 1.0, 0.0, 3.0, 1.5]
    async with AgentSystem("test") as system:
        expected = told([event async for event in system.run(count, delays)])
        events, waits = await one_by_one(system.run(count, delays), patience)
        assert told(events) == expected
        assert (waits > 0) is (patience < 3.0)


@on_virtual_time
async def test_an_event_that_comes_as_its_taker_is_cancelled_is_the_next() -> None:
    takers: list[asyncio.Task[TaskEvent]] = []

    async def interrupt(_: int) -> AsyncIterator[str]:
        await asyncio.sleep(1)
        yield "first"
        takers[0].cancel()  # it has been woken, and has not run yet
        await asyncio.sleep(1)
        yield "second"

    async with AgentSystem("test") as system, system.run(interrupt, 0) as events:
        assert (await anext(events)).type == "task_started"
        takers.append(asyncio.ensure_future(anext(events)))
        with pytest.raises(asyncio.CancelledError):
            await takers[0]
        assert [event.data async for event in events] == ["first", "second", ["first", "second"]]


@on_virtual_time
async def test_who_is_cancelled_before_the_first_event_can_still_have_it() -> None:
    async with AgentSystem("test") as system:
        events = system.run_flow_stream(agent(count), [1.0])
        first = asyncio.ensure_future(anext(events))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await anext(events)).type == "flow_started"
        await events.aclose()


@on_virtual_time
async def test_a_loop_takes_the_rest() -> None:
    async with AgentSystem("test") as system:
        expected = told([event async for event in system.run(count, [1.0, 1.0])])
        events = system.run(count, [1.0, 1.0])
        taken = [await anext(events), await anext(events)]
        assert told(taken + [event async for event in events]) == expected
        with pytest.raises(StopAsyncIteration):
            await anext(events)


@on_virtual_time
async def test_the_error_of_the_run_comes_after_its_last_event_and_then_nothing() -> None:
    async def fail(_: int) -> int:
        await asyncio.sleep(1)
        raise ValueError("no")

    async with AgentSystem("test") as system:
        events = system.run(fail, 0)
        assert [(await anext(events)).type for _ in range(2)] == ["task_started", "task_failed"]
        with pytest.raises(ValueError, match="no"):
            await anext(events)
        for _ in range(2):
            with pytest.raises(StopAsyncIteration):
                await anext(events)


@on_virtual_time
async def test_a_run_that_cannot_begin_has_no_next_event() -> None:
    system = AgentSystem("test")
    await system.shutdown()
    events = system.run(count, [])
    with pytest.raises(ActorStoppedError):
        await anext(events)
    with pytest.raises(StopAsyncIteration):
        await anext(events)


@on_virtual_time
async def test_two_cannot_wait_for_the_next_event_at_once() -> None:
    async with AgentSystem("test") as system, system.run(count, [1.0]) as events:
        await anext(events)
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="events are for one consumer"):
            await anext(events)
        assert (await first).data == 0


@on_virtual_time
async def test_leaving_ends_a_wait_for_the_next_event() -> None:
    async with AgentSystem("test") as system:
        events = system.run(count, [1e6], timeout=None)
        await anext(events)
        waiting = asyncio.ensure_future(anext(events, None))
        await asyncio.sleep(0)
        await events.aclose()
        assert await waiting is None
        assert system.actors.children == ()


@pytest.mark.parametrize("taken", [1, 2])
@on_virtual_time
async def test_who_forgets_a_stream_cancels_the_run(taken: int) -> None:
    async with AgentSystem("test") as system:
        events = system.run(count, [1.0, 1e6], timeout=None)
        for _ in range(taken):
            await anext(events)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(events), 0.5)
        assert system.actors.children != ()
        del events
        gc.collect()
        await asyncio.sleep(1.0)
        assert system.actors.children == ()
        assert asyncio.all_tasks() == {asyncio.current_task()}
