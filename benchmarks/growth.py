"""How a cost grows with the size: ours at each size in a process of its own, all sizes in turn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from benchmarks.measuring import Conditions, Samples, SideFailed, here, in_turn
from benchmarks.report import amount, columns
from benchmarks.workload import OURS, Workload

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Growth:
    """The samples at every size, the least first."""

    workload: Workload
    sizes: Mapping[int, Samples]

    @property
    def ratio(self) -> float:
        """Of the cost of one operation at the greatest size to that at the middle one."""
        medians = [samples.median for samples in self.sizes.values()]
        return medians[-1] / medians[(len(medians) - 1) // 2]

    @property
    def is_linear(self) -> bool:
        """Whether that has stayed the same, as far as the machine allows."""
        return self.ratio <= self.workload.flat


async def measure_growth(name: str, workload: Workload, conditions: Conditions) -> Growth:
    """A workload at all sizes over which it is to grow.

    Raises `SideFailed`.
    """
    (ours,) = [each for each in here(name, workload) if each.name == OURS]
    runs = [(ours, size) for size in workload.growth]
    outcomes = await in_turn(runs, conditions, is_afresh=workload.is_afresh)
    sizes: dict[int, Samples] = {}
    for size, outcome in zip(workload.growth, outcomes, strict=True):
        if isinstance(outcome, SideFailed):
            raise outcome
        sizes[size] = outcome
    return Growth(workload, sizes)


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
        middle = list(growth.sizes.values())[(len(growth.sizes) - 1) // 2]
        for size, samples in growth.sizes.items():
            is_last = size == max(growth.sizes)
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
    return Text(f"{mark} ≤ {growth.workload.flat:g}x", style=style)
