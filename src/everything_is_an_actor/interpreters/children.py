"""Structured concurrency: the children of one concurrent node.

One rule for all: every child is started; then the node waits until the outcome is decided; then
what is left is cancelled; and the node goes on only when every child has ended, its cleanup
included (Sústrik 2016, "Structured concurrency"; trio's nurseries). The nodes differ only in what
decides.

Time is that of the event loop. Children that ended at the same instant count from the left.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from everything_is_an_actor.algebra.failure import is_recoverable
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import AtLeast, Each, FirstCompleted, Race, ZipAll
from everything_is_an_actor.runtime.scheduler import Scheduler, all_ended

log = logging.getLogger("everything_is_an_actor")

type Job = asyncio.Task[Any]
type Concurrent = (
    ZipAll[AnyFlow] | Each[AnyFlow] | Race[AnyFlow] | FirstCompleted[AnyFlow] | AtLeast[AnyFlow]
)
type Decider = Callable[[Job], bool]


class ChildFailed(BaseException):
    """Carries the error of a child, which says already where in the flow it happened."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


def error_of(job: Job) -> BaseException | None:
    """The error by which an ended job has failed, if it has."""
    return asyncio.CancelledError() if job.cancelled() else job.exception()


@dataclass(frozen=True, slots=True)
class Joined:
    """Children that have all ended; `order` numbers those that did before all was decided."""

    jobs: Sequence[Job]
    order: Sequence[int]

    def late_errors(self) -> list[tuple[int, BaseException]]:
        """What children raised while they were cancelled, other than their cancellation."""
        in_time = set(self.order)
        late = ((i, job) for i, job in enumerate(self.jobs) if i not in in_time)
        found = ((i, error_of(job)) for i, job in late if not job.cancelled())
        return [(i, error) for i, error in found if error is not None]

    def failure(self, error: BaseException) -> ChildFailed:
        """`error` as the outcome: what else was raised is noted on it, not lost."""
        for i, late in self.late_errors():
            error.add_note(f"while it was cancelled, flow {i} raised {late!r}")
        return ChildFailed(error)

    def success(self, value: Any) -> Any:
        """`value` as the outcome: what else was raised has no error to be noted on."""
        for i, late in self.late_errors():
            log.warning("while it was cancelled, flow %d raised %r", i, late, exc_info=late)
        return value


async def start_all(scheduler: Scheduler, starting: Iterable[Job]) -> list[Job]:
    """Every child, started: none is looked at before the last has begun."""
    jobs: list[Job] = []
    try:
        for job in starting:
            jobs.append(job)
            if scheduler.tired:
                await scheduler.rest()
    except BaseException:
        await cancel_all(jobs)
        raise
    return jobs


async def cancel_all(jobs: Sequence[Job]) -> bool:
    """Cancel, and wait for the end; true if the caller was cancelled meanwhile."""
    for job in jobs:
        job.cancel()
    return await all_ended(jobs)


async def join(loop: asyncio.AbstractEventLoop, jobs: Sequence[Job], decides: Decider) -> Joined:
    """Wait until every child has ended or one decides the outcome, then cancel the others.

    When this returns or raises, every child has ended. An error that goes through every handler,
    raised by a child that was cancelled, is raised here.
    """
    now = loop.time()
    ended = [(now, i) for i, job in enumerate(jobs) if job.done()]
    if len(ended) == len(jobs):
        return Joined(jobs, range(len(jobs)))
    if not any(decides(jobs[i]) for _, i in ended):
        await _decided(loop, jobs, decides, ended)
    joined = Joined(jobs, [i for _, i in sorted(ended)])
    if len(ended) < len(jobs):
        in_time = set(joined.order)
        if await cancel_all([job for i, job in enumerate(jobs) if i not in in_time]):
            raise asyncio.CancelledError
        for _, late in joined.late_errors():
            if not is_recoverable(late):
                raise ChildFailed(late)
    return joined


async def _decided(
    loop: asyncio.AbstractEventLoop,
    jobs: Sequence[Job],
    decides: Decider,
    ended: list[tuple[float, int]],
) -> None:
    """Wait for the decision; `ended` learns of every end, with its time."""
    missing = len(jobs) - len(ended)
    decision = loop.create_future()
    numbers = {job: i for i, job in enumerate(jobs) if not job.done()}

    def end(job: Job) -> None:
        nonlocal missing
        if not decision.done():
            missing -= 1
            ended.append((loop.time(), numbers[job]))
            if decides(job) or not missing:
                decision.set_result(None)
        elif not decision.cancelled() and ended[-1][0] == loop.time():  # a tie
            ended.append((loop.time(), numbers[job]))

    for job in numbers:
        job.add_done_callback(end)
    try:
        await decision
    except asyncio.CancelledError as cancelled:
        await cancel_all(jobs)
        for i, late in Joined(jobs, ()).late_errors():
            cancelled.add_note(f"while it was cancelled, flow {i} raised {late!r}")
        raise
    finally:
        for job in numbers:
            job.remove_done_callback(end)


def decider(node: Concurrent) -> Decider:
    """What decides the outcome of a node, told of each child that ends, in order of time."""
    match node:
        case ZipAll() | Each():
            return has_failed
        case Race():
            return lambda job: error_of(job) is None or has_died(job)
        case FirstCompleted():
            return lambda job: True
        case AtLeast(stop_early=False):
            return has_died
        case AtLeast(n, flows):
            return _quorum(n, len(flows))


def has_failed(job: Job) -> bool:
    """Whether an ended job has failed."""
    return error_of(job) is not None


def has_died(job: Job) -> bool:
    """Whether an ended job has failed in a way that goes through every handler."""
    error = error_of(job)
    return error is not None and not is_recoverable(error)


def _quorum(n: int, k: int) -> Decider:
    successes = failures = 0

    def decides(job: Job) -> bool:
        nonlocal successes, failures
        if has_died(job):
            return True
        if has_failed(job):
            failures += 1
        else:
            successes += 1
        return successes >= n or failures > k - n

    return decides
