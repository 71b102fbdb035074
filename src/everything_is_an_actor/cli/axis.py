"""The time axis of a chart: from seconds to columns, and ticks at round times."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Final

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_STEPS: Final = (15.0, 30.0, 60.0, 120.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 21600.0, 43200.0)
_ROUNDED: Final = 1e-6
"""Of a column: 0.3 / 0.1 is 3."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A round time, by its column."""

    column: int
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """`width` columns for the time from `begin` to `end`, in seconds."""

    begin: float
    end: float
    width: int

    @property
    def seconds(self) -> float:
        """What it spans."""
        return max(self.end - self.begin, 0.0)

    def column(self, at: float) -> int:
        """The column of an instant; what lies beyond the axis is at its edge."""
        if not self.seconds:
            return 0
        place = (at - self.begin) / self.seconds * self.width
        return int(min(max(place, 0.0), self.width - 1) + _ROUNDED)

    def ticks(self) -> list[Tick]:
        """As many as have room for their labels, each of which begins at its column.

        >>> [(tick.column, tick.label) for tick in Axis(0.0, 0.02, 20).ticks()]
        [(0, '0'), (10, '10 ms')]
        """
        for step in _steps():
            ticks = self._every(step)
            ends = [tick.column + len(tick.label) for tick in ticks]
            if all(after.column > end + 1 for end, after in zip(ends, ticks[1:], strict=False)):
                return [t for t, end in zip(ticks, ends, strict=True) if end <= self.width]
        return []

    def _every(self, step: float) -> list[Tick]:
        if step * self.width < self.seconds:  # more than one in a column
            return [Tick(0, "0"), Tick(0, "0")]
        times = takewhile(lambda time: time <= self.seconds, (step * n for n in count()))
        ticks = [
            Tick(self.column(self.begin + time), _label(time, self.seconds, step)) for time in times
        ]
        return ticks if self.seconds else ticks[:1]


def _steps() -> Iterator[float]:
    """Round durations, ever longer: a clock's between a quarter of a minute and a day."""
    for power in range(-6, 1):
        yield from (digit * 10.0**power for digit in (1, 2, 5))
    yield 10.0
    yield from _STEPS
    for power in range(300):
        yield from (digit * _DAY * 10.0**power for digit in (1, 2, 5))


def _label(time: float, total: float, step: float) -> str:
    """A time on an axis of `total` seconds.

    >>> _label(0.015, 0.02, 0.005), _label(90, 300, 30), _label(7200, 90000, 3600)
    ('15 ms', '1:30 min', '2 h')
    """
    if not time:
        return "0"
    for unit, size in (("µs", 1e-6), ("ms", 1e-3), ("s", 1.0)):
        if total < {"µs": 1e-3, "ms": 1.0, "s": _MINUTE}[unit]:
            return f"{time / size:.6g} {unit}"
    seconds = round(time)
    if total < _HOUR:
        return (
            f"{seconds // 60}:{seconds % 60:02d} min" if step % _MINUTE else f"{seconds // 60} min"
        )
    if total < 2 * _DAY:
        minutes = seconds // 60
        return f"{minutes // 60}:{minutes % 60:02d} h" if step % _HOUR else f"{minutes // 60} h"
    return f"{time / _DAY:.6g} d"
