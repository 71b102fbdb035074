"""`AgentSystem`: an actor system that runs flows."""

import asyncio
import logging
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Mapping,
    Sequence,
)
from contextvars import ContextVar, copy_context
from types import TracebackType
from typing import Any, Self, cast, overload, override

from everything_is_an_actor.agents.discovery import Directory
from everything_is_an_actor.algebra.arguments import need_label, need_seconds, shown
from everything_is_an_actor.algebra.build import agent
from everything_is_an_actor.algebra.flow import AnyFlow, Flow, need_flow
from everything_is_an_actor.algebra.leaves import AgentLike, OpenAgent, StreamingAgentLike
from everything_is_an_actor.algebra.node import Named
from everything_is_an_actor.interpreters.actors import Run
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.runtime.events import StreamItem
from everything_is_an_actor.runtime.letters import Part, current_message
from everything_is_an_actor.runtime.listening import (
    EventStream,
    Listening,
    current_span,
    events_of,
    outcome,
)
from everything_is_an_actor.runtime.place import AnyPlace, current_place
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Scheduler, all_ended, carried, until
from everything_is_an_actor.runtime.span import Span, Trace, Tracer
from everything_is_an_actor.runtime.spawner import Spawner
from everything_is_an_actor.runtime.stream import Overflow, Stream
from everything_is_an_actor.runtime.system import ActorSystem
from everything_is_an_actor.runtime.task import new_run_id, new_task_id

log = logging.getLogger("everything_is_an_actor")

type Job = asyncio.Task[Any]

type AnyAgent[I] = type[OpenAgent[I, object]] | AgentLike[I, object] | StreamingAgentLike[I, object]
"""An agent that takes an `I`; what it yields is an event's data, whose type is `Any`."""

# The runs and side flows that wait for whoever looks: a shutdown must not wait for them.
_inside: ContextVar["_Inside | None"] = ContextVar("_inside", default=None)

# So many runs within one another are cancelled in one go: a task passes its cancellation on to the
# task that it waits for by a call, and a thousand calls are too many.
LINKED = 64


class _Inside:
    """One run, and the runs that it is within."""

    __slots__ = ("depth", "key", "outer")

    def __init__(self, key: object, outer: "_Inside | None") -> None:
        self.key = key
        self.outer = outer
        self.depth: int = 0 if outer is None else outer.depth + 1


