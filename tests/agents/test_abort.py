"""`abort` reaches all that works for a run at once, and ends every open task in one event."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, override

import pytest

from everything_is_an_actor import ActorRef
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskEvent, TaskResult
from everything_is_an_actor.flow import Flow, agent, at_least, identity, race, traverse, zip_all
from everything_is_an_actor.testing import on_virtual_time
from tests.plugins.spans import Recorder

ENDINGS = ("task_completed", "task_failed", "task_cancelled")


class World:
    """What the agents of one test share."""

    def __init__(self, system: AgentSystem) -> None:
        self.system = system
        self.shared: list[ActorRef[Any, Any]] = []
        self.waiting = 0
        self.turns = 0
        self.reached: list[int] = []
        self.finalised = 0
        self.instead = ""

    def tick(self) -> None:
        """Counts the turns of the loop, until all that wait are reached."""
        self.turns += 1
        if len(self.reached) < self.waiting:
            asyncio.get_running_loop().call_soon(self.tick)


class Deep(AgentActor[tuple[World, int], int]):
    """Asks others in every way there is, so many levels deep; the lowest ones wait for ever."""

    @override
    async def execute(self, input: tuple[World, int]) -> int:
        world, depth = input
        below = (world, depth - 1)
        if not depth:
            return await self.wait(world)
        leaf = agent(Deep, timeout=None)
        match depth % 6:
            case 0:
                await self.context.ask(Deep, Task(below))
            case 1:
                await self.context.sequence([(Deep, Task(below)), (Deep, Task((world, 0)))])
            case 2:
                await world.system.run_flow(zip_all(leaf, leaf).timeout(1e6), below)
            case 3:
                await world.shared[depth].ask(Task(below), timeout=None)
            case 4:
                async for _ in self.context.stream(Deep, Task(below)):
                    pass
            case _:
                await world.system.run_flow(race(at_least(1, leaf), leaf.retry(3)), below)
        return depth

    async def wait(self, world: World) -> int:
        world.waiting += 1
        try:
            await asyncio.sleep(1e9)
        except asyncio.CancelledError:
            world.reached.append(world.turns)
            await self.emit_progress("ending")
            await asyncio.sleep(1.0)
            world.finalised += 1
            if world.instead == "returns":
                return 0
            if world.instead == "raises":
                raise OSError("in a finaliser") from None
            raise
        return 0


async def follow(stream: Any, events: list[TaskEvent]) -> BaseException | None:
    try:
        async for event in stream:
            events.append(event)  # noqa: PERF401  # those before an error are there as well
    except (Exception, asyncio.CancelledError) as error:
        return error
    return None


def assert_ended_once(events: list[TaskEvent]) -> None:
    started = [event.task_id for event in events if event.type == "task_started"]
    ended = Counter(event.task_id for event in events if event.type in ENDINGS)
    assert Counter(started) == ended
    open_tasks = set[str]()
    for event in events:
        if event.type.endswith("_started"):
            assert event.parent_task_id is None or event.parent_task_id in open_tasks
            open_tasks.add(event.task_id)
        elif event.type in ENDINGS or event.type in ("flow_completed", "flow_failed"):
            open_tasks.remove(event.task_id)


@pytest.mark.parametrize("instead", ["", "returns", "raises"])
@pytest.mark.parametrize("depth", [0, 1, 2, 3, 4, 5, 9])
@on_virtual_time
async def test_abort_reaches_every_handler_within_one_turn_and_awaits_its_finalisers(
    depth: int, instead: str
) -> None:
    async with AgentSystem("test") as system:
        world = World(system)
        world.instead = instead
        world.shared = [await system.spawn(Deep, f"shared-{i}") for i in range(depth + 1)]
        events: list[TaskEvent] = []
        run = system.run(Deep, (world, depth), run_id="r", timeout=None)
        following = asyncio.create_task(follow(run, events))
        await asyncio.sleep(1.0)
        before = world.waiting
        assert before
        at, world.turns = len(events), 0
        world.tick()
        await system.abort("r")
        assert set(world.reached) == {world.reached[0]}
        assert world.reached[0] == 2  # the turn after the one in which it was aborted
        assert len(world.reached) == world.finalised == before
        assert isinstance(await following, asyncio.CancelledError)
        assert_ended_once(events)
        ends = [event.type for event in events[at:] if event.type in ENDINGS]
        assert set(ends) == {"task_cancelled"}
        assert all(ref.is_alive for ref in world.shared)
        assert [ref for ref in system.actors.children if ref not in world.shared] == []


@on_virtual_time
async def test_a_lasting_agent_goes_on_with_its_next_task() -> None:
    async with AgentSystem("test") as system:
        world = World(system)

        class Asks(AgentActor[int, int]):
            @override
            async def execute(self, input: int) -> int:
                await shared.ask(Task((world, 0)), timeout=None)
                return input

        shared = await system.spawn(Deep, "shared")
        mine: list[TaskEvent] = []
        other: list[TaskEvent] = []
        one = asyncio.create_task(follow(system.run(Asks, 1, run_id="one"), mine))
        await asyncio.sleep(1.0)
        two = asyncio.create_task(follow(system.run(Asks, 2, run_id="two", timeout=None), other))
        await asyncio.sleep(1.0)
        await system.abort("one")
        assert isinstance(await one, asyncio.CancelledError)
        await asyncio.sleep(1.0)
        assert shared.is_alive
        assert [e.type for e in other][-1] == "task_started"  # its turn has come
        assert world.waiting == 2
        await system.abort("two")
        assert isinstance(await two, asyncio.CancelledError)
        assert {event.run_id for event in mine} == {"one"}
        assert {event.run_id for event in other} == {"two"}


@on_virtual_time
async def test_it_is_harmless_when_there_is_no_such_run() -> None:
    async with AgentSystem("test") as system:
        await system.abort("none")
        events = system.run(Deep, (World(system), 0), run_id="r")
        await system.abort("r")  # it has not begun
        following = asyncio.create_task(follow(events, []))
        await asyncio.sleep(1.0)
        await asyncio.gather(system.abort("r"), system.abort("r"))
        await system.abort("r")
        assert isinstance(await following, asyncio.CancelledError)


@on_virtual_time
async def test_a_run_may_abort_itself_and_so_may_its_consumer() -> None:
    async with AgentSystem("test") as system:

        async def suicidal(n: int) -> int:
            await system.abort("r")
            await asyncio.sleep(1.0)
            return n

        events: list[TaskEvent] = []
        run = system.run(suicidal, 1, run_id="r")
        assert isinstance(await follow(run, events), asyncio.CancelledError)
        assert [event.type for event in events] == ["task_started", "task_cancelled"]

        seen: list[str] = []
        with pytest.raises(asyncio.CancelledError):
            async for event in system.run(Deep, (World(system), 0), run_id="r", buffer_size=1):
                seen.append(event.type)
                if event.type == "task_started":
                    await system.abort("r")
        assert seen == ["task_started", "task_progress", "task_cancelled"]


class Aborts(AgentActor[AgentSystem | None, None]):
    """Aborts the run r, and notes whether that is over then; or waits a second."""

    def __init__(self, seen: list[bool], ended: asyncio.Event) -> None:
        self.seen = seen
        self.ended = ended

    @override
    async def execute(self, input: AgentSystem | None) -> None:
        if input is None:
            await asyncio.sleep(1.0)
        else:
            await input.abort("r")
            self.seen.append(self.ended.is_set())


def finalises(ended: asyncio.Event) -> Flow[Any, Any]:
    async def finalises(_: object) -> None:
        try:
            await asyncio.sleep(1e9)
        finally:
            await asyncio.sleep(1.0)
            ended.set()

    return agent(finalises)


@pytest.mark.parametrize("by", ["an agent", "a side flow", "a lasting agent", "a run within"])
@on_virtual_time
async def test_what_is_part_of_a_run_does_not_wait_for_its_end(by: str) -> None:
    ended, seen = asyncio.Event(), list[bool]()

    async def aborts(_: object) -> None:
        await asyncio.sleep(1.0)
        await system.abort("r")
        seen.append(ended.is_set())

    async def asks(_: object) -> None:
        await asyncio.sleep(1.0)
        await ref.ask(Task(system), timeout=None)

    async def follows(_: object) -> None:
        assert await follow(system.run(aborts, 0), []) is None

    async with AgentSystem("test") as system:
        ref = await system.spawn(Aborts, "aborts", args=(seen, ended))
        same: Flow[object, object] = identity()
        flows: dict[str, Flow[object, Any]] = {
            "an agent": zip_all(agent(aborts), finalises(ended)),
            "a side flow": same.notify(agent(aborts)) >> finalises(ended),
            "a lasting agent": zip_all(agent(asks), finalises(ended)),
            "a run within": zip_all(agent(follows), finalises(ended)),
        }
        stream = system.run_flow_stream(flows[by], 0, run_id="r")
        assert isinstance(await follow(stream, []), asyncio.CancelledError)
        assert ended.is_set()
    assert seen == [False]


@pytest.mark.parametrize("by", ["a message", "what was left behind", "the next in the mailbox"])
@on_virtual_time
async def test_what_is_no_part_of_a_run_waits_for_its_end(by: str) -> None:
    ended, seen, left = asyncio.Event(), list[bool](), list[asyncio.Task[Any]]()

    async def aborts() -> None:
        await asyncio.sleep(0.5)
        await ref.ask(Task(system), timeout=None)

    async def begins(_: object) -> None:
        match by:
            case "a message":
                await ref.tell(Task(system))
            case "what was left behind":
                left.append(asyncio.create_task(aborts()))
            case _:
                await ref.ask(Task(None), timeout=None)

    async with AgentSystem("test", tracer=Recorder().tracer) as system:
        ref = await system.spawn(Aborts, "aborts", args=(seen, ended))
        if by == "the next in the mailbox":
            left.append(asyncio.create_task(aborts()))
        flow = zip_all(agent(begins), finalises(ended))
        stream = system.run_flow_stream(flow, 0, run_id="r")
        assert isinstance(await follow(stream, []), asyncio.CancelledError)
        await asyncio.gather(*left)
        await ref.stop(drain=True)
    assert seen == [True]


@on_virtual_time
async def test_side_flows_of_the_run_are_cancelled_with_it() -> None:
    async with AgentSystem("test") as system:
        world = World(system)
        same: Flow[tuple[World, int], tuple[World, int]] = identity()
        flow = same.notify(agent(Deep, timeout=None)) >> agent(Deep, timeout=None)
        events: list[TaskEvent] = []
        stream = system.run_flow_stream(flow, (world, 0), run_id="r")
        following = asyncio.create_task(follow(stream, events))
        await asyncio.sleep(1.0)
        assert world.waiting == 2
        await system.abort("r")
        assert isinstance(await following, asyncio.CancelledError)
        assert world.finalised == 2
        assert_ended_once(events)
        assert Counter(event.type for event in events)["task_cancelled"] == 2
        assert events[-1].type == "flow_failed"
        assert await system.shutdown() == 0


@on_virtual_time
async def test_two_hundred_runs_at_once_never_mix() -> None:
    async with AgentSystem("test") as system:
        shared = await system.spawn(Echo, "shared", mailbox_size=0)

        async def one(i: int) -> None:
            events: list[TaskEvent] = []
            run_id = f"run {i}"
            flow = traverse(agent(Asks)).named(run_id)
            inputs = [(shared, i)] * 3
            stream = system.run_flow_stream(flow, inputs, run_id=run_id)
            if i % 10 == 1:
                async for event in stream:
                    events.append(event)
                    if len(events) == i % 7 + 1:
                        break
            elif i % 10 == 2:
                following = asyncio.create_task(follow(stream, events))
                await asyncio.sleep(i / 100)
                await system.abort(run_id)
                await following
                assert_ended_once(events)
            else:
                assert await follow(stream, events) is None
                assert_ended_once(events)
                assert len(events) == 2 + 3 * (4 + 2)
                assert events[-1].data == (i, i, i)
            assert {event.run_id for event in events} == {run_id}
            assert {event.data for event in events if event.type == "task_chunk"} <= {i}

        await asyncio.gather(*[one(i) for i in range(200)])


class Echo(AgentActor[int, list[int]]):
    @override
    async def execute(self, input: int) -> Any:
        await asyncio.sleep(0.01)
        yield input
        await self.emit_progress(None)


class Asks(AgentActor[tuple[ActorRef[Any, TaskResult[list[int]]], int], int]):
    @override
    async def execute(self, input: tuple[ActorRef[Any, Any], int]) -> int:
        ref, i = input
        result = await ref.ask(Task(i), timeout=None)
        return int(result.get_or_raise()[0])


@pytest.mark.parametrize("instead", ["", "returns", "raises"])
@on_virtual_time
async def test_in_a_run_that_was_aborted_every_end_is_a_cancellation(instead: str) -> None:
    async with AgentSystem("test") as system:
        world = World(system)
        world.instead = instead
        streams = [
            system.run(Deep, (world, 2), run_id="r", timeout=None),
            system.run_flow_stream(agent(Deep, timeout=None), (world, 0), run_id="r"),
        ]
        for stream in streams:
            events: list[TaskEvent] = []
            following = asyncio.create_task(follow(stream, events))
            await asyncio.sleep(1.0)
            await system.abort("r")
            assert isinstance(await following, asyncio.CancelledError)
            ends = [event for event in events if event.type in (*ENDINGS, "flow_failed")]
            assert len(ends) == len([e for e in events if e.type.endswith("_started")])
            for end in ends:
                assert end.type in ("task_cancelled", "flow_failed")
                assert isinstance(end.data, asyncio.CancelledError)


@on_virtual_time
async def test_whoever_is_given_up_and_all_below_end_in_a_cancellation() -> None:
    class Follows(AgentActor[int, None]):
        @override
        async def execute(self, input: int) -> None:
            await follow(system.run_flow_stream(agent(sleeps), 1e9), [])

    async def sleeps(seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def asks(seconds: float) -> None:
        await ref.ask(Task(0), timeout=None)

    async with AgentSystem("test") as system:
        ref = await system.spawn(Follows, "follows")
        events: list[TaskEvent] = []
        flow = race(agent(asks), agent(sleeps))
        assert await follow(system.run_flow_stream(flow, 1.0), events) is None
    ends = [event for event in events if isinstance(event.data, asyncio.CancelledError)]
    assert [event.type for event in ends] == [
        "task_cancelled",  # sleeps, of the flow within
        "flow_failed",
        "task_cancelled",  # Follows
        "task_cancelled",  # asks
    ]
    assert_ended_once(events)
    assert ends[2].agent_path == "/test/follows"
