"""Deadlines of asks, without a timer each.

Almost every ask is answered long before its time is up, and almost all have one of a few timeouts.
Those with the same timeout are due in the order in which they began: a queue for each timeout, and
one timer for its head, are enough. An ask that is answered just leaves the queue; the timer is left
alone, and armed again, when it goes off, for whoever is first by then.

Rejected: `asyncio.timeout` for each (3 to 4 µs); a heap of deadlines (the cancelled stay in it).
"""

import asyncio
from collections import OrderedDict
from contextvars import Context
from math import isnan

from everything_is_an_actor.runtime.errors import AskTimeoutError
from everything_is_an_actor.runtime.letters import Request

TIMERS = 64  # kept armed for nobody, at most


class Line:
    """The requests that have to be answered within the same number of seconds."""

    __slots__ = ("_deadlines", "_loop", "_seconds", "_timer", "_waiting")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, seconds: float, deadlines: "Deadlines"
    ) -> None:
        self._loop = loop
        self._seconds = seconds
        self._deadlines = deadlines
        self._waiting: OrderedDict[Request, float] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    def join(self, request: Request) -> None:
        """From now on the time of `request` runs."""
        due = self._loop.time() + self._seconds
        self._waiting[request] = due
        if self._timer is None:
            self._arm(due)

    def leave(self, request: Request) -> None:
        """Nobody waits for `request` any longer."""
        self._waiting.pop(request, None)
        if not self._waiting and self._deadlines.have_enough:
            self.close()

    def close(self) -> None:
        """Give up the timer, if nobody waits."""
        if not self._waiting:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._deadlines.forget(self._seconds)

    def _arm(self, due: float) -> None:
        # In no context: the timer outlives the ask, and would keep the asker's message and task.
        self._timer = self._loop.call_at(due, self._go_off, context=Context())

    def _go_off(self) -> None:
        assert self._timer is not None  # this is its callback
        now = max(self._timer.when(), self._loop.time())
        self._timer = None
        while self._waiting:
            request, due = next(iter(self._waiting.items()))
            if due > now:
                self._arm(due)
                return
            del self._waiting[request]
            if not request.answered:
                request.withdrawn = True
                path = "" if request.recipient is None else request.recipient.path
                request.fail(AskTimeoutError(path, self._seconds))
        self.close()


class Deadlines:
    """The lines of one event loop, by their seconds."""

    __slots__ = ("_limit", "_lines", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lines: dict[float, Line] = {}
        self._limit = TIMERS

    def within(self, seconds: float) -> Line:
        """The line of all that has to be answered within so many seconds.

        Raises `TypeError` or `ValueError` for what is no number; one below 0 is as 0.
        """
        line = self._lines.get(seconds)
        if line is None:
            if isinstance(seconds, bool) or not isinstance(seconds, int | float):
                raise TypeError(
                    f"ask: timeout must be a number of seconds or None, got {seconds!r}"
                )
            if isnan(seconds):
                raise ValueError("ask: timeout must be a number of seconds or None, got nan")
            line = self._lines[seconds] = Line(self._loop, seconds, self)
        return line

    def forget(self, seconds: float) -> None:
        """Nobody waits in that line."""
        self._lines.pop(seconds, None)

    @property
    def have_enough(self) -> bool:
        """Whether a line in which nobody waits should give up its timer at once."""
        return len(self._lines) > self._limit

    def close(self) -> None:
        """Give up the timers of lines in which nobody waits, now and from now on."""
        self._limit = 0
        for line in list(self._lines.values()):
            line.close()
