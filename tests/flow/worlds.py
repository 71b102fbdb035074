"""Agents that obey a script, and the worlds in which flows of them run.

One declaration, `leaf(name, script)`, gives an agent that does on actors what the reference
semantics is told that it does. So one test, over every world, says what a flow means. Both count
seconds from zero: on actors the time is that of a loop on virtual time.
"""

from __future__ import annotations

import asyncio
import math
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, override

from returns.result import Failure, Result, Success

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Flow, agent
from everything_is_an_actor.interpreters.reference import Answer, evaluate
from everything_is_an_actor.testing import run

type AnyFlow = Flow[Any, Any]
type Scripted = Callable[[Any], Any]

ENOUGH = 1e7  # seconds: longer than anything here takes


# ------------------------------------------------------------------------------ scripted agents


@dataclass(frozen=True)
class Does:
    """What an agent does: `after` seconds it yields `value`, or raises it if it is an exception.

    When it is cancelled it goes on for as long as it `resists`, and then ends so, unless it yields
    or raises something `instead`.
    """

    value: Any = None
    after: float = 0.0
    resists: float = 0.0
    instead: Any = None


HANGS = Does(after=math.inf)


@dataclass(frozen=True)
class Called:
    """One call of an agent. One that is cut short by the leaf's own timeout has failed."""

    agent: str
    input: Any
    start: float
    end: float
    ending: str

    @override
    def __str__(self) -> str:
        return f"{self.agent}({self.input!r}) {self.ending}"


_journal: ContextVar[list[Called]] = ContextVar("_journal")


@contextmanager
def journal() -> Iterator[list[Called]]:
    """Where agents note their calls: those of the tasks that are started within."""
    calls: list[Called] = []
    token = _journal.set(calls)
    yield calls
    _journal.reset(token)


class _Obedient:
    """An agent that does what its script says: a callable object, as good as an `async def`."""

    def __init__(self, name: str, script: Scripted, timeout: float | None) -> None:
        self.__name__ = name
        self.script = script
        self.timeout = math.inf if timeout is None else timeout

    def does(self, input: Any) -> Does:
        try:
            told = self.script(input)
        except BaseException as error:
            return Does(error)
        return told if isinstance(told, Does) else Does(told)

    async def __call__(self, input: Any) -> Any:
        loop = asyncio.get_running_loop()
        start, ending = loop.time(), "failed"
        does = self.does(input)
        try:
            try:
                await _wait(does)
            except asyncio.CancelledError:
                if loop.time() - start < self.timeout:
                    ending = "cancelled"
                if does.resists:
                    await asyncio.sleep(does.resists)
                if does.instead is None:
                    raise
                return _raised(does.instead)
            if isinstance(does.value, asyncio.CancelledError):
                ending = "cancelled"
            value = _raised(does.value)
            ending = "completed"
            return value
        finally:
            called = Called(self.__name__, input, start, loop.time(), ending)
            _journal.get().append(called)


class _Talkative(_Obedient):
    """An agent whose value is a list, which it yields in chunks."""

    @override
    async def __call__(self, input: Any) -> AsyncIterator[Any]:  # type: ignore[override]  # another kind of leaf
        for chunk in await super().__call__(input):
            yield chunk


async def _wait(does: Does) -> None:
    """Not even a step of the loop if there is nothing to wait for."""
    if math.isinf(does.after):
        await asyncio.get_running_loop().create_future()
    elif does.after > 0:
        await asyncio.sleep(does.after)


def _raised(value: Any) -> Any:
    """`value`, unless it is to be raised."""
    if isinstance(value, BaseException):
        raise value from None
    return value


def leaf(name: str, script: Scripted, *, timeout: float | None = None) -> AnyFlow:
    """An agent that does what `script` says of its input: a value, an exception, or a `Does`."""
    return agent(_Obedient(name, script, timeout), timeout=timeout)


def talker(name: str, script: Scripted, *, timeout: float | None = None) -> AnyFlow:
    """As `leaf`; it yields the elements of its list one by one."""
    return agent(_Talkative(name, script, timeout), timeout=timeout)


