"""What is printed of the measurements, and what is written."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from benchmarks.measuring import ROOT, Conditions, Measurement, Samples
from benchmarks.workload import OURS

type Json = Iterator[tuple[str, object]]
"""The fields of an object."""


def machine() -> dict[str, str | int | None]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cpus": os.cpu_count(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


def commit() -> str:
    """The commit that is measured, with a plus sign if files differ from it."""
    words = ["git", "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"]
    described = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    return described.stdout.strip() or "unknown"


def headline(conditions: Conditions) -> str:
    """The conditions of a run, on one line."""
    of = machine()
    return (
        f"{of['implementation']} {of['python']}, {of['system']} {of['machine']}, "
        f"{of['cpus']} CPUs, commit {commit()}; medians of {conditions.rounds} rounds"
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
            reached(measured),
            other.hello.is_ if other else "",
        )
    return rows


def table_of_peers(measured: Measurement) -> Table:
    """One row for each side of a workload, the quickest first."""
    workload, medians = measured.workload, measured.medians
    rows = columns(f"{workload.called(measured.size)}, a {workload.per}")
    rows.expand = True
    rows.add_column("by", no_wrap=True)
    for title in ("amount", "ours is", "spread"):
        rows.add_column(title, justify="right", no_wrap=True)
    rows.add_column("as", no_wrap=True, overflow="ellipsis", ratio=1)
    for name in sorted(medians, key=medians.__getitem__):
        side = measured.sides[name]
        rows.add_row(
            f"{name} {side.hello.version or ''}",
            amount(medians[name], workload.unit),
            *(_compared(measured, name) if name != OURS else ("", "")),
            side.hello.is_,
            style="bold" if name == OURS else "",
        )
    for name, reason in measured.failures.items():
        rows.add_row(name, "", "", "", f"failed: {reason}", style="red")
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
    return f"{ratio:.2f}x", f"{spread[0]:.2f}–{spread[1]:.2f}"


def reached(measured: Measurement) -> Text:
    """Each bound, and whether it is kept."""
    text = Text()
    for bound in measured.workload.bounds(measured.size):
        kept = bound.is_kept(measured.medians)
        if kept is not None:
            mark, style = ("✓", "green") if kept else ("✗", "red")
            text.append(f"{mark} {bound}  ", style=style)
    text.rstrip()
    return text


def amount(number: float, unit: str) -> str:
    """A number of some unit, with three figures if it is small."""
    return f"{number:,.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"


def write_json(path: Path, conditions: Conditions, results: Iterable[Json]) -> None:
    """Every amount of every round, with what the figures depend on."""
    document = {
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
        "commit": commit(),
        "machine": machine(),
        "rounds": conditions.rounds,
        "results": [dict(each) for each in results],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def measurement_as_json(measured: Measurement) -> Json:
    """Every amount of every side."""
    workload = measured.workload
    yield "workload", workload.called(measured.size)
    yield "size", measured.size
    yield "per", workload.per
    yield "unit", workload.unit
    bounds = workload.bounds(measured.size)
    yield "reach", {str(bound): bound.is_kept(measured.medians) for bound in bounds}
    yield "sides", {name: samples_as_json(side) for name, side in measured.sides.items()}
    yield "failures", dict(measured.failures)


def samples_as_json(side: Samples) -> dict[str, object]:
    """Every amount of one side."""
    return {
        "is": side.hello.is_,
        "version": side.hello.version,
        "python": side.hello.python,
        "peak_bytes": side.peak,
        "median": side.median,
        "amounts": side.amounts,
    }
