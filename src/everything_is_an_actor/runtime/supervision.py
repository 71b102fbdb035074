"""Supervision: what a parent decides about a child that failed (Erlang/OTP supervisors, Akka)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol


class Directive(Enum):
    """The four things that can be done about a failed actor."""

    resume = "resume"
    restart = "restart"
    stop = "stop"
    escalate = "escalate"


class SupervisorStrategy(Protocol):
    """Decides on a failure, given when the earlier restarts of the child were.

    Whatever it decides, a `MemoryError` is never resumed: it stops the child.
    """

    def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
        """The directive for `error`; records a restart in `restarts`. Times in seconds."""
        ...


def _always_restart(error: Exception) -> Directive:
    return Directive.restart


@dataclass(frozen=True, slots=True)
class OneForOneStrategy:
    """Only the failed child is concerned.

    `decider` maps the error to a directive (default: restart). One restart more than
    `max_restarts` within `within_seconds` stops the child instead; `max_restarts=0` stops it at
    the first failure.

    Raises `ValueError` for a negative `max_restarts` or a window that is not above zero.

    >>> strategy = OneForOneStrategy(max_restarts=1, within_seconds=60.0)
    >>> restarts: list[float] = []
    >>> [strategy.decide(ValueError(), restarts, now).value for now in (0.0, 1.0, 100.0)]
    ['restart', 'stop', 'restart']
    """

    max_restarts: int = 3
    within_seconds: float = 60.0
    decider: Callable[[Exception], Directive] = field(default=_always_restart)

    def __post_init__(self) -> None:
        if self.max_restarts < 0:
            raise ValueError(f"max_restarts must be at least 0, got {self.max_restarts}")
        if not self.within_seconds > 0:
            raise ValueError(f"within_seconds must be above 0, got {self.within_seconds}")

    def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
        """The directive for `error`, with the limit on restarts applied."""
        directive = self.decider(error)
        if not isinstance(directive, Directive):
            raise TypeError(f"a decider must return a Directive, got {directive!r}")
        if directive is Directive.restart:
            restarts[:] = [then for then in restarts if now - then < self.within_seconds]
            if len(restarts) >= self.max_restarts:
                return Directive.stop
            restarts.append(now)
        return directive
