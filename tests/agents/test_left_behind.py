"""What an agent leaves behind when it ends is no part of its task, and goes on by itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, override

from everything_is_an_actor import ActorRef
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskEvent
from everything_is_an_actor.flow import agent, pure
from everything_is_an_actor.testing import on_virtual_time
from tests.plugins.spans import Recorder

type Late = Callable[[], Awaitable[Any]]


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
