"""Spans: the tasks that are under way, as long as anybody wants to know of them.

The problem: events of many runs, of agents that are used once and of agents that serve everybody,
have to tell one tree of calls each: every task with one start and one ending, children within
their parents.

The design: the span of a task travels with the messages that it sends, in the envelope, and not
with the actor that receives them: an agent that serves many works for whoever has asked. A span
knows those below it that are open, so that its end is also theirs, however they come to it; and so
that all that works for a run can be found when the run is given up. Without a listener there is no
span, and then no event is ever built.

What is left behind is not part of the tree: a task that was told, not asked, may begin long after
its sender has ended, and what an agent leaves running when it ends is nobody's child.

The words are those of OpenTelemetry; a `Tracer` is how a system of that kind is told. Such a system
knows by itself where the code is that runs (of which span, in which trace), but only along calls
and tasks; what is sent from one actor to another takes it along in its envelope.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import suppress
from contextvars import ContextVar
from itertools import count
from typing import Any, Final, Protocol

from everything_is_an_actor.runtime.events import EventDraft, EventType, TaskEvent
from everything_is_an_actor.runtime.stream import Stream

_serial = count(1)

_ABORTED: Final[dict[EventType, EventType]] = {
    "task_completed": "task_cancelled",
    "task_failed": "task_cancelled",
    "flow_completed": "flow_failed",
}
"""How a task ends that comes to its own end in a run that was aborted."""


def _cancellation(data: object) -> BaseException:
    """What a task ends in, then: not in its output, nor in the error with which it has answered."""
    if isinstance(data, BaseException) and not isinstance(data, Exception):
        return data
    cancelled = asyncio.CancelledError("the run was aborted")
    cancelled.__cause__ = data if isinstance(data, Exception) else None
    return cancelled


class Worker(Protocol):
    """What works on a task: a place in the tree of actors."""

    @property
    def path(self) -> str:
        """Where it is."""
        ...

    @property
    def works_as(self) -> object:
        """The class or function whose work it does."""
        ...

    def give_up(self, message: Any, /) -> None:
        """Cancel the work on `message`, which is known to it: hence the `Any`."""
        ...


class Tracer(ABC):
    """Is told of every task at once, by the code that works on it: for tracing systems.

    Everything here is called on the event loop, but for `here`, which is called wherever something
    is sent; and must not wait. What it raises is the error of the task. What `here` and `began`
    yield, and `enter` takes, is the tracer's own: hence the `Any`.
    """

    @abstractmethod
    def here(self) -> Any:
        """Where the code is that runs: what is sent from here is handled there. `None`: nowhere."""

    @abstractmethod
    def began(
        self, span: "Span", kind: EventType, input: object, follows: "tuple[Span, ...]"
    ) -> Any:
        """A task begins, as part of what runs here; yields where its own work is (`span.traced`).

        Its input is made of the outputs of the tasks in `follows`, in order; of more than one if
        they were joined.
        """

    @abstractmethod
    def told(self, span: "Span", kind: EventType, data: object) -> None:
        """Something has happened to it, such as a chunk."""

    @abstractmethod
    def ended(self, span: "Span", kind: EventType, data: object) -> None:
        """It has come to its end, `kind` says to which; maybe in the course of another task."""

    @abstractmethod
    def enter(self, where: Any) -> object:
        """What runs from now on is there; yields what `leave` needs to know."""

    @abstractmethod
    def leave(self, token: Any) -> None:
        """It no longer is. `token` is what `enter` has yielded."""


made_by: ContextVar[tuple["Span", ...]] = ContextVar("made_by", default=())
"""In the context of a job that has ended: the tasks that its output is made of, if it is traced."""


class Trace:
    """What the spans of one run have in common: who listens.

    A part of a run may have a listener of its own; then there is a trace `within` that of the run.
    With `rooted`, its first task is its `root`, and does not end before the side flows of the run,
    `sides`, have.
    """

    __slots__ = (
        "_ids",
        "abandoned",
        "aborted",
        "root",
        "rooted",
        "run_id",
        "sides",
        "stream",
        "tracer",
        "within",
    )

    def __init__(
        self,
        run_id: str,
        stream: Stream | None,
        tracer: Tracer | None = None,
        within: "Trace | None" = None,
        *,
        rooted: bool = False,
    ) -> None:
        self.run_id = run_id
        self.stream = stream
        self.tracer = tracer
        self.within = within
        self.rooted = rooted
        self.root: Span | None = None
        self.sides: set[asyncio.Task[Any]] = set()
        self.aborted = False
        self.abandoned = False
        self._ids: Counter[str] | None = None

    @property
    def is_abandoned(self) -> bool:
        """Whether nothing new is to begin: whoever listened has left."""
        trace: Trace | None = self
        while trace is not None:
            if trace.abandoned:
                return True
            trace = trace.within
        return False

    @property
    def is_aborted(self) -> bool:
        """Whether the run is cancelled, so that no task of it can complete any more."""
        trace: Trace | None = self
        while trace is not None:
            if trace.aborted:
                return True
            trace = trace.within
        return False

    def unique(self, task_id: str) -> str:
        """`task_id`; numbered, if a task of the run has it already, as one that is asked again."""
        trace = self
        while trace.within is not None:
            trace = trace.within
        if trace._ids is None:
            trace._ids = Counter()
        trace._ids[task_id] += 1
        times = trace._ids[task_id]
        return task_id if times == 1 else f"{task_id}#{times}"

    @property
    def is_full(self) -> bool:
        """Whether an event that can wait has to, for one of the streams."""
        trace: Trace | None = self
        while trace is not None:
            if trace.stream is not None and trace.stream.is_full:
                return True
            trace = trace.within
        return False

    async def room(self) -> None:
        """Wait until every stream has room, for an event that is put at once."""
        trace: Trace | None = self
        while trace is not None:
            if trace.stream is not None and trace.stream.is_full:
                await trace.stream.room()
                trace = self  # others may be full by now
            else:
                trace = trace.within

    def cut_off(self) -> None:
        """What it is within has ended: from now on it is by itself, for its own listener."""
        self.aborted, self.abandoned = self.is_aborted, self.is_abandoned
        trace, self.within = self.within, None
        while trace is not None:
            if trace.stream is not None:
                trace.stream.look_again()  # who waits for room there need not, any more
            self._ids = trace._ids
            trace = trace.within

    def put(self, event: TaskEvent) -> None:
        """Tell all who listen."""
        trace: Trace | None = self
        while trace is not None:
            if trace.stream is not None:
                trace.stream.put(event)
            trace = trace.within


class Span:
    """One task of a run, from its start to its end; `name` is that of the agent, or of the flow.

    An *origin* is where the tasks of a listener begin: it is no task itself, has no `task_id`, and
    stands for its parent. `message` is what `worker` has in hand; a flow (`is_flow`) has none, its
    run works on it. `flow_path` is that of its events. `beside` says that it belongs to a side
    flow, which is not cancelled with the run. `traced` is where its work is, for the tracer.
    """

    __slots__ = (
        "_finished",
        "_open",
        "_parent_agent_path",
        "_parent_task_id",
        "agent_path",
        "beside",
        "ended",
        "flow_path",
        "is_flow",
        "message",
        "name",
        "parent",
        "task_id",
        "trace",
        "traced",
        "worker",
    )

    def __init__(
        self,
        trace: Trace,
        parent: "Span | None",
        task_id: str = "",
        name: str = "",
        agent_path: str = "",
        worker: Worker | None = None,
        message: object = None,
    ) -> None:
        self.trace = trace
        self.parent = parent
        self.task_id = task_id
        self.name = name
        self.agent_path = agent_path
        self.worker = worker
        self.message = message
        caller = parent if parent is None or parent.task_id else parent.task
        self._parent_task_id = None if caller is None else caller.task_id
        self._parent_agent_path = None if caller is None else caller.agent_path
        self.beside: bool = parent is not None and parent.beside
        self.ended = False
        self.is_flow = False
        self.flow_path: str | None = None
        self.traced: Any = None
        self._open: dict[Span, None] | None = None  # what is below it, in order of start
        self._finished: asyncio.Future[None] | None = None

    @property
    def task(self) -> "Span | None":
        """The task that this is, or that an origin stands for."""
        span: Span | None = self
        while span is not None and not span.task_id:
            span = span.parent
        return span

    def is_part_of(self, trace: Trace) -> bool:
        """Whether whoever listens to `trace` is told of what happens to this, still.

        Not so of what was told, though its parent is one of these.
        """
        own: Trace | None = None if self.ended else self.trace
        while own is not None and own is not trace:
            own = own.within
        return own is not None

    # ------------------------------------------------------------------ from start to end

    def origin(self, stream: Stream, *, rooted: bool) -> "Span":
        """Where those begin that are below this one and have a listener of their own."""
        trace = Trace(self.trace.run_id, stream, self.trace.tracer, self.trace, rooted=rooted)
        origin = Span(trace, self)
        self._adopt(origin)
        return origin

    def side(self) -> "Span | None":
        """Where a side flow begins: beside the tasks of the run, below its root.

        None if nobody listens. If this has ended, who begins the side flow was left behind.
        """
        if self.ended:
            return self.apart()
        trace: Trace | None = self.trace
        while trace is not None and (
            trace.root is None or trace.root.ended or trace.stream is None
        ):
            trace = trace.within
        if trace is None or trace.root is None:
            return self.apart()
        origin = Span(trace, trace.root)
        origin.beside = True
        trace.root._adopt(origin)
        return origin

    def apart(self) -> "Span | None":
        """This one for what is told and not asked: a tracer may want to know, nobody else."""
        trace = self.trace
        if trace.tracer is None:
            return None
        return Span(Trace(trace.run_id, None, trace.tracer), self.task)

    async def begin(
        self,
        task_id: str,
        name: str,
        worker: Worker,
        message: object,
        input: object,
        *,
        kind: EventType = "task_started",
        follows: "tuple[Span, ...]" = (),
        flow_path: str | None = None,
    ) -> "Span | None":
        """A task below this one, when all who listen have room to know of it.

        None if this one has ended. Raises `CancelledError` if it was given up while this waited: a
        cancellation may not have come this far. For `follows` see `Tracer.began`.
        """
        trace = self.trace
        if self._is_open() and trace.is_full:
            await trace.room()
            if trace.is_aborted or (trace.is_abandoned and not self.beside):
                raise asyncio.CancelledError
        if not self._is_open():
            return None
        span = Span(trace, self, task_id, name, worker.path, worker, message)
        span.is_flow = kind == "flow_started"
        span.flow_path = flow_path
        self._adopt(span)
        if trace.rooted and trace.root is None:
            trace.root = span
        if trace.tracer is not None:
            span.traced = trace.tracer.began(span, kind, input, follows)
        trace.put(span._event(kind, input))
        return span

    @property
    def has_room(self) -> bool:
        """Whether `tell` need not wait."""
        trace = self.trace
        return trace.within is None and (trace.stream is None or not trace.stream.is_full)

    async def tell(self, kind: EventType, data: object) -> None:
        """Something has happened to this task, in the middle of it."""
        trace = self.trace
        if self._is_open() and trace.is_full:
            await trace.room()
        self.tell_at_once(kind, data)

    def tell_at_once(self, kind: EventType, data: object) -> None:
        """As `tell`, of something that must not wait."""
        if not self.ended:
            trace = self.trace
            if trace.tracer is not None:
                trace.tracer.told(self, kind, data)
            if trace.within is not None:
                trace.put(self._event(kind, data))
            elif trace.stream is not None:
                trace.stream.put(self._event(kind, data))

    def end(self, kind: EventType = "task_cancelled", data: object = None) -> None:
        """The end of this task, and before that of all that is open below it; once.

        A tracer is told of the end as they are who listen; of what goes on for a listener of its
        own, when it has ended for that one.
        """
        if self.ended:
            return
        if self._open:
            for span in reversed(self.open_below()):
                span._cut_off(self.trace)
        if self.trace.is_aborted:
            kind, data = _ABORTED.get(kind, kind), _cancellation(data)
        self._end(kind, data)

    def _cut_off(self, trace: Trace) -> None:
        """What is above it, in `trace`, has ended: who listens to that is told that this has, too.

        What has a listener of its own goes on for that one.
        """
        kind: EventType = "flow_failed" if self.is_flow else "task_cancelled"
        error = asyncio.CancelledError("its parent has ended")
        if self.trace is trace:
            self._end(kind, error)
        elif self.task_id:
            trace.put(self._event(kind, error))
        elif self.trace.within is trace:
            self.trace.cut_off()

    def _is_open(self) -> bool:
        return not self.ended

    async def sides_ended(self) -> None:
        """Wait for the side flows of the run, if this is its root and was not cancelled."""
        trace, here = self.trace, asyncio.current_task()
        while trace.root is self and trace.sides and not (here is None or here.cancelling()):
            with suppress(asyncio.CancelledError):  # then it does not wait: whoever runs this knows
                await asyncio.wait(trace.sides)

    def _end(self, kind: EventType, data: object) -> None:
        self.ended = True
        parent = self.parent
        if parent is not None and parent._open is not None:
            parent._open.pop(self, None)
        if not self.task_id:
            return
        trace = self.trace
        if trace.tracer is not None:
            trace.tracer.ended(self, kind, data)
        trace.put(self._event(kind, data))

    def _adopt(self, span: "Span") -> None:
        if self._open is None:
            self._open = {}
        self._open[span] = None

    def _event(self, kind: EventType, data: object) -> TaskEvent:
        return EventDraft(
            kind,
            self.task_id,
            self.agent_path,
            data,
            self._parent_task_id,
            self._parent_agent_path,
            self.trace.run_id,
            self.flow_path,
        ).done()

    # ------------------------------------------------------------------ those below

    def open_below(self) -> "list[Span]":
        """What is open below this one, parents before children."""
        found = list(self._open or ())
        for span in found:  # which grows meanwhile
            found += span._open or ()
        return found

    def finish(self) -> None:
        """Nothing works on it any more; its end may have been told before."""
        if self._finished is not None and not self._finished.done():
            self._finished.set_result(None)
        self.worker = self.message = None

    def finished(self) -> asyncio.Future[None]:
        """What is done when nothing works on it any more."""
        if self._finished is None:
            self._finished = asyncio.get_running_loop().create_future()
            if self.worker is None:
                self._finished.set_result(None)
        return self._finished