def says(name: str, value: Any, after: float = 0.0, **how: Any) -> AnyFlow:
    """An agent that does the same on every input."""
    return leaf(name, lambda _: Does(value, after, **how))


def hangs(name: str, **how: Any) -> AnyFlow:
    """An agent that never answers; it runs until it is cancelled."""
    return says(name, None, math.inf, **how)


def in_turn(*told: Any) -> Scripted:
    """A script by the number of the call: the last holds for all later ones."""
    left = list(told)

    def script(_: Any) -> Any:
        does = left.pop(0) if len(left) > 1 else left[0]
        return does if isinstance(does, Does) else Does(does)

    return script


class _Scripts(Mapping[Any, Callable[[Any], Any]]):
    """The scripts of all agents: each agent has its own with it."""

    @override
    def __getitem__(self, target: Any) -> Callable[[Any], Any]:
        if not isinstance(target, _Obedient):
            raise KeyError(target)

        def script(input: Any) -> Answer:
            does = target.does(input)
            return Answer(does.value, does.after)

        return script

    @override
    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    @override
    def __len__(self) -> int:
        raise NotImplementedError


# -------------------------------------------------------------------------------------- worlds


@dataclass(frozen=True)
class Outcome:
    """What a run came to, after how many seconds, and the calls of agents in it, by start."""

    result: Result[Any, BaseException]
    seconds: float
    called: tuple[Called, ...]

    @property
    def value(self) -> Any:
        """The value, if there is one; else the error is raised."""
        if isinstance(self.result, Failure):
            raise self.result.failure()
        return self.result.unwrap()

    @property
    def error(self) -> BaseException:
        """The error by which the run failed."""
        return self.result.failure()

    @property
    def notes(self) -> list[str]:
        """The notes on the error."""
        return list(getattr(self.error, "__notes__", []))

    @property
    def calls(self) -> list[str]:
        """The calls, as `name(input) ending`."""
        return [str(call) for call in self.called]


def _in_order(calls: Iterable[Called]) -> tuple[Called, ...]:
    return tuple(sorted(calls, key=lambda call: (call.start, call.end, call.agent, str(call))))


class World(ABC):
    """Where flows have a meaning."""

    name: str

    @abstractmethod
    def run(self, flow: AnyFlow, input: Any) -> Outcome:
        """What `flow` comes to on `input`. Side flows are waited for; their time does not count."""


class Reference(World):
    """The reference semantics."""

    name = "reference"

    @override
    def run(self, flow: AnyFlow, input: Any) -> Outcome:
        meaning = evaluate(flow, input, _Scripts())
        calls = (
            Called(call.agent.__name__, call.input, call.start, call.end, call.ending)
            for call in meaning.calls
        )
        return Outcome(meaning.result, meaning.seconds, _in_order(calls))


class Actors(World):
    """Actors on virtual time."""

    name = "actors"

    @override
    def run(self, flow: AnyFlow, input: Any) -> Outcome:
        return run(self._run(flow, input))

    async def _run(self, flow: AnyFlow, input: Any) -> Outcome:
        with journal() as calls:
            async with AgentSystem("test") as system:
                result = await result_of(system.run_flow(flow, input))
                seconds = asyncio.get_running_loop().time()
                if not getattr(system, "_runs").sides:  # noqa: B009  # which go on
                    nothing_runs(system)
                await system.shutdown(timeout=ENOUGH)
        return Outcome(result, seconds, _in_order(calls))


WORLDS: tuple[World, ...] = (Reference(), Actors())


async def result_of(running: Awaitable[Any]) -> Result[Any, BaseException]:
    """What is yielded or raised, whatever it is."""
    try:
        return Success(await running)
    except BaseException as error:
        return Failure(error)


def nothing_runs(system: AgentSystem) -> None:
    """Asserts that there is no task but the current one, no timer and no actor."""
    loop = asyncio.get_running_loop()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    timers: list[asyncio.TimerHandle] = getattr(loop, "_scheduled", [])
    assert [timer for timer in timers if not timer.cancelled()] == []
    assert not system.actors.root.children
