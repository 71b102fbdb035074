"""Two versions of this library beside each other: `python -m benchmarks.compare BASE [NAME …]`.

A version is a commit, or a folder that holds the package: `src`, or a `site-packages` into which it
was installed. Both do the workloads of this checkout, in the same environment.

Times are paired, as everywhere here, and still depend on what else the machine does. Instructions
do not: Valgrind runs a side twice, with a different number of rounds, and the difference of what it
counts is what the rounds took. Their noise is about 2 %, on a busy machine too, so that a bound on
them (`--at-most`) can be kept by a script. They are no times: a cache miss counts as nothing.
"""

import argparse
import asyncio
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.measuring import ROOT, SOURCE, Conditions, Contender, Measurement, here, measure
from benchmarks.report import amount, columns
from benchmarks.workload import OURS
from benchmarks.workloads import SECTIONS, named

PACKAGE: Final = "everything_is_an_actor"
BASE: Final = "base"
COUNTED: Final = 10_000
"""Operations a round, at least, of which the instructions are counted."""
ROUNDS_COUNTED: Final = 2


class NoSuchVersion(Exception):
    """What was named is no commit, and no folder that holds the package."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A workload at one size, done by both versions."""

    measured: Measurement
    instructions: tuple[float, float] | None
    """For one operation, by the base and by ours; None if they were not counted."""

    @property
    def more(self) -> float | None:
        """How many times the instructions of the base ours takes."""
        return None if self.instructions is None else self.instructions[1] / self.instructions[0]


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the workloads whose names contain one of the given words, or all that are light."""
    parser = _parser()
    options = parser.parse_args(arguments)
    names = [
        name
        for section in SECTIONS.values()
        for name in section
        if any(word in name for word in options.names) or not (options.names or _is_heavy(name))
    ]
    if not names:
        parser.error(f"no workload has {' or '.join(map(repr, options.names))} in its name")
    valgrind = shutil.which("valgrind")
    if options.at_most is not None and valgrind is None:
        parser.error("--at-most needs valgrind, which counts the instructions")
    try:
        with source_of(options.base) as base, source_of(options.to) as to:
            compared = [
                asyncio.run(_compared(name, size, base, to, options.rounds, valgrind))
                for name in names
                for size in named(name).sizes
            ]
    except NoSuchVersion as error:
        parser.error(str(error))
    console = Console()
    console.width = max(console.width, 132)
    console.print(_table(options.base, compared))
    slower = [each for each in compared if _is_above(each.more, options.at_most)]
    if slower:
        titles = ", ".join(each.measured.workload.called(each.measured.size) for each in slower)
        more = f"more than {options.at_most:g}x the instructions of {options.base}"
        parser.exit(1, f"{parser.prog}: {more}: {titles}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare",
        description="What this checkout costs beside another version of the library.",
    )
    parser.add_argument("base", metavar="BASE", help="a commit, or a folder with the package")
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the name of a workload")
    parser.add_argument("--to", default=str(SOURCE), metavar="VERSION", help="instead of this one")
    parser.add_argument("--rounds", type=int, default=7, help="how often (%(default)s)")
    parser.add_argument(
        "--at-most",
        type=float,
        metavar="TIMES",
        help="exit with 1 if a workload takes more instructions than so many times the base",
    )
    return parser


def _is_heavy(name: str) -> bool:
    return named(name).is_heavy


def _is_above(more: float | None, at_most: float | None) -> bool:
    return more is not None and at_most is not None and more > at_most


@contextmanager
def source_of(version: str) -> Iterator[Path]:
    """The folder from which a version is imported. Raises `NoSuchVersion`."""
    folder = Path(version)
    if (folder / PACKAGE).is_dir():
        yield folder.resolve()
        return
    words = ["git", "archive", "--format=tar", version, "src"]
    archive = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        raise NoSuchVersion(f"{version} is no commit, and no folder that holds {PACKAGE}")
    with tempfile.TemporaryDirectory() as there:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            tar.extractall(there, filter="data")
        yield Path(there) / "src"


async def _compared(
    name: str, size: int, base: Path, to: Path, rounds: int, valgrind: str | None
) -> Compared:
    workload = named(name)
    (ours,) = (side for side in here(name, workload) if side.name == OURS)
    sides = [replace(ours, name=BASE, source=base), replace(ours, source=to)]
    measured = await measure(workload, size, sides, Conditions(rounds))
    if valgrind is None or workload.unit != "µs" or measured.failures:
        return Compared(measured, None)
    before, after = (instructions(valgrind, side, min(size, COUNTED)) for side in sides)
    return Compared(measured, (before, after))


def instructions(valgrind: str, side: Contender, size: int) -> float:
    """How many an operation takes, at a size."""
    repeats = max(1, COUNTED // _operations([], side, size, 1, 1))
    few, of_few = _counted(valgrind, side, size, repeats, 1)
    many, of_many = _counted(valgrind, side, size, repeats, 1 + ROUNDS_COUNTED)
    return (many - few) / (of_many - of_few)


def _counted(
    valgrind: str, side: Contender, size: int, repeats: int, rounds: int
) -> tuple[int, int]:
    """The instructions of a whole process, and the operations of its rounds."""
    with tempfile.TemporaryDirectory() as there:
        log = Path(there) / "log"
        before = [valgrind, "--tool=cachegrind", "--cache-sim=no"]
        before += [f"--cachegrind-out-file={there}/out", f"--log-file={log}"]
        operations = _operations(before, side, size, repeats, rounds)
        found = re.search(r"I\s+refs:\s+([\d,]+)", log.read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1].replace(",", "")), operations


def _operations(
    before: Sequence[str], side: Contender, size: int, repeats: int, rounds: int
) -> int:
    """Run a side for so many rounds, behind the words of another program: what it has done."""
    words = [*before, side.python, "-m", "benchmarks.serving", side.module, str(size)]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{side.source}{os.pathsep}{ROOT}",
        "PYTHONHASHSEED": "0",
        "BENCHMARKS_REPEATS": str(repeats),
    }
    run = subprocess.run(
        words,
        cwd=ROOT,
        env=environment,
        input="\n" * rounds,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return sum(map(int, re.findall(r'"operations": (\d+)', run.stdout)))


def _table(base: str, compared: Sequence[Compared]) -> Table:
    rows = columns(f"Beside {base}; amounts and instructions are for one operation")
    rows.add_column("workload", no_wrap=True)
    for title in (BASE, "ours", "ours is", "spread", "instructions", "ours", "ours is"):
        rows.add_column(title, justify="right", no_wrap=True)
    for each in compared:
        measured, workload = each.measured, each.measured.workload
        ratio, spread = measured.ratio(BASE), measured.spread(BASE)
        title = workload.called(measured.size)
        if ratio is None or spread is None:
            rows.add_row(title, *measured.failures.values())
            continue
        rows.add_row(
            title,
            *(amount(measured.medians[name], workload.unit) for name in (BASE, OURS)),
            f"{ratio:.2f}x",
            f"{spread[0]:.2f}–{spread[1]:.2f}",
            *(f"{count:,.0f}" for count in each.instructions or ()),
            "" if each.more is None else f"{each.more:.3f}x",
        )
    return rows


if __name__ == "__main__":
    main()
