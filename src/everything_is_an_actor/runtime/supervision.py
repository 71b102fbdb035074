"""Supervision: what a parent decides about a child that failed (Erlang/OTP supervisors, Akka).

A strategy is a value: it maps an error, and the instants of the restarts so far, to a directive.
What the directive does to an actor is `incarnation.py`.
"""

import random
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol, override

from everything_is_an_actor.algebra.arguments import need_count, need_number, need_seconds

MAX_RESTARTS: Final = 3
WITHIN_SECONDS: Final = 60.0


class Directive(Enum):
    """The four things that can be done about a failed actor.

    `resume`: it keeps its state and goes on with the next message; `restart`: a new instance does;
    `stop`: it ends; `escalate`: it ends, and its parent fails with the same error. Akka's four.

    >>> def judge(error: Exception) -> Directive:
    ...     return Directive.resume if isinstance(error, ValueError) else Directive.restart
    >>> OneForOneStrategy(decider=judge).decide(ValueError("no such word"), [], now=0.0)
    <Directive.resume: 'resume'>
    """

    resume = "resume"
    restart = "restart"
    stop = "stop"
    escalate = "escalate"


class Delays(Protocol):
    """How long to wait before a restart: `RestartBackoff`, `Backoff`, or one of your own."""

    def delay(self, attempt: int, /) -> float:
        """The seconds before the restart number `attempt` within the window (0 is the first)."""
        ...


@dataclass(frozen=True, slots=True)
class RestartBackoff:
    """Restarts that wait, twice as long each time (Akka's `BackoffSupervisor`).

    `delay(i) = min(initial * 2 ** i, maximum) * (1 + r)`, in seconds, with `r` drawn anew from
    `[0, jitter]`, so that actors that failed together do not come back together.

    Raises `TypeError` or `ValueError` for what is not a number of seconds, a `maximum` below
    `initial`, or a negative `jitter`.

    >>> [RestartBackoff(0.5, 3.0).delay(i) for i in range(4)]
    [0.5, 1.0, 2.0, 3.0]
    >>> 0.5 <= RestartBackoff(0.5, 3.0, jitter=0.2).delay(0) <= 0.6
    True
    """

    initial: float = 0.1
    maximum: float = 60.0
    jitter: float = 0.0

    def __post_init__(self) -> None:
        need_seconds("RestartBackoff", "initial", self.initial, zero=True)
        need_seconds("RestartBackoff", "maximum", self.maximum, zero=True)
        need_number("RestartBackoff", "jitter", self.jitter, least=0)
        if self.maximum < self.initial:
            raise ValueError(
                "RestartBackoff: maximum must be at least initial, "
                f"got initial={self.initial!r}, maximum={self.maximum!r}"
            )

    def delay(self, attempt: int, /) -> float:
        """The seconds before the restart number `attempt` (0 is the first)."""
        exact = min(self.initial * 2.0 ** min(attempt, 1_000), self.maximum)
        return exact * (1 + random.uniform(0, self.jitter)) if self.jitter else exact


class SupervisorStrategy(ABC):
    """Decides on the failure of a child. `OneForOneStrategy` and `AllForOneStrategy` are such.

    A `MemoryError` is never resumed: where it would be, the child is stopped.

    >>> class Never(SupervisorStrategy):
    ...     def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
    ...         return Directive.stop
    >>> Never().decide(ValueError("no such word"), [], now=0.0)
    <Directive.stop: 'stop'>
    """

    __slots__ = ()

    @abstractmethod
    def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
        """The directive for `error`; records a restart in `restarts`. Times in seconds."""

    def judge(self, error: Exception, now: float) -> Directive:
        """The directive for `error`, were it the first: what counts if the actor has its own limit.

        That is `ActorConfig.max_restarts`, in place of any limit in here. Times in seconds.
        """
        return self.decide(error, [], now)

    def count_restart(self, restarts: list[float], now: float) -> bool:
        """Record in `restarts` the restart of a sibling; false if it is one too many for it."""
        restarts.append(now)
        return True

    def delay(self, restarts: list[float]) -> float:
        """The seconds to wait before a restart that `restarts` has recorded already."""
        return 0.0

    @property
    def concerns_siblings(self) -> bool:
        """Whether a restart or stop of the failed child is one of its siblings, too."""
        return False


