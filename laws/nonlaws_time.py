"""Where time and counting stop to be algebra: of a part, and for what is called in vain."""

from collections.abc import Sequence

from everything_is_an_actor.algebra.build import (
    at_least,
    zip_all,
)
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws import effects, quorum, traversal
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, TRACE, IsEq
from everything_is_an_actor.testing.parameters import Sleep
from everything_is_an_actor.testing.scripted import Does
from everything_is_an_actor.testing.universe import Oops
from laws.nonlaws import NEVER, NOTHING, NonLaw, after, dies, fails, takes

# ----------------------------------------------------------------------------- timeouts and retries


def timed_in_part[A, B, C](f: Flow[A, B], g: Flow[B, C], t: float) -> IsEq[Flow[A, C]]:
    """`(f >>> g).timeout(t) ≈ f.timeout(t) >>> g`"""
    return IsEq((f >> g).timeout(t), f.timeout(t) >> g)


def timed_apart[A, B, C](f: Flow[A, B], g: Flow[B, C], t: float) -> IsEq[Flow[A, C]]:
    """`(f >>> g).timeout(t) ≈ f.timeout(t) >>> g.timeout(t)`"""
    return IsEq((f >> g).timeout(t), f.timeout(t) >> g.timeout(t))


def timed[A, B](f: Flow[A, B], t: float) -> IsEq[Flow[A, B]]:
    """`f.timeout(t) ≈ f`"""
    return IsEq(f.timeout(t), f)


def retried_in_time[A, B](f: Flow[A, B], n: int, t: float) -> IsEq[Flow[A, B]]:
    """`f.timeout(t).retry(n) ≈ f.retry(n).timeout(t)`"""
    return IsEq(f.timeout(t).retry(n), f.retry(n).timeout(t))


def retried_in_part[A, B, C](f: Flow[A, B], g: Flow[B, C], n: int) -> IsEq[Flow[A, C]]:
    """`(f >>> g).retry(n) ≈ f >>> g.retry(n)`"""
    return IsEq((f >> g).retry(n), f >> g.retry(n))


TIMEOUTS = (
    NonLaw(
        "timeout_before_a_flow",
        "(f >>> g).timeout(t) ≈ f.timeout(t) >>> g",
        timed_in_part,
        {"f": takes("f", 1), "g": takes("g", 2), "t": 2.0},
        None,
        RESULT,
        "the time that `g` takes counts on the left only",
    ),
    NonLaw(
        "timeout_of_the_parts",
        "(f >>> g).timeout(t) ≈ f.timeout(t) >>> g.timeout(t)",
        timed_apart,
        {"f": takes("f", 1), "g": takes("g", 1), "t": 1.5},
        None,
        RESULT,
        "on the right the clock begins anew",
    ),
    NonLaw(
        "timeout_in_a_tie",
        "f.timeout(t) ≈ f, for an f that takes t",
        timed,
        {"f": Sleep(None)(1.0), "t": 1.0},
        None,
        RESULT,
        "what ends at the very instant of its timeout is late",
    ),
    NonLaw(
        "timeout_of_each_try",
        "f.timeout(t).retry(n) ≈ f.retry(n).timeout(t)",
        retried_in_time,
        {"f": NEVER, "n": 1, "t": 1.0},
        None,
        CALLS,
        "on the left each try has its own time, and the timeout is tried again",
    ),
    NonLaw(
        "timeout_of_the_second_try",
        "f.timeout(t).retry(n) ≈ f.retry(n).timeout(t)",
        retried_in_time,
        {"f": fails("f", 1), "n": 1, "t": 1.5},
        None,
        RESULT,
        "on the left the second try is in time, and fails by itself; on the right it is not",
    ),
    NonLaw(
        "retry_of_the_end",
        "(f >>> g).retry(n) ≈ f >>> g.retry(n)",
        retried_in_part,
        {"f": takes("f", 1), "g": fails("g", 1), "n": 1},
        None,
        CALLS,
        "when `g` fails, `f` is called again on the left",
    ),
)


# ------------------------------------------------------------------------ quorums, sequences, sides


def all_of[A, B](f: Flow[A, B], g: Flow[A, B]) -> IsEq[Flow[A, tuple[B, ...]]]:
    """`at_least(2, f, g) ≈ zip_all(f, g)`, but for the wrapping"""
    wanted = at_least(2, f, g).map(quorum.values).recover(quorum.as_first_failure)
    return IsEq(wanted, zip_all(f, g))


def awaited[A, B, C](f: Flow[A, B], side: Flow[B, C]) -> IsEq[Flow[A, B]]:
    """`f.notify(s) ≈ f.tap(s)`"""
    return IsEq(f.notify(side), f.tap(side))


