"""Interpreters on a running loop, whose time is virtual: actors, and any async function."""

import asyncio
import contextlib
import inspect
import logging
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from returns.result import Failure, Result, Success

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.node import Bind, DivertTo, Node, Notify, children
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.testing.clock import run
from everything_is_an_actor.testing.interpreters import AnyFlow, Run
from everything_is_an_actor.testing.observing import Observed, Seen
from everything_is_an_actor.testing.scripted import Journal, journal

_log = logging.getLogger("everything_is_an_actor")

HORIZON = 2.0**20
"""Seconds of virtual time after which a run that has not ended never will."""

type Interpret = Callable[[AnyFlow, Any], Awaitable[Any]]
"""An interpreter of one's own: what it makes of any flow and its input. Hence the `Any`."""

type InterpretInSystem = Callable[[AgentSystem, AnyFlow, Any], Awaitable[Any]]
"""The same, given a system to run in."""


@dataclass(frozen=True, slots=True)
class Running:
    """An interpreter on a running loop, on virtual time.

    `opened` yields an async function of a flow and an input, which yields what the flow yields, or
    raises what it raises; when it is closed, side flows have ended, and nothing is left running.
    If it is not `timely`, it says what has come only later: the instant is not seen (0 seconds).
    """

    name: str
    opened: Callable[[], AbstractAsyncContextManager[Interpret]]
    timely: bool = True

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        """What is seen of each run, one after the other on one loop."""
        with _unlogged():
            return run(self._observe(runs))

    async def _observe(self, runs: Sequence[Run]) -> list[Observed]:
        return [await self._observe_one(flow, input) for flow, input in runs]

    async def _observe_one(self, flow: AnyFlow, input: Any) -> Observed:
        loop = asyncio.get_running_loop()
        result: Result[Any, BaseException] | None = None
        seconds, wrong = math.inf, None
        with journal() as kept:
            try:
                async with self.opened() as interpret:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(HORIZON):
                            running = interpret(flow, input)
                            need_awaitable(self.name, running)
                            result = await _result_of(running)
                            seconds = loop.time() - kept.start if self.timely else 0.0
            except AssertionError as error:
                wrong = str(error)
        return Observed(result, seconds, _settled(kept), wrong or _left_running())


@contextlib.contextmanager
def _unlogged() -> Iterator[None]:
    """Side flows and actors that fail here are meant to: no log of them."""
    level = _log.level
    _log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        _log.setLevel(level)


async def _result_of(running: Awaitable[Any]) -> Result[Any, BaseException]:
    try:
        return Success(await running)
    except AssertionError:
        raise
    except (Exception, MemoryError) as error:
        return Failure(error)


def _settled(kept: Journal) -> tuple[Seen, ...]:
    """The calls; one that was cut short at the horizon never ends."""
    return tuple(
        replace(call, end=math.inf) if call.end >= HORIZON else call for call in kept.calls
    )


def _left_running() -> str | None:
    """What goes on after a run that has ended: tasks and timers."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    scheduled: list[asyncio.TimerHandle] = getattr(asyncio.get_running_loop(), "_scheduled", [])
    timers = [timer for timer in scheduled if not timer.cancelled()]
    if tasks or timers:
        left = f"{len(tasks)} {plural(len(tasks), 'task')}"
        return f"left running: {left}, {len(timers)} {plural(len(timers), 'timer')}"
    return None


def running(name: str, interpret: Interpret) -> Running:
    """An interpreter of one's own, by its async function of a flow and an input.

    It yields its output while side flows go on: one on actors, that must not close their system, is
    `running_in_system`. The tasks and timers that it leaves behind are seen.

    >>> from everything_is_an_actor.flow import pure
    >>> from everything_is_an_actor.interpreters.reference import evaluate
    >>> async def on_paper(flow: AnyFlow, input: Any) -> Any:
    ...     return evaluate(flow, input, {}).result.unwrap()
    >>> [observed] = running("mine", on_paper).observe([(pure(abs), -1)])
    >>> observed.result
    <Success: 1>
    """
    need_run("running", interpret, "async def run(flow, input)")

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Interpret]:
        yield interpret

    return Running(name, opened)


def running_in_system(name: str, interpret: InterpretInSystem) -> Running:
    """An interpreter of one's own that is given the system to run in, so that its actors are seen.

    Each run has a system of its own. It is wrong to leave actors in it, unless the flow has side
    flows, which may go on.

    >>> from everything_is_an_actor.flow import pure
    >>> async def on_actors(system: AgentSystem, flow: AnyFlow, input: Any) -> Any:
    ...     return await system.run_flow(flow, input)
    >>> [observed] = running_in_system("mine", on_actors).observe([(pure(abs), -1)])
    >>> observed.result
    <Success: 1>
    """
    need_run("running_in_system", interpret, "async def run(system, flow, input)")

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Interpret]:
        async with agent_system() as system:

            async def in_system(flow: AnyFlow, input: Any) -> Any:
                try:
                    return await interpret(system, flow, input)
                finally:
                    if not has_side_flows(flow):
                        need_no_actors(system)

            yield in_system

    return Running(name, opened)


def need_run(where: str, value: object, form: str) -> None:
    """A function, of the form that is shown."""
    if isinstance(value, type) or not callable(value):
        raise TypeError(f"{where}: an interpreter must be a function, {form}, got {shown(value)}")


def need_awaitable(name: str, value: object) -> None:
    """What an interpreter of one's own has returned."""
    if not inspect.isawaitable(value):
        raise TypeError(
            f"{name}: an interpreter must be an async function of a flow and an input, got one "
            f"that returns {shown(value)}: write it with async def"
        )


@asynccontextmanager
async def agent_system() -> AsyncGenerator[AgentSystem]:
    """A system whose side flows have ended when it is closed, and no actor is left."""
    async with AgentSystem("laws") as system:
        yield system
        await system.shutdown(timeout=HORIZON)
        need_no_actors(system)


def need_no_actors(system: AgentSystem) -> None:
    """Raise an `AssertionError` for those that are left."""
    left = [place.path for place in (system.actors.root.children or {}).values()]
    assert not left, f"left running: {', '.join(left)}"


def has_side_flows(flow: AnyFlow) -> bool:
    """Whether anything may go on when the outcome is there; what a `bind` chooses is not known."""
    return fold(_has_side_flows, flow)


def _has_side_flows(node: Node[bool]) -> bool:
    return isinstance(node, Notify | DivertTo | Bind) or any(children(node))


ACTORS = running_in_system("actors", AgentSystem.run_flow)
"""Actors, by `run_flow`."""
