"""How a cost is measured: ours and its floor in turn, and every operation counted.

The *floor* of a workload is the least that plain asyncio needs for the same work, written by hand
beside it. A round measures both, one right after the other, in an order that alternates, so that
whatever else the machine does falls on both. The figure is the ratio of the two medians over all
rounds; its spread is that of the ratios of single rounds.

A side returns how many operations it has seen happen. A round in which that is not the number
asked for is no measurement, and raises.
"""

import gc
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Literal, assert_never

type Amount = Callable[[], Awaitable[float]]
"""One round of one side: the amount for one operation, in microseconds or bytes."""


class Miscounted(Exception):
    """A side did not do what it was measured for."""


@dataclass(frozen=True, slots=True)
class AtMost:
    """Ours is to be at most so many times the floor."""

    times: float

    def __str__(self) -> str:
        return f"≤ {self.times:g}x"


@dataclass(frozen=True, slots=True)
class Above:
    """Ours is to be at most so much above the floor."""

    amount: float

    def __str__(self) -> str:
        return f"≤ +{self.amount:g}"


@dataclass(frozen=True, slots=True)
class Total:
    """Ours is to be at most so much."""

    amount: float

    def __str__(self) -> str:
        return f"≤ {self.amount:g}"


type Bound = AtMost | Above | Total


@dataclass(frozen=True, slots=True)
class Workload:
    """The same work done twice: by the framework, and by hand."""

    name: str
    per: str
    """What the amounts are for: a step, a message …"""
    ours: Amount
    floor: Amount
    floor_is: str
    bound: Bound
    unit: Literal["µs", "bytes"] = "µs"
    only_if_named: bool = False
    """Whether it takes so long, or so much memory, that it is to be asked for."""


def microseconds(work: Callable[[], Awaitable[int]], operations: int, repeats: int = 1) -> Amount:
    """The time of `work`, done `repeats` times in a row, for each of its operations.

    `work` returns how many operations it has done. Raises `Miscounted` if not `operations`.
    """

    async def amount() -> float:
        gc.collect()
        begun = perf_counter()
        counted = 0
        for _ in range(repeats):
            counted += await work()
        seconds = perf_counter() - begun
        need_all(counted, operations * repeats)
        return seconds / counted * 1e6

    return amount


def need_all(counted: int, expected: int) -> None:
    """Raises `Miscounted` if what was done is not what was to be done."""
    if counted != expected:
        raise Miscounted(f"{expected} operations were to be measured, {counted} were done")


@dataclass(frozen=True, slots=True)
class Measurement:
    """The amounts of every round."""

    workload: Workload
    ours: Sequence[float]
    floor: Sequence[float]

    @property
    def ratio(self) -> float:
        """Of the median of ours to that of the floor."""
        return median(self.ours) / median(self.floor)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest ratio of one round."""
        ratios = [ours / floor for ours, floor in zip(self.ours, self.floor, strict=True)]
        return min(ratios), max(ratios)

    @property
    def is_within_bound(self) -> bool:
        """Whether the medians keep the bound."""
        match self.workload.bound:
            case AtMost(times):
                return self.ratio <= times
            case Above(amount):
                return median(self.ours) - median(self.floor) <= amount
            case Total(amount):
                return median(self.ours) <= amount
            case _ as unreachable:
                assert_never(unreachable)


async def measure(workload: Workload, rounds: int) -> Measurement:
    """Both sides, `rounds` times each, after one round that does not count."""
    amounts: dict[Amount, list[float]] = {workload.floor: [], workload.ours: []}
    sides = list(amounts)
    for side in sides:
        await side()
    for _ in range(rounds):
        for side in sides:
            amounts[side].append(await side())
        sides.reverse()
    return Measurement(workload, amounts[workload.ours], amounts[workload.floor])
