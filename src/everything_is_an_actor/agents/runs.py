"""Runs: the flows that are under way in a system, those that are followed, and side flows.

A run is a task that is started in the step of its caller. It is cancelled with whoever waits for
it; a side flow, which nobody waits for, is the affair of the system, until its end.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any

from everything_is_an_actor.agents.observed import traced
from everything_is_an_actor.algebra.arguments import need_label
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.interpreters.actors import Run
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.runtime.letters import Part, current_message
from everything_is_an_actor.runtime.listening import (
    EventStream,
    Listening,
    current_span,
    outcome,
)
from everything_is_an_actor.runtime.place import AnyPlace, current_place
from everything_is_an_actor.runtime.scheduler import (
    STEPS_BETWEEN_RESTS,
    Scheduler,
    all_ended,
    carried,
    until,
)
from everything_is_an_actor.runtime.span import Span
from everything_is_an_actor.runtime.stream import Overflow, Stream
from everything_is_an_actor.runtime.system import System
from everything_is_an_actor.runtime.task import new_run_id

log = logging.getLogger("everything_is_an_actor")

type Job = asyncio.Task[Any]
type Work = Callable[[Run, AnyFlow, Any, AnyPlace], Coroutine[Any, Any, Any]]

# The runs and side flows that wait for whoever looks: a shutdown must not wait for them.
_inside: ContextVar["_Inside | None"] = ContextVar("_inside", default=None)

# So many runs within one another are cancelled in one go: a task passes its cancellation on to the
# task that it waits for by a call, and a thousand calls are too many.
LINKED = 64


class _Inside:
    """One run or side flow, and those that it is within.

    It is in the context of its task, which outlives the run: hence it knows neither.
    """

    __slots__ = ("depth", "outer")

    def __init__(self, outer: "_Inside | None") -> None:
        self.outer = outer
        self.depth: int = 0 if outer is None else outer.depth + 1


class Runs:
    """What is under way on an actor system."""

    def __init__(self, actors: System) -> None:
        self._actors = actors
        self._runs: dict[_Inside, Job] = {}
        self.sides: dict[_Inside, Job] = {}
        self._listening: dict[_Inside, Listening[Any]] = {}  # to those that are followed
        self._closed = False

    async def evaluate(self, flow: AnyFlow, input: Any) -> Any:
        """The output of a flow; who waits for it is the caller, whose cancellation is the run's."""
        root = self._root()
        run = Run(flow, _home(root), self._run_beside)
        inside = _Inside(_inside.get())
        token = _inside.set(inside)
        scheduler, tracer = root.engine.scheduler, root.engine.tracer
        work = run.evaluate(flow, input) if tracer is None else traced(run, flow, input, root)
        job = scheduler.start(work)
        _inside.reset(token)
        if not job.done():
            self._runs[inside] = job
            job.add_done_callback(partial(self._runs.pop, inside))  # `pop(inside, job)`: or nothing
            if inside.depth % LINKED == LINKED - 1:
                await _end_of(job, scheduler)
        try:
            output = await outcome(job)
        finally:
            del job  # an error's traceback leads here, and must not lead back
        if scheduler.spent >= STEPS_BETWEEN_RESTS and scheduler.tired:
            await scheduler.rest()
        return output

    def follow(
        self,
        work: Work,
        flow: AnyFlow,
        input: Any,
        run_id: str | None,
        buffer_size: int,
        overflow: Overflow,
    ) -> EventStream:
        """The events of a flow that is done as `work` says; it begins when they are asked for."""
        if run_id is not None:
            need_label("run", "run_id", run_id)
        outer = None if run_id is not None else current_span()
        if outer is not None and outer.ended:  # who left the caller behind has gone
            outer = None
        if run_id is None:
            run_id = new_run_id() if outer is None else outer.trace.run_id
        stream = Stream(buffer_size, overflow)

        begin = partial(self._begin, work, flow, input, outer, run_id, stream)
        return EventStream(run_id, stream, begin)

    def _begin(
        self,
        work: Work,
        flow: AnyFlow,
        input: Any,
        outer: Span | None,
        run_id: str,
        stream: Stream,
    ) -> Listening[Any]:
        root = self._root()
        engine = root.engine
        inside = _Inside(_inside.get())
        listening: Listening[Any] = Listening(
            engine.scheduler,
            stream,
            outer=outer,
            run_id=run_id,
            tracer=engine.tracer,
            rooted=True,
        )
        self._listening[inside] = listening
        listening.ended = partial(self._listening.pop, inside)
        run = Run(flow, _home(root), self._run_beside)
        token = _inside.set(inside)
        try:
            listening.begin(partial(work, run, flow, input, root))
        finally:
            _inside.reset(token)
        return listening

    async def abort(self, run_id: str) -> None:
        """Cancel what is followed under that id, and wait for its finalisers."""
        span = current_span()
        aborted = [each for each in self._listening.values() if each.origin.trace.run_id == run_id]
        is_own = any(span is not None and span.is_part_of(each.origin.trace) for each in aborted)
        waiting = [end for each in aborted for end in each.abandon(abort=True)]
        if not is_own:
            ended = asyncio.gather(*waiting, return_exceptions=True)
            await asyncio.wait((ended,))

    async def end(self, timeout: float, shutdown: Callable[[float], Awaitable[None]] | None) -> int:
        """Wait for side flows up to `timeout` seconds, then cancel them and all that runs.

        Then comes the `shutdown` of the system, if that is to end too. Yields how many side flows
        had to be cancelled.
        """
        self._closed = True
        loop = asyncio.get_running_loop()
        interrupted = False
        deadline = loop.time() + timeout
        while (sides := _others(self.sides)) and loop.time() < deadline and not interrupted:
            interrupted = await _interrupted_wait(sides, deadline - loop.time())
        if sides:
            waited = timeout - max(deadline - loop.time(), 0.0)
            flows = plural(len(sides), "side flow")
            log.warning("shutdown cancelled %d %s after %g s", len(sides), flows, waited)
        followed = {run: job for run, each in self._listening.items() if (job := each.job)}
        left = [*sides, *_others(self._runs), *_others(followed)]
        for job in left:
            job.cancel()
        interrupted |= await _interrupted_wait(left, timeout)
        if shutdown is not None:
            await shutdown(timeout)
        interrupted |= await _interrupted_wait(left, 1.0)  # for what that has interrupted
        left = [job for job in left if not job.done()]
        if left:
            flows = plural(len(left), "flow")
            log.error("shutdown gives up on %d %s still running in spite of it", len(left), flows)
        if interrupted:
            raise asyncio.CancelledError
        return len(sides)

    def _root(self) -> AnyPlace:
        root = self._actors.root
        if self._closed or not root.is_alive:
            raise ActorStoppedError(
                root.path, "the system was shut down: run inside its async with"
            )
        return root

    def _run_beside(self, side: Coroutine[Any, Any, Any]) -> None:
        span = current_span()
        origin = None if span is None else span.side()
        root = None if origin is None else origin.parent
        sides = None if origin is None else origin.trace.sides
        inside = _Inside(None)
        context = copy_context()
        context.run(_inside.set, inside)
        part = Part(current_place(), origin)
        context.run(current_message.set, part)
        task = asyncio.get_running_loop().create_task(side, context=context)
        self.sides[inside] = task

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
            del self.sides[inside]
            if origin is not None:
                origin.end()
            if sides is not None:
                sides.discard(task)

        if sides is not None:
            sides.add(task)
        task.add_done_callback(ended)


def _own_runs() -> set[_Inside]:
    """The runs and side flows that wait for the caller."""
    own: set[_Inside] = set()
    run = _inside.get()
    while run is not None:
        own.add(run)
        run = run.outer
    return own


def _others(jobs: Mapping[_Inside, Job]) -> list[Job]:
    """Those of `jobs` that have not ended, and do not wait for the caller."""
    own = _own_runs()
    return [job for run, job in jobs.items() if run not in own and not job.done()]


async def _interrupted_wait(jobs: Collection[Job], timeout: float) -> bool:
    """Wait until all have ended, but no longer; true if the caller was cancelled meanwhile."""
    pending = [job for job in jobs if not job.done()]
    if pending:
        try:
            await asyncio.wait(pending, timeout=timeout)
        except asyncio.CancelledError:
            return True
    return False


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
