"""`AgentSystem`: an actor system that runs flows."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection, Coroutine, Mapping, Sequence
from contextvars import ContextVar, copy_context
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, cast, overload, override

from everything_is_an_actor.agents.discovery import Directory
from everything_is_an_actor.algebra.arguments import need_seconds, shown
from everything_is_an_actor.algebra.failure import is_recoverable
from everything_is_an_actor.algebra.flow import Flow, need_flow
from everything_is_an_actor.interpreters.actors import Run
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.runtime.events import Span, Stream, TaskEvent
from everything_is_an_actor.runtime.letters import Part, current_message
from everything_is_an_actor.runtime.place import AnyPlace, current_place
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Fatal, all_ended, carried
from everything_is_an_actor.runtime.spawner import Spawner
from everything_is_an_actor.runtime.system import ActorSystem
from everything_is_an_actor.runtime.task import new_task_id

log = logging.getLogger("everything_is_an_actor")

type Job = asyncio.Task[Any]

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

    def __init__(self, actor_system: ActorSystem | str | None = None) -> None:
        """`actor_system`: the system to run on, or the name of a new one (`agent-system`)."""
        if not isinstance(actor_system, ActorSystem | str | None):
            raise TypeError(
                "AgentSystem: actor_system must be an ActorSystem or a name, "
                f"got {shown(actor_system)} ({type(actor_system).__name__})"
            )
        owned = not isinstance(actor_system, ActorSystem)
        name = actor_system if isinstance(actor_system, str) else "agent-system"
        self._owned = owned
        self.actors = actor_system if isinstance(actor_system, ActorSystem) else ActorSystem(name)
        self._runs: dict[object, Job] = {}
        self._sides: dict[object, Job] = {}
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
        job = root.engine.scheduler.start(run.evaluate(flow, input))
        _inside.reset(token)
        if not job.done():
            self._keep(self._runs, run, job)
            if inside.depth % LINKED == LINKED - 1:
                await _end_of(job)
        output = await _outcome(job)
        if root.engine.scheduler.tired:
            await root.engine.scheduler.rest()
        return cast(O, output)

    async def run_flow_stream[I, O](
        self, flow: Flow[I, O], input: I, *, run_id: str | None = None
    ) -> AsyncGenerator[TaskEvent, None]:
        """Run `flow` on `input`, and yield every event of every agent in it as it happens.

        The first event is `flow_started`, the last `flow_completed` with the output as its `data`,
        or `flow_failed` with the error; the error is then raised. Side flows of the run end before
        the last event. Leaving the iteration early cancels the run.
        """
        need_flow("run_flow_stream", "flow", flow)
        root = self._root()
        stream = Stream()
        task_id = new_task_id()
        span = Span(stream, run_id or f"run-{task_id}", task_id, root.path)
        job = asyncio.create_task(self._observed(flow, input, root, span))
        self._keep(self._runs, span, job)
        job.add_done_callback(lambda _: stream.close())
        try:
            async for event in stream:
                yield event
            await _outcome(job)
        finally:
            left_early = stream.abandoned = job.cancel()
            stream.close()
            interrupted = await all_ended((job,))
            error = None if job.cancelled() else job.exception()
            if left_early and error is not None:
                _given_up(error)
            if interrupted:
                raise asyncio.CancelledError

    async def _observed(self, flow: Flow[Any, Any], input: Any, root: AnyPlace, span: Span) -> Any:
        stream = span.stream
        part = Part(current_place(), span, current_message.get())
        current_message.set(part)
        _inside.set(_Inside(span, _inside.get()))
        await stream.put(span.event("flow_started", input))
        try:
            output = await Run(flow, _home(root), self._run_beside).evaluate(flow, input)
        except BaseException as error:
            here = asyncio.current_task()
            if here is None or not here.cancelling():  # else nobody waits for their events
                await _sides_of(stream)
            stream.put_nowait(span.event("flow_failed", carried(error)))
            raise
        finally:
            part.over = True
        await _sides_of(stream)
        stream.put_nowait(span.event("flow_completed", output))
        return output

    def _root(self) -> AnyPlace:
        root = self.actors.root
        if self._closed or not root.is_alive:
            raise ActorStoppedError(root.path, "the system was shut down")
        return root

    def _keep(self, jobs: dict[object, Job], key: object, job: Job) -> None:
        jobs[key] = job
        job.add_done_callback(lambda _: jobs.pop(key, None))

    def _run_beside(self, side: Coroutine[Any, Any, Any]) -> None:
        message = current_message.get()
        span = None if message is None else message.span
        key = object()
        context = copy_context()
        context.run(_inside.set, _Inside(key, None))
        beside = None if span is None else replace(span, beside=True)
        context.run(current_message.set, Part(current_place(), beside))
        task = asyncio.get_running_loop().create_task(side, context=context)
        self._sides[key] = task

        def ended(_: Job) -> None:
            error: BaseException | None = None
            if not task.cancelled():
                error = task.exception()
            elif not task.cancelling():
                error = asyncio.CancelledError()
            if error is not None:
                error = carried(error)
                log.error("a side flow failed: %r", error, exc_info=error)
                if span is not None:
                    span.stream.put_nowait(span.event("side_failed", error))
            del self._sides[key]
            if span is not None:
                span.stream.sides.discard(task)

        if span is not None:
            span.stream.sides.add(task)
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


def _others(jobs: Mapping[object, Job]) -> list[Job]:
    """Those of `jobs` that have not ended, and do not wait for the caller."""
    inside: set[object] = set()
    run = _inside.get()
    while run is not None:
        inside.add(run.key)
        run = run.outer
    return [job for key, job in jobs.items() if key not in inside and not job.done()]


async def _interrupted_wait(jobs: Collection[Job], timeout: float) -> bool:
    """Wait until all have ended, but no longer; true if the caller was cancelled meanwhile."""
    pending = [job for job in jobs if not job.done()]
    if pending:
        try:
            await asyncio.wait(pending, timeout=timeout)
        except asyncio.CancelledError:
            return True
    return False


async def _sides_of(stream: Stream) -> None:
    """Wait for the side flows of a run, and theirs, until all that happened to them is told."""
    while stream.sides:
        await asyncio.wait(stream.sides)


def _given_up(error: BaseException) -> None:
    """What to do with the error of a run for whose outcome nobody waits."""
    if not is_recoverable(error):
        raise carried(error)
    log.warning("while it was cancelled, a flow raised %r", error, exc_info=error)


def _home(root: AnyPlace) -> AnyPlace:
    """The parent of the agents of a run: the agent that started it, or the top of the system."""
    cell = current_place()
    return cell if cell is not None and cell.engine is root.engine and cell.is_alive else root


async def _end_of(job: Job) -> None:
    """Wait until a run has ended; as waiting for the job, but it is not linked to the caller."""
    try:
        await asyncio.wait((job,))
    except asyncio.CancelledError:
        job.cancel()
        await all_ended((job,))


async def _outcome(job: Job) -> Any:
    """What a run has come to, for the one who asked for it; it is cancelled with him."""
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
    raise carried
