"""One side of a workload, in a process of its own: `python -m benchmarks.side MODULE SIZE`.

The module has a function `side(size)`: an async context manager that yields a *round*, which does
the work once and says what one operation took. The process first tells what it is, then answers
each line on its standard input with a sample, in JSON; it ends with its input. It runs in the
environment of a peer too, and so needs nothing but the standard library.
"""

import asyncio
import gc
import importlib
import json
import os
import platform
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from importlib.metadata import PackageNotFoundError, version
from resource import RUSAGE_SELF, getrusage
from time import perf_counter
from typing import NamedTuple, TextIO

SHORTEST = 0.1
"""Seconds that a round takes at least: shorter work is repeated."""


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
    """A round of `work`, which returns how many operations it has done.

    What takes less than `SHORTEST` is repeated, as often in every round: the first one, which does
    not count, finds out how often.
    """
    repeats = 0

    async def once(times: int) -> Sample:
        gc.collect()
        counted = 0
        begun = perf_counter()
        for _ in range(times):
            counted += await work()
        return sample(perf_counter() - begun, counted, operations * times)

    async def one_round() -> Sample:
        nonlocal repeats
        if not repeats:
            first = await once(1)
            seconds = first.amount * first.operations / 1e6
            repeats = max(1, round_up(SHORTEST / seconds))
        return await once(repeats)

    return one_round


def round_up(number: float) -> int:
    """The least whole number that is not less."""
    return -int(-number // 1)


def resident() -> int:
    """The bytes of this process that are in memory (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        _, pages, *_ = statm.read().split()
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def serve(module: str, size: int, requests: TextIO, replies: TextIO) -> None:
    """Measure a round for each line of requests."""
    imported = importlib.import_module(module)
    side: Side = imported.side
    _say(replies, is_=_first_line(imported.__doc__), version=_version(module), python=_python())
    async with side(size) as one_round:
        for _ in requests:
            operations, amount = await one_round()
            peak = getrusage(RUSAGE_SELF).ru_maxrss * 1024
            _say(replies, operations=operations, amount=amount, peak=peak)


def _say(replies: TextIO, **facts: object) -> None:
    print(json.dumps(facts), file=replies, flush=True)


def _first_line(text: str | None) -> str:
    return (text or "").partition("\n")[0].rstrip(".")


def _version(module: str) -> str | None:
    try:
        return version(module.rpartition(".")[2])
    except PackageNotFoundError:
        return None


def _python() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}"


def main() -> None:
    """Keep what a library prints apart from what is said to who measures."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    module, size, *loops = sys.argv[1:]
    run = serve(module, int(size), sys.stdin, replies)
    if loops:
        importlib.import_module(loops[0]).run(run)
    else:
        asyncio.run(run)


if __name__ == "__main__":
    main()
