"""A quorum runs every flow, and counts: `at_least` is `zip_all` of attempts, with a verdict.

From that equation, `counts_attempts`, the others follow; they are what one reasons with. With
`stop_early` it is `race` at one end and `zip_all` at the other.

Source: the documentation of `at_least`; no other library has a node for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.build import at_least, pure, race, zip_all
from everything_is_an_actor.algebra.failure import AllFailedError, QuorumError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Constant, Raising
from everything_is_an_actor.algebra.laws.law import (
    RESULT,
    TRACE,
    Fallible,
    IsEq,
    RuleSet,
    Total,
    holds,
)
from everything_is_an_actor.algebra.laws.placed import InOrder, by_rank, in_place
from everything_is_an_actor.algebra.values import QuorumResult

type Flows[A, B] = tuple[Flow[A, B], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a quorum of `n` says of the attempts of all: `s >= n` of `k` have to succeed."""

    n: int

    def __call__[B](self, attempts: tuple[Result[B, Exception], ...], /) -> QuorumResult[B]:
        """The result; raises `QuorumError`."""
        succeeded = tuple(each.unwrap() for each in attempts if isinstance(each, Success))
        failed = tuple(each.failure() for each in attempts if isinstance(each, Failure))
        result = QuorumResult(succeeded, failed)
        if len(succeeded) < self.n:
            raise QuorumError(self.n, len(attempts), result)
        return result


def values[B](result: QuorumResult[B]) -> tuple[B, ...]:
    """The values of a quorum."""
    return result.succeeded


def winner[B](result: QuorumResult[B]) -> B:
    """The value of a quorum of one."""
    return result.succeeded[0]


def as_lost_race(error: Exception) -> NoReturn:
    """`⇑ QuorumError(…, failed) ↦ ⇑ AllFailedError(failed)`"""
    if isinstance(error, QuorumError):
        raise AllFailedError(error.result.failed)
    raise error


def as_first_failure(error: Exception) -> NoReturn:
    """`⇑ QuorumError(…, (e, …)) ↦ ⇑ e`"""
    if isinstance(error, QuorumError):
        raise error.result.failed[0]
    raise error


@dataclass(frozen=True, slots=True)
class OnResult[B, C]:
    """A function of results of quorums, with what it makes of a `QuorumError`."""

    change: Callable[[QuorumResult[B]], QuorumResult[C]]
    more: int = 0
    """By how many flows the quorum is larger afterwards."""

    def __call__(self, error: Exception, /) -> NoReturn:
        """Raises the error, changed."""
        if isinstance(error, QuorumError):
            raise QuorumError(error.n, error.k + self.more, self.change(error.result))
        raise error

    def after[A](self, quorum: Flow[A, QuorumResult[B]]) -> Flow[A, QuorumResult[C]]:
        """The quorum, its result and the partial one in its error changed."""
        return quorum.recover(self).map(self.change)


@dataclass(frozen=True, slots=True)
class EachSuccess[B, C]:
    """A function on every success."""

    h: Callable[[B], C]

    def __call__(self, result: QuorumResult[B], /) -> QuorumResult[C]:
        """Its value."""
        return QuorumResult(tuple(map(self.h, result.succeeded)), result.failed)


@dataclass(frozen=True, slots=True)
class OneMoreFailed:
    """`(succeeded, failed) ↦ (succeeded, failed + e)`"""

    error: Exception

    def __call__[B](self, result: QuorumResult[B], /) -> QuorumResult[B]:
        """Its value."""
        return QuorumResult(result.succeeded, (*result.failed, self.error))


def one_more_succeeded[B](both: tuple[QuorumResult[B], B]) -> QuorumResult[B]:
    """`((succeeded, failed), v) ↦ (succeeded + v, failed)`"""
    result, value = both
    return QuorumResult((*result.succeeded, value), result.failed)


def at_most[A, B](n: int, fs: Flows[A, B]) -> int:
    """`n`, but no more than there are flows."""
    return min(n, len(fs))


