"""A supervised pool of workers, which looks at every file of a folder.

    python -m examples.worker_pool data/ --workers 4 --max-restarts 10

Each file is read and hashed, and parsed if it is CSV, JSON, Python or TOML. The report at the end
says what there is, what is there twice, what is broken, and how often a worker had to be replaced.
A folder with more broken files than the pool is ready to restart for is not looked at to its end.

Exit codes: 0 all is well, 1 a file is broken or was not looked at, 2 bad usage, 130 interrupted.
"""

import argparse
import ast
import asyncio
import csv
import json
import logging
import os
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from examples.worker_pool.pool import Report, work_through

PARSERS: Final[dict[str, Callable[[str], object]]] = {
    ".csv": lambda text: list(csv.reader(text.splitlines(), strict=True)),
    ".json": json.loads,
    ".py": ast.parse,
    ".toml": tomllib.loads,
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What there is to know of a file."""

    path: Path
    size: int
    digest: bytes


def look_at(path: Path) -> Looked:
    """Read a file to its end; raises what its parser raises."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").digest()
        size = file.tell()
    if (parse := PARSERS.get(path.suffix.lower())) is not None:
        parse(path.read_text("utf-8-sig"))
    return Looked(path, size, digest)


def files_of(folder: Path) -> Iterator[Path]:
    """The files below a folder, one by one."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        yield from (path for name in sorted(names) if (path := Path(here, name)).is_file())


def show(report: Report[Path, Looked], console: Console) -> None:
    """Print what has come of it."""
    kinds: dict[str, list[Looked]] = defaultdict(list)
    copies: dict[bytes, list[Looked]] = defaultdict(list)
    for looked in report.done:
        kinds[looked.path.suffix.lower() or "(none)"].append(looked)
        copies[looked.digest].append(looked)
    table = Table("kind", "files", "bytes")
    for kind, files in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0])):
        table.add_row(escape(kind), f"{len(files):,}", f"{sum(file.size for file in files):,}")
    console.print(table)
    lines = [
        *(
            f"the same: {', '.join(sorted(str(file.path) for file in files))}"
            for files in copies.values()
            if len(files) > 1 and files[0].size
        ),
        *(f"broken: {path}: {type(error).__name__}: {error}" for path, error in report.failed),
        *(f"replaced: {name}, {times} ×" for name, times in sorted(report.restarts.items())),
        *(f"given up: {name}" for name in report.given_up),
        *([] if report.is_complete else ["Not every file was looked at."]),
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Look at the folder on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.worker_pool", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument(
        "--max-restarts", type=int, default=10, metavar="N", help="of a worker, within a minute"
    )
    options = parser.parse_args(argv)
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is no folder")
    if options.workers < 1 or options.max_restarts < 0:
        parser.error("--workers is at least 1, --max-restarts at least 0")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a file may have any name
    # What the supervisor would log is in the report.
    logging.getLogger("everything_is_an_actor").addHandler(logging.NullHandler())
    report = Report[Path, Looked]()
    working = work_through(
        files_of(options.folder),
        look_at,
        report,
        workers=options.workers,
        max_restarts=options.max_restarts,
    )
    try:
        asyncio.run(working)
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    finally:
        show(report, Console(soft_wrap=True))
    return 0 if report.is_complete and not report.failed else 1


if __name__ == "__main__":
    sys.exit(main())
