"""Agents: behaviours whose work is `execute`, and the life of one that is used once.

A leaf of a flow is an agent that lives for one input: start, `execute`, stop, one after the other
in one eager task (`AgentCell.live`). It is a cell among the children of whoever runs the flow, so
that it has a path, may have children of its own, and is found by a shutdown. Most of these agents
answer at once and have nothing to end: they are made without `__init__`, have no clock (`_Clock`)
before `execute` has suspended, hence no timer, and no coroutine ends those that have neither
children nor an `on_stopped`.

What runs after `execute`, the stop of its children and `on_stopped`, is not cut short when the run
is cancelled once more; only an `interrupt` of the agent itself does that.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from itertools import count
from types import CoroutineType, FunctionType
from typing import Any, Final, cast, get_origin, override

from everything_is_an_actor.algebra.arguments import callable_name
from everything_is_an_actor.algebra.failure import FlowTimeoutError, add_note, is_recoverable
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.leaves import left_open, not_awaited
from everything_is_an_actor.algebra.node import Leaf
from everything_is_an_actor.algebra.path import AnyNode, Where, spell
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.letters import Envelope, Part, Request, current_message
from everything_is_an_actor.runtime.place import RUNNING, STARTING, AnyPlace, Ending, Mute, State
from everything_is_an_actor.runtime.scheduler import (
    ENDS_OF_PROGRAM,
    STEPS_BETWEEN_RESTS,
    Fatal,
    carried,
)
from everything_is_an_actor.runtime.span import Span, Trace, Tracer, made_by
from everything_is_an_actor.runtime.task import Task, TaskResult, new_run_id, new_task_id

_serial = count(1)
_new: Final = object.__new__
_message_here = current_message.get  # a look-up less, for every task
_take_in_hand = current_message.set


class TaskHandler[I, O](Behaviour[Task[I], TaskResult[O]]):
    """What takes tasks, whoever it is that executes them: an `AgentActor`, or a lifted leaf."""

    __slots__ = ()

    _ends_with_its_asker = True
    _place: AnyPlace
    _tracer: Tracer | None

    @left_open
    def execute(self, input: I, /) -> Coroutine[Any, Any, O] | AsyncIterator[Any]:
        """The output for `input`, or its chunks.

        The type of the chunks is not in the type of the agent: hence the `Any`.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define execute")

    @override
    async def on_receive(self, message: Task[I]) -> TaskResult[O]:
        """Execute a task. Raises `TypeError` for anything but a `Task`."""
        if not isinstance(message, Task):
            raise TypeError(
                f"an agent takes a Task, got {type(message).__name__}: send Task(input=...)"
            )
        envelope = _message_here()
        if envelope is None or (envelope.span is None and self._tracer is None):
            running = self.execute(message.input)
            output = await (running if type(running) is CoroutineType else _output(running))
            if type(output) is CoroutineType:
                raise not_awaited(self._name, output)
            return TaskResult(message.id, output)
        outer = envelope.span or Span(Trace(new_run_id(), None, self._tracer), None)
        return await self._observed(message, envelope, outer)

    async def _observed(self, task: Task[I], envelope: Envelope, outer: Span) -> TaskResult[O]:
        """As `on_receive`, while somebody listens: it is the span of the message in hand."""
        place = self._place
        try:
            span = envelope.span = await outer.begin(
                outer.trace.unique(task.id), self._name, place, envelope, task.input
            )
        except asyncio.CancelledError:
            if isinstance(envelope, Request):
                envelope.withdrawn = True  # it goes no further, whoever has cancelled it
            raise
        tracer = None if span is None else span.trace.tracer
        token = None if span is None or tracer is None else tracer.enter(span.traced)
        try:
            running = self.execute(task.input)
            output = await (running if type(running) is CoroutineType else _output(running))
            if type(output) is CoroutineType:
                raise not_awaited(self._name, output)
        except BaseException as error:
            if span is not None:
                cancelled = isinstance(error, asyncio.CancelledError)
                span.end("task_cancelled" if cancelled else "task_failed", carried(error))
            raise
        else:
            if span is not None:
                span.end("task_completed", output)
            return TaskResult(task.id, output)
        finally:
            envelope.span = None  # what it leaves behind is nobody's child
            if span is not None:
                span.finish()
                if tracer is not None:
                    tracer.leave(token)

    @property
    def _name(self) -> str:
        """What its tasks are called."""
        return type(self).__name__


