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

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.failure import add_note, is_recoverable
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import AtLeast, Each, FirstCompleted, Race, ZipAll
from everything_is_an_actor.runtime.scheduler import (
    STEPS_BETWEEN_RESTS,
    Linked,
    Scheduler,
    all_ended,
    carried,
)

log = logging.getLogger("everything_is_an_actor")

LATE = "while it was cancelled"

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
    """The error by which an ended job has failed, if it has.

    To be asked once: what a cancellation has noted on it is told the first time only.
    """
    try:
        return job.exception()
    except asyncio.CancelledError as cancelled:
        return cancelled


def note_late(bearer: BaseException, raised: Iterable[tuple[str, BaseException]]) -> None:
    """Note on `bearer` what was raised by those that were cancelled: never lost, however deep."""
    known = set(getattr(bearer, "__notes__", ()))
    for who, late in raised:
        if isinstance(late, asyncio.CancelledError):
            notes = [note for note in getattr(late, "__notes__", ()) if note.startswith(LATE)]
        else:
            notes = [f"{LATE}, {who} raised {shown(carried(late))}"]
        for note in notes:
            if note not in known:
                known.add(note)
                add_note(bearer, note)


@dataclass(frozen=True, slots=True)
class Joined:
    """Children that have all ended.

    `order` numbers those that it took to decide, in order of time: the last of them did. `given_up`
    numbers those that were then cancelled.
    """

    jobs: Sequence[Job]
    order: Sequence[int]
    given_up: Sequence[int] = ()
    called: str = "flow {}"
    """What a child is called by its number, in a note."""

    def failure(self, error: BaseException) -> ChildFailed:
        """`error` as the outcome, with what else was raised."""
        return ChildFailed(self.noted(error))

    def noted[E: BaseException](self, error: E) -> E:
        """`error`, on which is noted what children raised while they were cancelled."""
        found = ((self.called.format(i), error_of(self.jobs[i])) for i in self.given_up)
        late = ((who, e) for who, e in found if not (e is None or e is error))
        note_late(carried(error), late)
        return error

    def success(self, value: Any) -> Any:
        """`value` as the outcome: what else was raised has no error to be noted on."""
        for i, late in self._late_errors():
            who = self.called.format(i)
            log.warning("while it was cancelled, %s raised %r", who, late, exc_info=late)
        return value

    def fatal(self) -> int | None:
        """The first, of those that it did not take, with an error that no handler may see."""
        seen = {*self.order, *[i for i in self.given_up if self.jobs[i].cancelled()]}
        for i, job in enumerate(self.jobs):
            if i not in seen and has_died(job):
                return i
        return None

    def let_fatal_errors_through(self) -> None:
        """Raise an error that no handler may see, if there is one."""
        fatal = self.fatal()
        error = None if fatal is None else error_of(self.jobs[fatal])
        if error is not None:
            raise self.failure(error)

    def _late_errors(self) -> list[tuple[int, BaseException]]:
        """What children raised while they were cancelled, other than their cancellation."""
        found = ((i, self.jobs[i]) for i in self.given_up if not self.jobs[i].cancelled())
        return [(i, error) for i, job in found if (error := job.exception()) is not None]


async def start_all(scheduler: Scheduler, starting: Iterable[Job]) -> list[Job]:
    """Every child, started: none is looked at before the last has begun."""
    jobs: list[Job] = []
    try:
        for job in starting:
            jobs.append(job)
            if scheduler.spent >= STEPS_BETWEEN_RESTS and scheduler.tired:
                await scheduler.rest()
    except BaseException as error:
        given_up, _ = await _give_up(jobs, ())
        left = Joined(jobs, (), given_up)
        left.let_fatal_errors_through()
        left.noted(error)
        raise
    return jobs


async def _give_up(
    jobs: Sequence[Job], order: Sequence[int], told: Sequence[int] = ()
) -> tuple[list[int], bool]:
    """Cancel those that still run and are not in `order`, and wait for the end of all.

    Yields which they were, with those that were `told` before, whose finalisers are not to be
    interrupted, and whether the caller was cancelled meanwhile.
    """
    known = {*order, *told}
    given_up = [i for i, job in enumerate(jobs) if i not in known and job.cancel()]
    cancelled = await all_ended(jobs)
    for job in jobs:  # asyncio would complain of an error that is nobody's outcome
        if not job.cancelled():
            job.exception()
    return sorted([*told, *given_up]), cancelled


async def join(
    scheduler: Scheduler,
    jobs: Sequence[Job],
    decider: Callable[[], Decider],
    called: str = "flow {}",
) -> Joined:
    """Wait until every child has ended or one decides the outcome, then cancel the others.

    `decider` makes what is told of each end, in order of time, until it says that the outcome is
    decided. When this returns or raises, every child has ended. A child with an error that goes
    through every handler decides also when its turn was over.
    """
    at_once = [i for i, job in enumerate(jobs) if job.done()]
    decides = decider()
    order, decided = _prefix(jobs, at_once, decides)
    if not decided and len(order) < len(jobs):
        now = scheduler.loop.time()
        ended = [(now, i) for i in at_once]
        await _decided(scheduler, jobs, decides, ended, called)
        order, _ = _prefix(jobs, [i for _, i in sorted(ended)], decider())
    if len(order) == len(jobs):
        return Joined(jobs, order, called=called)
    given_up, cancelled = await _give_up(jobs, order)
    joined = Joined(jobs, order, given_up, called)
    if has_died(jobs[order[-1]]):
        return joined
    fatal = joined.fatal()
    if fatal is not None:  # in a tie, or while it was cancelled: that decides
        return Joined(jobs, [*order, fatal], given_up, called)
    if cancelled:
        raise joined.noted(asyncio.CancelledError())
    return joined


def _prefix(jobs: Sequence[Job], ended: Iterable[int], decides: Decider) -> tuple[list[int], bool]:
    """The numbers of those that ended, up to the one that decides; and whether one does."""
    order: list[int] = []
    for i in ended:
        order.append(i)
        if decides(jobs[i]):
            return order, True
    return order, False


async def _decided(
    scheduler: Scheduler,
    jobs: Sequence[Job],
    decides: Decider,
    ended: list[tuple[float, int]],
    called: str,
) -> None:
    """Wait for the decision; `ended` learns of every end, with its time."""
    loop = scheduler.loop
    missing = len(jobs) - len(ended)
    decision = Linked(scheduler, jobs)
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
        order = [i for _, i in ended]
        given_up, _ = await _give_up(jobs, order, decision.passed_on)
        left = Joined(jobs, (), given_up, called)  # one that has ended may have died, too
        left.let_fatal_errors_through()
        left.noted(cancelled)
        raise
    finally:
        for job in numbers:
            job.remove_done_callback(end)


def decider(node: Concurrent) -> Decider:
    """What decides the outcome of a node."""
    match node:
        case ZipAll() | Each():
            return has_failed
        case Race():
            return lambda job: not has_failed(job) or has_died(job)
        case FirstCompleted():
            return lambda job: True
        case AtLeast(stop_early=False):
            return has_died
        case AtLeast(n, flows):
            return _quorum(n, len(flows))


def fail_fast() -> Decider:
    """The first failure decides."""
    return has_failed


def has_failed(job: Job) -> bool:
    """Whether an ended job has failed."""
    return job.cancelled() or job.exception() is not None


def has_died(job: Job) -> bool:
    """Whether an ended job has failed in a way that goes through every handler."""
    if job.cancelled():
        return True
    error = job.exception()
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
