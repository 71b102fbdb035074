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
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.workload import FLOOR, OURS, Workload

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
PATIENCE = 300.0
"""Seconds within which a side has to answer."""
LAST_LINES = 30
"""Of what a side that failed has written: the error is among them."""


class SideFailed(Exception):
    """A side ended, was silent or made no sense; with what it wrote to its standard error."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How everything of one run is measured."""

    rounds: int = 7
    shortest: float = 0.1
    """Seconds that a round takes at least."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A side as it is to be run."""

    name: str
    module: str
    python: str
    loop: str = "asyncio"
    """The module whose `run` is used."""
    source: Path = SOURCE
    """Where this library is taken from."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a side says of itself."""

    is_: str
    version: str | None
    python: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a side says of one round."""

    operations: int
    amount: float
    peak: int
    """The most bytes that its process had in memory."""


@dataclass(frozen=True, slots=True)
class Samples:
    """What one side has said, of every round."""

    hello: Hello
    answers: Sequence[Answer]

    @property
    def amounts(self) -> list[float]:
        """For one operation, of every round."""
        return [answer.amount for answer in self.answers]

    @property
    def median(self) -> float:
        """Of the amounts."""
        return median(self.amounts)

    @property
    def peak(self) -> int:
        """The most bytes that its process had in memory."""
        return max(answer.peak for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Measurement:
    """The samples of every side."""

    workload: Workload
    size: int
    sides: Mapping[str, Samples]
    failures: Mapping[str, str] = field(default_factory=dict[str, str])
    """The peers that could not do it, with the last line that each has written."""

    @property
    def medians(self) -> dict[str, float]:
        """Of the amounts of each side."""
        return {name: side.median for name, side in self.sides.items()}

    def ratio(self, of: str = FLOOR) -> float | None:
        """Of the median of ours to that of another side, if it is there and took something."""
        medians = self.medians
        return medians[OURS] / medians[of] if medians.get(of) else None

    def spread(self, of: str = FLOOR) -> tuple[float, float] | None:
        """The least and the greatest ratio of one round."""
        if of not in self.sides or not all(self.sides[of].amounts):
            return None
        rounds = zip(self.sides[OURS].amounts, self.sides[of].amounts, strict=True)
        ratios = [ours / other for ours, other in rounds]
        return min(ratios), max(ratios)


def here(name: str, workload: Workload) -> list[Contender]:
    """Those sides of a workload, in this environment, that there are."""
    return [each for side in workload.sides if (each := one_here(name, side)) is not None]


def one_here(name: str, side: str) -> Contender | None:
    """A side of a workload, in this environment, if it is there."""
    if not (ROOT / "benchmarks" / "workloads" / name / f"{side}.py").exists():
        return None
    return Contender(side, f"benchmarks.workloads.{name}.{side}", sys.executable)


async def measure(
    workload: Workload, size: int, contenders: Sequence[Contender], conditions: Conditions
) -> Measurement:
    """All sides of a workload at one size.

    Raises `SideFailed` if one of this environment does; a peer that fails is left out.
    """
    runs = [(each, size) for each in contenders]
    outcomes = await in_turn(runs, conditions, is_afresh=workload.is_afresh)
    sides: dict[str, Samples] = {}
    failures: dict[str, str] = {}
    for contender, outcome in zip(contenders, outcomes, strict=True):
        match outcome:
            case Samples():
                sides[contender.name] = outcome
            case SideFailed() if contender.name in workload.sides:
                raise outcome
            case SideFailed():
                failures[contender.name] = str(outcome).splitlines()[-1]
    return Measurement(workload, size, sides, failures)


async def in_turn(
    runs: Sequence[tuple[Contender, int]], conditions: Conditions, *, is_afresh: bool
) -> list[Samples | SideFailed]:
    """Sides at sizes, so many rounds of each; one that has failed is not asked again.

    They go on from round to round, after a first one that does not count, or begin each one afresh.
    """
    sides = [_Side(*run, conditions) for run in runs]
    async with AsyncExitStack() as stack:
        if not is_afresh:
            for side in sides:
                await stack.enter_async_context(side.running())
            for side in sides:
                await side.hear_hello()
            for side in sides:
                await side.hear_answer()
                side.answers.clear()
        for side in _turns(sides, conditions.rounds):
            if side.failure is not None:
                continue
            if is_afresh:
                async with side.running():
                    await side.hear_hello()
                    await side.hear_answer()
            else:
                await side.hear_answer()
    return [side.outcome for side in sides]


def _turns[X](sides: Sequence[X], rounds: int) -> Iterator[X]:
    for i in range(rounds):
        first = i % len(sides)
        yield from sides[first:]
        yield from sides[:first]


class _Side:
    """A side, the process that it is run by, and what that has said."""

    def __init__(self, of: Contender, size: int, conditions: Conditions) -> None:
        self.of = of
        self.size = size
        self.conditions = conditions
        self.hello: Hello | None = None
        self.answers: list[Answer] = []
        self.failure: SideFailed | None = None

    @property
    def outcome(self) -> Samples | SideFailed:
        if self.failure is not None:
            return self.failure
        assert self.hello is not None
        return Samples(self.hello, self.answers)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        words = [self.of.python, "-m", "benchmarks.serving", self.of.module, str(self.size)]
        environment = {
            **os.environ,
            "PYTHONPATH": f"{self.of.source}{os.pathsep}{ROOT}",
            "BENCHMARKS_SHORTEST": str(self.conditions.shortest),
        }
        with tempfile.TemporaryFile() as self.complaints:
            self.process = await asyncio.create_subprocess_exec(
                *words,
                *("--loop", self.of.loop),
                cwd=ROOT,
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=self.complaints,
            )
            try:
                yield
            finally:
                if self.process.returncode is None:
                    self.process.kill()
                await self.process.communicate()

    async def hear_hello(self) -> None:
        self.hello = await self._hear(Hello)

    async def hear_answer(self) -> None:
        if self.failure is None:
            assert self.process.stdin is not None
            self.process.stdin.write(b"\n")
            answer = await self._hear(Answer)
            if answer is not None:
                self.answers.append(answer)

    async def _hear[T](self, kind: Callable[..., T]) -> T | None:
        line = b""
        try:
            async with asyncio.timeout(PATIENCE):
                assert self.process.stdout is not None
                line = await self.process.stdout.readline()
                if line:
                    return kind(**json.loads(line))
                how = f"has ended with {await self.process.wait()}"
        except TimeoutError:
            how = f"was silent for {PATIENCE:g} s"
        except (ValueError, TypeError) as error:
            how = f"made no sense: {line!r}, {error}"
        self.complaints.seek(0)
        lines = self.complaints.read().decode(errors="replace").strip().splitlines()
        said = "\n".join(lines[-LAST_LINES:])
        self.failure = SideFailed(f"{self.of.module} {how}; it wrote:\n{said or 'nothing'}")
        return None
