"""Interpreters under test: each is given flows and inputs, and says what was seen of the runs."""

import asyncio
import contextlib
import logging
import math
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol, override

from returns.result import Failure, Result, Success

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.algebra.failure import FlowTimeoutError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.node import Bind, DivertTo, Node, Notify, children
from everything_is_an_actor.interpreters.dry_run import dry_run
from everything_is_an_actor.interpreters.reference import Answer, Call, evaluate
from everything_is_an_actor.interpreters.reference import Never as NeverEnds
from everything_is_an_actor.runtime.events import TaskEvent
from everything_is_an_actor.runtime.listening import EventStream
from everything_is_an_actor.testing.clock import run
from everything_is_an_actor.testing.events import ending_of, wrong_with
from everything_is_an_actor.testing.observing import Observed, Seen
from everything_is_an_actor.testing.scripted import (
    Journal,
    Scripted,
    Silent,
    current_journal,
    journal,
)

type AnyFlow = Flow[Any, Any]
type Run = tuple[AnyFlow, Any]

_log = logging.getLogger("everything_is_an_actor")

HORIZON = 2.0**20
"""Seconds of virtual time after which a run that has not ended never will."""


class Interpreter(Protocol):
    """What laws are checked on: an interpreter of flows whose agents are scripted.

    >>> from everything_is_an_actor.flow import pure
    >>> on_paper: Interpreter = Reference()
    >>> [observed] = on_paper.observe([(pure(abs), -1)])
    >>> observed.result
    <Success: 1>
    """

    @property
    def name(self) -> str:
        """What it is called in the ids of tests."""

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        """What is seen of each run, of a flow on an input, on its own."""
        ...


# ----------------------------------------------------------------------------------- on paper


class _Scripts(Mapping[Any, Callable[[Any], Any]]):
    """What each agent does: a scripted one says so itself."""

    @override
    def __getitem__(self, target: Any) -> Callable[[Any], Answer]:
        if not isinstance(target, Scripted):
            raise KeyError(target)

        def script(input: Any) -> Answer:
            does = target.does(input)
            value = does.value
            if isinstance(value, BaseException):
                value = type(value)(*value.args)
            return Answer(value, does.after)

        return script

    @override
    def __iter__(self) -> Iterator[Any]:
        return iter(())

    @override
    def __len__(self) -> int:
        return 0


def _on_paper(
    result: Result[Any, BaseException], seconds: float, calls: Iterable[Call]
) -> Observed:
    seen = tuple(_seen(call) for call in calls if not isinstance(call.agent, Silent))
    if isinstance(result, Failure) and isinstance(result.failure(), NeverEnds):
        return Observed(None, math.inf, seen)
    return Observed(result, seconds, seen)


def _seen(call: Call) -> Seen:
    """A call; one that its own timeout has cut short was cancelled, as the agent sees it."""
    cut = isinstance(call.output, FlowTimeoutError)
    ending = "cancelled" if cut else call.ending
    return Seen(call.agent.__name__, call.input, call.start, call.end, ending)


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference semantics."""

    name: str = "reference"

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        """What the semantics says of each run."""
        meanings = (evaluate(flow, input, _Scripts()) for flow, input in runs)
        return [_on_paper(found.result, found.seconds, found.calls) for found in meanings]


@dataclass(frozen=True, slots=True)
class DryRuns:
    """The dry run."""

    name: str = "dry-run"

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        """What comes of each dry run."""
        found = (dry_run(flow, input, _Scripts()) for flow, input in runs)
        return [_on_paper(each.result, each.seconds, each.calls) for each in found]


# ------------------------------------------------------------------------------ on a running loop

type Interpret = Callable[[AnyFlow, Any], Awaitable[Any]]


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
                            result = await _result_of(interpret(flow, input))
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
        return f"left running: {len(tasks)} tasks, {len(timers)} timers"
    return None


def running(name: str, interpret: Interpret) -> Running:
    """An interpreter of one's own, by its async function of a flow and an input."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Interpret]:
        yield interpret

    return Running(name, opened)


@asynccontextmanager
async def _system() -> AsyncGenerator[AgentSystem]:
    """A system whose side flows have ended when it is closed, and no actor is left."""
    async with AgentSystem("laws") as system:
        yield system
        await system.shutdown(timeout=HORIZON)
        assert not system.actors.root.children, "left running: actors"


@asynccontextmanager
async def _on_actors() -> AsyncGenerator[Interpret]:
    async with _system() as system:

        async def interpret(flow: AnyFlow, input: Any) -> Any:
            try:
                return await system.run_flow(flow, input)
            finally:
                if not has_side_flows(flow):
                    assert not system.actors.root.children, "left running: actors"

        yield interpret


def has_side_flows(flow: AnyFlow) -> bool:
    """Whether anything may go on when the outcome is there; what a `bind` chooses is not known."""
    return fold(_has_side_flows, flow)


def _has_side_flows(node: Node[bool]) -> bool:
    return isinstance(node, Notify | DivertTo | Bind) or any(children(node))


ACTORS = Running("actors", _on_actors)
"""Actors, by `run_flow`."""


# ------------------------------------------------------------------------------------- by events


@asynccontextmanager
async def _by_events() -> AsyncGenerator[Interpret]:
    async with _system() as system:

        async def interpret(flow: AnyFlow, input: Any) -> Any:
            return await followed(system, system.run_flow_stream(flow, input), input)

        yield interpret


async def followed(system: AgentSystem, stream: EventStream, input: Any) -> Any:
    """What the last event of a run on an input says. Raises `AssertionError` for wrong events.

    Given up, it shuts the system down: of a flow that waits only for its side flows, which may
    never end, the last event then still says what has come.
    """
    events: list[TaskEvent] = []
    following = asyncio.create_task(_collected(stream, events))
    cut_short = False
    try:
        await asyncio.wait((following,))
    except asyncio.CancelledError:
        cut_short = True
        await system.shutdown(timeout=1.0)
        await asyncio.wait((following,))
    raised = following.result()
    wrong = wrong_with(events, input, current_journal() or Journal(0.0))
    if wrong is None and not cut_short:
        said = None if events[-1].type == "flow_completed" else events[-1].data
        wrong = None if raised is said else f"{raised!r} is raised after {events[-1]}"
    if wrong is not None:
        raise AssertionError(wrong)
    return ending_of(events)


async def _collected(stream: EventStream, into: list[TaskEvent]) -> BaseException | None:
    """The error that is raised after the events, if there is one."""
    try:
        async for event in stream:
            into.append(event)  # noqa: PERF401  # those before an error are there as well
    except BaseException as error:
        return error
    return None


STREAMS = Running("streams", _by_events, timely=False)
"""Actors, by the events of `run_flow_stream`, which are checked as well.

The last event comes after the side flows have ended, whenever the outcome itself was there.
"""
