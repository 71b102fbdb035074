"""`agent(A)`: a fresh instance; `on_started`, `execute`, `on_stopped`, then the value."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any, override

import pytest

from everything_is_an_actor.agents import AgentActor, AgentSystem
from everything_is_an_actor.flow import FlowTimeoutError, agent, pure, race
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import (
    Actors,
    AnyFlow,
    Does,
    Reference,
    World,
    leaf,
    nothing_runs,
    says,
    talker,
)

actors = Actors()


def run(flow: AnyFlow, input: Any = 0) -> Any:
    """What the flow comes to on actors; nothing is left afterwards."""
    return actors.run(flow, input)


# ------------------------------------------------------------------------- what may be a leaf


class Doubler(AgentActor[int, int]):
    @override
    async def execute(self, input: int) -> int:
        return 2 * input


class PlainDoubler:
    async def execute(self, input: int) -> int:
        return 2 * input


class HookedDoubler:
    factor = 0

    async def on_started(self) -> None:
        self.factor = 2

    async def execute(self, input: int) -> int:
        return self.factor * input

    async def on_stopped(self) -> None:
        self.factor = 0


class OnlyStarted:
    factor = 0

    async def on_started(self) -> None:
        self.factor = 2

    async def execute(self, input: int) -> int:
        return self.factor * input


class Multiplier[T](AgentActor[T, list[T]]):
    @override
    async def execute(self, input: T) -> list[T]:
        return [input, input]


class PlainEcho[T]:
    async def execute(self, input: T) -> T:
        return input


class CallableDoubler:
    async def __call__(self, input: int) -> int:
        return 2 * input


class Static:
    @staticmethod
    async def execute(input: int) -> int:
        return 2 * input


async def doubled(input: int) -> int:
    return 2 * input


class Methods:
    async def double(self, input: int) -> int:
        return 2 * input


@pytest.mark.parametrize(
    "target",
    [
        Doubler,
        PlainDoubler,
        HookedDoubler,
        OnlyStarted,
        Static,
        doubled,
        CallableDoubler(),
        Methods().double,
    ],
)
def test_what_has_an_asynchronous_execute_or_is_asynchronous_is_an_agent(target: Any) -> None:
    assert run(agent(target), 21).value == 42


def test_a_generic_class_with_its_arguments_is_an_agent() -> None:
    assert run(agent(Multiplier[int]), 1).value == [1, 1]
    assert run(agent(PlainEcho[str]), "a").value == "a"
    assert run(agent(PlainEcho[list[int] | None]), None).value is None


class Spelling:
    async def execute(self, input: str) -> AsyncIterator[str]:
        for letter in input:
            await asyncio.sleep(1.0)
            yield letter


class SpellingActor(AgentActor[str, list[str]]):
    @override
    async def execute(self, input: str) -> AsyncIterator[str]:
        for letter in input:
            yield letter


async def spelled(input: str) -> AsyncIterator[str]:
    for letter in input:
        yield letter


@pytest.mark.parametrize("target", [Spelling, SpellingActor, spelled])
@pytest.mark.parametrize("text", ["", "a", "abc"])
def test_the_output_of_an_async_generator_is_the_list_of_its_chunks(target: Any, text: str) -> None:
    assert run(agent(target), text).value == list(text)


def test_chunks_in_both_worlds(world: World) -> None:
    assert world.run(talker("a", list), "abc").value == ["a", "b", "c"]
    assert type(world.run(talker("a", lambda _: KeyError()), "abc").error) is KeyError


def test_an_async_generator_that_fails_after_some_chunks_fails() -> None:
    async def breaks(input: int) -> AsyncIterator[int]:
        yield 1
        raise OSError("broken")

    assert run(agent(breaks)).error.args == ("broken",)


def test_an_async_generator_that_is_given_up_on_is_closed() -> None:
    closed: list[float] = []

    async def endless(input: int) -> AsyncIterator[int]:
        try:
            while True:
                await asyncio.sleep(1.0)
                yield 1
        finally:
            closed.append(asyncio.get_running_loop().time())

    assert isinstance(run(agent(endless, timeout=2.5)).error, FlowTimeoutError)
    assert run(race(agent(endless), says("b", 1, 1.5))).value == 1
    assert closed == [2.5, 1.5]


# ------------------------------------------------------------------------------------- the life


class Noted:
    """Says what happens to it, and when."""

    seen: list[str]
    fails_in: str = ""
    hangs_in: str = ""

    def __init__(self) -> None:
        type(self).seen.append("init")
        self.maybe_fail("init")

    def maybe_fail(self, where: str) -> None:
        if where == self.fails_in:
            raise OSError(where)

    async def step(self, where: str) -> None:
        type(self).seen.append(where)
        self.maybe_fail(where)
        await asyncio.sleep(math.inf if where == self.hangs_in else 1.0)
        type(self).seen.append(f"{where} ends")

    async def on_started(self) -> None:
        await self.step("on_started")

    async def execute(self, input: int) -> int:
        await self.step("execute")
        return input + 1

    async def on_stopped(self) -> None:
        await self.step("on_stopped")


class NotedActor(Noted, AgentActor[int, int]):
    __slots__ = ()


def noted(kind: type[Any], fails_in: str = "", hangs_in: str = "") -> type[Any]:
    members = {"seen": [], "fails_in": fails_in, "hangs_in": hangs_in}
    return type(f"{kind.__name__}{fails_in}{hangs_in}", (kind,), members)


kinds = pytest.mark.parametrize("kind", [Noted, NotedActor])

STARTED = ["init", "on_started", "on_started ends"]
EXECUTED = ["execute", "execute ends"]
STOPPED = ["on_stopped", "on_stopped ends"]


@kinds
def test_on_started_then_execute_then_on_stopped_and_only_then_the_value(kind: type[Any]) -> None:
    target = noted(kind)
    flow = agent(target).map(lambda value: target.seen.append("value") or value)
    outcome = run(flow, 1)
    assert (outcome.value, outcome.seconds) == (2, 3.0)
    assert target.seen == [*STARTED, *EXECUTED, *STOPPED, "value"]


@kinds
def test_the_instance_is_fresh_each_time(kind: type[Any]) -> None:
    target = noted(kind)
    flow = agent(target)
    assert run(flow >> flow, 1).value == 3
    assert target.seen.count("init") == 2
    assert run(flow & flow, 1).value == (2, 2)
    assert target.seen.count("init") == 4


@kinds
def test_on_stopped_runs_after_a_failure(kind: type[Any]) -> None:
    target = noted(kind, fails_in="execute")
    outcome = run(agent(target), 1)
    assert outcome.error.args == ("execute",)
    assert target.seen == [*STARTED, "execute", *STOPPED]


@kinds
def test_on_stopped_runs_after_a_timeout(kind: type[Any]) -> None:
    target = noted(kind, hangs_in="execute")
    outcome = run(agent(target, timeout=5.0), 1)
    assert isinstance(outcome.error, FlowTimeoutError)
    assert outcome.seconds == 7.0
    assert target.seen == [*STARTED, "execute", *STOPPED]


@kinds
def test_on_stopped_runs_after_a_cancellation(kind: type[Any]) -> None:
    target = noted(kind, hangs_in="execute")
    outcome = run(race(agent(target), says("b", "won", 5.0)), 1)
    assert (outcome.value, outcome.seconds) == ("won", 6.0)
    assert target.seen == [*STARTED, "execute", *STOPPED]


@kinds
def test_a_cancellation_does_not_cut_on_stopped_short(kind: type[Any]) -> None:
    target = noted(kind)
    outcome = run(race(agent(target), says("b", "won", 2.5)), 1)
    assert outcome.value == "won"
    assert target.seen == [*STARTED, *EXECUTED, *STOPPED]


@kinds
def test_an_init_that_raises_is_the_failure(kind: type[Any]) -> None:
    target = noted(kind, fails_in="init")
    assert run(agent(target), 1).error.args == ("init",)
    assert target.seen == ["init"]


@kinds
def test_an_on_started_that_raises_is_the_failure_and_nothing_else_runs(kind: type[Any]) -> None:
    target = noted(kind, fails_in="on_started")
    assert run(agent(target), 1).error.args == ("on_started",)
    assert target.seen == ["init", "on_started"]


@kinds
def test_what_on_stopped_raises_is_logged_and_changes_nothing(
    kind: type[Any], caplog: pytest.LogCaptureFixture
) -> None:
    target = noted(kind, fails_in="on_stopped")
    assert run(agent(target), 1).value == 2
    assert "OSError: on_stopped" in caplog.text


@pytest.mark.parametrize("fatal", [MemoryError("m"), KeyboardInterrupt("k"), SystemExit(3)])
@pytest.mark.parametrize("suspends", [False, True])
@pytest.mark.parametrize("hook", ["on_started", "on_stopped"])
def test_a_fatal_error_in_a_hook_goes_through(
    hook: str, suspends: bool, fatal: BaseException
) -> None:
    class Dying:
        async def execute(self, input: int) -> int:
            return input

    async def die(self: Any) -> None:
        if suspends:
            await asyncio.sleep(1.0)
        raise fatal

    setattr(Dying, hook, die)
    outcome = run(agent(Dying).recover(str) & says("b", 1, 9.0), 1)
    assert outcome.error is fatal
    assert outcome.calls == ["b(1) cancelled"]


@kinds
def test_a_leaf_is_not_restarted_on_failure(kind: type[Any]) -> None:
    target = noted(kind, fails_in="execute")
    assert run(agent(target), 1).error.args == ("execute",)
    assert target.seen.count("init") == 1
    assert run(agent(target).retry(2), 1).error.args == ("execute",)
    assert target.seen.count("init") == 4


# ------------------------------------------------------------------------------------ timeouts


@kinds
@pytest.mark.parametrize("seconds", [1.5, 1.25])
def test_the_timeout_covers_execute_only(kind: type[Any], seconds: float) -> None:
    """All three take a second each, and none is cut short."""
    target = noted(kind)
    outcome = run(agent(target, timeout=seconds), 1)
    assert (outcome.value, outcome.seconds) == (2, 3.0)


@kinds
def test_the_timeout_begins_with_execute(kind: type[Any]) -> None:
    target = noted(kind, hangs_in="execute")
    outcome = run(agent(target, timeout=2.0), 1)
    assert outcome.seconds == 1.0 + 2.0 + 1.0


@kinds
def test_no_timeout_is_none(kind: type[Any]) -> None:
    async def slow(input: int) -> str:
        await asyncio.sleep(1e6)
        return "at last"

    assert run(agent(slow, timeout=None), 1).value == "at last"


def test_the_work_of_an_agent_that_never_waits_is_not_timed() -> None:
    """It cannot be cancelled; there is nothing to be done about it."""
    assert run(agent(doubled, timeout=1e-9), 1).value == 2


# -------------------------------------------------------------------------------------- errors


class Custom(Exception):
    def __init__(self, code: int, *, detail: str) -> None:
        super().__init__(code)
        self.detail = detail


@pytest.mark.parametrize("after", [0.0, 1.0])
def test_an_error_keeps_its_type_and_is_the_very_object(world: World, after: float) -> None:
    error = Custom(7, detail="kept")
    assert world.run(says("a", error, after), 0).error is error


@pytest.mark.parametrize("after", [0.0, 1.0])
def test_an_error_gains_a_note_with_the_path(world: World, after: float) -> None:
    flow = pure(str) >> says("a", Custom(7, detail=""), after) >> pure(str)
    outcome = world.run(flow, 0)
    assert outcome.notes == ["in flow at steps[1]: agent(a, timeout=None)"]


# -------------------------------------------------------------------------- its place in the tree


def test_an_agent_is_a_child_of_the_system_while_it_runs() -> None:
    paths: list[str] = []

    class Sees(AgentActor[int, int]):
        @override
        async def execute(self, input: int) -> int:
            paths.append(self.context.self_ref.path)
            return input

    run(agent(Sees) >> agent(Sees, name="label"), 1)
    first, second = paths
    assert first.startswith("/test/Sees-")
    assert second.startswith("/test/label-")


def test_the_children_of_an_agent_are_stopped_before_its_on_stopped() -> None:
    seen: list[str] = []

    class Child(Doubler):
        @override
        async def on_stopped(self) -> None:
            await asyncio.sleep(1.0)
            seen.append("child")

    class Parent(AgentActor[int, int]):
        @override
        async def on_started(self) -> None:
            await self.context.spawn(Child, "child")

        @override
        async def execute(self, input: int) -> int:
            return input

        @override
        async def on_stopped(self) -> None:
            seen.append("parent")

    outcome = run(agent(Parent), 1)
    assert (outcome.value, outcome.seconds) == (1, 1.0)
    assert seen == ["child", "parent"]


@pytest.mark.parametrize("fails_in", ["on_started", "execute"])
def test_the_children_of_an_agent_are_stopped_when_it_fails(fails_in: str) -> None:
    class Parent(AgentActor[int, int]):
        @override
        async def on_started(self) -> None:
            await self.context.spawn(Doubler, "child")
            if fails_in == "on_started":
                raise OSError(fails_in)

        @override
        async def execute(self, input: int) -> int:
            raise OSError(fails_in)

    assert run(agent(Parent), 1).error.args == (fails_in,)


@on_virtual_time
async def test_agents_see_the_context_variables_of_the_caller() -> None:
    from contextvars import ContextVar

    var = ContextVar("var", default=0)

    async def see(input: int) -> int:
        await asyncio.sleep(1.0)
        seen = var.get()
        var.set(99)
        return seen

    var.set(7)
    async with AgentSystem("test") as system:
        assert await system.run_flow(agent(see).zip(agent(see) >> agent(see)), 0) == (7, 7)
        assert var.get() == 7
        nothing_runs(system)


async def shout(text: str) -> str:
    return text.upper()


@pytest.mark.parametrize("world", [Reference(), Actors()])
@pytest.mark.parametrize("after", [0.0, 2.0])
def test_an_agent_that_returns_a_coroutine_has_failed(world: World, after: float) -> None:
    forgetful = leaf("forgetful", lambda text: Does(shout(text), after))
    outcome = world.run(forgetful, "hello")
    assert isinstance(outcome.error, TypeError)
    assert str(outcome.error) == "agent(forgetful) returned a coroutine: await it"
    assert outcome.seconds == after
    assert world.run(forgetful.recover(str) >> pure(len), "hello").value == 47
