"""`run_flow_stream`: every event of every agent at any depth, each exactly once, bracketed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from everything_is_an_actor.agents import AgentSystem, TaskEvent
from everything_is_an_actor.algebra import node
from everything_is_an_actor.flow import (
    AllFailedError,
    Continue,
    Done,
    FlowTimeoutError,
    agent,
    identity,
    loop,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.test_cancellation import EVERYWHERE
from tests.flow.worlds import (
    AnyFlow,
    Does,
    hangs,
    journal,
    leaf,
    nothing_runs,
    result_of,
    says,
    talker,
)

same: AnyFlow = identity()

ENDINGS = {
    "task_completed": "completed",
    "task_failed": "failed",
    "task_cancelled": "cancelled",
}


async def events_of(
    flow: AnyFlow, input: Any = 0, seen: list[TaskEvent] | None = None, **how: Any
) -> list[TaskEvent]:
    """Every event of a run; `seen` has them also if the run fails."""
    events: list[TaskEvent] = [] if seen is None else seen
    async with AgentSystem("test") as system:
        try:
            await collect(system.run_flow_stream(flow, input, **how), events)
        finally:
            nothing_runs(system)
    return events


async def collect(stream: AsyncIterator[TaskEvent], into: list[TaskEvent]) -> None:
    """One by one: those before an exception are there as well."""
    async for event in stream:
        into.append(event)  # noqa: PERF401


def types(events: list[TaskEvent]) -> list[str]:
    return [event.type for event in events]


def name(event: TaskEvent) -> str:
    """The agent that an event is about, without its number."""
    return event.agent_path.rpartition("/")[2].rpartition("-")[0]


def calls_in(events: list[TaskEvent]) -> list[str]:
    """The calls of agents that the events tell of, as the agents note them."""
    inputs = {event.task_id: event.data for event in events if event.type == "task_started"}
    return sorted(
        f"{name(event)}({inputs[event.task_id]!r}) {ENDINGS[event.type]}"
        for event in events
        if event.type in ENDINGS
    )


def assert_bracketed(events: list[TaskEvent]) -> None:
    """One start and one ending for each task, children within their parents, in one flow."""
    assert events[0].type == "flow_started"
    assert events[-1].type in ("flow_completed", "flow_failed")
    flow = events[0].task_id
    assert events[-1].task_id == flow
    open_tasks, ended = {flow}, set[str]()
    for event in events[1:-1]:
        assert event.run_id == events[0].run_id
        if event.type == "task_started":
            assert event.task_id not in open_tasks | ended
            assert event.parent_task_id in open_tasks
            open_tasks.add(event.task_id)
        elif event.type in ENDINGS:
            open_tasks.remove(event.task_id)
            ended.add(event.task_id)
            assert not any(e.parent_task_id == event.task_id for e in events[events.index(event) :])
        elif event.type != "side_failed":
            assert event.task_id in open_tasks
    assert open_tasks == {flow}


FLOWS: dict[str, tuple[AnyFlow, Any]] = {
    "no agent": (pure(str), 3),
    "an agent": (says("a", 1), 0),
    "one after the other": (says("a", 1) >> says("b", 2, 1.0) >> leaf("c", str), 0),
    "in parallel": (says("a", 1, 2.0).zip(says("b", 2, 1.0).zip(says("c", 3))), 0),
    "traverse": (traverse(leaf("a", lambda n: Does(n, float(n))), max_concurrency=2), [3, 1, 2]),
    "a race": (race(hangs("a"), says("b", OSError()), says("c", 1, 1.0)), 0),
    "a loop": (loop(leaf("a", lambda n: Does(Continue(n - 1) if n else Done("end"), 1.0))), 3),
    "handlers": (says("a", OSError()).recover_with(says("h", OSError())) | says("f", 1), 0),
    "retries": (says("a", OSError(), 1.0).retry(2).recover(str), 0),
    "a timeout": (hangs("a").timeout(1.0).recover(str), 0),
    "the timeout of a leaf": (leaf("a", lambda _: says_late(), timeout=1.0).recover(str), 0),
    "chunks": (talker("a", list), "abc"),
    "a side flow": (same.notify(says("side", 1, 5.0)) >> says("b", 2, 1.0), 0),
    "a side flow that fails": (same.notify(says("side", OSError(), 5.0)) >> says("b", 2), 0),
    "a side flow of a side flow": (
        same.notify(says("a", 1, 1.0).notify(says("side", 2, 5.0))) >> says("b", 2),
        0,
    ),
}


def says_late() -> Does:
    return Does(1, 9.0)


flows = pytest.mark.parametrize(("flow", "input"), FLOWS.values(), ids=FLOWS)


@flows
@on_virtual_time
async def test_a_stream_tells_of_every_call_once_and_ends_with_the_output(
    flow: AnyFlow, input: Any
) -> None:
    with journal() as calls:
        events = await events_of(flow, input)
    assert_bracketed(events)
    assert calls_in(events) == sorted(map(str, calls))
    with journal() as alone:
        async with AgentSystem("test") as system:
            assert events[-1].type == "flow_completed"
            assert events[-1].data == await system.run_flow(flow, input)
    assert sorted(map(str, alone)) == sorted(map(str, calls))


@pytest.mark.parametrize("around", EVERYWHERE)
@pytest.mark.parametrize("told", [Does(1, 1.0), Does(OSError("o"), 1.0), Does(MemoryError("m"))])
@on_virtual_time
async def test_every_node_is_streamed_as_it_is_run(
    around: Callable[[AnyFlow], AnyFlow], told: Does
) -> None:
    flow = around(leaf("a", lambda _: told)).timeout(50.0)
    seen: list[TaskEvent] = []
    raised: list[BaseException] = []
    with journal() as calls:
        try:
            await events_of(flow, 0, seen)
        except Exception as error:
            raised.append(error)
    assert_bracketed(seen)
    assert calls_in(seen) == sorted(map(str, calls))
    with journal() as alone:
        async with AgentSystem("test") as system:
            result = await result_of(system.run_flow(flow, 0))
    if raised:
        assert type(result.failure()) is type(raised[0])
        assert (seen[-1].type, seen[-1].data) == ("flow_failed", raised[0])
    else:
        assert repr(seen[-1].data) == repr(result.unwrap())
    assert sorted(map(str, alone)) == sorted(map(str, calls))


class TestEvents:
    @on_virtual_time
    async def test_the_flow_is_bracketed(self) -> None:
        events = await events_of(pure(str), 3)
        assert [(event.type, event.data) for event in events] == [
            ("flow_started", 3),
            ("flow_completed", "3"),
        ]
        assert events[0].agent_path == "/test"
        assert events[0].parent_task_id is None

    @on_virtual_time
    async def test_an_agent_starts_and_ends(self) -> None:
        with journal():
            _, started, ended, _ = await events_of(leaf("a", lambda n: n + 1), 3)
        assert (started.type, started.data) == ("task_started", 3)
        assert (ended.type, ended.data) == ("task_completed", 4)
        assert started.task_id == ended.task_id
        assert started.agent_path.startswith("/test/a-")

    @on_virtual_time
    async def test_a_failure_carries_the_error(self) -> None:
        error = OSError("o")
        with journal():
            events = await events_of(says("a", error, 1.0).recover(str))
        assert types(events)[2] == "task_failed"
        assert events[2].data is error

    @pytest.mark.parametrize("fatal", [KeyboardInterrupt("k"), SystemExit(3)])
    @pytest.mark.parametrize("after", [0.0, 1.0])
    @on_virtual_time
    async def test_also_a_fatal_one(self, fatal: BaseException, after: float) -> None:
        seen: list[TaskEvent] = []
        with journal():
            result = await result_of(events_of(says("a", fatal, after), 0, seen))
        assert result.failure() is fatal
        assert types(seen) == ["flow_started", "task_started", "task_failed", "flow_failed"]
        assert seen[2].data is fatal
        assert seen[3].data is fatal

    @on_virtual_time
    async def test_a_timeout_is_a_failure_and_a_lost_race_a_cancellation(self) -> None:
        slow = leaf("slow", lambda _: Does(1, 9.0), timeout=1.0)
        with journal():
            events = await events_of(race(slow.recover(str), says("b", 1, 5.0)))
            assert [e.type for e in events if name(e) == "slow"] == ["task_started", "task_failed"]
            assert any(isinstance(event.data, FlowTimeoutError) for event in events)
            events = await events_of(race(hangs("slow"), says("b", 1, 5.0)))
        assert [e.type for e in events if name(e) == "slow"] == ["task_started", "task_cancelled"]

    @on_virtual_time
    async def test_each_chunk_is_an_event_at_once(self) -> None:
        at: list[float] = []

        async def counts(n: int) -> AsyncIterator[int]:
            for i in range(n):
                await asyncio.sleep(1.0)
                yield i

        events: list[TaskEvent] = []
        async with AgentSystem("test") as system:
            async for event in system.run_flow_stream(agent(counts), 3):
                events.append(event)
                at.append(asyncio.get_running_loop().time())
        assert types(events)[2:5] == ["task_chunk"] * 3
        assert [event.data for event in events[2:5]] == [0, 1, 2]
        assert at == [0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 3.0]
        assert events[5].data == [0, 1, 2]

    @on_virtual_time
    async def test_the_run_id_may_be_given(self) -> None:
        with journal():
            events = await events_of(says("a", 1), 0, run_id="mine")
            assert {event.run_id for event in events} == {"mine"}
            others = [(await events_of(says("a", 1)))[0].run_id for _ in range(2)]
        assert len(set(others)) == 2

    @on_virtual_time
    async def test_events_of_two_runs_do_not_mix(self) -> None:
        flow = says("a", 1, 1.0) >> says("b", 1, 1.0)
        with journal():
            async with AgentSystem("test") as system:

                async def run(run_id: str) -> list[TaskEvent]:
                    return [e async for e in system.run_flow_stream(flow, 0, run_id=run_id)]

                for events in await asyncio.gather(run("x"), run("y")):
                    assert_bracketed(events)
                    assert len(events) == 6


class TestDepth:
    @on_virtual_time
    async def test_the_parent_of_an_agent_in_a_nested_run_is_the_agent_that_runs_it(self) -> None:
        async with AgentSystem("test") as system:

            async def inner(x: int) -> int:
                await asyncio.sleep(1.0)
                return x

            async def outer(x: int) -> Any:
                return await system.run_flow(agent(inner).zip(same >> agent(inner)), x)

            flow = agent(outer).zip(agent(outer))
            events = [event async for event in system.run_flow_stream(flow, 1)]
        assert_bracketed(events)
        outers = {e.task_id: e.agent_path for e in events if name(e) == "outer"}
        parents = Counter(
            event.parent_task_id
            for event in events
            if name(event) == "inner" and event.type == "task_started"
        )
        assert parents == dict.fromkeys(outers, 2)
        for event in events:
            if name(event) == "inner":
                assert event.parent_agent_path == outers[str(event.parent_task_id)]
                assert event.agent_path.startswith(f"{event.parent_agent_path}/inner-")

    @pytest.mark.parametrize("after", [0.0, 5.0])
    @pytest.mark.parametrize("error", [None, OSError("side"), KeyboardInterrupt("side")])
    @on_virtual_time
    async def test_side_flows_of_a_nested_run_are_within_the_stream(
        self, after: float, error: BaseException | None
    ) -> None:
        side = says("side", 0 if error is None else error, after)
        with journal() as calls:
            async with AgentSystem("test") as system:

                async def outer(x: int) -> Any:
                    return await system.run_flow(same.notify(side), x)

                events = [event async for event in system.run_flow_stream(agent(outer), 1)]
        assert [str(call) for call in calls] == [
            f"side(1) {'completed' if error is None else 'failed'}"
        ]
        assert events[-1].type == "flow_completed"
        failed = [event for event in events if event.type == "side_failed"]
        assert [event.data for event in failed] == ([] if error is None else [error])
        assert types(events).count("task_started") == 2

    @pytest.mark.parametrize("beside", ["notify", "divert_to"])
    @pytest.mark.parametrize("after", [0.0, 1.0, 5.0])
    @pytest.mark.parametrize("error", [OSError("side"), MemoryError("side"), SystemExit("side")])
    @on_virtual_time
    async def test_a_side_flow_that_fails_is_an_event_before_the_last(
        self, beside: str, after: float, error: BaseException
    ) -> None:
        side = says("side", error, after)
        flow = same.notify(side) if beside == "notify" else same.divert_to(side, lambda _: True)
        with journal():
            for then in (same, says("b", 1), says("b", 1, 1.0), pure(str).map(str)):
                events = await events_of(flow >> then)
                assert_bracketed(events)
                (failed,) = (event for event in events if event.type == "side_failed")
                assert failed.data is error

    @on_virtual_time
    async def test_a_side_flow_is_streamed_to_its_end_when_the_main_flow_fails(self) -> None:
        flow = same.notify(says("side", 1, 5.0)) >> says("b", OSError("main"), 1.0)
        seen: list[TaskEvent] = []
        with journal(), pytest.raises(OSError, match="main"):
            await events_of(flow, 0, seen)
        assert_bracketed(seen)
        assert "side(0) completed" in calls_in(seen)

    @on_virtual_time
    async def test_a_side_flow_is_streamed_to_its_end_when_the_main_flow_cancels_itself(
        self,
    ) -> None:
        flow = same.notify(says("side", 1, 5.0)) >> says("b", asyncio.CancelledError(), 1.0)
        seen: list[TaskEvent] = []
        with journal(), pytest.raises(asyncio.CancelledError):
            await events_of(flow, 0, seen)
        assert_bracketed(seen)
        assert "side(0) completed" in calls_in(seen)


class TestFailure:
    @pytest.mark.parametrize("after", [0.0, 1.0])
    @on_virtual_time
    async def test_the_exception_is_raised_after_the_last_event(self, after: float) -> None:
        error = OSError("o")
        seen: list[TaskEvent] = []
        with journal(), pytest.raises(OSError, match="o") as caught:
            await events_of(says("a", error, after), 0, seen)
        assert caught.value is error
        assert seen[-1].type == "flow_failed"
        assert seen[-1].data is error

    @on_virtual_time
    async def test_an_error_of_the_algebra_too(self) -> None:
        seen: list[TaskEvent] = []
        with journal(), pytest.raises(AllFailedError):
            await events_of(race(says("a", OSError()), says("b", KeyError())), 0, seen)
        assert_bracketed(seen)
        assert isinstance(seen[-1].data, AllFailedError)

    @on_virtual_time
    async def test_a_shutdown_ends_the_stream_with_a_cancellation(self) -> None:
        seen: list[TaskEvent] = []
        with journal():
            async with AgentSystem("test") as system:
                stream = system.run_flow_stream(hangs("a"), 0)
                collecting = asyncio.create_task(collect(stream, seen))
                await asyncio.sleep(1.0)
                await system.shutdown()
                await asyncio.wait([collecting])
                assert collecting.cancelled()
        assert_bracketed(seen)
        assert types(seen)[2:] == ["task_cancelled", "flow_failed"]

    @on_virtual_time
    async def test_a_flow_that_shuts_the_system_down_in_its_first_step_is_not_cancelled(
        self,
    ) -> None:
        system = AgentSystem("test")

        async def ends(number: int) -> int:
            return await system.shutdown() + number

        seen: list[TaskEvent] = []
        await collect(system.run_flow_stream(agent(ends), 1), seen)
        assert (seen[-1].type, seen[-1].data) == ("flow_completed", 1)


class TestLeavingEarly:
    @pytest.mark.parametrize("around", EVERYWHERE)
    @on_virtual_time
    async def test_it_cancels_the_run_and_leaves_nothing(self, around: Any) -> None:
        flow = around(hangs("a", resists=1.0)) >> hangs("last")
        with journal() as calls:
            async with AgentSystem("test") as system:
                async with aclosing(system.run_flow_stream(flow, 0)) as stream:
                    async for event in stream:
                        if event.type == "task_started":
                            break
                nothing_runs(system)
        assert all(call.start == 0.0 for call in calls)

    @on_virtual_time
    async def test_at_the_first_event_nothing_has_been_started(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                async with aclosing(system.run_flow_stream(hangs("a"), 0)) as stream:
                    assert (await anext(stream)).type == "flow_started"
                nothing_runs(system)
        assert [call.ending for call in calls] in ([], ["cancelled"])

    @on_virtual_time
    async def test_a_stream_that_is_dropped_cancels_its_run(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                async for event in system.run_flow_stream(hangs("a"), 0):
                    if event.type == "task_started":
                        break
                await asyncio.sleep(1.0)  # the collector closes it in the loop's own time
                assert [call.ending for call in calls] == ["cancelled"]
                nothing_runs(system)

    @on_virtual_time
    async def test_a_stream_that_is_never_begun_runs_nothing(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                stream = system.run_flow_stream(says("a", 1), 0)
                await asyncio.sleep(1.0)
                await stream.aclose()
                nothing_runs(system)
        assert calls == []

    @on_virtual_time
    async def test_a_side_flow_goes_on_in_the_background(self) -> None:
        flow = same.notify(says("side", 1, 5.0)) >> hangs("main")
        with journal() as calls:
            async with AgentSystem("test") as system:
                async with aclosing(system.run_flow_stream(flow, 0)) as stream:
                    async for event in stream:
                        if name(event) == "side":
                            break
                assert asyncio.get_running_loop().time() == 0.0
        assert sorted(map(str, calls)) == ["main(0) cancelled", "side(0) completed"]

    @on_virtual_time
    async def test_what_is_raised_meanwhile_is_logged(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        with journal():
            async with AgentSystem("test") as system:
                flow = hangs("a", instead=OSError("late"))
                async with aclosing(system.run_flow_stream(flow, 0)) as stream:
                    async for event in stream:
                        if event.type == "task_started":
                            break
        assert "OSError('late')" in caplog.text

    @pytest.mark.parametrize("fatal", [KeyboardInterrupt("k"), SystemExit(3), MemoryError("m")])
    @on_virtual_time
    async def test_a_fatal_error_that_is_raised_meanwhile_goes_through(
        self, fatal: BaseException
    ) -> None:
        raised: BaseException | None = None
        with journal():
            async with AgentSystem("test") as system:
                stream = system.run_flow_stream(hangs("a", instead=fatal), 0)
                assert [(await anext(stream)).type for _ in range(2)][1] == "task_started"
                try:
                    await stream.aclose()
                except BaseException as error:
                    raised = error
                nothing_runs(system)
        assert raised is fatal

    @on_virtual_time
    async def test_a_consumer_that_is_cancelled_cancels_the_run(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:

                async def consume() -> None:
                    async for _ in system.run_flow_stream(hangs("a", resists=2.0), 0):
                        pass

                consuming = asyncio.create_task(consume())
                await asyncio.sleep(1.0)
                consuming.cancel()
                await asyncio.wait([consuming])
                assert consuming.cancelled()
                assert [call.ending for call in calls] == ["cancelled"]
                assert asyncio.get_running_loop().time() == 3.0
                nothing_runs(system)


class TestSlowConsumers:
    @on_virtual_time
    async def test_a_slow_consumer_slows_the_producers_down(self) -> None:
        """Never more than the buffer and an ending for each open task wait for it."""
        produced = 0
        most = 0

        async def counts(n: int) -> AsyncIterator[int]:
            nonlocal produced
            for i in range(n):
                produced += 1
                yield i

        consumed = 0
        async with AgentSystem("test") as system:
            async for event in system.run_flow_stream(agent(counts, timeout=None), 5000):
                if event.type == "task_chunk":
                    consumed += 1
                    most = max(most, produced - consumed)
                    await asyncio.sleep(1.0)
            nothing_runs(system)
        assert consumed == 5000
        assert most <= 1100

    @on_virtual_time
    async def test_agents_that_wait_for_room_are_cancelled_with_the_run(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                flow = traverse(hangs("a"))
                async with aclosing(system.run_flow_stream(flow, range(3000))) as stream:
                    await anext(stream)
                    await asyncio.sleep(1.0)
                nothing_runs(system)
        assert len(calls) < 1100
        assert {call.ending for call in calls} == {"cancelled"}

    @on_virtual_time
    async def test_all_events_arrive_however_many_wait_for_room(self) -> None:
        flow = traverse(leaf("a", lambda n: Does(n, 1.0)))
        with journal():
            async with AgentSystem("test") as system:
                events: list[TaskEvent] = []
                async for event in system.run_flow_stream(flow, range(3000)):
                    events.append(event)
                    if len(events) % 100 == 0:
                        await asyncio.sleep(0.25)
        assert len(events) == 2 + 2 * 3000
        assert len({event.task_id for event in events}) == 3001


def test_every_kind_of_node_is_streamed_here() -> None:
    assert len(EVERYWHERE) >= len(node.KINDS)


def test_chunks_and_events_are_zipped_in_order() -> None:
    """A flow of talkers in parallel: the chunks of each are in order."""

    @on_virtual_time
    async def main() -> None:
        with journal():
            events = await events_of(zip_all(talker("a", list), talker("b", list)), "xyz")
        for who in "ab":
            chunks = [e.data for e in events if name(e) == who and e.type == "task_chunk"]
            assert chunks == ["x", "y", "z"]

    main()


@on_virtual_time
async def test_an_abort_returns_when_all_has_ended() -> None:
    events: list[TaskEvent] = []
    with journal() as calls:
        async with AgentSystem("test") as system:
            with pytest.raises(asyncio.CancelledError):
                async for event in system.run_flow_stream(hangs("slow"), 0, run_id="mine"):
                    events.append(event)
                    if event.type == "task_started":
                        await system.abort("mine")
                        assert [str(call) for call in calls] == ["slow(0) cancelled"]
            nothing_runs(system)
    assert types(events) == ["flow_started", "task_started", "task_cancelled", "flow_failed"]


@on_virtual_time
async def test_every_event_of_a_leaf_has_its_path_in_its_own_flow() -> None:
    async def words(text: str) -> AsyncIterator[str]:
        for word in text.split():
            yield word

    async def outer(text: str) -> str:
        inner: AnyFlow = pure(str) >> agent(words)
        return " ".join(await system.run_flow(inner, text))

    async def never(text: object) -> None:
        await asyncio.sleep(60)

    body: AnyFlow = agent(outer) >> agent(words)
    slow: AnyFlow = agent(never)
    flow: AnyFlow = traverse(body).named("all") >> race(slow, identity())
    async with AgentSystem("test") as system:
        events = [event async for event in system.run_flow_stream(flow, ("a b", "c"))]
    paths: dict[str, set[str | None]] = {}
    for event in events:
        paths.setdefault(event.task_id, set()).add(event.flow_path)
    assert all(len(of_one_task) == 1 for of_one_task in paths.values())
    assert Counter(path for [path] in paths.values()) == Counter(
        [None, "steps[1]", "steps[1]", "steps[1].race[0]"]
        + [f"steps[0].all.traverse[{i}].steps[{k}]" for i in (0, 1) for k in (0, 1)]
    )
