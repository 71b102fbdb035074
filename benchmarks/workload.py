"""What is measured: a workload is data, its sides are the modules beside it.

A workload is a package in `benchmarks/workloads`. Each module in it is a *side*: `ours` does the
work with this library, `floor` with the least that plain asyncio needs, any other one with the
library of its name, a *peer*. A side is added by adding its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

OURS = "ours"
FLOOR = "floor"


class Bound(Protocol):
    """What a workload is to reach."""

    def is_kept(self, medians: Mapping[str, float]) -> bool | None:
        """Whether the medians of all sides keep it; None if one that it names is not there."""
        ...


@dataclass(frozen=True, slots=True)
class AtMost:
    """Ours is to be at most so many times another side."""

    times: float
    of: str = FLOOR

    def is_kept(self, medians: Mapping[str, float]) -> bool | None:
        """Whether it is."""
        of = medians.get(self.of)
        return None if of is None else medians[OURS] <= self.times * of

    def __str__(self) -> str:
        times = f"{self.times:g}" if self.times >= 1 else f"1/{1 / self.times:g}"
        return f"≤ {times}x {self.of}"


@dataclass(frozen=True, slots=True)
class Above:
    """Ours is to be at most so much above the floor."""

    amount: float

    def is_kept(self, medians: Mapping[str, float]) -> bool | None:
        """Whether it is."""
        floor = medians.get(FLOOR)
        return None if floor is None else medians[OURS] - floor <= self.amount

    def __str__(self) -> str:
        return f"≤ {FLOOR} + {self.amount:g}"


@dataclass(frozen=True, slots=True)
class Total:
    """Ours is to be at most so much."""

    amount: float

    def is_kept(self, medians: Mapping[str, float]) -> bool | None:
        """Whether it is."""
        return medians[OURS] <= self.amount

    def __str__(self) -> str:
        return f"≤ {self.amount:.3g}"


@dataclass(frozen=True, slots=True)
class Workload:
    """The same work, done by every side."""

    title: str
    """With `{size}`, if there is more than one."""
    per: str
    """What the amounts are for: a step, a message …"""
    reach: tuple[Bound, ...]
    sizes: tuple[int, ...] = (1,)
    """The sizes that the table shows: messages, actors, steps …"""
    peers: int | None = None
    """The size at which peers do the same."""
    growth: tuple[int, ...] = ()
    """The sizes over which the cost is to grow in proportion."""
    unit: Literal["µs", "bytes"] = "µs"

    def called(self, size: int) -> str:
        """Its title at a size."""
        return self.title.format(size=f"{size:,}")
