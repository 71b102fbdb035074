"""What an agent leaves behind when it ends is no part of its task, and goes on by itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, override

import pytest

from everything_is_an_actor import ActorRef
from everything_is_an_actor.agents import AgentActor, AgentSystem, StreamEvent, Task, TaskEvent
from everything_is_an_actor.flow import agent, pure
from everything_is_an_actor.plugins.otel import names
from everything_is_an_actor.testing import on_virtual_time
from tests.agents.rebuilt import rebuilt
from tests.plugins.spans import Recorder, attributes

type Late = Callable[[], Coroutine[Any, Any, Any]]


class Lasting(AgentActor[Late, Any]):
    """Does `late` when a second is over."""

    @override
    async def execute(self, input: Late) -> Any:
        await asyncio.sleep(1.0)
        return await input()


class Leaves:
    """An agent that ends when half a second is over; it leaves something behind that goes on."""

    def __init__(self, late: Late, ref: ActorRef[Any, Any] | None = None) -> None:
        """`late` is done by `ref`, who is asked for it, or by a task that nobody waits for."""
        self.late = late
        self.ref = ref
        self.left: asyncio.Task[Any] | None = None

    async def __call__(self, input: object) -> float:
        self.left = asyncio.create_task(self._goes_on())
        await asyncio.sleep(0.5)
        return 5.0

    async def _goes_on(self) -> Any:
        if self.ref is not None:
            return (await self.ref.ask(Task(self.late), timeout=None)).get_or_raise()
        await asyncio.sleep(1.0)
        return await self.late()

    async def ended(self) -> Any:
        assert self.left is not None
        return await self.left


async def waits(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


@on_virtual_time
async def test_a_run_that_begins_after_the_end_of_its_caller_is_one_of_its_own() -> None:
    async with AgentSystem("test") as system:

        async def follows() -> list[TaskEvent]:
            return [event async for event in system.run(waits, 1.0)]

        lasting = await system.spawn(Lasting, "lasting")
        for leaves in (Leaves(follows), Leaves(follows, lasting)):
            flow = agent(leaves) >> agent(waits)
            outer = [event async for event in system.run_flow_stream(flow, 0)]
            inner = await leaves.ended()
            assert [event.type for event in inner] == ["task_started", "task_completed"]
            assert {event.parent_task_id for event in inner} == {None}
            assert {event.run_id for event in inner}.isdisjoint(event.run_id for event in outer)


@on_virtual_time
async def test_a_flow_that_runs_after_the_end_of_its_caller_is_traced_as_one_of_its_own() -> None:
    seen = Recorder()
    async with AgentSystem("test", tracer=seen.tracer) as system:
        flow = agent(waits).named("late")
        leaves = Leaves(lambda: system.run_flow(flow, 1.0))
        await system.run_flow(agent(leaves, name="leaves").named("flow"), 0)
        await leaves.ended()
    assert seen.tree() == ["flow < None", "late < leaves", "leaves < flow", "waits < late"]


@on_virtual_time
async def test_a_side_flow_that_begins_after_the_end_of_its_caller_is_no_part_of_the_run() -> None:
    async with AgentSystem("test") as system:
        flow = pure(float).notify(agent(waits))
        lasting = await system.spawn(Lasting, "lasting")
        leaves = Leaves(lambda: system.run_flow(flow, 9), lasting)
        run = system.run_flow_stream(agent(leaves) >> agent(waits), 0)
        events = [event async for event in run]
        assert asyncio.get_running_loop().time() == 5.5
        assert Counter(event.type for event in events)["task_started"] == 3
        assert await leaves.ended() == 9.0


@on_virtual_time
async def test_a_flow_does_not_wait_for_its_side_flows_if_it_is_only_traced() -> None:
    seen = Recorder()
    async with AgentSystem("test", tracer=seen.tracer) as system:
        await system.run_flow(pure(float).notify(agent(waits)).named("flow"), 9)
        assert asyncio.get_running_loop().time() == 0.0
    assert seen.tree() == ["flow < None", "waits < flow"]


class Spells(AgentActor[str, list[str]]):
    """Yields a letter a second, each after a task of its own."""

    @override
    async def execute(self, input: str) -> AsyncIterator[str]:
        for letter in input:
            await self.context.ask(Waits, Task(1.0))
            yield letter


class Waits(AgentActor[float, None]):
    @override
    async def execute(self, input: float) -> None:
        await asyncio.sleep(input)


class LeavesOne(AgentActor[Late, None]):
    """Leaves behind what it is given, and ends when a second and a half are over."""

    def __init__(self, left: list[asyncio.Task[Any]]) -> None:
        self.left = left

    @override
    async def execute(self, input: Late) -> None:
        self.left.append(asyncio.create_task(input()))
        await asyncio.sleep(1.5)


LETTER = ["task_started", "task_completed", "task_chunk"]


@pytest.mark.parametrize("how", ["ask_stream", "run", "run_flow_stream"])
@on_virtual_time
async def test_what_has_a_listener_of_its_own_goes_on_for_that_one(how: str) -> None:
    """Whoever listens to what it was part of is told that it has ended; a tracer, when it has."""
    seen, left = Recorder(), list[asyncio.Task[list[TaskEvent]]]()

    async def follows() -> list[TaskEvent]:
        match how:
            case "ask_stream":
                items = [item async for item in spells.ask_stream(Task("abc"))]
                return [item.event for item in items if isinstance(item, StreamEvent)]
            case "run":
                return [event async for event in system.run(Spells, "abc")]
            case _:
                return [event async for event in system.run_flow_stream(agent(Spells), "abc")]

    async def asks(ref: ActorRef[Task[Late], Any]) -> None:
        await ref.ask(Task(follows))

    async with AgentSystem("test", tracer=seen.tracer) as system:
        spells = await system.spawn(Spells, "spells")
        ref = await system.spawn(LeavesOne, "leaves", args=(left,))
        outer = [event async for event in system.run(asks, ref)]
        (inner,) = await asyncio.gather(*left)
    begun, cut, ended = [["task_started"], ["task_cancelled"], ["task_completed"]]
    if how == "run_flow_stream":
        begun = ["flow_started", *begun]
        cut = [*cut, "flow_failed"]
        ended = [*ended, "flow_completed"]
    assert [event.type for event in inner] == [*begun, *LETTER * 3, *ended]
    assert [event.type for event in outer] == [
        *("task_started", "task_started"),
        *(*begun, *LETTER, "task_started", "task_cancelled", *cut),
        *("task_completed", "task_completed"),
    ]
    for events in (outer, inner):
        rebuilt((event, 0.0) for event in events)
    assert {attributes(span)[names.TASK_STATUS] for span in seen.spans} == {"completed"}
    tasks = {event.task_id for event in [*outer, *inner]}
    assert sorted(attributes(span)[names.TASK_ID] for span in seen.spans) == sorted(tasks)


@on_virtual_time
async def test_what_goes_on_for_its_own_listener_waits_for_no_other() -> None:
    left = list[asyncio.Task[list[TaskEvent]]]()

    async def follows() -> list[TaskEvent]:
        return [event async for event in system.run(Spells, "abc")]

    async def asks(ref: ActorRef[Task[Late], Any]) -> float:
        await ref.ask(Task(follows))
        return 1.0

    async with AgentSystem("test") as system:
        ref = await system.spawn(LeavesOne, "leaves", args=(left,))
        flow = agent(asks) >> agent(waits)
        async with system.run_flow_stream(flow, ref, buffer_size=5) as outer:
            await anext(outer)
            await asyncio.sleep(10.0)
            assert left[0].done()