# ---------------------------------------------------------------------------------------- counting


@holds(TRACE)
def counts_attempts[A, B](fs: tuple[Flow[A, B], ...], n: int) -> IsEq[Flow[A, QuorumResult[B]]]:
    """`at_least(n, f, g, …) ≈ zip_all(f.attempt(), g.attempt(), …) >>> arr (verdict n)`"""
    n = at_most(n, fs)
    return IsEq(at_least(n, *fs), zip_all(*(f.attempt() for f in fs)).map(Verdict(n)))


@holds(TRACE)
def permutes[A, B](
    fs: tuple[Flow[A, B], ...], ranks: tuple[int, int, int], n: int
) -> IsEq[Flow[A, QuorumResult[B]]]:
    """`at_least(n, π (f, g, …)) ≈ at_least(n, f, g, …)`, its results in the order of `π`

    `π` sorts by `ranks`, of which each flow has one.
    """
    n, order = at_most(n, fs), by_rank(ranks, len(fs))
    placed = at_least(n, *(in_place(i, f) for i, f in enumerate(fs)))
    moved: OnResult[tuple[int, B], B] = OnResult(InOrder(order))
    return IsEq(at_least(n, *(fs[i] for i in order)), moved.after(placed))


@holds(TRACE)
def maps_successes[A, B, C](
    fs: tuple[Flow[A, B], ...], n: int, h: Callable[[B], C]
) -> IsEq[Flow[A, QuorumResult[C]]]:
    """`at_least(n, f >>> arr h, g >>> arr h, …) ≈ at_least(n, f, g, …)`, each success mapped"""
    n = at_most(n, fs)
    mapped = at_least(n, *(f.map(h) for f in fs))
    return IsEq(mapped, OnResult(EachSuccess(h)).after(at_least(n, *fs)))


@holds(TRACE)
def is_natural_in_its_input[A, B, C](
    h: Callable[[A], B], fs: tuple[Flow[B, C], ...], n: int
) -> IsEq[Flow[A, QuorumResult[C]]]:
    """`arr h >>> at_least(n, f, g, …) ≈ at_least(n, arr h >>> f, arr h >>> g, …)`"""
    n = at_most(n, fs)
    return IsEq(pure(h) >> at_least(n, *fs), at_least(n, *(pure(h) >> f for f in fs)))


@holds(TRACE)
def a_failure_more_changes_failed_only[A, B](
    fs: tuple[Flow[A, B], ...], n: int, e: Exception
) -> IsEq[Flow[A, QuorumResult[B]]]:
    """`at_least(n, f, g, …, fail e) ≈ at_least(n, f, g, …)`, with `e` the last of `failed`"""
    n = at_most(n, fs)
    failing: Flow[A, B] = pure(Raising(e))
    more: OnResult[B, B] = OnResult(OneMoreFailed(e), more=1)
    return IsEq(at_least(n, *fs, failing), more.after(at_least(n, *fs)))


@holds(TRACE)
def a_success_more_counts[A, B](
    fs: tuple[Flow[A, B], ...], n: int, h: Callable[[A], B], e: Exception
) -> IsEq[Flow[A, QuorumResult[B]]]:
    """`at_least(n + 1, f, g, …, arr h) ≈ at_least(n, f, g, …) &&& arr h`, where it succeeds

    Where it does not, both sides are made to fail with `e`: the partial results differ.
    """
    n = at_most(n, fs)
    more = at_least(n + 1, *fs, pure(h))
    both = (at_least(n, *fs) & pure(h)).map(one_more_succeeded)
    return IsEq(more.recover(Raising(e)), both.recover(Raising(e)))


