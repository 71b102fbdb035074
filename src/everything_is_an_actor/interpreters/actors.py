"""The meaning of a flow on actors: one loop with an explicit continuation stack.

The machine has a node to evaluate (or none, when a value has just been computed), a value, and a
stack of frames. A frame `(node, where, saved)` says what remains to be done with the value of a
sub-flow: it is the node that waits for it, the way to that node, and what it has to remember (its
input, or how often it has gone round). One turn of the loop goes

* *down*, when there is a node: a leaf or a function gives the next value; a node with a source
  leaves a frame and makes way for its source;
* *up*, when there is a value: the topmost frame takes it, and gives a value or a node;
* to a *handler*, when there was an error: frames are dropped down to the first that handles it.

With the value goes who has made it: the tasks of the agents whose outputs it was made of, for a
tracer that wants to know what an agent follows. A leaf makes a value alone; a concurrent node joins
the makers of its children, which a traced job leaves in its context (`made_by`); what goes back to
an earlier value goes back to its makers. Without a tracer there are none, ever.

So depth costs memory on a list, and never stack; a chain of functions is a chain of calls; and a
flow needs no preparation, its first run is like any other.

What runs beside the machine runs in eager tasks: an agent, a branch of a concurrent node (a
machine of its own, unless it is just an agent), the inside of a timeout. The concurrent nodes all
follow one rule, told in `children.py`: start every child, wait until the outcome is decided, cancel
what is left, and go on only when all have ended. A machine that is cancelled cancels its children,
waits for them, and handles no more errors: whatever they raise meanwhile passes through.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Any, assert_never

from everything_is_an_actor.algebra.failure import (
    AllFailedError,
    FlowTimeoutError,
    QuorumError,
    is_handled_by,
    is_recoverable,
)
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import (
    Absolve,
    AndThen,
    AtLeast,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    Each,
    FallbackTo,
    Filter,
    FirstCompleted,
    FlatMap,
    Guard,
    Identity,
    Leaf,
    Loop,
    LoopWithState,
    Map,
    Match,
    Named,
    Notify,
    Pure,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Tap,
    Timeout,
    Traverse,
    ZipAll,
)
from everything_is_an_actor.algebra.path import AnyNode, Where, annotate, into_bound, into_next
from everything_is_an_actor.algebra.steps import (
    absolved,
    as_error,
    chosen_case,
    chosen_flow,
    elements,
    failed,
    initial_state,
    loop_step,
    passed,
    sequence,
    stateful_step,
    succeeded,
)
from everything_is_an_actor.algebra.structure import head
from everything_is_an_actor.algebra.values import Continue, QuorumResult
from everything_is_an_actor.interpreters.children import (
    ChildFailed,
    Concurrent,
    Job,
    Joined,
    decider,
    error_of,
    fail_fast,
    join,
    note_late,
    start_all,
)
from everything_is_an_actor.runtime.agent import start_agent
from everything_is_an_actor.runtime.place import AnyPlace
from everything_is_an_actor.runtime.scheduler import ENDS_OF_PROGRAM, STEPS_BETWEEN_RESTS, Fatal
from everything_is_an_actor.runtime.span import Span, made_by

type Frame = tuple[AnyNode, Where, Any]
type Makers = tuple[Span, ...]
type Ended = list[tuple[int, BaseException | None]]
type Background = Callable[[Coroutine[Any, Any, Any]], object]


class Run:
    """One run of one flow: its agents are children of `parent`."""

    __slots__ = ("_background", "_flow", "_is_traced", "_parent", "_root", "_scheduler")

    def __init__(self, flow: AnyFlow, parent: AnyPlace, background: Background) -> None:
        """`background` starts a side flow, which outlives the run."""
        self._flow = flow
        self._root = flow.node
        self._parent = parent
        self._background = background
        self._scheduler = parent.engine.scheduler
        self._is_traced = parent.engine.tracer is not None

    async def evaluate(
        self, flow: AnyFlow, value: Any, where: Where = None, makers: Makers = ()
    ) -> Any:
        """The value of `flow` on `value`, or its error; `where` is the way to it."""
        scheduler, is_traced = self._scheduler, self._is_traced
        task = asyncio.current_task()
        assert task is not None
        stack: list[Frame] = []
        node: AnyNode | None = flow.node
        frame: AnyNode = flow.node
        here = where
        saved: Any
        job: Job | None
        steps = 0
        while True:
            try:
                while True:
                    # By identity, since a class pattern that matches makes a set and a list.
                    if node is None:
                        pass
                    elif type(node) is Leaf:
                        job = start_agent(self._parent, node, value, self._root, here, makers)
                        value = job.result() if job.done() else await self._result(job)
                        if is_traced:
                            makers = _makers((job,))
                        if scheduler.spent >= STEPS_BETWEEN_RESTS and scheduler.tired:
                            await scheduler.rest()
                    elif type(node) is FlatMap or type(node) is Map:
                        stack.append((node, here, None))
                        node = node.source.node
                        continue
                    elif type(node) is Pure:
                        value = node.fn(value)
                    else:
                        match node:
                            case Loop():
                                stack.append((node, here, 1))
                                here, node = (here, node, 0), node.body.node
                                continue
                            case Match():
                                i = chosen_case(node, value)
                                here, node = (here, node, i), node.flows[i].node
                                continue
                            case Named():
                                here, node = (here, node, 0), node.source.node
                                continue
                            case Retry():
                                stack.append((node, here, (value, makers, 0)))
                                here, node = (here, node, 0), node.source.node
                                continue
                            case LoopWithState():
                                value = (value, initial_state(node))
                                stack.append((node, here, 1))
                                here, node = (here, node, 0), node.body.node
                                continue
                            case Identity():
                                pass
                            case ZipAll() | Each() | Race() | FirstCompleted() | AtLeast():
                                value, makers = await self._concurrent(node, value, here, makers)
                            case Traverse():
                                value, makers = await self._traverse(node, value, here, makers)
                            case Timeout():
                                value, makers = await self._within(node, value, here, makers)
                                if scheduler.tired:
                                    await scheduler.rest()
                            case _:  # what has a source, and has something to do after it
                                stack.append((node, here, (value, makers)))
                                here, node = (here, node, 0), node.source.node
                                continue
                    node = None
                    if not stack:
                        if is_traced:
                            made_by.set(makers)
                        return value
                    steps += 1
                    if steps >= STEPS_BETWEEN_RESTS:
                        steps = 0
                        await scheduler.rest()
                    frame, here, saved = stack.pop()
                    if type(frame) is FlatMap:
                        here, node = into_next(here, frame), frame.next.node
                    elif type(frame) is Map:
                        value = frame.fn(value)
                    else:
                        match frame:
                            case Loop():
                                step = loop_step(frame, value, saved)
                                value = step.value
                                if isinstance(step, Continue):
                                    stack.append((frame, here, saved + 1))
                                    here, node = (here, frame, 0), frame.body.node
                            case LoopWithState():
                                step, state = stateful_step(frame, value, saved)
                                value = step.value
                                if isinstance(step, Continue):
                                    value = (value, state)
                                    stack.append((frame, here, saved + 1))
                                    here, node = (here, frame, 0), frame.body.node
                            case Recover() | RecoverWith() | FallbackTo() | Retry():
                                pass
                            case Attempt():
                                value = succeeded(value)
                            case Absolve():
                                value = absolved(value)
                            case Bind():
                                chosen = chosen_flow(frame, value)
                                here, node = into_bound(here, frame, chosen), chosen.node
                                value, makers = saved
                            case BranchOn():
                                i = 1 if frame.predicate(value) else 2
                                here = (here, frame, i)
                                node = (frame.then if i == 1 else frame.otherwise).node
                            case Filter():
                                value = passed(frame, value, frame.predicate(value))
                            case AndThen():
                                frame.fn(value)
                            case Guard():
                                if isinstance(saved, Kept):
                                    value = passed(frame, saved.value, value)
                                    makers = saved.makers
                                else:
                                    stack.append((frame, here, Kept(value, makers)))
                                    here, node = (here, frame, 1), frame.check.node
                            case Tap():
                                if isinstance(saved, Kept):
                                    value, makers = saved.value, saved.makers
                                else:
                                    stack.append((frame, here, Kept(value, makers)))
                                    here, node = (here, frame, 1), frame.side.node
                            case Notify():
                                self._start_side(frame.side, value, (here, frame, 1), makers)
                            case DivertTo():
                                if frame.when(value):
                                    self._start_side(frame.side, value, (here, frame, 1), makers)
                            case (
                                Leaf() | Pure() | Identity() | Match() | Named() | Timeout()
                                | ZipAll() | Each() | Race() | FirstCompleted() | AtLeast()
                                | Traverse()
                            ):  # fmt: skip
                                raise AssertionError(f"{head(frame)} leaves no frame")
                            case _ as unreachable:
                                assert_never(unreachable)
            except ChildFailed as child:
                error = child.error  # the child has noted already where it happened
            except BaseException as own:
                error = as_error(own)
                if isinstance(error, Exception):
                    annotate(error, self._root, here, frame if node is None else node)
            # -------------------------------------------------------------------- to a handler
            job = None
            if (
                not is_recoverable(error)
                or task.cancelling()
                or (handler := _handler(stack, error)) is None
            ):
                try:
                    raise Fatal(error) if isinstance(error, ENDS_OF_PROGRAM) else error
                finally:  # its traceback holds this frame, and must not lead back to it
                    del error, task
            frame, here, saved = handler
            node, value, makers = None, error, ()
            steps += 1
            if steps >= STEPS_BETWEEN_RESTS or scheduler.tired:
                steps = 0
                await scheduler.rest()
            match frame:
                case Attempt():
                    value = failed(error)
                case Recover():
                    node = Pure(frame.handler)
                case RecoverWith():
                    here, node = (here, frame, 1), frame.handler.node
                case FallbackTo():
                    here, node = (here, frame, 1), frame.fallback.node
                    value, makers = saved
                case Retry():
                    value, makers, tries = saved
                    stack.append((frame, here, (value, makers, tries + 1)))
                    here, node = (here, frame, 0), frame.source.node
                    delay = frame.backoff.delay(tries)
                    if delay > 0:
                        await asyncio.sleep(delay)
                case _:
                    raise AssertionError(f"{head(frame)} handles no errors")
            del error

    # ---------------------------------------------------------------------- children

    def _start(self, flow: AnyFlow, value: Any, where: Where, makers: Makers) -> Job:
        node = flow.node
        if isinstance(node, Leaf):
            return start_agent(self._parent, node, value, self._root, where, makers)
        return self._scheduler.start(self.evaluate(flow, value, where, makers))

    async def _result(self, job: Job) -> Any:
        """The result of a job that has not ended; it is cancelled with its machine."""
        try:
            value = await job
        finally:
            del job  # the traceback of its error holds this frame
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # the job went on in spite of it
            raise asyncio.CancelledError
        return value

    def _start_side(self, flow: AnyFlow, value: Any, where: Where, makers: Makers) -> None:
        top = self._parent
        while top.parent is not None:
            top = top.parent
        beside = Run(self._flow, top, self._background)
        self._background(beside.evaluate(flow, value, where, makers))

    # ---------------------------------------------------------------------- concurrent nodes

    async def _concurrent(
        self, node: Concurrent, value: Any, here: Where, makers: Makers
    ) -> tuple[Any, Makers]:
        """The value of a node that gives an input to every one of its flows, and its makers."""
        flows = node.flows
        inputs = elements(node, value) if isinstance(node, Each) else (value,) * len(flows)
        ways: list[Where] = [(here, node, i) for i in range(len(flows))]
        starting = map(self._start, flows, inputs, ways, repeat(makers))
        jobs = await start_all(self._scheduler, starting)
        joined = await join(self._scheduler, jobs, partial(decider, node))
        ended = [(i, self._noted(jobs[i], flows[i], ways[i])) for i in joined.order]
        if isinstance(node, (ZipAll, Each)):
            return self._product(joined, ended)
        last, error = ended[-1]
        if error is not None and not is_recoverable(error):
            raise joined.failure(error)
        match node:
            case FirstCompleted() | Race():
                if error is None:
                    return joined.success(jobs[last].result()), self._joined((jobs[last],))
                if isinstance(node, FirstCompleted):
                    raise joined.failure(error)
                raise AllFailedError(_in_flow_order(ended))
            case AtLeast():
                kept = [jobs[i] for i, error in sorted(ended, key=_number) if error is None]
                values = tuple([job.result() for job in kept])
                result = QuorumResult(values, _in_flow_order(ended))
                if len(values) < node.n:
                    raise joined.noted(QuorumError(node.n, len(flows), result))
                return joined.success(result), self._joined(kept)
            case _ as unreachable:
                assert_never(unreachable)

    async def _traverse(
        self, node: Traverse[AnyFlow], value: Any, here: Where, makers: Makers
    ) -> tuple[Any, Makers]:
        """The values of the body on each element: a child for each, or `bound` that share them."""
        body, items, bound = node.body, sequence(node, value), node.max_concurrency
        if bound is None or bound >= len(items):
            ways: list[Where] = [(here, node, i) for i in range(len(items))]
            starting = map(self._start, repeat(body), items, ways, repeat(makers))
            jobs = await start_all(self._scheduler, starting)
            joined = await join(self._scheduler, jobs, fail_fast)
            return self._product(
                joined, [(i, self._noted(jobs[i], body, ways[i])) for i in joined.order]
            )
        results: list[Any] = [None] * len(items)
        made: list[Makers] = [()] * len(items)
        waiting = enumerate(items)
        failing = False

        async def work() -> None:
            nonlocal failing
            for i, item in waiting:
                try:
                    results[i] = await self.evaluate(body, item, (here, node, i), makers)
                    made[i] = made_by.get()
                except BaseException:
                    failing = True
                    raise
                if failing:
                    return
                self._scheduler.spent += 1
                if self._scheduler.tired:
                    await self._scheduler.rest()

        workers = (self._scheduler.start(work()) for _ in range(bound))
        jobs = await start_all(self._scheduler, workers)
        joined = await join(self._scheduler, jobs, fail_fast)
        self._product(joined, [(i, error_of(jobs[i])) for i in joined.order])
        return tuple(results), _merged(made)

    def _product(self, joined: Joined, ended: Ended) -> tuple[tuple[Any, ...], Makers]:
        """All the values, and their makers; or the error that decided, as itself."""
        error = ended[-1][1] if ended else None
        if error is not None:
            raise joined.failure(error)
        return tuple([job.result() for job in joined.jobs]), self._joined(joined.jobs)

    def _joined(self, jobs: Sequence[Job]) -> Makers:
        return _makers(jobs) if self._is_traced else ()

    async def _within(
        self, node: Timeout[AnyFlow], value: Any, here: Where, makers: Makers
    ) -> tuple[Any, Makers]:
        """The value of the source, unless it is cancelled for its time."""
        loop = self._scheduler.loop
        deadline = loop.time() + node.seconds
        way: Where = (here, node, 0)
        job = self._start(node.source, value, way, makers)
        expired = False
        if not job.done():

            def expire() -> None:
                nonlocal expired
                expired = not job.cancelling() and job.cancel()

            timer = loop.call_at(deadline, expire)
            try:
                await join(self._scheduler, (job,), fail_fast)
            finally:
                timer.cancel()
        error = self._noted(job, node.source, way)
        if expired:
            timed_out = FlowTimeoutError(node.seconds, head(node.source.node))
            if error is not None:
                if not (is_recoverable(error) or isinstance(error, asyncio.CancelledError)):
                    raise ChildFailed(error)
                note_late(timed_out, [("it", error)])
            raise timed_out
        if error is not None:
            raise ChildFailed(error)
        return job.result(), self._joined((job,))

    def _noted(self, job: Job, flow: AnyFlow, way: Where) -> BaseException | None:
        """The error of an ended child; a machine has noted where it happened, an agent has not."""
        error = error_of(job)
        if isinstance(error, Exception) and isinstance(flow.node, Leaf):
            annotate(error, self._root, way, flow.node)
        return error


class Kept:
    """A value that waits in a frame, with its makers, while a side flow or a check runs on it."""

    __slots__ = ("makers", "value")

    def __init__(self, value: Any, makers: Makers) -> None:
        self.value = value
        self.makers = makers


def _handler(stack: list[Frame], error: Exception) -> Frame | None:
    """The innermost frame that handles `error`; the frames within it are dropped."""
    while stack:
        frame = stack.pop()
        match frame[0]:
            case Attempt() | Recover() | RecoverWith() | FallbackTo():
                return frame
            case Retry(times=times, on=on):
                if frame[2][2] < times and is_handled_by(on, error):
                    return frame
            case _:
                pass
    return None


def _makers(jobs: Sequence[Job]) -> Makers:
    """Who has made the outputs of traced jobs that have ended, in order."""
    return _merged(job.get_context().get(made_by, ()) for job in jobs)


def _merged(makers: Iterable[Makers]) -> Makers:
    return tuple(dict.fromkeys(span for each in makers for span in each))


def _number(ended: tuple[int, BaseException | None]) -> int:
    return ended[0]


def _in_flow_order(ended: Ended) -> tuple[Exception, ...]:
    errors = (error for _, error in sorted(ended, key=_number))
    return tuple(error for error in errors if error is not None and is_recoverable(error))
