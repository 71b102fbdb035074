"""`AgentSystem`: an actor system that runs flows."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine
from types import TracebackType
from typing import Any, Self, cast

from everything_is_an_actor.algebra.failure import is_recoverable
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.interpreters.actors import Run
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.runtime.events import Span, Stream, TaskEvent, current_span
from everything_is_an_actor.runtime.mailbox import MemoryMailbox
from everything_is_an_actor.runtime.place import AnyPlace, current_place
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Fatal, all_ended
from everything_is_an_actor.runtime.system import ActorSystem
from everything_is_an_actor.runtime.task import new_task_id

log = logging.getLogger("everything_is_an_actor")


class AgentSystem:
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
        owned = not isinstance(actor_system, ActorSystem)
        name = actor_system if isinstance(actor_system, str) else "agent-system"
        self._owned = owned
        self.actors = actor_system if isinstance(actor_system, ActorSystem) else ActorSystem(name)
        self._runs: set[asyncio.Task[Any]] = set()
        self._sides: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def run_flow[I, O](self, flow: Flow[I, O], input: I) -> O:
        """The output of `flow` on `input`.

        Raises the flow's own error, with a note of the path in the flow where it happened. When
        this returns or raises, everything that it started has ended, side flows excepted.
        Cancelling it cancels everything below. Raises `ActorStoppedError` after a shutdown.
        """
        root = self._root()
        run = Run(flow, _home(root), self._run_beside)
        job = root.engine.scheduler.start(run.evaluate(flow, input))
        if not job.done():
            self._runs.add(job)
            job.add_done_callback(self._runs.discard)
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
        root = self._root()
        stream = Stream()
        task_id = new_task_id()
        span = Span(stream, run_id or f"run-{task_id}", task_id, root.path)
        job = asyncio.create_task(self._observed(flow, input, root, span))
        self._runs.add(job)
        job.add_done_callback(self._runs.discard)
        job.add_done_callback(lambda _: stream.close())
        try:
            async for event in stream:
                yield event
            await _outcome(job)
        finally:
            stream.close()
            job.cancel()
            if await all_ended((job,)):
                raise asyncio.CancelledError

    async def _observed(self, flow: Flow[Any, Any], input: Any, root: AnyPlace, span: Span) -> Any:
        stream = span.stream
        current_span.set(span)
        sides: list[asyncio.Task[Any]] = []

        def beside(side: Coroutine[Any, Any, Any]) -> None:
            sides.append(self._run_beside(side))

        await stream.put(span.event("flow_started", input))
        try:
            output = await Run(flow, _home(root), beside).evaluate(flow, input)
        except BaseException as error:
            if not isinstance(error, asyncio.CancelledError):
                await self._end_of(sides)
            told = error.error if isinstance(error, Fatal) else error
            stream.put_nowait(span.event("flow_failed", told))
            raise
        await self._end_of(sides)
        stream.put_nowait(span.event("flow_completed", output))
        return output

    async def _end_of(self, sides: list[asyncio.Task[Any]]) -> None:
        """Wait for the side flows of a run, and theirs."""
        while pending := [side for side in sides if not side.done()]:
            await asyncio.wait(pending)

    def _root(self) -> AnyPlace:
        root = self.actors.root
        if self._closed or not root.is_alive:
            raise ActorStoppedError(root.path, "the system was shut down")
        return root

    def _run_beside(self, side: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(side)
        self._sides.add(task)
        task.add_done_callback(self._side_ended)
        return task

    def _side_ended(self, task: asyncio.Task[Any]) -> None:
        self._sides.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("a side flow failed: %r", error, exc_info=error)
            span = task.get_context().get(current_span)
            if span is not None:
                span.stream.put_nowait(span.event("side_failed", error))

    async def spawn[M, R](
        self,
        cls: type[Behaviour[M, R]],
        name: str,
        *,
        mailbox: MemoryMailbox | None = None,
        mailbox_size: int = 256,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> ActorRef[M, R]:
        """Start a long-lived agent or actor; as `ActorSystem.spawn`."""
        return await self.actors.spawn(
            cls, name, mailbox=mailbox, mailbox_size=mailbox_size, args=args, kwargs=kwargs
        )

    def get_actor(self, path: str) -> ActorRef[Any, Any]:
        """The living actor at `path`; as `ActorSystem.get_actor`."""
        return self.actors.get_actor(path)

    async def shutdown(self, timeout: float = 10.0) -> int:
        """Wait for side flows up to `timeout` seconds, then cancel them and all that runs.

        Yields how many side flows had to be cancelled, and logs it. Harmless when repeated.
        """
        self._closed = True
        cancelled = 0
        if self._sides:
            await asyncio.wait(self._sides, timeout=timeout)
            cancelled = len(self._sides)
            if cancelled:
                log.warning("shutdown cancelled %d side flows after %g s", cancelled, timeout)
        left = [*self._sides, *self._runs]
        for task in left:
            task.cancel()
        interrupted = await all_ended(left)
        if self._owned:
            await self.actors.shutdown(timeout)
        if interrupted:
            raise asyncio.CancelledError
        return cancelled

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.shutdown()


def _home(root: AnyPlace) -> AnyPlace:
    """The parent of the agents of a run: the agent that started it, or the top of the system."""
    cell = current_place.get()
    return cell if cell is not None and cell.engine is root.engine and cell.is_alive else root


async def _outcome(job: asyncio.Task[Any]) -> Any:
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
