"""Timers: messages that an actor sends to itself later (Akka's `TimerScheduler`).

A timer belongs to the instance that set it. Its message does not go through the mailbox, where it
would have to find room and could not be called back: it waits beside it, is handled next, and is
dropped if its timer has been cancelled meanwhile, or the actor has restarted.
"""

import asyncio
from collections.abc import Callable, Hashable
from typing import Any

from everything_is_an_actor.algebra.arguments import need_seconds
from everything_is_an_actor.runtime.letters import Signal

ROUNDING = 1e-6  # seconds: instants as close as this are the same


class Tick(Signal):
    """The message of a timer that has gone off."""

    __slots__ = ("timer",)

    def __init__(self, message: Any, timer: "Timer") -> None:
        super().__init__(message)
        self.timer = timer


class Timer:
    """One timer. It is dead once cancelled, or once its only message has been handed out."""

    __slots__ = ("count", "dead", "every", "handle", "key", "message", "start", "waits")

    def __init__(self, key: Hashable, message: Any, start: float, every: float | None) -> None:
        self.key = key
        self.message = message
        self.start = start
        self.every = every
        self.count = 0  # intervals that have passed
        self.handle: asyncio.TimerHandle | None = None
        self.waits = False  # its last message has not been handled
        self.dead = False


class Timers:
    """The timers of one actor, each known by its key; setting a key again replaces its timer.

    `message` is what the actor receives: a type of message of its own, hence the `Any`. The times
    are seconds, on the clock of the event loop. Raises `TypeError` or `ValueError` for what is not
    a number of seconds.

    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> from everything_is_an_actor.testing import run
    >>> class Clock(Actor[str, None]):
    ...     async def on_started(self) -> None:
    ...         self.context.timers.every("second", 1.0, "tick")
    ...         self.context.timers.once("end", 2.5, "bye")
    ...
    ...     async def on_receive(self, message: str) -> None:
    ...         print(message)
    ...         if message == "bye":
    ...             self.stop_self()
    >>> async def main() -> None:
    ...     async with ActorSystem() as system:
    ...         clock = await system.spawn(Clock, "clock")
    ...         await clock.join()
    >>> run(main())
    tick
    tick
    bye
    """

    __slots__ = ("_closed", "_deliver", "_loop", "_timers")

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Callable[[Tick], None]) -> None:
        self._loop = loop
        self._deliver = deliver
        self._closed = False
        self._timers: dict[Hashable, Timer] = {}

    def once(self, key: Hashable, delay: float, message: Any) -> None:
        """Send `message` once, after `delay` seconds."""
        need_seconds("timers.once", "delay", delay, zero=True)
        timer = Timer(key, message, self._loop.time(), None)
        self._set(timer, timer.start + delay)

    def every(self, key: Hashable, interval: float, message: Any) -> None:
        """Send `message` every `interval` seconds, the first time after one of them.

        The instants are multiples of the interval. A message that has not been handled by the next
        instant is not sent a second time.
        """
        need_seconds("timers.every", "interval", interval)
        timer = Timer(key, message, self._loop.time(), interval)
        self._set(timer, timer.start + interval)

    def cancel(self, key: Hashable) -> None:
        """Its message will not be received any more; harmless if there is no such timer."""
        timer = self._timers.pop(key, None)
        if timer is not None:
            _kill(timer)

    def cancel_all(self) -> None:
        """As `cancel`, of every key."""
        for key in list(self._timers):
            self.cancel(key)

    def is_active(self, key: Hashable) -> bool:
        """Whether a message of this key is still to come."""
        timer = self._timers.get(key)
        return timer is not None and not timer.dead

    def have_one_due(self, instant: float) -> bool:
        """Whether one goes off at that instant of the loop's clock, or before it."""
        return any(
            timer.handle is not None and timer.handle.when() <= instant + ROUNDING
            for timer in self._timers.values()
        )

    def close(self) -> None:
        """As `cancel_all`, for good: the actor has stopped."""
        self._closed = True
        self.cancel_all()

    def _set(self, timer: Timer, due: float) -> None:
        if self._closed:
            raise RuntimeError(f"timer {timer.key!r} would never end: its actor has stopped")
        self.cancel(timer.key)
        self._timers[timer.key] = timer
        timer.handle = self._loop.call_at(due, self._go_off, timer)

    def _go_off(self, timer: Timer) -> None:
        if timer.every is not None:
            timer.count += 1
            now = self._loop.time()
            while (due := timer.start + (timer.count + 1) * timer.every) <= now:
                timer.count += 1  # the loop was held up for so long
            timer.handle = self._loop.call_at(due, self._go_off, timer)
        if not timer.waits:
            timer.waits = True
            self._deliver(Tick(timer.message, timer))

    def accept(self, tick: Tick) -> bool:
        """Whether `tick`, now taken out of its queue, is to be handled."""
        timer = tick.timer
        timer.waits = False
        if timer.dead:
            return False
        if timer.every is None:
            timer.dead = True
            del self._timers[timer.key]
        return True


def _kill(timer: Timer) -> None:
    timer.dead = True
    if timer.handle is not None:
        timer.handle.cancel()