class AgentSystem(Spawner, Directory):
    """Runs flows on an actor system: its own, or the one that is given (and then not shut down).

    An async context manager: leaving it shuts the system down.

    >>> import asyncio
    >>> from everything_is_an_actor.agents import AgentSystem
    >>> from everything_is_an_actor.flow import agent, pure
    >>> async def shout(text: str) -> str:
    ...     return text.upper()
    >>> async def main() -> tuple[str, int]:
    ...     async with AgentSystem() as system:
    ...         return await system.run_flow(agent(shout).zip(pure(len)), "hello")
    >>> asyncio.run(main())
    ('HELLO', 5)
    """

    def __init__(
        self, actor_system: ActorSystem | str | None = None, *, tracer: Tracer | None = None
    ) -> None:
        """`actor_system`: the system to run on, or the name of a new one (`agent-system`).

        A `tracer`, for a new one, is told of every task, as that of an `ActorSystem`. Raises
        `TypeError` for what is none of these, or a tracer for a system that there is already.
        """
        if not isinstance(actor_system, ActorSystem | str | None):
            raise TypeError(
                "AgentSystem: actor_system must be an ActorSystem or a name, "
                f"got {shown(actor_system)} ({type(actor_system).__name__})"
            )
        owned = not isinstance(actor_system, ActorSystem)
        if tracer is not None and not owned:
            raise TypeError(
                "AgentSystem: an ActorSystem has a tracer from its start, or none: "
                "give it to that, ActorSystem(tracer=...)"
            )
        self._owned = owned
        if isinstance(actor_system, ActorSystem):
            self.actors = actor_system
        else:
            name = "agent-system" if actor_system is None else actor_system
            self.actors = ActorSystem(name, tracer=tracer)
        self._runs: dict[object, Job] = {}
        self._sides: dict[object, Job] = {}
        self._listening: dict[Listening[Any], None] = {}  # to those of the runs that are streamed
        self._closed = False

    async def run_flow[I, O](self, flow: Flow[I, O], input: I) -> O:
        """The output of `flow` on `input`.

        Raises the flow's own error, with a note of the path in the flow where it happened. When
        this returns or raises, everything that it started has ended, side flows excepted.
        Cancelling it cancels everything below. Raises `ActorStoppedError` after a shutdown.
        """
        need_flow("run_flow", "flow", flow)
        root = self._root()
        run = Run(flow, _home(root), self._run_beside)
        inside = _Inside(run, _inside.get())
        token = _inside.set(inside)
        tracer = root.engine.tracer
        work = run.evaluate(flow, input) if tracer is None else _traced(run, flow, input, root)
        job = root.engine.scheduler.start(work)
        _inside.reset(token)
        if not job.done():
            self._keep(self._runs, run, job)
            if inside.depth % LINKED == LINKED - 1:
                await _end_of(job, root.engine.scheduler)
        output = await outcome(job)
        if root.engine.scheduler.tired:
            await root.engine.scheduler.rest()
        return cast(O, output)

    def run_flow_stream[I, O](
        self,
        flow: Flow[I, O],
        input: I,
        *,
        run_id: str | None = None,
        buffer_size: int = 1024,
        overflow: Overflow = "block",
    ) -> EventStream:
        """Run `flow` on `input`, and yield every event of every agent in it as it happens.

        The first event is `flow_started`, the last `flow_completed` with the output as its `data`,
        or `flow_failed` with the error; the error is then raised. Side flows of the run end before
        the last event. Leaving the iteration early cancels the run. For the options see `run`.
        """
        need_flow("run_flow_stream", "flow", flow)
        return self._stream(_bracketed, flow, input, run_id, buffer_size, overflow)

    def run[I](
        self,
        leaf: AnyAgent[I],
        input: I,
        *,
        run_id: str | None = None,
        timeout: float | None = 600.0,
        buffer_size: int = 1024,
        overflow: Overflow = "block",
    ) -> EventStream:
        """Run one agent on `input`, and yield every event of the whole tree of tasks below it.

        `run(A, x, timeout=t)` is `agent(A, timeout=t)` on `x`: `timeout` is in seconds (`None`: no
        bound). The first event is the `task_started` of the root, the last its ending; its error is
        then raised. Leaving the iteration early cancels the run, as does `abort(run_id)`.

        At most `buffer_size` events wait for a slow consumer; then, with `overflow="block"`, it
        slows the agents down; with `"drop_oldest"` events are lost, and `dropped` counts them.
        Raises `TypeError` or `ValueError` for wrong arguments.
        """
        flow: AnyFlow = agent(leaf, timeout=timeout)
        return self._stream(_evaluated, flow, input, run_id, buffer_size, overflow)

    def _stream(
        self,
        work: Callable[[Run, AnyFlow, Any, AnyPlace], Coroutine[Any, Any, Any]],
        flow: AnyFlow,
        input: Any,
        run_id: str | None,
        buffer_size: int,
        overflow: Overflow,
    ) -> EventStream:
        if run_id is not None:
            need_label("run", "run_id", run_id)
        outer = None if run_id is not None else current_span()
        if run_id is None:
            run_id = new_run_id() if outer is None else outer.trace.run_id
        stream = Stream(buffer_size, overflow)

        def begin(stream: Stream) -> tuple[Listening[Any], Job]:
            root = self._root()
            engine = root.engine
            listening: Listening[Any] = Listening(
                engine.scheduler,
                stream,
                outer=outer,
                run_id=run_id,
                tracer=engine.tracer,
                rooted=True,
            )

            async def evaluated() -> Any:
                _inside.set(_Inside(listening, _inside.get()))
                return await work(Run(flow, _home(root), self._run_beside), flow, input, root)

            self._listening[listening] = None
            job = listening.begin(evaluated)
            if job.done():
                del self._listening[listening]
            else:
                job.add_done_callback(lambda _: self._listening.pop(listening))
                self._keep(self._runs, listening, job)
            return listening, job

        return EventStream(run_id, stream, events_of(begin, stream))

    async def abort(self, run_id: str) -> None:
        """Cancel a run of `run` or `run_flow_stream`, side flows included; wait for its finalisers.

        Whatever works for it is interrupted at its next await; every open task ends in one
        `task_cancelled`. Harmless if there is no such run. An agent that aborts its own run does
        not wait for it.
        """
        need_label("abort", "run_id", run_id)
        own = _own_runs()
        waiting: list[Awaitable[Any]] = []
        for listening in list(self._listening):
            if listening.origin.trace.run_id == run_id:
                ends = listening.abandon(abort=True)
                waiting += [] if listening in own else ends
        ended = asyncio.gather(*waiting, return_exceptions=True)
        await asyncio.wait((ended,))

    def _root(self) -> AnyPlace:
        root = self.actors.root
        if self._closed or not root.is_alive:
            raise ActorStoppedError(root.path, "the system was shut down")
        return root

    def _keep(self, jobs: dict[object, Job], key: object, job: Job) -> None:
        jobs[key] = job
        job.add_done_callback(lambda _: jobs.pop(key, None))

    def _run_beside(self, side: Coroutine[Any, Any, Any]) -> None:
        span = current_span()
        origin = None if span is None else span.side()
        root = None if origin is None else origin.parent
        sides = None if root is None else root.trace.sides
        key = object()
        context = copy_context()
        context.run(_inside.set, _Inside(key, None))
        part = Part(current_place(), origin)
        context.run(current_message.set, part)
        task = asyncio.get_running_loop().create_task(side, context=context)
        self._sides[key] = task

        def ended(_: Job) -> None:
            part.over = True
            error: BaseException | None = None
            if not task.cancelled():
                error = task.exception()
            elif not task.cancelling():
                error = asyncio.CancelledError()
            if error is not None:
                error = carried(error)
                log.error("a side flow failed: %r", error, exc_info=error)
                if root is not None:
                    root.tell_at_once("side_failed", error)
            del self._sides[key]
            if origin is not None:
                origin.end()
            if sides is not None:
                sides.discard(task)

        if sides is not None:
            sides.add(task)
        task.add_done_callback(ended)

    @override
    def _nursery(self) -> AnyPlace:
        return self.actors.root

    @override
    def _top(self) -> Sequence[ActorRef[Any, Any]]:
        return self.actors.children

    @overload
    async def ask[M, R](
        self, target: ActorRef[M, R], message: M, *, timeout: float | None = 5.0
    ) -> R: ...
    @overload
    async def ask(self, target: str, message: Any, *, timeout: float | None = 5.0) -> Any: ...
    async def ask(
        self, target: ActorRef[Any, Any] | str, message: Any, *, timeout: float | None = 5.0
    ) -> Any:
        """Ask an agent or actor, by ref or path; as `ActorSystem.ask`."""
        return await self.actors.ask(target, message, timeout=timeout)

    @overload
    def ask_stream[M, R](
        self, target: ActorRef[M, R], message: M, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[R], None]: ...
    @overload
    def ask_stream(
        self, target: str, message: Any, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[Any], None]: ...
    def ask_stream(
        self, target: ActorRef[Any, Any] | str, message: Any, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[Any], None]:
        """Ask an agent or actor, by ref or path; as `ActorSystem.ask_stream`."""
        return self.actors.ask_stream(target, message, timeout=timeout)

    @overload
    async def tell[M](self, target: ActorRef[M, Any], message: M) -> None: ...
    @overload
    async def tell(self, target: str, message: Any) -> None: ...
    async def tell(self, target: ActorRef[Any, Any] | str, message: Any) -> None:
        """Tell an agent or actor, by ref or path; as `ActorSystem.tell`."""
        await self.actors.tell(target, message)

    def get_actor(self, path: str) -> ActorRef[Any, Any]:
        """The living actor at `path`; as `ActorSystem.get_actor`."""
        return self.actors.get_actor(path)

    async def shutdown(self, timeout: float = 10.0) -> int:
        """Wait for side flows up to `timeout` seconds, then cancel them and all that runs.

        Yields how many side flows had to be cancelled, and logs it. Harmless when repeated. Raises
        `TypeError` or `ValueError` if `timeout` is not a number of seconds, 0 or more.
        """
        need_seconds("shutdown", "timeout", timeout, zero=True)
        self._closed = True
        loop = asyncio.get_running_loop()
        interrupted = False
        deadline = loop.time() + timeout
        while (sides := _others(self._sides)) and loop.time() < deadline and not interrupted:
            interrupted = await _interrupted_wait(sides, deadline - loop.time())
        if sides:
            waited = timeout - max(deadline - loop.time(), 0.0)
            log.warning("shutdown cancelled %d side flows after %g s", len(sides), waited)
        left = [*sides, *_others(self._runs)]
        for job in left:
            job.cancel()
        interrupted |= await _interrupted_wait(left, timeout)
        if self._owned:
            await self.actors.shutdown(timeout)
        interrupted |= await _interrupted_wait(left, 1.0)  # for what that has interrupted
        left = [job for job in left if not job.done()]
        if left:
            log.error("shutdown gives up on %d flows: they go on in spite of it", len(left))
        if interrupted:
            raise asyncio.CancelledError
        return len(sides)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.shutdown()