async def _output(running: Any) -> Any:
    """What an `execute` that has been called yields; each chunk is an event at once."""
    if not hasattr(running, "__aiter__"):
        return await running
    message = current_message.get()
    span = None if message is None else message.span
    chunks: list[Any] = []
    async with aclosing(cast(AsyncGenerator[Any], running)):
        async for chunk in running:
            chunks.append(chunk)
            if not len(chunks) % STEPS_BETWEEN_RESTS:
                await asyncio.sleep(0)  # it may never wait by itself
            if span is not None:
                if span.has_room:
                    span.tell_at_once("task_chunk", chunk)
                else:
                    await span.tell("task_chunk", chunk)
    return chunks


class _Work(Part):
    """What an agent that is used once has in hand: it was never sent."""

    __slots__ = ()

    message = None
    sender = None
    sent_from = None


class AgentCell(Mute):
    """An agent that is used once, by who holds its input: it takes no messages."""

    __slots__ = ("_clock", "_follows", "_leaf", "_root", "_where", "key")

    key: int
    reason = "stopped"
    what = "an agent that is used once"

    _leaf: Leaf[AnyFlow]
    _root: AnyNode | None
    _where: Where
    _follows: tuple[Span, ...]
    _clock: "_Clock | None"  # once it has suspended

    @property
    @override
    def name(self) -> str:
        return f"{self._leaf.name or callable_name(self._leaf.target)}-{self.key}"

    @property
    @override
    def works_as(self) -> object:
        return self._leaf.target

    async def live(self, parent: AnyPlace, input: Any) -> Any:
        """Start, execute, stop: the output of the agent, or its error."""
        parent.adopt(self, self.key)
        self.turn = asyncio.current_task()  # nobody has looked for it, or for `in_hand`, before
        within = _message_here()
        outer = None if within is None else within.span
        part = self.in_hand = _new(_Work)
        part.recipient = self
        part.span = None
        part.within = within
        part.over = False
        _take_in_hand(part)
        span: Span | None = None
        stopping: Callable[[], Awaitable[None]] | None = None
        try:
            if outer is not None:
                span = part.span = await self._observed(outer, part, input)
            target = self._leaf.target
            if type(target) is FunctionType:
                running = target(input)
            elif isinstance(target, type) or get_origin(target) is not None:  # `Echo[int]`
                agent = target()
                if isinstance(agent, Behaviour):
                    agent._attach(self)
                    self.behaviour = agent
                    cls = type(agent)
                    if cls.on_started is not Behaviour.on_started:
                        await agent.on_started()
                    if cls.on_stopped is not Behaviour.on_stopped:
                        stopping = agent.on_stopped
                else:
                    if hasattr(agent, "on_started"):
                        await agent.on_started()
                    stopping = getattr(agent, "on_stopped", None)
                running = agent.execute(input)
            else:
                running = target(input)
            self.state = RUNNING
            if self._clock is not None:
                self._clock.begin(self)
            output = await (running if type(running) is CoroutineType else _output(running))
            if type(output) is CoroutineType:
                raise not_awaited(f"agent({callable_name(target)})", output)
            if self._clock is not None:
                self._clock.end()
                if self._clock.expired:  # the agent went on in spite of it
                    raise asyncio.CancelledError
        except BaseException as error:
            if self._clock is not None:
                self._clock.end()
            if self.children and (self._expired or isinstance(error, asyncio.CancelledError)):
                self.interrupt_children()
            died = await self._end(stopping) if self.children or stopping is not None else None
            part.over = True
            self.leave()
            if span is not None:
                await span.sides_ended()
            ending = self._told(span, error if died is None else died)
            part.span = None  # what it leaves behind is nobody's child
            try:
                if ending is error:
                    raise
                raise ending from None
            finally:
                del ending, died  # the traceback holds this frame, and must not lead back to itself
        died = await self._end(stopping) if self.children or stopping is not None else None
        part.over = True
        self.leave()
        if span is not None:
            await span.sides_ended()
            part.span = None
        if died is not None:
            raise self._told(span, died)
        if span is not None:
            span.end("task_completed", output)
            span.finish()
        return output

    async def _observed(self, outer: Span, part: Part, input: Any) -> Span | None:
        leaf = self._leaf
        name = leaf.name or callable_name(leaf.target)
        path = None if self._root is None else spell(self._root, self._where, leaf)
        span = await outer.begin(
            new_task_id(), name, self, part, input, follows=self._follows, flow_path=path
        )
        self._follows = ()
        made_by.set(() if span is None else (span,))
        if span is not None and span.trace.tracer is not None:
            span.trace.tracer.enter(span.traced)  # for the rest of this task
        return span

    def wait_begins(self) -> None:
        """To be called when `live` has suspended, once."""
        if self._leaf.timeout is not None:
            self._clock = _Clock(self._leaf.timeout)
            if self.state is RUNNING:
                self._clock.begin(self)

    @property
    def _expired(self) -> bool:
        return self._clock is not None and self._clock.expired

    def _told(self, span: Span | None, error: BaseException) -> BaseException:
        """The error by which the agent's end is known outside, after those who listen know it."""
        ending = self._ending(error)
        if span is not None:
            cancelled = isinstance(ending, asyncio.CancelledError)
            span.end("task_cancelled" if cancelled else "task_failed", carried(ending))
            span.finish()
        return ending

    def _ending(self, error: BaseException) -> BaseException:
        if isinstance(error, ENDS_OF_PROGRAM):
            return Fatal(error)
        cancelled = isinstance(error, asyncio.CancelledError)
        clock = self._clock
        if clock is not None and clock.expired and (cancelled or is_recoverable(error)):
            ending = FlowTimeoutError(clock.timeout, f"agent({callable_name(self._leaf.target)})")
            if not cancelled:
                add_note(ending, f"while it was cancelled, it raised {error!r}")
            return ending
        return error

    async def _end(self, on_stopped: Callable[[], Awaitable[None]] | None) -> BaseException | None:
        """Stop the children, then the agent; a cancellation interrupts the children only.

        Yields the error in `on_stopped` that no handler may see, if there is one.
        """
        self.state = State.STOPPING
        for child in list((self.children or {}).values()):
            if child.is_used_once and not isinstance(child, AgentCell):
                child.hasten()  # asked by what `execute` has left behind: nobody waits for it
        finishing = self.engine.scheduler.start(self._stop(on_stopped))
        while not finishing.done():
            self.turn = finishing
            try:
                await asyncio.wait((finishing,))
            except asyncio.CancelledError:
                self.interrupt_children()
        return None if finishing.cancelled() else finishing.result()

    async def _stop(self, on_stopped: Callable[[], Awaitable[None]] | None) -> BaseException | None:
        fatal: BaseException | None = None

        async def hook() -> None:
            nonlocal fatal
            try:
                if on_stopped is not None:
                    await on_stopped()
            except BaseException as error:
                if is_recoverable(error) or isinstance(error, asyncio.CancelledError):
                    raise
                fatal = error

        await self.stop_behaviour(hook)
        return fatal

    @override
    def stop(self, *, drain: bool = False) -> Awaitable[None]:
        """Nothing to do but wait: the work in hand is all its work."""
        return Ending(self)

    @override
    def interrupt(self) -> Awaitable[None]:
        """Cancel `execute`, or what still runs after it."""
        if isinstance(self.turn, asyncio.Task):
            self.turn.cancel()
        return Ending(self)

    @property
    @override
    def is_used_once(self) -> bool:
        return True

    @override
    def give_up(self, message: Envelope) -> None:
        """Cancel `execute`, if it was not cancelled with the one who waits for it."""
        if not (self.is_being_cancelled or self._is_finalising):
            _ = self.interrupt()

    @property
    @override
    def _is_finalising(self) -> bool:
        return self.state >= State.STOPPING


