"""What is printed of the measurements, and what is written."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from benchmarks.measuring import ROOT, Measurement
from benchmarks.workload import FLOOR, OURS


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


def headline(rounds: int) -> str:
    """The conditions of a run, on one line."""
    of = machine()
    return (
        f"{of['implementation']} {of['python']}, {of['system']} {of['machine']}, "
        f"{of['cpus']} CPUs; medians of {rounds} rounds"
    )


def table(section: str, measurements: Iterable[Measurement]) -> Table:
    """One row for each workload: amounts for one operation, their ratio, what is to be reached."""
    rows = _rows(section)
    for title in ("workload", "floor", "per"):
        rows.add_column(title, no_wrap=True, overflow="ellipsis")
    for title in ("floor", "ours", "ratio", "spread"):
        rows.add_column(title, justify="right", no_wrap=True)
    rows.add_column("reach", no_wrap=True)
    for measured in measurements:
        workload, medians = measured.workload, measured.medians
        floor = measured.sides.get(FLOOR)
        rows.add_row(
            workload.called(measured.size),
            floor.is_ if floor else "",
            workload.per,
            _amount(medians[FLOOR], workload.unit) if floor else "",
            _amount(medians[OURS], workload.unit),
            *_compared(measured, FLOOR),
            reached(measured),
        )
    return rows


def table_of_peers(measured: Measurement) -> Table:
    """One row for each side of a workload, the quickest first."""
    workload, medians = measured.workload, measured.medians
    rows = _rows(f"{workload.called(measured.size)}, a {workload.per}")
    rows.add_column("by", no_wrap=True)
    rows.add_column("as", no_wrap=True, overflow="ellipsis", max_width=60)
    for title in ("amount", "ours is", "spread"):
        rows.add_column(title, justify="right", no_wrap=True)
    for name in sorted(medians, key=medians.__getitem__):
        side = measured.sides[name]
        rows.add_row(
            f"{name} {side.version or ''}",
            side.is_,
            _amount(medians[name], workload.unit),
            *(_compared(measured, name) if name != OURS else ("", "")),
            style="bold" if name == OURS else "",
        )
    return rows


def _rows(title: str) -> Table:
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
    for bound in measured.workload.reach:
        kept = bound.is_kept(measured.medians)
        if kept is not None:
            mark, style = ("✓", "green") if kept else ("✗", "red")
            text.append(f"{mark} {bound}  ", style=style)
    text.rstrip()
    return text


def _amount(amount: float, unit: str) -> str:
    return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.3g} {unit}"


def write_json(path: Path, measurements: Sequence[Measurement], rounds: int) -> None:
    """Every amount of every round, with what the figures depend on."""
    document = {
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
        "commit": commit(),
        "machine": machine(),
        "rounds": rounds,
        "results": [dict(_result(each)) for each in measurements],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _result(measured: Measurement) -> Iterator[tuple[str, object]]:
    workload = measured.workload
    yield "workload", workload.called(measured.size)
    yield "size", measured.size
    yield "per", workload.per
    yield "unit", workload.unit
    yield "reach", {str(bound): bound.is_kept(measured.medians) for bound in workload.reach}
    yield (
        "sides",
        {
            name: {
                "is": side.is_,
                "version": side.version,
                "python": side.python,
                "peak_bytes": side.peak,
                "amounts": list(side.amounts),
            }
            for name, side in measured.sides.items()
        },
    )