PAIR: Sequence[bool] = [False, True]
ONE_THEN_TWO = after("f", Does(False, 1.0), Does(True, 2.0))

COUNTED = (
    NonLaw(
        "quorum_stops_early_unseen",
        "at_least(n, f, g, …, stop_early) succeeds iff at_least(n, f, g, …) does",
        quorum.stopping_early_decides_alike,
        {"fs": (takes("f", 1), takes("g", 2)), "n": 1},
        None,
        CALLS,
        "the one that is not needed is cancelled",
    ),
    NonLaw(
        "quorum_stops_early_before_a_fatal_error",
        "at_least(n, f, g, …, stop_early) succeeds iff at_least(n, f, g, …) does",
        quorum.stopping_early_decides_alike,
        {"fs": (takes("f", 1), dies("g", 2)), "n": 1},
        None,
        RESULT,
        "the one that is not needed is cancelled before it dies",
    ),
    NonLaw(
        "quorum_is_monotone_unseen",
        "at_least(n + 1, f, g, …) <|> at_least(n, f, g, …) ≈ at_least(n, f, g, …)",
        quorum.is_monotone,
        {"fs": (takes("f", 1), fails("g", 1)), "n": 1},
        None,
        CALLS,
        "where the larger quorum fails, all are called again",
    ),
    NonLaw(
        "quorum_of_all_when_one_fails",
        "at_least(2, f, g) ≈ zip_all(f, g), but for the wrapping",
        all_of,
        {"f": fails("f", 1), "g": takes("g", 2)},
        None,
        CALLS,
        "`zip_all` gives up at the first failure; a quorum runs every flow to its end",
    ),
    NonLaw(
        "quorum_of_all_when_both_fail",
        "at_least(2, f, g) ≈ zip_all(f, g), but for the wrapping",
        all_of,
        {"f": fails("f", 2), "g": fails("g", 1)},
        None,
        RESULT,
        "`zip_all` fails with the first error in time; a quorum tells the errors in order",
    ),
    NonLaw(
        "traversals_fuse_in_time",
        "traverse f >>> traverse g ≈ traverse (f >>> g)",
        traversal.fuses,
        {"f": ONE_THEN_TWO, "g": after("g", Does(False, 4.0), Does(True, 4.0))},
        PAIR,
        TRACE,
        "on the left the first `g` waits for the second `f`",
    ),
    NonLaw(
        "traversals_fuse_when_one_fails",
        "traverse f >>> traverse g ≈ traverse (f >>> g)",
        traversal.fuses,
        {
            "f": after("f", Does(False, 1.0), Does(Oops("f"), 3.0)),
            "g": after("g", Does(Oops("g"), 1.0), Does(True, 1.0)),
        },
        PAIR,
        RESULT,
        "on the right `g` fails on the first element while `f` still runs on the second",
    ),
    NonLaw(
        "concurrency_is_unseen_in_time",
        "traverse(f, max_concurrency=n) ≈ traverse f",
        traversal.bound_is_not_seen,
        {"f": ONE_THEN_TWO, "n": 1},
        PAIR,
        TRACE,
        "one after the other takes the sum of the times",
    ),
    NonLaw(
        "concurrency_is_unseen_when_two_fail",
        "traverse(f, max_concurrency=n) ≈ traverse f",
        traversal.bound_is_not_seen,
        {"f": after("f", Does(Oops("x"), 2.0), Does(Oops("y"), 1.0)), "n": 1},
        PAIR,
        RESULT,
        "on the left the second one is not begun, which on the right is the first in time to fail",
    ),
    NonLaw(
        "notify_is_unseen",
        "f.notify(s) ≈ f",
        effects.notify_is_transparent,
        {"f": NOTHING, "side": takes("s", 1)},
        None,
        CALLS,
        "the side flow is called, though nobody waits for it",
    ),
    NonLaw(
        "divert_to_is_unseen",
        "f.divert_to(s, p) ≈ f",
        effects.divert_to_is_transparent,
        {"f": NOTHING, "side": takes("s", 1), "p": Constant(True)},
        None,
        CALLS,
        "where `p` holds the side flow is called",
    ),
    NonLaw(
        "notify_is_tap_in_time",
        "f.notify(s) ≈ f.tap(s)",
        awaited,
        {"f": NOTHING, "side": takes("s", 1)},
        None,
        TRACE,
        "`tap` waits for the side flow, `notify` does not",
    ),
    NonLaw(
        "notify_is_tap_when_it_fails",
        "f.notify(s) ≈ f.tap(s)",
        awaited,
        {"f": NOTHING, "side": fails("s", 1)},
        None,
        RESULT,
        "an error of the side flow is one of `tap`, and none of `notify`",
    ),
)


NONLAWS: tuple[NonLaw, ...] = TIMEOUTS + COUNTED