@holds(TRACE)
def quorum_of_one_flow[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`at_least(1, f) ≈ f`, but for the wrapping"""
    return IsEq(at_least(1, f).map(winner).recover(as_first_failure), f)


@holds(TRACE)
def quorum_of_all[A, B](fs: tuple[Total[A, B], ...]) -> IsEq[Flow[A, tuple[B, ...]]]:
    """`at_least(k, f, g, …) ≈ zip_all(f, g, …)`, of `k` flows that succeed"""
    return IsEq(at_least(len(fs), *fs).map(values), zip_all(*fs))


@holds(RESULT)
def is_monotone[A, B](fs: tuple[Flow[A, B], ...], n: int) -> IsEq[Flow[A, QuorumResult[B]]]:
    """`at_least(n + 1, f, g, …) <|> at_least(n, f, g, …) ≈ at_least(n, f, g, …)`

    Not in M: where the larger quorum fails, all are called again.
    """
    n = at_most(n, fs[1:])
    return IsEq(at_least(n + 1, *fs).fallback_to(at_least(n, *fs)), at_least(n, *fs))


@holds(TRACE)
def runs_every_flow[A, B](fs: tuple[Flow[A, B], ...], n: int) -> IsEq[Flow[A, None]]:
    """`at_least(n, f, g, …).attempt() ≈ zip_all(f.attempt(), g.attempt(), …)`, but for the value"""
    nothing = Constant(None)
    quorum = at_least(at_most(n, fs), *fs).attempt()
    return IsEq(quorum.map(nothing), zip_all(*(f.attempt() for f in fs)).map(nothing))


# ---------------------------------------------------------------------------------- stopping early


@holds(TRACE)
def early_quorum_of_one_is_a_race[A, B](fs: tuple[Flow[A, B], ...]) -> IsEq[Flow[A, B]]:
    """`at_least(1, f, g, …, stop_early) ≈ race(f, g, …)`, but for the wrapping"""
    quorum = at_least(1, *fs, stop_early=True)
    return IsEq(quorum.map(winner).recover(as_lost_race), race(*fs))


@holds(TRACE)
def early_quorum_of_all_is_zip[A, B](
    fs: tuple[Flow[A, B], ...],
) -> IsEq[Flow[A, tuple[B, ...]]]:
    """`at_least(k, f, g, …, stop_early) ≈ zip_all(f, g, …)`, of `k` flows, but for the wrapping"""
    quorum = at_least(len(fs), *fs, stop_early=True)
    return IsEq(quorum.map(values).recover(as_first_failure), zip_all(*fs))


@holds(RESULT)
def stopping_early_decides_alike[A, B](
    fs: tuple[Fallible[A, B], ...], n: int
) -> IsEq[Flow[A, bool]]:
    """`at_least(n, f, g, …, stop_early)` succeeds iff `at_least(n, f, g, …)` does

    Not in M: what is not needed is cancelled. Of flows that end: else it may end as the only one.
    """
    n = at_most(n, fs)
    early, whole = at_least(n, *fs, stop_early=True), at_least(n, *fs)
    yes, no = Constant(True), Constant(False)
    return IsEq(early.map(yes).recover(no), whole.map(yes).recover(no))


@holds(TRACE)
def stopping_early_has_just_enough[A, B](fs: tuple[Total[A, B], ...], n: int) -> IsEq[Flow[A, int]]:
    """`at_least(n, f, g, …, stop_early)` yields `n` values, of flows that succeed"""
    n = at_most(n, fs)
    early = at_least(n, *fs, stop_early=True)
    return IsEq(early.map(values).map(len), early.map(Constant(n)))


QUORUM = RuleSet(
    "quorum",
    (
        counts_attempts,
        permutes,
        maps_successes,
        is_natural_in_its_input,
        a_failure_more_changes_failed_only,
        a_success_more_counts,
        quorum_of_one_flow,
        quorum_of_all,
        is_monotone,
        runs_every_flow,
        early_quorum_of_one_is_a_race,
        early_quorum_of_all_is_zip,
        stopping_early_decides_alike,
        stopping_early_has_just_enough,
    ),
)
"""`at_least`."""
