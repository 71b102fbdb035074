"""`MoASystem`: a system of its own to run mixtures of agents on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from everything_is_an_actor import ActorStoppedError
from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.flow import QuorumError, identity, pure
from everything_is_an_actor.moa import LayerOutput, MoASystem, moa_layer, moa_tree
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.test_stream import assert_bracketed, calls_in, collect, types
from tests.flow.worlds import AnyFlow, hangs, journal, leaf, says

same: AnyFlow = identity()


def tree() -> AnyFlow:
    """Two layers: one of two proposals fails, the other is directed on."""
    first = moa_layer(
        [says("a", OSError("no")), says("b", "draft", 1.0)],
        leaf("judge", lambda quorum: LayerOutput(quorum.succeeded[0], "shorten")),
    )
    second = moa_layer(
        [leaf("c", lambda told: told["input"][:2])], leaf("last", lambda q: q.succeeded)
    )
    return moa_tree([first, second])


@on_virtual_time
async def test_it_runs_a_tree() -> None:
    with journal():
        async with MoASystem() as system:
            assert await system.run(tree(), input="question") == ("dr",)


@on_virtual_time
async def test_it_runs_any_flow() -> None:
    async with MoASystem() as system:
        assert await system.run(pure(str.upper).map(len), input="abc") == 3
        assert await system.run(pure(str.upper), "abc") == "ABC"


@on_virtual_time
async def test_it_raises_the_error_of_the_flow() -> None:
    with journal():
        async with MoASystem() as system:
            with pytest.raises(QuorumError):
                await system.run(moa_layer([says("a", OSError())], same), input=0)


@on_virtual_time
async def test_a_stream_has_every_event_of_every_agent_in_brackets() -> None:
    events: list[TaskEvent] = []
    with journal() as calls:
        async with MoASystem() as system:
            await collect(system.run_stream(tree(), input="question"), events)
    assert_bracketed(events)
    assert calls_in(events) == sorted(map(str, calls))
    assert len(calls) == 5
    assert types(events).count("task_failed") == 1
    assert events[-1].type == "flow_completed"
    assert events[-1].data == ("dr",)


@on_virtual_time
async def test_a_stream_of_a_run_that_fails_ends_with_its_error() -> None:
    events: list[TaskEvent] = []
    layer = moa_layer([says("a", OSError()), says("b", 1)], same, min_success=2)
    with journal():
        async with MoASystem() as system:
            with pytest.raises(QuorumError):
                await collect(system.run_stream(layer, input=0), events)
    assert_bracketed(events)
    assert events[-1].type == "flow_failed"


@on_virtual_time
async def test_a_run_goes_by_the_id_that_it_is_given() -> None:
    events: list[TaskEvent] = []
    with journal():
        async with MoASystem() as system:
            await collect(system.run_stream(tree(), input="question", run_id="r1"), events)
    assert {event.run_id for event in events} == {"r1"}


@on_virtual_time
async def test_leaving_it_shuts_its_system_down() -> None:
    async with MoASystem() as system:
        pass
    with pytest.raises(ActorStoppedError):
        await system.run(same, input=0)


@on_virtual_time
async def test_a_shutdown_cancels_what_runs() -> None:
    with journal() as calls:
        system = MoASystem()
        running = asyncio.create_task(
            system.run(moa_layer([hangs("a")], same, timeout=None), input=0)
        )
        await asyncio.sleep(1.0)
        assert await system.shutdown(timeout=2.0) == 0
        with pytest.raises(asyncio.CancelledError):
            await running
    assert [str(call) for call in calls] == ["a(0) cancelled"]


@on_virtual_time
async def test_a_shutdown_waits_for_side_flows_and_says_how_many_it_cancelled() -> None:
    with journal():
        system = MoASystem()
        await system.run(same.notify(hangs("a")), input=0)
        assert await system.shutdown(timeout=3.0) == 1
        assert asyncio.get_running_loop().time() == 3.0


@on_virtual_time
async def test_two_systems_do_not_share_anything() -> None:
    async with MoASystem() as one:
        async with MoASystem() as other:
            assert await other.run(same, input=1) == 1
        assert await one.run(same, input=2) == 2


@on_virtual_time
async def test_what_is_no_flow_is_refused_where_it_is_run() -> None:
    wrong: Any = len
    async with MoASystem() as system:
        with pytest.raises(TypeError, match=r"run: flow must be a Flow, got .*lift a function"):
            await system.run(wrong, input="abc")
        with pytest.raises(TypeError, match="run_stream: flow must be a Flow"):
            system.run_stream(wrong, input="abc")
