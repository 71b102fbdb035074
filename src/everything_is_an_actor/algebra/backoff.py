"""A deterministic backoff schedule, as data."""

from dataclasses import dataclass

from everything_is_an_actor.algebra.arguments import need_number, need_seconds


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before each new attempt, in seconds.

    `delay(i) = min(initial * factor ** i, maximum)` for the i-th new attempt, counted from 0.

    Raises `ValueError` for a negative or infinite `initial`, a `factor` below 1, or a `maximum`
    below `initial`; `TypeError` for what is not a number.

    >>> schedule = Backoff(0.1, factor=2.0, maximum=0.5)
    >>> [schedule.delay(i) for i in range(4)]
    [0.1, 0.2, 0.4, 0.5]
    """

    initial: float = 0.0
    factor: float = 2.0
    maximum: float = 60.0

    def __post_init__(self) -> None:
        need_seconds("Backoff", "initial", self.initial, zero=True)
        need_seconds("Backoff", "maximum", self.maximum, zero=True)
        need_number("Backoff", "factor", self.factor, least=1)
        if self.maximum < self.initial:
            raise ValueError(
                f"Backoff: maximum must be at least initial, "
                f"got initial={self.initial!r}, maximum={self.maximum!r}"
            )

    def delay(self, attempt: int) -> float:
        """The seconds to wait before the new attempt number `attempt` (0 is the first)."""
        try:
            return min(self.initial * float(self.factor) ** attempt, self.maximum)
        except OverflowError:  # factor ** attempt is past the largest float
            return self.maximum if self.initial else 0.0