def _always_restart(error: Exception) -> Directive:
    return Directive.restart


@dataclass(frozen=True, slots=True)
class OneForOneStrategy(SupervisorStrategy):
    """Only the failed child is concerned.

    `decider` maps the error to a directive (default: restart). One restart more than
    `max_restarts` within `within_seconds` stops the child instead; `max_restarts=0` stops it at
    the first failure. `backoff` delays restarts; messages wait meanwhile.

    Raises `TypeError` or `ValueError` for a negative `max_restarts`, or a window that is not above
    zero.

    >>> strategy = OneForOneStrategy(max_restarts=1, within_seconds=60.0)
    >>> restarts: list[float] = []
    >>> [strategy.decide(ValueError(), restarts, now).value for now in (0.0, 1.0, 100.0)]
    ['restart', 'stop', 'restart']
    """

    max_restarts: int = MAX_RESTARTS
    within_seconds: float = WITHIN_SECONDS
    decider: Callable[[Exception], Directive] = _always_restart
    backoff: Delays | None = None

    def __post_init__(self) -> None:
        name = type(self).__name__
        need_count(name, "max_restarts", self.max_restarts, least=0)
        need_seconds(name, "within_seconds", self.within_seconds)
        if not callable(self.decider):
            raise TypeError(f"{name}: decider must be a function, got {self.decider!r}")
        if self.backoff is not None and not hasattr(self.backoff, "delay"):
            raise TypeError(f"{name}: backoff must have a delay(attempt), got {self.backoff!r}")

    @override
    def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
        """The directive for `error`, with the limit on restarts applied."""
        directive = self._unlimited(error)
        if directive is Directive.restart and not self.count_restart(restarts, now):
            return Directive.stop
        return directive

    @override
    def judge(self, error: Exception, now: float) -> Directive:
        # What has never been restarted is stopped by one limit only.
        return self.decide(error, [], now) if self.max_restarts else self._unlimited(error)

    def _unlimited(self, error: Exception) -> Directive:
        directive = self.decider(error)
        if not isinstance(directive, Directive):
            raise TypeError(f"a decider must return a Directive, got {directive!r}")
        return directive

    @override
    def count_restart(self, restarts: list[float], now: float) -> bool:
        """Record a restart, unless it would be one more than `max_restarts` in the window."""
        return count_restart(restarts, now, self.max_restarts, self.within_seconds)

    @override
    def delay(self, restarts: list[float]) -> float:
        return 0.0 if self.backoff is None else self.backoff.delay(max(len(restarts) - 1, 0))


def count_restart(
    restarts: list[float], now: float, max_restarts: int, within_seconds: float
) -> bool:
    """Record a restart, unless it would be one more than `max_restarts` in the window."""
    # In order of time: to look at all of them costs too much where `max_restarts` is large.
    while restarts and now - restarts[0] >= within_seconds:
        del restarts[: bisect_left(restarts, now - within_seconds) or 1]
    if len(restarts) >= max_restarts:
        return False
    restarts.append(now)
    return True


@dataclass(frozen=True, slots=True)
class AllForOneStrategy(OneForOneStrategy):
    """What is done about the failed child is done to all its siblings (OTP's `one_for_all`).

    As `OneForOneStrategy` otherwise; `resume` and `escalate` concern the failed child only. A
    sibling first finishes the message in hand. The restart of a sibling counts as one of its own:
    if it would be one too many for any of them, all are stopped.

    >>> AllForOneStrategy(max_restarts=5).concerns_siblings
    True
    """

    @property
    @override
    def concerns_siblings(self) -> bool:
        return True
