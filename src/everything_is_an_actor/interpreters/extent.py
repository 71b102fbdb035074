"""How far a part of a flow may reach: its agents, its calls, its time, how much of it runs at once.

An `Extent` is what `bounds` knows of a sub-flow, and the functions below are the few ways in which
parts make a whole: one after the other (`series`), side by side (`quorum`), one of several
(`either`), one after the failure of another (`rescued`), again (`repeated`), within a time
(`within`) and in the background (`aside`). Every node is a combination of them.

What is called *at once*, in the first instant of a part, is what a part calls however it ends:
whatever comes later may be prevented by a failure, or by a sibling that wins at the same time. A
part that cannot fail takes no time by itself: it is made of identities and of side flows, and what
follows it is at once, too. So `identity()` is the unit of `series` here as everywhere, and `series`
is associative.
"""

import math
import sys
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.interpreters.agent_sets import (
    EMPTY,
    Numbers,
    in_at_least,
    intersection,
    only,
    union,
    union_of,
)

MOST: Final = sys.float_info.max  # an upper bound beyond which a count is as good as none

type Count = int | float
"""A whole number, or `math.inf`."""

type Way = int | tuple[Way, Way] | None
"""The numbers of agents in their order: a rope. What is repeated is in it once."""


class Extent(NamedTuple):  # a frozen dataclass takes four times as long to make, for every node
    """What is known of a part before it runs. Times are seconds since the part began.

    `at_once` are the agents that are called in the first instant, `to_succeed` those in every run
    that yields a value; `least` and `least_to_succeed` count their calls. `seconds` is the latest
    end, `settled` that of the last call in it or in a side flow, and `lingering` how long any of
    its side flows goes on. `peak` is how many calls there are at the same time, ever, and `left`
    how many of them may belong to side flows that have outlived the part.
    """

    at_once: Numbers
    to_succeed: Numbers
    cannot_fail: bool
    least: int
    least_to_succeed: int
    most: Count
    seconds: float
    settled: float
    lingering: float
    way: Way
    peak: Count
    left: Count


IDENTITY = Extent(EMPTY, EMPTY, True, 0, 0, 0, 0.0, 0.0, 0.0, None, 0, 0)
FUNCTION = IDENTITY._replace(cannot_fail=False)
UNKNOWN = Extent(
    *(EMPTY, EMPTY, False, 0, 0, math.inf),
    *(math.inf, math.inf, math.inf, None, math.inf, math.inf),
)


def call(number: int, timeout: float | None) -> Extent:
    """One call of the agent of that number."""
    agents = only(number)
    seconds = math.inf if timeout is None else float(timeout)
    return Extent(agents, agents, False, 1, 1, 1, seconds, seconds, 0.0, number, 1, 0)


def series(a: Extent, b: Extent) -> Extent:
    """`b` when `a` has succeeded; the side flows of `a` may run beside."""
    if b is IDENTITY or (b is FUNCTION and not a.cannot_fail):
        return a  # as below; and most nodes are functions
    return Extent(
        union(a.at_once, b.at_once) if a.cannot_fail else a.at_once,
        union(a.to_succeed, b.to_succeed),
        a.cannot_fail and b.cannot_fail,
        a.least + b.least if a.cannot_fail else a.least,
        a.least_to_succeed + b.least_to_succeed,
        plus(a.most, b.most),
        a.seconds + b.seconds,
        max(a.settled, a.seconds + b.settled),
        max(a.lingering, b.lingering),
        _joined(a.way, b.way),
        max(a.peak, plus(a.left, b.peak)),
        plus(a.left, b.left),
    )


def quorum(n: int, parts: Sequence[Extent]) -> Extent:
    """All at the same time; `n` of them have to succeed, the others may be given up on.

    Any `n` of k sets meet what is in k - n + 1 of them. A sibling that decides may be the slowest.
    """
    at_once = union_of(part.at_once for part in parts)
    shared = in_at_least(len(parts) - n + 1, [part.to_succeed for part in parts])
    least = sum(part.least for part in parts)
    further = sorted(part.least_to_succeed - part.least for part in parts)
    slowest = _slowest(parts)
    return Extent(
        at_once,
        union(at_once, shared),
        all(part.cannot_fail for part in parts),
        least,
        least + sum(further[:n]),
        total(part.most for part in parts),
        slowest.seconds,
        max(part.settled for part in parts),
        max(part.lingering for part in parts),
        slowest.way,
        total(part.peak for part in parts),
        total(part.left for part in parts),
    )


def either(parts: Sequence[Extent]) -> Extent:
    """One of them, no one knows which."""
    slowest = _slowest(parts)
    return Extent(
        in_at_least(len(parts), [part.at_once for part in parts]),
        in_at_least(len(parts), [part.to_succeed for part in parts]),
        all(part.cannot_fail for part in parts),
        min(part.least for part in parts),
        min(part.least_to_succeed for part in parts),
        max(part.most for part in parts),
        slowest.seconds,
        max(part.settled for part in parts),
        max(part.lingering for part in parts),
        slowest.way,
        max(part.peak for part in parts),
        max(part.left for part in parts),
    )


