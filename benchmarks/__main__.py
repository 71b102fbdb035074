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

from benchmarks.document import GrowthResult, Result, growth_result, result, write
from benchmarks.growth import measure_growth, table_of_growth
from benchmarks.machine import commit
from benchmarks.measuring import Conditions, SideFailed, here, measure
from benchmarks.peers import beside, not_installed
from benchmarks.report import headline, table, table_of_peers
from benchmarks.workload import Workload
from benchmarks.workloads import SECTIONS, named

WIDTH: Final = 132  # enough for the tables; a narrower screen breaks their lines
SMALL: Final = 100

type Chosen = dict[str, Workload]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the workloads whose names contain one of the given words, or all."""
    parser = _parser()
    options = parser.parse_args(arguments)
    rounds = options.rounds or (5 if options.growth else 7)
    conditions = Conditions(rounds, shortest=0) if options.quick else Conditions(rounds)
    sections = {
        section: {
            name: _sized(named(name), options.quick)
            for name in names
            if _is_meant(name, options.names, heavy=options.heavy)
        }
        for section, names in SECTIONS.items()
    }
    if not any(sections.values()):
        parser.error(f"no workload has {' or '.join(map(repr, options.names))} in its name")
    measured = commit()
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(headline(measured, conditions), highlight=False)
    show = _show_growth if options.growth else _show_peers if options.peers else _show
    results: list[Result | GrowthResult] = []
    try:
        for section, chosen in sections.items():
            results += show(console, section, chosen, conditions)
    except SideFailed as failure:
        parser.exit(1, f"{parser.prog}: {failure}\n")
    if options.json is not None:
        write(options.json, measured, conditions, results)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What the framework costs, beside plain asyncio and beside its peers. Amounts "
        "are for one operation: a step, an agent, a message.",
        epilog=f"Names: {', '.join(name for names in SECTIONS.values() for name in names)}.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the name of a workload")
    parser.add_argument("--rounds", type=_rounds, help="how often (7, or 5 for --growth)")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--growth", action="store_true", help="cost and memory against size")
    kinds.add_argument("--peers", action="store_true", help="beside the peers that are installed")
    parser.add_argument("--heavy", action="store_true", help="also what takes long, or much memory")
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


def _is_meant(name: str, words: Sequence[str], *, heavy: bool) -> bool:
    is_light = heavy or not named(name).is_heavy
    return name in words or (is_light and (not words or any(word in name for word in words)))


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


def _show(console: Console, section: str, chosen: Chosen, conditions: Conditions) -> list[Result]:
    measured = [
        (name, asyncio.run(measure(workload, size, here(name, workload), conditions)))
        for name, workload in chosen.items()
        for size in workload.sizes
    ]
    if measured:
        console.print()
        console.print(table(section, [each for _, each in measured]))
    return [result(section, name, each) for name, each in measured]


def _show_peers(
    console: Console, section: str, chosen: Chosen, conditions: Conditions
) -> list[Result]:
    results: list[Result] = []
    for name, workload in chosen.items():
        if workload.peers is not None:
            sides = [*here(name, workload), *beside(name)]
            there = asyncio.run(measure(workload, workload.peers, sides, conditions))
            absent = dict.fromkeys(not_installed(name), "not installed: make bench-peers")
            measured = replace(there, failures={**there.failures, **absent})
            console.print()
            console.print(table_of_peers(measured))
            results.append(result(section, name, measured))
    return results


def _show_growth(
    console: Console, section: str, chosen: Chosen, conditions: Conditions
) -> list[GrowthResult]:
    growths = {
        name: asyncio.run(measure_growth(name, workload, conditions))
        for name, workload in chosen.items()
        if workload.growth
    }
    if growths:
        console.print()
        console.print(table_of_growth(section, growths.values()))
    return [growth_result(section, name, each) for name, each in growths.items()]


if __name__ == "__main__":
    main()
