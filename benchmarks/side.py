"""What the side of a workload is made with. It runs beside a peer too: standard library only.

A side is a module with a function `side(size)`, an async context manager that yields a *round*,
which does the work once and says what one operation took. The first line of its docstring says
what it does. `benchmarks.serving` runs it, in a process of its own.
"""

import gc
import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from statistics import quantiles
from time import perf_counter
from typing import NamedTuple

SHORTEST = float(os.environ.get("BENCHMARKS_SHORTEST", "0.1"))
"""Seconds that a round takes at least: shorter work is repeated."""
REPEATS = int(os.environ.get("BENCHMARKS_REPEATS", "0"))
"""How often a round repeats its work; 0: until it has taken long enough."""


class Sample(NamedTuple):
    """What one round has seen."""

    operations: int
    amount: float
    """For one operation: microseconds or bytes."""


type Round = Callable[[], Awaitable[Sample]]
type Side = Callable[[int], AbstractAsyncContextManager[Round]]


class Miscounted(Exception):
    """A side did not do what it was measured for."""


def sample(seconds: float, counted: int, expected: int) -> Sample:
    """The time of one operation.

    Raises `Miscounted` if not as many were done as expected.
    """
    need_all(counted, expected)
    return Sample(counted, seconds / counted * 1e6)


def need_all(counted: int, expected: int) -> None:
    """Raises `Miscounted` if what was done is not what was to be done."""
    if counted != expected:
        raise Miscounted(f"{expected} operations were to be measured, {counted} were done")


def timed(work: Callable[[], Awaitable[int]], operations: int) -> Round:
    """A round of `work`, which returns how many operations it has done."""

    async def repeated(times: int) -> Sample:
        counted = 0
        begun = perf_counter()
        for _ in range(times):
            counted += await work()
        return sample(perf_counter() - begun, counted, operations * times)

    return _long_enough(repeated)


def clocked(work: Callable[[], Awaitable[Sample]]) -> Round:
    """A round of `work` that times itself, since something before or after is not to count."""

    async def repeated(times: int) -> Sample:
        operations, total = 0, 0.0
        for _ in range(times):
            done = await work()
            operations += done.operations
            total += done.operations * done.amount
        return Sample(operations, total / operations)

    return _long_enough(repeated)


def percentile(percent: int, work: Callable[[], Awaitable[int]], operations: int) -> Round:
    """A round of operations, each timed by itself: what so many percent do not exceed."""

    async def one_round() -> Sample:
        gc.collect()
        counted = 0
        seconds: list[float] = []
        for _ in range(operations):
            begun = perf_counter()
            counted += await work()
            seconds.append(perf_counter() - begun)
        need_all(counted, operations)
        return Sample(counted, quantiles(seconds, n=100)[percent - 1] * 1e6)

    return one_round


def _long_enough(repeated: Callable[[int], Awaitable[Sample]]) -> Round:
    """As many repeats in every round: the first one, which does not count, finds out how many."""
    repeats = REPEATS

    async def one_round() -> Sample:
        nonlocal repeats
        if not REPEATS:
            gc.collect()
        if repeats:
            return await repeated(repeats)
        times = 1
        while True:
            begun = perf_counter()
            done = await repeated(times)
            if perf_counter() - begun >= SHORTEST:
                repeats = times
                return done
            times *= 2

    return one_round


def resident() -> int:
    """The bytes of this process that are in memory (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        _, pages, *_ = statm.read().split()
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
