"""An event loop on virtual time: waiting takes no time, and every instant is exact.

A test of a timeout should neither wait for it nor guess how late it may be. Here the loop's clock
stands still while anything is ready to run, and jumps to the next timer when nothing is
("autojump", as in trio's MockClock and cats-effect's TestControl). So a sleep of an hour ends at
once, and what has happened by an instant does not depend on the machine.

How: an asyncio loop asks its selector to wait until the next timer is due. The selector here polls
real I/O without waiting, and lets the clock jump instead. Where nothing is ready, no timer is set
and neither I/O nor a thread is awaited, nothing will ever happen: that is a `DeadlockError`, not a
hang. While a thread of the loop's executor or of a dispatcher works, the clock stands still; real
I/O beside a timer is a race that the timer wins.
"""

import asyncio
import math
import selectors
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from concurrent.futures.thread import _worker  # what a thread of a pool runs
from contextvars import Context
from functools import partial, wraps
from heapq import heappop, heappush
from random import Random
from types import FrameType
from typing import Any, override

from everything_is_an_actor.algebra.failure import add_note
from everything_is_an_actor.testing.schedules import ShuffledQueue, replay_note

INSTANT = 1e-9  # seconds: what is closer together is rounding
LOOK = 0.01  # seconds of the real clock after which threads are looked at again: a thread that has
# woken the loop may be seen on its way back to its pool, and will not wake it a second time


class DeadlockError(RuntimeError):
    """Nothing is ready, no timer is set and nothing is awaited from outside.

    >>> async def forever() -> None:
    ...     await asyncio.Event().wait()
    >>> run(forever())  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    DeadlockError: nothing is ready to run, no timer is set, nothing is awaited
    """


class _JumpingSelector(selectors.BaseSelector):
    """A selector that lets virtual time pass instead of waiting; files and data are asyncio's."""

    def __init__(self, jump: Callable[[float], None], outside: Callable[[], bool]) -> None:
        self._real = selectors.DefaultSelector()
        self._jump = jump
        self._outside = outside

    @override
    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    @override
    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    @override
    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        while self._outside():
            ready = self._real.select(LOOK)
            if ready:
                return ready
        ready = self._real.select(0)  # a thread that ended just now may have woken the loop
        if ready:
            return ready
        if timeout is None:
            if len(self._real.get_map()) > 1:  # more than the loop's own wake-up call
                return self._real.select(None)
            raise DeadlockError("nothing is ready to run, no timer is set, nothing is awaited")
        self._jump(timeout)
        return []

    @override
    def close(self) -> None:
        self._real.close()

    @override
    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()


class VirtualClockLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` starts at 0.0 seconds and jumps from timer to timer.

    With a `schedule`, a seed, any task that is ready may be the next (`testing.schedules`).
    Running it raises `DeadlockError` where nothing will ever happen.

    >>> async def nap() -> float:
    ...     await asyncio.sleep(3600)
    ...     return asyncio.get_running_loop().time()
    >>> run(nap())
    3600.0
    """

    def __init__(self, *, schedule: int | None = None) -> None:
        self._now = 0.0
        self._instants: list[float] = []
        self._jobs = 0
        super().__init__(_JumpingSelector(self._jump, self._awaits_a_thread))
        if schedule is not None:
            self._ready = ShuffledQueue(Random(schedule))  # asyncio's own queue, a deque

    @override
    def time(self) -> float:
        return self._now

    @override
    def call_at[*Ts](
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        heappush(self._instants, when)
        return super().call_at(when, callback, *args, context=context)

    def _jump(self, seconds: float) -> None:
        """To the timer that is due in so many seconds: exactly, not by adding.

        Past half a year floats are coarser than `INSTANT`: then to the float after it.
        """
        target = self._now + seconds
        slack = max(INSTANT, 4 * math.ulp(target))
        while self._instants and self._instants[0] < target - slack:
            heappop(self._instants)
        near = bool(self._instants) and self._instants[0] <= target + slack
        self._now = self._instants[0] if near else target
        if self._now + INSTANT == self._now:  # asyncio asks whether a timer is before that
            self._now = math.nextafter(self._now, math.inf)

    @override
    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """As any loop does; time stands still until the job has ended."""
        future = super().run_in_executor(executor, func, *args)
        self._jobs += 1
        future.add_done_callback(self._job_ended)
        return future

    def _job_ended(self, future: asyncio.Future[Any]) -> None:
        self._jobs -= 1

    def _awaits_a_thread(self) -> bool:
        """Whether another thread may yet wake the loop; those of an idle pool will not."""
        if self._jobs:
            return True
        here = threading.current_thread()
        others = [t for t in threading.enumerate() if t is not here and not t.daemon]
        frames = sys._current_frames() if others else {}
        return any(not _is_idle(frames.get(thread.ident or 0)) for thread in others)


def _is_idle(frame: FrameType | None) -> bool:
    """Whether a thread waits for work from its pool, be it the loop's or that of a library."""
    return frame is not None and frame.f_code is _worker.__code__


def run[T](main: Coroutine[Any, Any, T], *, schedule: int | None = None) -> T:
    """Run `main` to its end on virtual time; as `asyncio.run`, and as fast as the work in it.

    With a `schedule`, a seed, any task that is ready may be the next; the same seed is the same
    order, and an error has a note that names it. Raises what `main` raises, and `DeadlockError`
    where it waits for what will never happen.

    >>> async def timed_out() -> float:
    ...     try:
    ...         await asyncio.wait_for(asyncio.sleep(10), timeout=2.5)
    ...     except TimeoutError:
    ...         return asyncio.get_running_loop().time()
    ...     raise AssertionError
    >>> run(timed_out())
    2.5

    >>> async def race() -> str:
    ...     order: list[str] = []
    ...
    ...     async def runner(name: str) -> None:
    ...         order.append(name)
    ...
    ...     await asyncio.gather(*map(runner, "abc"))
    ...     return "".join(order)
    >>> run(race()), sorted({run(race(), schedule=seed) for seed in range(50)})
    ('abc', ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
    """
    with asyncio.Runner(loop_factory=partial(VirtualClockLoop, schedule=schedule)) as runner:
        try:
            return runner.run(main)
        except Exception as error:
            if schedule is not None:
                add_note(error, replay_note(schedule))
            raise


def on_virtual_time[**P](test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Make of an asynchronous test a plain one that `run`s on virtual time.

    >>> @on_virtual_time
    ... async def test_an_hour_passes() -> None:
    ...     await asyncio.sleep(3600)
    ...     assert asyncio.get_running_loop().time() == 3600.0
    >>> test_an_hour_passes()
    """

    @wraps(test)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        run(test(*args, **kwargs))

    return wrapped
