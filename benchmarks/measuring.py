"""How a cost is measured: all sides of a workload in turn, each in a process of its own.

A *round* asks every side once, one right after the other, in an order that turns from round to
round, so that whatever else the machine does falls on all. A figure is the ratio of the medians of
two sides over all rounds; its spread is that of the ratios of single rounds.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import IO, Any

from benchmarks.workload import FLOOR, OURS, Workload

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
PATIENCE = 300
"""Seconds within which a side has to answer."""


class SideFailed(Exception):
    """A side ended, or was silent; with what it wrote to its standard error."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A side as it is to be run."""

    name: str
    module: str
    python: str
    loop: str | None = None
    """The module whose `run` takes the place of `asyncio.run`."""
    source: Path = SOURCE
    """Where this library is taken from."""


@dataclass(frozen=True, slots=True)
class Samples:
    """What one side has said."""

    of: Contender
    is_: str
    version: str | None
    python: str
    amounts: Sequence[float]
    peak: int
    """The most bytes that its process had in memory."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The samples of every side."""

    workload: Workload
    size: int
    sides: Mapping[str, Samples]

    @property
    def medians(self) -> dict[str, float]:
        """Of the amounts of each side."""
        return {name: median(side.amounts) for name, side in self.sides.items()}

    def ratio(self, of: str = FLOOR) -> float | None:
        """Of the median of ours to that of another side, if it is there."""
        medians = self.medians
        return medians[OURS] / medians[of] if of in medians else None

    def spread(self, of: str = FLOOR) -> tuple[float, float] | None:
        """The least and the greatest ratio of one round."""
        if of not in self.sides:
            return None
        rounds = zip(self.sides[OURS].amounts, self.sides[of].amounts, strict=True)
        ratios = [ours / other for ours, other in rounds]
        return min(ratios), max(ratios)


class _Process:
    """A side that is running."""

    def __init__(
        self, of: Contender, process: asyncio.subprocess.Process, complaints: IO[bytes]
    ) -> None:
        self.of = of
        self.process = process
        self.complaints = complaints

    async def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE):
                line = await self.process.stdout.readline()
        except TimeoutError:
            raise SideFailed(f"{self.of.module} was silent for {PATIENCE} s") from None
        if not line:
            self.complaints.seek(0)
            said = self.complaints.read().decode(errors="replace").strip()
            raise SideFailed(f"{self.of.module} has ended:\n{said}")
        facts: dict[str, Any] = json.loads(line)
        return facts

    async def ask(self) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        return await self.hear()


@asynccontextmanager
async def _running(contender: Contender, size: int) -> AsyncIterator[_Process]:
    words = [contender.python, "-m", "benchmarks.side", contender.module, str(size)]
    with tempfile.TemporaryFile() as complaints:
        process = await asyncio.create_subprocess_exec(
            *words,
            *([contender.loop] if contender.loop else []),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{contender.source}{os.pathsep}{ROOT}"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=complaints,
        )
        try:
            yield _Process(contender, process, complaints)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def measure(
    workload: Workload, size: int, contenders: Sequence[Contender], rounds: int
) -> Measurement:
    """So many rounds, after one that does not count."""
    async with AsyncExitStack() as stack:
        sides = [await stack.enter_async_context(_running(each, size)) for each in contenders]
        hellos = {side.of.name: await side.hear() for side in sides}
        for side in sides:
            await side.ask()
        heard: dict[str, list[dict[str, Any]]] = {side.of.name: [] for side in sides}
        for _ in range(rounds):
            for side in sides:
                heard[side.of.name].append(await side.ask())
            sides = [*sides[1:], sides[0]]
    return Measurement(
        workload,
        size,
        {
            each.name: Samples(
                each,
                **hellos[each.name],
                amounts=[fact["amount"] for fact in heard[each.name]],
                peak=heard[each.name][-1]["peak"],
            )
            for each in contenders
        },
    )


def here(workload: str, names: Sequence[str] = (OURS, FLOOR)) -> list[Contender]:
    """Those sides of a workload, in this environment, that there are."""
    package = f"benchmarks.workloads.{workload}"
    folder = ROOT / "benchmarks" / "workloads" / workload
    return [
        Contender(name, f"{package}.{name}", sys.executable)
        for name in names
        if (folder / f"{name}.py").exists()
    ]