def _own_runs() -> set[object]:
    """The runs and side flows that wait for the caller."""
    own: set[object] = set()
    run = _inside.get()
    while run is not None:
        own.add(run.key)
        run = run.outer
    return own


def _others(jobs: Mapping[object, Job]) -> list[Job]:
    """Those of `jobs` that have not ended, and do not wait for the caller."""
    own = _own_runs()
    return [job for key, job in jobs.items() if key not in own and not job.done()]


async def _interrupted_wait(jobs: Collection[Job], timeout: float) -> bool:
    """Wait until all have ended, but no longer; true if the caller was cancelled meanwhile."""
    pending = [job for job in jobs if not job.done()]
    if pending:
        try:
            await asyncio.wait(pending, timeout=timeout)
        except asyncio.CancelledError:
            return True
    return False


async def _evaluated(run: Run, flow: AnyFlow, input: Any, root: AnyPlace) -> Any:
    """The output of a flow; its events are those of its agents."""
    return await run.evaluate(flow, input)


async def _bracketed(run: Run, flow: AnyFlow, input: Any, root: AnyPlace) -> Any:
    """As `_evaluated`; the flow itself is a task, around those of its agents and side flows."""
    part = current_message.get()
    outer = None if part is None else part.span
    if part is None or outer is None:
        raise AssertionError("nobody listens to this flow")
    name = flow.node.label if isinstance(flow.node, Named) else ""
    span = await outer.begin(new_task_id(), name, root, None, input, kind="flow_started")
    if span is None:
        raise asyncio.CancelledError
    part.span = span
    if span.trace.tracer is not None:
        span.trace.tracer.enter(span.traced)  # for the rest of this task
    try:
        output = await run.evaluate(flow, input)
    except BaseException as error:
        await span.sides_ended()
        span.end("flow_failed", carried(error))
        raise
    else:
        await span.sides_ended()
        span.end("flow_completed", output)
        return output
    finally:
        span.finish()


async def _traced(run: Run, flow: AnyFlow, input: Any, root: AnyPlace) -> Any:
    """As `_bracketed`, for a tracer and nobody else; within a task, it is part of that."""
    outer = current_span()
    if outer is not None and outer.task is not None:
        return await run.evaluate(flow, input)
    origin = outer or Span(Trace(new_run_id(), None, root.engine.tracer, rooted=True), None)
    part = Part(current_place(), origin, current_message.get())
    current_message.set(part)
    try:
        return await _bracketed(run, flow, input, root)
    finally:
        part.over = True


def _home(root: AnyPlace) -> AnyPlace:
    """The parent of the agents of a run: the agent that started it, or the top of the system."""
    cell = current_place()
    return cell if cell is not None and cell.engine is root.engine and cell.is_alive else root


async def _end_of(job: Job, scheduler: Scheduler) -> None:
    """Wait until a run has ended; as waiting for the job, but no call is within another."""
    try:
        await until(scheduler, (job,), lambda _: True)
    except asyncio.CancelledError:
        if not job.cancelling():
            job.cancel()
        await all_ended((job,))
