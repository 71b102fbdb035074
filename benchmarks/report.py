"""What is printed of the measurements."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from benchmarks.machine import machine
from benchmarks.measuring import Conditions, Measurement
from benchmarks.workload import OURS


def headline(measured: str, conditions: Conditions) -> str:
    """What the figures of a run depend on, on one line."""
    of = machine()
    return (
        f"{of['implementation']} {of['python']}, {of['system']} {of['machine']}, "
        f"{of['cpus']} CPUs, commit {measured}; medians of {conditions.rounds} rounds"
    )


def table(section: str, measurements: Iterable[Measurement]) -> Table:
    """One row for each workload: amounts for one operation, their ratio, what is to be reached.

    What ours stands beside comes last: it takes the room that is left.
    """
    rows = columns(section)
    rows.expand = True
    rows.add_column("workload", no_wrap=True)
    rows.add_column("per", no_wrap=True)
    for title in ("ours", "beside", "ratio", "spread"):
        rows.add_column(title, justify="right", no_wrap=True)
    rows.add_column("reach", no_wrap=True)
    rows.add_column("which is", no_wrap=True, overflow="ellipsis", ratio=1)
    for measured in measurements:
        workload, medians = measured.workload, measured.medians
        other = measured.sides.get(workload.against)
        rows.add_row(
            workload.called(measured.size),
            workload.per,
            amount(medians[OURS], workload.unit),
            amount(medians[workload.against], workload.unit) if other else "",
            *_compared(measured, workload.against),
            _reached(measured),
            other.hello.is_ if other else "",
        )
    return rows


def table_of_peers(measured: Measurement) -> Table:
    """One row for each side of a workload, the quickest first."""
    workload, medians = measured.workload, measured.medians
    rows = columns(f"{workload.called(measured.size)}, per {workload.per}")
    rows.expand = True
    rows.add_column("by", no_wrap=True)
    for title in ("amount", "ours is", "spread"):
        rows.add_column(title, justify="right", no_wrap=True)
    rows.add_column("reach", no_wrap=True)
    rows.add_column("as", no_wrap=True, overflow="ellipsis", ratio=1)
    for name in sorted(medians, key=medians.__getitem__):
        side = measured.sides[name]
        rows.add_row(
            f"{name} {side.hello.version or ''}",
            amount(medians[name], workload.unit),
            *(_compared(measured, name) if name != OURS else ("", "")),
            _ahead(measured, name),
            side.hello.is_,
            style="bold" if name == OURS else "",
        )
    for name, reason in measured.failures.items():
        rows.add_row(name, "", "", "", "", f"failed: {reason}", style="red")
    return rows


def columns(title: str) -> Table:
    """A table without lines, whose columns are to be added."""
    return Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        title=title,
        title_justify="left",
        title_style="bold",
    )


def _compared(measured: Measurement, other: str) -> tuple[str, str]:
    ratio, spread = measured.ratio(other), measured.spread(other)
    if ratio is None or spread is None:
        return "", ""
    return times(ratio), "–".join(map(figures, spread))


def _reached(measured: Measurement) -> Text:
    """Each bound, and whether it is kept."""
    bounds = measured.workload.bounds(measured.size)
    marks = [_marked(str(bound), bound.is_kept(measured.medians)) for bound in bounds]
    return Text("  ").join(mark for mark in marks if mark)


def _ahead(measured: Measurement, peer: str) -> Text:
    """How far ahead of a peer ours is to be, and whether it is."""
    bounds = [bound for bound in measured.workload.ahead if bound.of == peer]
    marks = [
        _marked(f"≤ {times(bound.times)}", bound.is_kept(measured.medians)) for bound in bounds
    ]
    return Text("  ").join(marks)


def _marked(bound: str, is_kept: bool | None) -> Text:
    if is_kept is None:
        return Text()
    return Text(f"✓ {bound}", style="green") if is_kept else Text(f"✗ {bound}", style="red")


def times(ratio: float) -> str:
    """So many times something else."""
    return f"{figures(ratio)}x"


def figures(ratio: float) -> str:
    """Two of them at least."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def amount(number: float, unit: str) -> str:
    """A number of some unit, with three figures if it is small."""
    return f"{number:,.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"
