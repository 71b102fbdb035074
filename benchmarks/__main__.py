"""`python -m benchmarks [NAME …] [--peers] [--json PATH]`: measures, and prints the tables."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.measuring import Contender, Measurement, here, measure
from benchmarks.peers import beside
from benchmarks.report import headline, table, table_of_peers, write_json
from benchmarks.workload import Workload
from benchmarks.workloads import SECTIONS, named

WIDTH: Final = 132  # enough for the table; a narrower screen breaks its lines

type Planned = tuple[Workload, int, list[Contender]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the workloads whose names contain one of the given words, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What the framework costs, beside plain asyncio and beside its peers. Amounts "
        "are for one operation: a step, an agent, a message.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the name of a workload")
    parser.add_argument("--rounds", type=_rounds, default=7, help="how often (%(default)s)")
    parser.add_argument("--peers", action="store_true", help="beside the peers that are installed")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every amount to a file")
    options = parser.parse_args(arguments)
    chosen = [name for name in _all() if _is_meant(name, options.names)]
    if not chosen:
        parser.error(f"no workload has {' or '.join(map(repr, options.names))} in its name")
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(headline(options.rounds), highlight=False)
    measurements: list[Measurement] = []
    for section, names in SECTIONS.items():
        of_section = [
            asyncio.run(measure(*each, options.rounds))
            for name in names
            if name in chosen
            for each in _planned(name, options.peers)
        ]
        if options.peers:
            for measured in of_section:
                console.print()
                console.print(table_of_peers(measured))
        elif of_section:
            console.print()
            console.print(table(section, of_section))
        measurements += of_section
    if options.json is not None:
        write_json(options.json, measurements, options.rounds)


def _all() -> Iterator[str]:
    return (name for names in SECTIONS.values() for name in names)


def _is_meant(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name for word in words)


def _planned(name: str, with_peers: bool) -> Iterator[Planned]:
    workload = named(name)
    if not with_peers:
        for size in workload.sizes:
            yield workload, size, here(name)
    elif workload.peers is not None:
        yield workload, workload.peers, [*here(name), *beside(name)]


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < 1:
        raise argparse.ArgumentTypeError(f"at least 1 round is needed, got {rounds}")
    return rounds


if __name__ == "__main__":
    main()
