"""`python -m benchmarks [NAME …] [--json PATH]`: measures, and prints one table."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks import (
    agents,
    chain,
    crowds,
    deadlines,
    documents,
    fan_out,
    hops,
    lives,
    loops,
    messages,
    middlewares,
    mixtures,
    programs,
    pure,
    races,
    streams,
    weights,
)
from benchmarks.harness import Measurement, Workload, measure
from benchmarks.report import headline, table, write_json

type Workloads = Callable[[], AbstractAsyncContextManager[list[Workload]]]

WIDTH: Final = 132  # enough for the table; a narrower screen breaks its lines

ALL: Final[Sequence[Workloads]] = (
    chain.workloads,
    pure.workloads,
    fan_out.workloads,
    loops.workloads,
    races.workloads,
    agents.workloads,
    streams.workloads,
    mixtures.workloads,
    messages.workloads,
    crowds.workloads,
    hops.workloads,
    deadlines.workloads,
    middlewares.workloads,
    programs.workloads,
    documents.workloads,
    lives.workloads,
    weights.workloads,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the workloads whose names contain one of the given words, or all but the heavy."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What the framework costs, against plain asyncio. Amounts are for one "
        "operation: a step, an agent, a message. A million of anything is measured only if named.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the name of a workload")
    parser.add_argument("--rounds", type=_rounds, default=9, help="how often (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every amount to a file")
    options = parser.parse_args(arguments)
    measurements: list[Measurement] = []
    for workloads in ALL:  # each on a loop of its own, so that nothing is left by another
        measurements += asyncio.run(_measured(workloads, options.names, options.rounds))
    if not measurements:
        parser.error(f"no workload has {' or '.join(map(repr, options.names))} in its name")
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(headline(options.rounds), highlight=False)
    console.print()
    console.print(table(measurements))
    if options.json is not None:
        write_json(options.json, measurements, options.rounds)


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < 1:
        raise argparse.ArgumentTypeError(f"at least 1 round is needed, got {rounds}")
    return rounds


async def _measured(workloads: Workloads, names: Sequence[str], rounds: int) -> list[Measurement]:
    async with workloads() as offered:
        return [
            await measure(workload, rounds)
            for workload in offered
            if (
                any(name in workload.name for name in names)
                if names
                else not workload.only_if_named
            )
        ]


if __name__ == "__main__":
    main()
