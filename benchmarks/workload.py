"""What is measured: a workload is data, its sides are the modules beside it.

A workload is a package in `benchmarks/workloads`. Each module in it is a *side*: `ours` does the
work with this library, `floor` the plain way with asyncio, one that a bound names does what ours is
compared with, and one with the name of another library, a *peer*, does the same with that. A side
is added by adding its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

OURS = "ours"
FLOOR = "floor"


class Bound(Protocol):
    """What a workload is to reach."""

    @property
    def sides(self) -> tuple[str, ...]:
        """Those that ours is compared with, the one that it is shown beside first."""
        ...

    def is_kept(self, medians: Mapping[str, float]) -> bool | None:
        """Whether the medians of all sides keep it; None if one that it names is not there."""
        ...


@dataclass(frozen=True, slots=True)
class AtMost:
    """Ours is to be at most so many times another side."""

    times: float
    of: str = FLOOR

    @property
    def sides(self) -> tuple[str, ...]:
        """The other side."""
        return (self.of,)

    def is_kept(self, medians: Mapping[str, float]) -> bool | None:
        """Whether it is."""
        of = medians.get(self.of)
        return None if of is None else medians[OURS] <= self.times * of

    def __str__(self) -> str:
        times = f"≤ {self.times:.3g}x"
        return times if self.of == FLOOR else f"{times} {self.of}"


@dataclass(frozen=True, slots=True)
class Above:
    """Ours is to be at most so much above the floor."""

    amount: float

    @property
    def sides(self) -> tuple[str, ...]:
        """The floor."""
        return (FLOOR,)

    def is_kept(self, medians: Mapping[str, float]) -> bool | None:
        """Whether it is."""
        floor = medians.get(FLOOR)
        return None if floor is None else medians[OURS] - floor <= self.amount

    def __str__(self) -> str:
        return f"≤ +{self.amount:g}"


@dataclass(frozen=True, slots=True)
class Total:
    """Ours is to be at most so much: a part of what something else took, once, somewhere."""

    amount: float

    @property
    def sides(self) -> tuple[str, ...]:
        """None."""
        return ()

    def is_kept(self, medians: Mapping[str, float]) -> bool | None:
        """Whether it is."""
        return medians[OURS] <= self.amount

    def __str__(self) -> str:
        return f"≤ {self.amount:.3g}"


def ahead_of(*peers: str, times: float = 1) -> tuple[AtMost, ...]:
    """Ours is to be at least so many times below each of them."""
    return tuple(AtMost(1 / times, of=peer) for peer in peers)


@dataclass(frozen=True, slots=True)
class Workload:
    """The same work, done by every side."""

    title: str
    """With `{size}`, if it has one."""
    per: str
    """What the amounts are for: a step, a message …"""
    reach: tuple[Bound, ...]
    """At every size."""
    sizes: tuple[int, ...] = (1,)
    """The sizes that the table shows: messages, actors, steps …"""
    reach_at: Mapping[int, tuple[Bound, ...]] = field(default_factory=dict[int, tuple[Bound, ...]])
    """What is to be reached at one size only."""
    peers: int | None = None
    """The size at which peers do the same."""
    ahead: tuple[AtMost, ...] = ()
    """Of which peers ours is to be how far ahead."""
    growth: tuple[int, ...] = ()
    """The sizes, in order, over which the cost is to grow in proportion."""
    flat: float = 1.25
    """How many times the cost of one operation at the middle size it may be at the greatest."""
    grows_as: str = FLOOR
    """The side whose growth is shown where ours is not flat: what plain asyncio pays as well."""
    unit: Literal["µs", "bytes"] = "µs"
    is_afresh: bool = False
    """Whether each round needs a process of its own: memory that was freed is used again."""
    is_heavy: bool = False
    """Whether it takes so long, or so much memory, that it is to be asked for: by its full name,
    or by `--heavy`."""

    def called(self, size: int) -> str:
        """Its title at a size."""
        return self.title.format(size=f"{size:,}")

    def bounds(self, size: int) -> tuple[Bound, ...]:
        """What is to be reached at a size."""
        return *self.reach, *self.reach_at.get(size, ())

    @property
    def against(self) -> str:
        """The side that ours is shown beside."""
        return next((side for bound in self.reach for side in bound.sides), FLOOR)

    @property
    def sides(self) -> tuple[str, ...]:
        """Those that are no peers."""
        named = (side for bound in self.reach for side in bound.sides)
        return tuple(dict.fromkeys([OURS, FLOOR, *named]))
