"""Cancelling a run cancels everything below it, and leaves nothing.

Every kind of node is cancelled while it waits for an agent.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.algebra import node
from everything_is_an_actor.flow import (
    Backoff,
    Continue,
    FlowTimeoutError,
    agent,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import (
    Actors,
    AnyFlow,
    Reference,
    hangs,
    journal,
    leaf,
    nothing_runs,
    result_of,
    says,
)


def pair(x: Any) -> tuple[Any, Any]:
    return (x, x)


def first(pair: tuple[Any, Any]) -> Any:
    return pair[0]


def again(x: Any) -> Continue[Any]:
    return Continue(x)


# For every kind of node, one in which the given flow runs.
AROUND: dict[type[Any], list[Callable[[AnyFlow], AnyFlow]]] = {
    node.Leaf: [lambda f: f],
    node.Pure: [lambda f: pure(str) >> f],
    node.Identity: [lambda f: identity() >> f],
    node.Map: [lambda f: f.map(str)],
    node.FlatMap: [lambda f: f >> pure(str), lambda f: pure(str) >> f],
    node.Bind: [lambda f: f.bind(pure), lambda f: identity().bind(lambda _: f)],
    node.ZipAll: [
        lambda f: f.zip(hangs("b")),
        lambda f: zip_all(says("b", 1), f, says("c", 1, 1.0)),
    ],
    node.Each: [lambda f: pure(pair) >> each(f, hangs("b"))],
    node.Race: [lambda f: race(hangs("b"), f), lambda f: race(says("b", OSError(), 1.0), f)],
    node.FirstCompleted: [lambda f: first_completed(f, hangs("b"))],
    node.AtLeast: [
        lambda f: at_least(1, f, says("b", 1)),
        lambda f: at_least(2, f, says("b", 1), hangs("c"), stop_early=True),
    ],
    node.Traverse: [
        lambda f: pure(pair) >> traverse(f),
        lambda f: pure(pair) >> traverse(f, max_concurrency=1),
    ],
    node.Match: [lambda f: on(object, f)],
    node.BranchOn: [
        lambda f: f.branch_on(bool, identity(), identity()),
        lambda f: identity().branch_on(lambda _: True, f, identity()),
    ],
    node.Recover: [lambda f: f.recover(repr)],
    node.RecoverWith: [
        lambda f: f.recover_with(says("h", 1)),
        lambda f: says("b", OSError()).recover_with(f),
    ],
    node.FallbackTo: [lambda f: f | says("b", 1), lambda f: says("b", OSError()) | f],
    node.Attempt: [lambda f: f.attempt()],
    node.Absolve: [lambda f: f.absolve()],
    node.Retry: [
        lambda f: f.retry(3),
        lambda f: says("b", OSError()).retry(3, backoff=Backoff(9.0)) | f,
    ],
    node.Timeout: [lambda f: f.timeout(99.0)],
    node.Filter: [lambda f: f.filter(bool)],
    node.Guard: [lambda f: f.guard(says("b", True)), lambda f: identity().guard(f)],
    node.AndThen: [lambda f: f.and_then(print)],
    node.Tap: [lambda f: f.tap(says("b", 1)), lambda f: identity().tap(f)],
    node.Notify: [lambda f: f.notify(says("b", 1))],
    node.DivertTo: [lambda f: f.divert_to(says("b", 1), bool)],
    node.Loop: [
        lambda f: loop(f),
        lambda f: loop(f.map(again)),
        lambda f: loop(f.tap(f).map(again)),
    ],
    node.LoopWithState: [lambda f: loop_with_state(pure(first) >> f, init_state=0)],
    node.Named: [lambda f: f.named("label")],
}

EVERYWHERE = [
    pytest.param(around, id=f"{kind.__name__}-{i}")
    for kind, ways in AROUND.items()
    for i, around in enumerate(ways)
]
everywhere = pytest.mark.parametrize("around", EVERYWHERE)


def test_every_kind_of_node_is_cancelled_here() -> None:
    assert set(AROUND) == node.KINDS


async def cancelled_after(
    seconds: float, flow: AnyFlow, input: Any = 0
) -> tuple[BaseException | None, float]:
    """By what a run ends that is cancelled, and when; nothing is left then."""
    async with AgentSystem("test") as system:
        running = asyncio.create_task(system.run_flow(flow, input))
        await asyncio.sleep(seconds)
        running.cancel()
        await asyncio.wait([running])
        nothing_runs(system)
        ended = asyncio.get_running_loop().time()
        return (None if running.cancelled() else running.exception()), ended


@everywhere
@on_virtual_time
async def test_a_run_is_cancelled_anywhere_and_nothing_is_left(around: Any) -> None:
    flow = around(hangs("a"))
    with journal() as calls:
        assert await cancelled_after(5.0, flow) == (None, 5.0)
    meant = Reference().run(flow.timeout(5.0), 0)
    assert sorted(map(str, calls)) == sorted(meant.calls)
    assert "cancelled" in [call.ending for call in calls] or "retry" in repr(flow)


@everywhere
@on_virtual_time
async def test_a_run_is_cancelled_anywhere_in_the_instant_in_which_it_began(around: Any) -> None:
    with journal():
        assert await cancelled_after(0.0, around(hangs("a"))) == (None, 0.0)


@everywhere
@on_virtual_time
async def test_the_caller_is_cancelled_when_what_it_runs_raises_instead(around: Any) -> None:
    with journal():
        assert await cancelled_after(5.0, around(hangs("a", instead=OSError("o")))) == (None, 5.0)


@everywhere
@on_virtual_time
async def test_the_caller_is_cancelled_when_what_it_runs_yields_a_value_instead(
    around: Any,
) -> None:
    with journal():
        assert await cancelled_after(5.0, around(hangs("a", instead="value"))) == (None, 5.0)


@everywhere
@on_virtual_time
async def test_what_resists_is_awaited(around: Any) -> None:
    with journal() as calls:
        ended = await cancelled_after(5.0, around(hangs("a", resists=3.0)))
    resisted = any(call.agent == "a" for call in calls)
    assert ended == (None, 8.0 if resisted else 5.0)


@everywhere
@pytest.mark.parametrize("fatal", [KeyboardInterrupt("k"), SystemExit(3), MemoryError("m")])
@on_virtual_time
async def test_a_fatal_error_that_is_raised_instead_goes_through(
    around: Any, fatal: BaseException
) -> None:
    """It says more than a cancellation, and is never lost."""
    with journal() as calls:
        async with AgentSystem("test") as system:
            try:
                async with asyncio.timeout(5.0):
                    await system.run_flow(around(hangs("a", instead=fatal)), 0)
            except BaseException as error:
                raised = error
            nothing_runs(system)
    waited = any(call.agent == "a" for call in calls)
    assert raised is fatal if waited else type(raised) is TimeoutError


@everywhere
def test_a_timeout_around_it_ends_it_as_a_cancellation_does(around: Any) -> None:
    outcome = Actors().run(around(hangs("a")).timeout(5.0), 0)
    assert isinstance(outcome.error, FlowTimeoutError)
    assert outcome.seconds == 5.0


@everywhere
def test_a_timeout_around_it_means_the_same_in_both_worlds(around: Any) -> None:
    flow = around(hangs("a")).timeout(5.0)
    left, right = Reference().run(flow, 0), Actors().run(flow, 0)
    assert left.called == right.called
    assert left.notes == right.notes


@everywhere
@on_virtual_time
async def test_an_asyncio_timeout_around_run_flow_works(around: Any) -> None:
    with journal():
        async with AgentSystem("test") as system:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(5.0):
                    await system.run_flow(around(hangs("a")), 0)
            nothing_runs(system)
            task = asyncio.current_task()
            assert task is not None
            assert task.cancelling() == 0


@pytest.mark.parametrize(
    "core",
    [
        says("a", OSError(), 1.0),
        says("a", OSError()),
        says("a", KeyboardInterrupt(), 1.0),
        hangs("a", instead=OSError()),
        hangs("a", instead=MemoryError()),
        hangs("a", instead=SystemExit(3)),
    ],
    ids=str,
)
@on_virtual_time
async def test_no_error_is_left_that_nobody_has_looked_at(core: AnyFlow) -> None:
    """The loop complains of each, when its task is collected."""
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: complaints.append(what))
    with journal():
        for ways in AROUND.values():
            for around in ways:
                async with AgentSystem("test") as system:
                    await result_of(system.run_flow(around(core).timeout(50.0), 0))
                    cancelled = result_of(system.run_flow(around(core), 0))
                    running = asyncio.create_task(cancelled)
                    await asyncio.sleep(5.0)
                    running.cancel()
                    await asyncio.wait([running])
    del cancelled, running
    gc.collect()
    assert complaints == []


@on_virtual_time
async def test_what_is_raised_instead_is_a_note_on_the_cancellation() -> None:
    flow = zip_all(hangs("a", instead=OSError("broken")), hangs("b")) >> pure(str)
    with journal():
        async with AgentSystem("test") as system:
            running = asyncio.create_task(system.run_flow(flow, 0))
            await asyncio.sleep(1.0)
            running.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await running
    assert "OSError('broken')" in "".join(_all_notes(caught.value))


def _all_notes(error: BaseException | None) -> list[str]:
    notes: list[str] = []
    while error is not None:
        notes += [*getattr(error, "__notes__", []), repr(error)]
        error = error.__cause__ or error.__context__
    return notes


@on_virtual_time
async def test_a_second_cancellation_does_not_cut_the_clean_up_short() -> None:
    cleaned: list[str] = []

    class Careful:
        async def execute(self, input: int) -> None:
            await asyncio.sleep(100.0)

        async def on_stopped(self) -> None:
            await asyncio.sleep(5.0)
            cleaned.append("on_stopped")

    async with AgentSystem("test") as system:
        running = asyncio.create_task(system.run_flow(agent(Careful).zip(agent(Careful)), 0))
        for _ in range(3):
            await asyncio.sleep(1.0)
            running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
        assert cleaned == ["on_stopped"] * 2
        assert asyncio.get_running_loop().time() == 6.0
        nothing_runs(system)


@on_virtual_time
async def test_handlers_do_not_run_in_a_cancelled_run() -> None:
    """What an agent raises instead of its cancellation is handled by nobody."""
    never = leaf("never", lambda x: x)
    a = hangs("a", instead=OSError("o"))
    flow = race(a.recover_with(never) | never, a.retry(5)).attempt()
    with journal() as calls:
        assert await cancelled_after(1.0, flow) == (None, 1.0)
    assert [call.agent for call in calls] == ["a", "a"]


@on_virtual_time
async def test_a_run_that_is_cancelled_by_its_own_agent_ends() -> None:
    async with AgentSystem("test") as system:

        async def cancels_its_run(input: str) -> str:
            running.cancel()
            await asyncio.sleep(1.0)
            return "in spite of it"

        flow = pure(str) >> agent(cancels_its_run)
        running = asyncio.create_task(system.run_flow(flow, 0))
        await asyncio.wait([running])
        assert running.cancelled()
        nothing_runs(system)


@on_virtual_time
async def test_one_run_that_is_cancelled_leaves_the_others_alone() -> None:
    with journal() as calls:
        async with AgentSystem("test") as system:
            flow = says("a", 1, 5.0).zip(says("b", 2, 6.0))
            runs = [asyncio.create_task(system.run_flow(flow, i)) for i in range(3)]
            await asyncio.sleep(1.0)
            runs[1].cancel()
            await asyncio.wait(runs)
            assert [run.cancelled() for run in runs] == [False, True, False]
            nothing_runs(system)
    assert [call.ending for call in calls].count("completed") == 4


@pytest.mark.parametrize(
    ("g", "h", "told"),
    [
        (ValueError("g"), ValueError("h"), ValueError),
        (ValueError("g"), MemoryError("h"), MemoryError),
        (MemoryError("g"), ValueError("h"), MemoryError),
        (MemoryError("g"), MemoryError("h"), MemoryError),
    ],
    ids=repr,
)
@on_virtual_time
async def test_of_what_fails_in_the_instant_of_its_cancellation_what_is_fatal_counts(
    g: Exception, h: Exception, told: type[Exception]
) -> None:
    """The other errors come too late, and are not left to the collector to complain of."""
    complaints: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))

    def fails(error: Exception) -> AnyFlow:
        async def fail(_: object) -> int:
            await asyncio.sleep(1)
            raise error

        return agent(fail)

    flow = fails(ValueError("f")).zip(fails(g).zip(fails(h)))
    async with AgentSystem() as system:
        with pytest.raises(told):
            await system.run_flow(flow, None)
    gc.collect()
    assert complaints == []
