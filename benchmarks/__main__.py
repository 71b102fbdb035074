"""`python -m benchmarks [NAME …] [--growth | --peers] [--json PATH]`: measures, and prints tables.

Everything that is printed, of one section after the other, is of one run.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.growth import growth_as_json, measure_growth, table_of_growth
from benchmarks.measuring import Conditions, SideFailed, here, measure
from benchmarks.peers import beside
from benchmarks.report import (
    Json,
    headline,
    measurement_as_json,
    table,
    table_of_peers,
    write_json,
)
from benchmarks.workload import Workload
from benchmarks.workloads import SECTIONS, named

WIDTH: Final = 132  # enough for the tables; a narrower screen breaks their lines
SMALL: Final = 100

type Chosen = dict[str, Workload]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the workloads whose names contain one of the given words, or all."""
    parser = _parser()
    options = parser.parse_args(arguments)
    rounds = options.rounds or (3 if options.growth else 7)
    conditions = Conditions(rounds, shortest=0) if options.quick else Conditions(rounds)
    sections = {
        section: {name: _sized(named(name), options.quick) for name in _meant(names, options.names)}
        for section, names in SECTIONS.items()
    }
    if not any(sections.values()):
        parser.error(f"no workload has {' or '.join(map(repr, options.names))} in its name")
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(headline(conditions), highlight=False)
    show = _show_growth if options.growth else _show_peers if options.peers else _show
    results: list[Json] = []
    try:
        for section, chosen in sections.items():
            results += show(console, section, chosen, conditions)
    except SideFailed as failure:
        parser.exit(1, f"{parser.prog}: {failure}\n")
    if options.json is not None:
        write_json(options.json, conditions, results)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What the framework costs, beside plain asyncio and beside its peers. Amounts "
        "are for one operation: a step, an agent, a message.",
        epilog=f"Names: {', '.join(name for names in SECTIONS.values() for name in names)}.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the name of a workload")
    parser.add_argument("--rounds", type=_rounds, help="how often (7, or 3 for --growth)")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--growth", action="store_true", help="cost and memory against size")
    kinds.add_argument("--peers", action="store_true", help="beside the peers that are installed")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every amount to a file")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"at sizes up to {SMALL} and once in a round, to see that everything works",
    )
    return parser


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < 1:
        raise argparse.ArgumentTypeError(f"at least 1 round is needed, got {rounds}")
    return rounds


def _meant(names: Sequence[str], words: Sequence[str]) -> list[str]:
    return [
        name
        for name in names
        if name in words
        or (not named(name).is_heavy and (not words or any(word in name for word in words)))
    ]


def _sized(workload: Workload, is_quick: bool) -> Workload:
    if not is_quick:
        return workload
    return replace(
        workload,
        sizes=_small(workload.sizes),
        peers=None if workload.peers is None else min(workload.peers, SMALL),
        growth=_small(workload.growth),
    )


def _small(sizes: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(min(size, SMALL) for size in sizes))


def _show(console: Console, section: str, chosen: Chosen, conditions: Conditions) -> list[Json]:
    measurements = [
        asyncio.run(measure(workload, size, here(name, workload), conditions))
        for name, workload in chosen.items()
        for size in workload.sizes
    ]
    if measurements:
        console.print()
        console.print(table(section, measurements))
    return [measurement_as_json(each) for each in measurements]


def _show_peers(console: Console, _: str, chosen: Chosen, conditions: Conditions) -> list[Json]:
    results: list[Json] = []
    for name, workload in chosen.items():
        if workload.peers is not None:
            sides = [*here(name, workload), *beside(name)]
            measured = asyncio.run(measure(workload, workload.peers, sides, conditions))
            console.print()
            console.print(table_of_peers(measured))
            results.append(measurement_as_json(measured))
    return results


def _show_growth(
    console: Console, section: str, chosen: Chosen, conditions: Conditions
) -> list[Json]:
    growths = [
        asyncio.run(measure_growth(name, workload, conditions))
        for name, workload in chosen.items()
        if workload.growth
    ]
    if growths:
        console.print()
        console.print(table_of_growth(section, growths))
    return [growth_as_json(each) for each in growths]


if __name__ == "__main__":
    main()