def rescued(a: Extent, b: Extent) -> Extent:
    """`b` when `a` has failed with an error that may be handled."""
    return series(a, b)._replace(
        at_once=a.at_once,
        to_succeed=union(a.at_once, intersection(a.to_succeed, b.to_succeed)),
        cannot_fail=a.cannot_fail,
        least=a.least,
        least_to_succeed=min(a.least_to_succeed, a.least + b.least_to_succeed),
    )


def repeated(part: Extent, times: Count, waits: float = 0.0) -> Extent:
    """Once, and up to `times` in all, one after the other, with so many seconds between them."""
    before = scaled(times - 1, part.seconds) + waits
    return part._replace(
        most=multiplied(times, part.most),
        seconds=before + part.seconds,
        settled=before + part.settled,
        peak=plus(multiplied(times - 1, part.left), part.peak),
        left=multiplied(times, part.left),
    )


def crowd(body: Extent, places: Count) -> Extent:
    """Any number of them, none included, so many at a time. Not even the first is certain."""
    in_turn = math.isfinite(places) and body.seconds > 0
    left = multiplied(math.inf, body.left)
    return FUNCTION._replace(
        most=multiplied(math.inf, body.most),
        seconds=math.inf if in_turn else body.seconds,
        settled=math.inf if in_turn else body.settled,
        lingering=body.lingering,
        way=body.way,
        peak=plus(multiplied(places, body.peak), left),
        left=left,
    )


def within(part: Extent, seconds: float) -> Extent:
    """As much of it as there is in so many seconds. A side flow that has begun goes on."""
    return part._replace(
        seconds=min(part.seconds, seconds),
        settled=min(part.settled, seconds + part.lingering),
    )


def first(parts: Sequence[Extent]) -> Extent:
    """All at the same time, until the first of them ends in any way."""
    quickest = min(parts, key=lambda part: part.seconds)
    return within(quorum(1, parts), quickest.seconds)._replace(way=quickest.way)


def aside(side: Extent) -> Extent:
    """In the background: it takes no time here, and its failures are its own."""
    return Extent(
        *(side.at_once, side.at_once, True, side.least, side.least, side.most),
        *(0.0, side.settled, side.settled, None, side.peak, side.peak),
    )


def waits(backoff: Backoff, times: int) -> float:
    """The seconds before `times` new attempts, all together.

    Added up one by one, or, where they are many, as a geometric series up to the `maximum`.
    """
    if times <= 1_000:
        return math.fsum(backoff.delay(i) for i in range(times))
    if backoff.factor == 1 or backoff.initial in (0, backoff.maximum):
        return scaled(times, backoff.delay(0))
    growing, enough = 0, times  # the first delay that is the maximum is between them
    while growing < enough:
        middle = (growing + enough) // 2
        if backoff.delay(middle) < backoff.maximum:
            growing = middle + 1
        else:
            enough = middle
    ratio = math.log(backoff.factor)
    grown = backoff.initial * math.expm1(growing * ratio) / (backoff.factor - 1)
    return grown + scaled(times - growing, float(backoff.maximum))


def listed(way: Way, length: int) -> list[int]:
    """The first `length` numbers of a way."""
    numbers: list[int] = []
    pending = [way]
    while pending and len(numbers) < length:
        match pending.pop():
            case int(number):
                numbers.append(number)
            case (before, after):
                pending += [after, before]
            case None:
                pass
    return numbers


def plus(a: Count, b: Count) -> Count:
    """The sum, also of an infinite number and one that no float can hold."""
    return math.inf if a == math.inf or b == math.inf else _counted(a + b)


def total(counts: Iterable[Count]) -> Count:
    """The sum of all of them."""
    found = list(counts)
    return math.inf if math.inf in found else _counted(sum(found))


def multiplied(a: Count, b: Count) -> Count:
    """The product; nothing is nothing however often."""
    if not a or not b:
        return 0
    return math.inf if a == math.inf or b == math.inf else _counted(a * b)


def _counted(count: Count) -> Count:
    return count if count <= MOST else math.inf


def scaled(times: Count, seconds: float) -> float:
    """So many times so many seconds."""
    if not times or not seconds:
        return 0.0
    try:
        return times * seconds
    except OverflowError:  # more times than a float can tell
        return math.inf


def _joined(a: Way, b: Way) -> Way:
    if a is None or b is None:
        return b if a is None else a
    return a, b


def _slowest(parts: Sequence[Extent]) -> Extent:
    return max(parts, key=lambda part: part.seconds)
