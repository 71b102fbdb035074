"""Listening: work under way, and one who follows what happens to its tasks.

The work is a task of its own, which begins when the listener does. One who leaves before the end
cancels it; so does an abort, from anywhere. Either reaches whatever works for it, here and now, and
each only once, so that finalisers run to their end: the task of the work passes its cancellation on
to the flows and agents that it waits for, and agents that were asked are found by their spans.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextvars import copy_context
from types import TracebackType
from typing import Any, Final, Self, override
from weakref import ref

from everything_is_an_actor.algebra.failure import is_recoverable
from everything_is_an_actor.runtime.events import StreamEvent, StreamItem, StreamResult, TaskEvent
from everything_is_an_actor.runtime.letters import Envelope, Part, current_message
from everything_is_an_actor.runtime.place import AnyPlace, Engine, Place, current_place
from everything_is_an_actor.runtime.scheduler import Fatal, Scheduler, all_ended, carried
from everything_is_an_actor.runtime.span import Span, Trace, Tracer
from everything_is_an_actor.runtime.stream import Stream
from everything_is_an_actor.runtime.task import new_run_id

log = logging.getLogger("everything_is_an_actor")

type Job = asyncio.Task[Any]


def current_span() -> Span | None:
    """The task in whose course this is called, if anybody listens."""
    message = current_message.get()
    return None if message is None else message.span


class Listening[T]:
    """Work that is under way, and whose tasks are told to `stream`."""

    __slots__ = ("_part", "ended", "job", "origin", "scheduler", "stream")

    def __init__(
        self,
        scheduler: Scheduler,
        stream: Stream,
        *,
        outer: Span | None = None,
        run_id: str = "",
        tracer: Tracer | None = None,
        rooted: bool = False,
    ) -> None:
        """As part of the run of `outer`, or else as one of its own."""
        if outer is None or outer.ended:
            trace = Trace(run_id or new_run_id(), stream, tracer, rooted=rooted)
            self.origin = Span(trace, None)
        else:
            self.origin = outer.origin(stream, rooted=rooted)
        self.scheduler = scheduler
        self.stream = stream
        self._part = Part(current_place(), self.origin, current_message.get())
        self.job: asyncio.Task[T] | None = None  # from its beginning until its outcome is known
        self.ended: Callable[[], object] | None = None  # called at the end
        self.origin.worker, self.origin.message = self, self._part

    def begin(self, work: Callable[[], Coroutine[Any, Any, T]]) -> None:
        """Begin the work."""
        context = copy_context()
        context.run(current_message.set, self._part)
        self.job = self.scheduler.start(_done(work), context)
        if self.job.done():
            self._over(self.job)
        else:
            self.job.add_done_callback(self._over, context=context)
            if self.origin.trace.abandoned:  # by itself, in its first step
                self.job.cancel()

    async def outcome(self) -> T:
        """What the work has come to, once."""
        job = self.job
        if job is None:
            raise AssertionError("it has not begun, or its outcome is known")
        try:
            output: T = await outcome(job)
            return output
        finally:
            if job.done():
                self.job = None  # an error's traceback leads here, and must not lead back
            del job

    def _over(self, _: Job) -> None:
        if self.ended is not None:
            self.ended()
        self._part.over = True
        self.origin.end()
        self.origin.finish()
        self.origin.trace.root = None  # which knows its trace
        self.stream.close()

    async def leave(self) -> None:
        """Cancel the work if it is under way, and wait for its end."""
        job = self.job
        if job is None:
            return
        left_early = not job.done()
        if left_early:
            self.abandon()
        self.stream.close()
        interrupted = await all_ended((job,))
        error = None if job.cancelled() else job.exception()
        self.job = job = None  # as there
        if left_early and error is not None:
            _given_up(error)
        if interrupted:
            raise asyncio.CancelledError

    def abandon(self, *, abort: bool = False) -> list[Awaitable[Any]]:
        """Cancel all that works for it, side flows only if it is aborted; what to wait for then."""
        trace = self.origin.trace
        trace.abandoned = True
        trace.aborted |= abort
        self.stream.hurry()
        spans = [span for span in self.origin.open_below() if abort or not span.beside]
        jobs = {job for job in (self.job,) if job is not None}
        if abort:
            jobs.update(*(each.sides for each in {trace, *(span.trace for span in spans)}))
        for job in jobs:
            if not job.cancelling():
                job.cancel()
        for span in spans:
            worker, message = span.worker, span.message
            if worker is not None and message is not None:
                worker.give_up(message)
                if isinstance(worker, Place):
                    _hasten_below(worker, message)
        return [*jobs, *(span.finished() for span in spans if span.message is not None)]

    @property
    def path(self) -> str:
        """Where it is listened."""
        return "" if self._part.recipient is None else self._part.recipient.path

    @property
    def works_as(self) -> object:
        """What it is."""
        return type(self)

    def give_up(self, message: object, /) -> None:
        """Cancel the work: what it is part of was given up."""
        if self.job is not None and not self.job.cancelling():
            self.job.cancel()


async def _done[T](work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """`work`; an end of the program that it raises reaches the one who listens, past no one."""
    try:
        return await work()
    except (KeyboardInterrupt, SystemExit) as error:
        raise Fatal(error) from None


def _hasten_below(place: AnyPlace, message: object) -> None:
    """Have those end that are used once, and were started by the work of `place` on `message`."""
    below = list((place.children or {}).values())
    if not place.is_used_once:
        below = [child for child in below if _is_part_of(child.in_hand, message)]
    for child in below:  # which grows meanwhile
        if child.is_used_once:
            below += (child.children or {}).values()
            child.hasten()


def _is_part_of(envelope: Envelope | None, message: object) -> bool:
    """Whether what is in hand was sent by the handler of `message`, or by a flow that it runs."""
    within = None if envelope is None else envelope.within
    while isinstance(within, Part):
        within = within.within
    return within is message


async def ask_stream[R](
    engine: Engine, asking: Callable[[], Coroutine[Any, Any, R]]
) -> AsyncGenerator[StreamItem[R], None]:
    """What happens in the course of an ask, then its reply; a run of its own outside of any."""
    stream = Stream()
    listening: Listening[R] = Listening(
        engine.scheduler, stream, outer=current_span(), tracer=engine.tracer
    )
    try:
        listening.begin(asking)
        while (event := stream.take()) is not None or await stream.more():
            if event is not None:
                yield StreamEvent(event)
        reply = await listening.outcome()
    finally:
        await listening.leave()
    yield StreamResult(reply)


type Begin = Callable[[], Listening[Any]]


_BEGUN: Final = TaskEvent("task_started", "", "", None)
"""What `_events_of` yields first to one who takes its events one by one: it has begun."""


async def _events_of(
    begin: Begin, stream: Stream, left: asyncio.Event, *, one_by_one: bool
) -> AsyncGenerator[TaskEvent, None]:
    """A generator, for the loop looks after those that are forgotten before their end."""
    listening = begin()
    left.clear()
    try:
        if one_by_one:
            yield _BEGUN
        while (event := stream.take()) is not None or await stream.more():
            if event is not None:
                yield event
        await listening.outcome()
    finally:
        try:
            await listening.leave()
        finally:
            left.set()
    await listening.scheduler.step()


class EventStream(AsyncIterator[TaskEvent]):
    """The events of one run, in the order in which they happen; the run begins with the first.

    Iterate over it once. Leaving early, by `break` or `aclose`, cancels the run; `aclose`, and the
    end of an `async with`, wait for its end. `run_id` is what `AgentSystem.abort` takes; `dropped`
    counts the events that were lost to a slow consumer, with `overflow="drop_oldest"`.

    A cancelled `anext(events)` has taken no event, and the run goes on (trio's channels): so
    `asyncio.wait_for(anext(events), seconds)` may be repeated. A cancelled `async for` is left.

    >>> from everything_is_an_actor.agents import AgentSystem
    >>> from everything_is_an_actor.flow import pure
    >>> async def main() -> None:
    ...     async with AgentSystem() as system:
    ...         events = system.run_flow_stream(pure(len), "four", run_id="mine")
    ...         async for event in events:
    ...             print(event.type, event.data)
    ...         print(events.run_id, events.dropped)
    >>> asyncio.run(main())
    flow_started four
    flow_completed 4
    mine 0
    """

    __slots__ = ("_begin", "_events", "_held", "_left", "_stream", "run_id")

    def __init__(self, run_id: str, stream: Stream, begin: Begin) -> None:
        """`begin` begins the run."""
        self.run_id = run_id
        self._stream = stream
        self._left = asyncio.Event()
        self._left.set()  # a run that does not begin need not be left
        self._begin: Begin | None = begin  # until its events are asked for, or it is left
        self._events: Callable[[], AsyncGenerator[TaskEvent, None] | None] = _none
        self._held: AsyncGenerator[TaskEvent, None] | None = None  # unless a loop holds it

    @property
    def dropped(self) -> int:
        """How many events were lost so far because the consumer was slow."""
        return self._stream.dropped

    def _started(self, begin: Begin, *, one_by_one: bool) -> AsyncGenerator[TaskEvent, None]:
        events = _events_of(begin, self._stream, self._left, one_by_one=one_by_one)
        self._begin = None
        self._events = ref(events)
        return events

    @override
    def __aiter__(self) -> AsyncIterator[TaskEvent]:
        begin = self._begin
        events = self._events() if begin is None else self._started(begin, one_by_one=False)
        if events is None:  # it was left
            return self
        self._held = None  # so that it ends with the loop, also if this is kept
        return events

    @override
    async def __anext__(self) -> TaskEvent:
        begin = self._begin
        if begin is not None:
            events = self._started(begin, one_by_one=True)
            await anext(events)
            self._held = events
        if self._held is None:
            raise StopAsyncIteration
        await self._stream.more()  # here, since a generator does not survive being cancelled
        if self._held is None:  # it was left meanwhile, or a loop has taken over
            raise StopAsyncIteration
        return await anext(self._held)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Leave: cancel the run if it is under way, and wait for its end."""
        events = self._events()
        self._begin = self._held = None
        if events is not None:
            await events.aclose()
        cancelled = False
        while events is None and not self._left.is_set():  # the loop that held them is being left
            try:
                await self._left.wait()
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            raise asyncio.CancelledError


def _none() -> None:
    return None


def _given_up(error: BaseException) -> None:
    """What to do with the error of work for whose outcome nobody waits."""
    if not is_recoverable(error):
        raise carried(error)
    log.warning("while it was cancelled, a run raised %r", error, exc_info=error)


async def outcome(job: asyncio.Task[Any]) -> Any:
    """What work has come to, for the one who wants it; it is cancelled with him.

    The type is that of the job, if the job was not cancelled: hence the `Any`.
    """
    try:
        output = job.result() if job.done() else await job
    except Fatal as fatal:
        carried = fatal.error
    except Exception as error:
        if not (job.cancelling() and is_recoverable(error)):
            raise
        cancelled = asyncio.CancelledError()
        cancelled.add_note(f"while it was cancelled, the flow raised {error!r}")
        raise cancelled from error
    else:
        if job.cancelling():  # it went on in spite of it
            raise asyncio.CancelledError
        return output
    finally:
        del job  # an error's traceback leads here, and must not lead back
    try:
        raise carried
    finally:
        del carried
