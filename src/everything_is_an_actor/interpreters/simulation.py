"""Coroutines on virtual time, without an event loop: what the pure interpreters run on.

A queue of what is ready and a heap of what comes later. A coroutine waits for a `Promise`, and is
put in the queue again when that is kept. Nothing else happens, and nothing takes time but a
`sleep`: when the queue is empty, the clock jumps to the next instant at which something is due. So
a run is a function of the program.

Independent coroutines follow the rule of `children.py`, in its order: each runs to its first wait
before the next begins, the first error in time is the error of all, ties count from the left.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Sequence
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any, override

from everything_is_an_actor.algebra.failure import is_recoverable
from everything_is_an_actor.algebra.fold_map import Interpreter
from everything_is_an_actor.algebra.operations import ActorOp
from everything_is_an_actor.interpreters.children import note_late

type Work = Coroutine[Any, Any, Any]


class Promise:
    """A value or an error that is not there yet: what a coroutine waits for."""

    __slots__ = ("_simulation", "_waiting", "error", "is_kept", "value")

    def __init__(self, simulation: "Simulation") -> None:
        self._simulation = simulation
        self._waiting: Callable[[], None] | None = None
        self.is_kept = False
        self.value: Any = None
        self.error: BaseException | None = None

    def keep(self, value: Any = None, error: BaseException | None = None) -> None:
        """Let whoever waits go on, by the value or the error; once."""
        if not self.is_kept:
            self.is_kept, self.value, self.error = True, value, error
            if self._waiting is not None:
                self._simulation.ready.append(self._waiting)

    def keep_now(self) -> None:
        """As `keep`, and let whoever waits go on before everything that is ready."""
        self.is_kept = True
        if self._waiting is not None:
            self._waiting()

    def wake(self, waiting: Callable[[], None] | None) -> None:
        """Who waits, if it is somebody."""
        self._waiting = waiting

    def __await__(self) -> Generator["Promise", None, Any]:
        if not self.is_kept:
            yield self
        if self.error is not None:
            raise self.error
        return self.value


class Decision(Promise):
    """What one who waits for several jobs waits for: his cancellation is theirs, at once."""

    __slots__ = ("jobs",)

    def __init__(self, simulation: "Simulation", jobs: "Sequence[Job]") -> None:
        super().__init__(simulation)
        self.jobs = jobs


class Job:
    """A coroutine that runs: where it is, and how it ended."""

    __slots__ = ("_at", "_interrupted", "_simulation", "_work", "end", "is_cancelled")

    def __init__(self, simulation: "Simulation", work: Work) -> None:
        self._simulation = simulation
        self._work = work
        self._at: Promise | None = None  # none before it has begun
        self._interrupted = False
        self.is_cancelled = False
        self.end = Promise(simulation)

    def cancel(self) -> None:
        """Have it go on by a `CancelledError`, once, and whatever it waits for."""
        pending = [self]
        while pending:
            job = pending.pop()
            at = job._at
            if job.end.is_kept or job.is_cancelled:
                continue
            job.is_cancelled = True
            if at is not None and not at.is_kept:
                at.wake(None)
                job._simulation.ready.append(job.go_on)
            if isinstance(at, Decision):
                pending += reversed(at.jobs)

    def go_on(self) -> None:
        """Run to the next wait, or the end."""
        before, self._simulation.running = self._simulation.running, self
        try:
            if self.is_cancelled and not self._interrupted:
                self._interrupted = True
                self._at = self._work.throw(asyncio.CancelledError())
            else:
                self._at = self._work.send(None)
            self._at.wake(self.go_on)
        except StopIteration as end:
            self.end.keep(end.value)
        except BaseException as error:
            self.end.keep(error=error)
        finally:
            self._simulation.running = before


class Simulation:
    """One run: its queue, and its clock in seconds."""

    __slots__ = ("_later", "_serial", "now", "ready", "running")

    def __init__(self) -> None:
        self.ready: deque[Callable[[], None]] = deque()
        self.now = 0.0
        self.running: Job | None = None
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = count()

    @property
    def is_cancelled(self) -> bool:
        """Whether the coroutine that runs has been cancelled."""
        return self.running is not None and self.running.is_cancelled

    def run(self, work: Work) -> Any:
        """The value of `work`; what it raises is raised. It is what it is: hence the `Any`."""
        job = Job(self, work)
        self.ready.append(job.go_on)
        while not job.end.is_kept:
            if not self.ready:
                if not self._later:
                    raise RuntimeError("nothing will ever happen: the program waits for itself")
                self.now = self._later[0][0]
                while self._later and self._later[0][0] <= self.now:
                    self.ready.append(heappop(self._later)[2])
            self.ready.popleft()()
        if job.end.error is not None:
            raise job.end.error
        return job.end.value

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        over = Promise(self)
        if seconds > 0:
            heappush(self._later, (self.now + seconds, next(self._serial), over.keep))
        else:
            self.ready.append(over.keep)
        await over

    async def together(self, branches: Sequence[Work]) -> list[Any]:
        """The values of all, or the first error in time; none is left when this ends."""
        jobs = [Job(self, branch) for branch in branches]
        ended: list[tuple[float, int]] = []
        decided = Decision(self, jobs)
        given_up = False

        def end(i: int) -> None:
            ended.append((self.now, i))
            if len(ended) == len(jobs) or (jobs[i].end.error is not None and not given_up):
                decided.keep()

        started = Promise(self)
        self.ready.appendleft(started.keep_now)
        self.ready.extendleft(job.go_on for job in reversed(jobs))
        await started
        for i, job in enumerate(jobs):
            if job.end.is_kept:
                end(i)
            else:
                job.end.wake(partial(end, i))
        cancelled: BaseException | None = None
        try:
            await decided
        except asyncio.CancelledError as error:
            cancelled = error
        failed: BaseException | None = None
        taken: set[int] = set()
        for _, i in sorted(ended):
            taken.add(i)
            failed = None if cancelled else jobs[i].end.error
            if failed is not None:
                break
        given_up = True
        left = [i for i, job in enumerate(jobs) if not job.end.is_kept]
        for job in jobs:
            job.cancel()
        while len(ended) < len(jobs):
            decided = Decision(self, ())  # by the last end
            try:
                await decided
            except asyncio.CancelledError as error:
                cancelled = error
        if failed is None and cancelled is None:
            return [job.end.value for job in jobs]
        others = [(i, job.end.error) for i, job in enumerate(jobs) if i not in taken]
        fatal = [failed, *(error for _, error in others)]
        outcome = next(filter(_is_fatal, fatal), cancelled or failed)
        assert outcome is not None
        late = [(i, error) for i, error in others if i in left and error is not outcome]
        note_late(outcome, ((f"par[{i}]", error) for i, error in late if error is not None))
        raise outcome


def _is_fatal(error: BaseException | None) -> bool:
    """Whether a branch has ended in a way that goes before every other error."""
    return not (error is None or is_recoverable(error) or isinstance(error, asyncio.CancelledError))


class Simulated(Interpreter[ActorOp]):
    """What the interpreters that run on a simulation have in common."""

    __slots__ = ("_simulation",)

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    @override
    async def together(self, branches: Sequence[Work]) -> Sequence[Any]:
        return await self._simulation.together(branches)

    @override
    def is_cancelled(self) -> bool:
        return self._simulation.is_cancelled