def start_agent(
    parent: AnyPlace,
    leaf: Leaf[AnyFlow],
    input: Any,
    root: AnyNode | None = None,
    where: Where = None,
    follows: tuple[Span, ...] = (),
) -> asyncio.Task[Any]:
    """The task of a new agent of `leaf`, to which `where` is the way from `root`.

    Its input is made of the outputs of `follows`. Nothing is known to the parent before the task
    begins: it may be cancelled first.
    """
    cell = _new(AgentCell)  # `__init__` would cost as much again
    cell.engine = parent.engine
    cell.parent = parent
    cell.state = STARTING
    cell.children = None
    cell.behaviour = None
    cell.watchers = None
    cell._joiners = None
    cell.key = next(_serial)
    cell._leaf = leaf
    cell._root = root
    cell._where = where
    cell._follows = follows
    cell._clock = None
    task = parent.engine.scheduler.start(cell.live(parent, input))
    if not task.done():
        cell.wait_begins()
    try:
        return task
    finally:  # the traceback of its error leads to this frame, which must not lead back
        del task


class _Clock:
    """How long an agent that has suspended may take: from the beginning of its `execute`."""

    __slots__ = ("_timer", "expired", "timeout")

    def __init__(self, timeout: float) -> None:
        self._timer: asyncio.TimerHandle | None = None
        self.timeout = timeout
        self.expired = False

    def begin(self, cell: AgentCell) -> None:
        """Count from now on, for `cell`."""
        loop = cell.engine.scheduler.loop
        self._timer = loop.call_at(loop.time() + self.timeout, self._expire, cell)

    def end(self) -> None:
        """Count no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _expire(self, cell: AgentCell) -> None:
        turn = cell.turn
        if isinstance(turn, asyncio.Task) and not turn.cancelling():
            self.expired = True
            turn.cancel()
