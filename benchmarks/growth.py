"""How a cost grows with the size: ours at each size in a process of its own, all sizes in turn.

What is large is slow to reach: the more memory is in use, the less of it is near the processor, and
the more the cyclic collector has to look through. Plain asyncio pays for that as well: where ours
is not flat, the floor is measured at the same two sizes, and how much that grows is told beside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rich.table import Table
from rich.text import Text

from benchmarks.measuring import (
    Conditions,
    Contender,
    Samples,
    SideFailed,
    here,
    in_turn,
    one_here,
)
from benchmarks.report import amount, columns
from benchmarks.workload import OURS, Workload

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Growth:
    """The samples at every size, the least first."""

    workload: Workload
    sizes: Mapping[int, Samples]
    floor: Mapping[int, Samples] = field(default_factory=dict[int, Samples])
    """The same of the floor, at the middle size and the greatest, where ours is not flat."""

    @property
    def ratio(self) -> float:
        """Of the cost of one operation at the greatest size to that at the middle one."""
        return self.sizes[_greatest(self.sizes)].median / self.sizes[_middle(self.sizes)].median

    @property
    def floor_ratio(self) -> float | None:
        """The same of the floor, where it was asked."""
        medians = [samples.median for samples in self.floor.values()]
        return medians[-1] / medians[0] if medians else None

    @property
    def is_linear(self) -> bool:
        """Whether that has stayed the same."""
        return self.ratio <= self.workload.flat


async def measure_growth(name: str, workload: Workload, conditions: Conditions) -> Growth:
    """A workload at all sizes over which it is to grow.

    Raises `SideFailed`.
    """
    (ours,) = [each for each in here(name, workload) if each.name == OURS]
    floor = one_here(name, workload.grows_as)
    growth = Growth(workload, await _at(ours, workload.growth, workload, conditions))
    if growth.is_linear or floor is None:
        return growth
    two = _middle(growth.sizes), _greatest(growth.sizes)
    return replace(growth, floor=await _at(floor, two, workload, conditions))


async def _at(
    side: Contender, sizes: Sequence[int], workload: Workload, conditions: Conditions
) -> dict[int, Samples]:
    runs = [(side, size) for size in sizes]
    found: dict[int, Samples] = {}
    outcomes = await in_turn(runs, conditions, is_afresh=workload.is_afresh)
    for size, outcome in zip(sizes, outcomes, strict=True):
        if isinstance(outcome, SideFailed):
            raise outcome
        found[size] = outcome
    return found


def _middle(sizes: Mapping[int, Samples]) -> int:
    return list(sizes)[(len(sizes) - 1) // 2]


def _greatest(sizes: Mapping[int, Samples]) -> int:
    return list(sizes)[-1]


def table_of_growth(section: str, growths: Iterable[Growth]) -> Table:
    """One row for each size: what one operation costs, and the most memory of the process."""
    rows = columns(section)
    rows.add_column("workload", no_wrap=True)
    rows.add_column("per", no_wrap=True)
    for title in ("ours", "to middle", "peak"):
        rows.add_column(title, justify="right", no_wrap=True)
    rows.add_column("linear", no_wrap=True)
    for growth in growths:
        workload = growth.workload
        middle = growth.sizes[_middle(growth.sizes)]
        for size, samples in growth.sizes.items():
            is_last = size == _greatest(growth.sizes)
            rows.add_row(
                workload.called(size),
                workload.per,
                amount(samples.median, workload.unit),
                f"{samples.median / middle.median:.2f}x",
                f"{samples.peak / MEGABYTE:,.0f} MB",
                _verdict(growth) if is_last else "",
                end_section=is_last,
            )
    return rows


def _verdict(growth: Growth) -> Text:
    mark, style = ("✓", "green") if growth.is_linear else ("✗", "red")
    of_floor = growth.floor_ratio
    floor = "" if of_floor is None else f" ({growth.workload.grows_as}: {of_floor:.2f}x)"
    return Text(f"{mark} ≤ {growth.workload.flat:g}x{floor}", style=style)
