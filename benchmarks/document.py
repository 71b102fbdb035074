"""What is written of a run, and read again: `benchmarks/results/*.json`, and `--json PATH`.

A document says all that the figures depend on, and is enough to show them: what the docs print and
draw comes from it alone, so that it stays what was measured when the workloads have gone on.
Each result is a line of its own.
"""

import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypedDict

from benchmarks.growth import Growth
from benchmarks.machine import Machine, machine
from benchmarks.measuring import Conditions, Measurement
from benchmarks.serving import LIBRARY

DIGITS: Final = 6
"""Of what is written of an amount: the others are noise."""


class SideResult(TypedDict):
    """What one side took."""

    what: str
    version: str | None
    python: str
    peak_bytes: int
    median: float
    amounts: list[float]
    ours_is: float | None
    """The median of ours, so many times that of this side; None if this one took nothing."""
    spread: list[float]
    """The least and the greatest of that in one round."""


class AheadResult(TypedDict):
    """How far ours was to be ahead of a peer."""

    at_most: float
    is_kept: bool


class Result(TypedDict):
    """A workload at one size."""

    section: str
    name: str
    workload: str
    size: int
    per: str
    unit: str
    against: str
    reach: dict[str, bool]
    ahead: dict[str, AheadResult]
    sides: dict[str, SideResult]
    failures: dict[str, str]


class SizeResult(TypedDict):
    """What ours took at one size."""

    size: int
    workload: str
    median: float
    amounts: list[float]
    peak_bytes: int


class GrowthResult(TypedDict):
    """A workload over all its sizes, the least first."""

    section: str
    name: str
    workload: str
    per: str
    unit: str
    ratio: float
    floor_ratio: float | None
    at_most: float
    is_linear: bool
    sizes: list[SizeResult]


class Document[R](TypedDict):
    """One run."""

    command: str
    commit: str
    machine: Machine
    version: str
    rounds: int
    results: list[R]


def result(section: str, name: str, measured: Measurement) -> Result:
    """What is written of a workload at one size."""
    workload, medians = measured.workload, measured.medians
    reach = {str(bound): bound.is_kept(medians) for bound in workload.bounds(measured.size)}
    ahead = {bound.of: (bound.times, bound.is_kept(medians)) for bound in workload.ahead}
    return {
        "section": section,
        "name": name,
        "workload": workload.called(measured.size),
        "size": measured.size,
        "per": workload.per,
        "unit": workload.unit,
        "against": workload.against,
        "reach": {bound: kept for bound, kept in reach.items() if kept is not None},
        "ahead": {
            peer: {"at_most": times, "is_kept": kept}
            for peer, (times, kept) in ahead.items()
            if kept is not None
        },
        "sides": {name: _side(measured, name) for name in measured.sides},
        "failures": dict(measured.failures),
    }


def growth_result(section: str, name: str, growth: Growth) -> GrowthResult:
    """What is written of a workload over all its sizes."""
    workload = growth.workload
    return {
        "section": section,
        "name": name,
        "workload": workload.title,
        "per": workload.per,
        "unit": workload.unit,
        "ratio": _short(growth.ratio),
        "floor_ratio": None if growth.floor_ratio is None else _short(growth.floor_ratio),
        "at_most": workload.flat,
        "is_linear": growth.is_linear,
        "sizes": [
            {
                "size": size,
                "workload": workload.called(size),
                "median": _short(samples.median),
                "amounts": [_short(amount) for amount in samples.amounts],
                "peak_bytes": samples.peak,
            }
            for size, samples in growth.sizes.items()
        ],
    }


def _side(measured: Measurement, name: str) -> SideResult:
    samples = measured.sides[name]
    ratio, spread = measured.ratio(name), measured.spread(name)
    return {
        "what": samples.hello.is_,
        "version": samples.hello.version,
        "python": samples.hello.python,
        "peak_bytes": samples.peak,
        "median": _short(samples.median),
        "amounts": [_short(amount) for amount in samples.amounts],
        "ours_is": None if ratio is None else _short(ratio),
        "spread": [_short(each) for each in spread or ()],
    }


def _short(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")


def write[R](path: Path, measured: str, conditions: Conditions, results: Sequence[R]) -> None:
    """A run, as a document; `measured` is the commit at which it began."""
    head: dict[str, object] = {
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
        "commit": measured,
        "version": version(LIBRARY),
        "machine": machine(),
        "rounds": conditions.rounds,
    }
    lines = [f"{json.dumps(key)}: {_line(value)}" for key, value in head.items()]
    lines.append('"results": [\n' + ",\n".join(map(_line, results)) + "\n]")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read(path: Path) -> Document[Result]:
    """What was written of workloads at their sizes, alone or beside peers."""
    document: Document[Result] = json.loads(path.read_text(encoding="utf-8"))
    return document


def read_growth(path: Path) -> Document[GrowthResult]:
    """What was written of workloads over all their sizes."""
    document: Document[GrowthResult] = json.loads(path.read_text(encoding="utf-8"))
    return document
