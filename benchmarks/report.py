"""What is printed of the measurements, and what is written."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from rich.table import Table
from rich.text import Text

from benchmarks.harness import Measurement


def machine() -> dict[str, str | int | None]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
    }


def headline(rounds: int) -> str:
    """The conditions of a run, on one line."""
    of = machine()
    return (
        f"{of['implementation']} {of['python']}, {of['system']} {of['machine']}, "
        f"{of['cpus']} CPUs; medians of {rounds} rounds"
    )


def table(measurements: Iterable[Measurement]) -> Table:
    """One row for each workload: amounts for one operation, their ratio, the bound to reach."""
    rows = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("workload", "against", "per"):
        rows.add_column(title, no_wrap=True)
    for title in ("floor", "ours", "ratio", "spread"):
        rows.add_column(title, justify="right", no_wrap=True)
    rows.add_column("reach", no_wrap=True)
    for measured in measurements:
        workload = measured.workload
        least, greatest = measured.spread
        mark, style = ("✓", "green") if measured.is_within_bound else ("✗", "red")
        rows.add_row(
            workload.name,
            workload.floor_is,
            workload.per,
            _amount(median(measured.floor), workload.unit),
            _amount(median(measured.ours), workload.unit),
            f"{measured.ratio:.2f}x",
            f"{least:.2f}–{greatest:.2f}",
            Text(f"{mark} {workload.bound}", style=style),
        )
    return rows


def _amount(amount: float, unit: str) -> str:
    return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:.2f} {unit}"


def write_json(path: Path, measurements: Sequence[Measurement], rounds: int) -> None:
    """Every amount of every round, with what the figures depend on."""
    results = [
        {
            "workload": measured.workload.name,
            "per": measured.workload.per,
            "unit": measured.workload.unit,
            "against": measured.workload.floor_is,
            "floor": list(measured.floor),
            "ours": list(measured.ours),
            "ratio": measured.ratio,
            "spread": list(measured.spread),
            "bound": str(measured.workload.bound),
            "within_bound": measured.is_within_bound,
        }
        for measured in measurements
    ]
    document = {**machine(), "rounds": rounds, "results": results}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
