"""Where time and counting stop to be algebra: at a bound, in a tie, for what is called in vain."""

from collections.abc import Callable, Sequence
from operator import not_

from everything_is_an_actor.algebra.build import (
    agent,
    at_least,
    first_completed,
    identity,
    loop,
    loop_with_state,
    pure,
    race,
    zip_all,
)
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws import effects, quorum, traversal
from everything_is_an_actor.algebra.laws import race as races
from everything_is_an_actor.algebra.laws.arrows import Either, either, first, second
from everything_is_an_actor.algebra.laws.functions import Constant, fst, same
from everything_is_an_actor.algebra.laws.iteration import beside, codiagonal_of, with_bystander
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, TRACE, IsEq
from everything_is_an_actor.algebra.values import Continue, Done
from everything_is_an_actor.testing.parameters import Sleep
from everything_is_an_actor.testing.scripted import Does, scripted, table
from everything_is_an_actor.testing.universe import Oops
from laws.nonlaws import Effect, NonLaw, fails, takes


def after(name: str, of_false: Does, of_true: Does) -> Flow[bool, bool]:
    """An agent that does this on False, and that on True."""
    return agent(scripted(name, {False: of_false, True: of_true}), timeout=None)


NEVER = takes("never", float("inf"))


# ------------------------------------------------------------------------------------- at the bound


def unrolled[A, B](f: Flow[A, Either[A, B]], n: int) -> IsEq[Flow[A, B]]:
    """`loop_n f ≈ f >>> (loop_n f ||| id)`"""
    return IsEq(loop(f, max_iter=n), f >> either(loop(f, max_iter=n), identity()))


def merged[A, B](f: Flow[A, Either[A, Either[A, B]]], n: int) -> IsEq[Flow[A, B]]:
    """`loop_n (loop_n f) ≈ loop_n (f >>> arr ∇)`"""
    twice = loop(loop(f, max_iter=n), max_iter=n)
    return IsEq(twice, loop(f.map(codiagonal_of), max_iter=n))


def turned[A, B](f: Flow[A, Either[A, B]], g: Flow[A, Either[A, B]], n: int) -> IsEq[Flow[A, B]]:
    """`loop_n (f >>> (g ||| arr Done)) ≈ f >>> (loop_n (g >>> (f ||| arr Done)) ||| id)`"""
    leave: Flow[B, Either[A, B]] = pure(Done)
    around = loop(g >> either(f, leave), max_iter=n)
    return IsEq(loop(f >> either(g, leave), max_iter=n), f >> either(around, identity()))


def carried[A, B, C](
    f: Flow[A, Either[A, B]], k: Callable[[C], C], n: int
) -> IsEq[Flow[tuple[A, C], B]]:
    """`arr fst >>> loop_n f ≈ loop_n (f beside k)`"""
    start: Flow[tuple[A, C], A] = pure(fst)
    return IsEq(start >> loop(f, max_iter=n), loop(beside(f, k).map(with_bystander), max_iter=n))


ONWARD: Flow[bool, Either[bool, None]] = pure(table({False: Continue(True), True: Done(None)}))
OUTWARD: Flow[str, Either[str, Either[str, None]]] = pure(
    table({"a": Continue("b"), "b": Done(Continue("c")), "c": Done(Done(None))})
)

AT_THE_BOUND = (
    NonLaw(
        "fixpoint_at_the_bound",
        "loop_n f ≈ f >>> (loop_n f ||| id)",
        unrolled,
        {"f": ONWARD, "n": 1},
        False,
        RESULT,
        "the right side has one run of the body more before the bound",
    ),
    NonLaw(
        "codiagonal_at_the_bound",
        "loop_n (loop_n f) ≈ loop_n (f >>> arr ∇)",
        merged,
        {"f": OUTWARD, "n": 2},
        "a",
        RESULT,
        "two loops have two bounds: together the body may run n * n times",
    ),
    NonLaw(
        "dinaturality_at_the_bound",
        "loop_n (f >>> (g ||| arr Done)) ≈ f >>> (loop_n (g >>> (f ||| arr Done)) ||| id)",
        turned,
        {"f": ONWARD, "g": pure(Continue), "n": 1},
        False,
        RESULT,
        "the right side has run `f` once before its first round",
    ),
    NonLaw(
        "uniformity_at_the_bound",
        "arr h >>> f ≈ g >>> (arr h +++ id) ⇒ arr h >>> loop_n f ≈ loop_n g",
        carried,
        {"f": ONWARD, "k": same, "n": 1},
        (False, None),
        RESULT,
        "the error holds the last value, which is not the same in the two loops",
    ),
)


# --------------------------------------------------------------------------- no trace over products


def tightened[A, B, S](
    f: Flow[tuple[A, S], tuple[Either[A, B], S]], h: Callable[[A], A], s: S
) -> IsEq[Flow[A, B]]:
    """`loop_with_state(first (arr h) >>> f, s) ≈ arr h >>> loop_with_state(f, s)`"""
    start: Flow[tuple[A, S], tuple[A, S]] = first(pure(h))
    inside = loop_with_state(start >> f, init_state=s)
    return IsEq(inside, pure(h) >> loop_with_state(f, init_state=s))


def slid[A, B, S](
    f: Flow[tuple[A, S], tuple[Either[A, B], S]], k: Callable[[S], S], s: S
) -> IsEq[Flow[A, B]]:
    """`loop_with_state(f >>> second (arr k), s) ≈ loop_with_state(second (arr k) >>> f, s)`"""
    at_the_end: Flow[tuple[Either[A, B], S], tuple[Either[A, B], S]] = second(pure(k))
    at_the_start: Flow[tuple[A, S], tuple[A, S]] = second(pure(k))
    return IsEq(
        loop_with_state(f >> at_the_end, init_state=s),
        loop_with_state(at_the_start >> f, init_state=s),
    )


def until_told(step: tuple[bool, bool]) -> tuple[Either[bool, bool], bool]:
    """`(x, s) ↦ (Done x, s)` if `s`, else `(Continue x, True)`"""
    value, told = step
    return (Done(value), told) if told else (Continue(value), True)


def says_state(step: tuple[bool, bool]) -> tuple[Either[bool, bool], bool]:
    """`(x, s) ↦ (Done s, s)`"""
    _, state = step
    return Done(state), state


NO_TRACE = (
    NonLaw(
        "tightening",
        "loop_with_state(first (arr h) >>> f, s) ≈ arr h >>> loop_with_state(f, s)",
        tightened,
        {"f": pure(until_told), "h": not_, "s": False},
        False,
        RESULT,
        "the left side applies `h` in every round: not only the state goes round, the value does",
    ),
    NonLaw(
        "sliding",
        "loop_with_state(f >>> second (arr k), s) ≈ loop_with_state(second (arr k) >>> f, s)",
        slid,
        {"f": pure(says_state), "k": not_, "s": False},
        False,
        RESULT,
        "there is a first state, to which the right side applies `k` and the left side does not",
    ),
)


# -------------------------------------------------------------------------------------------- races


def commuted[A, B](f: Flow[A, B], g: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`race(f, g) ≈ race(g, f)`"""
    return IsEq(race(f, g), race(g, f))


def nested[A, B](f: Flow[A, B], g: Flow[A, B], h: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`race(race(f, g), h) ≈ race(f, race(g, h))`"""
    return IsEq(race(race(f, g), h), race(f, race(g, h)))


def distributed[A, B, C](f: Flow[A, B], g: Flow[A, B], h: Flow[B, C]) -> IsEq[Flow[A, C]]:
    """`race(f, g) >>> h ≈ race(f >>> h, g >>> h)`"""
    return IsEq(race(f, g) >> h, race(f >> h, g >> h))


def ended_first[A, B](f: Flow[A, B], g: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`race(f, g) ≈ first_completed(f, g)`"""
    return IsEq(race(f, g), first_completed(f, g))


def timed_each[A, B](f: Flow[A, B], g: Flow[A, B], t: float) -> IsEq[Flow[A, B]]:
    """`race(f, g).timeout(t) ≈ race(f.timeout(t), g.timeout(t))`"""
    return IsEq(race(f, g).timeout(t), race(f.timeout(t), g.timeout(t)))


SAYS_FALSE: Flow[None, bool] = pure(Constant(False))
SAYS_TRUE: Flow[None, bool] = pure(Constant(True))

RACES = (
    NonLaw(
        "race_commutes_in_a_tie",
        "race(f, g) ≈ race(g, f)",
        commuted,
        {"f": SAYS_FALSE, "g": SAYS_TRUE},
        None,
        RESULT,
        "both succeed at one instant, and the leftmost wins",
    ),
    NonLaw(
        "race_commutes_in_its_errors",
        "race(f, g) ≈ race(g, f)",
        commuted,
        {"f": fails("f", 1), "g": fails("g", 2)},
        None,
        RESULT,
        "the errors of all are told in the order of the flows",
    ),
    NonLaw(
        "race_associates_in_its_errors",
        "race(race(f, g), h) ≈ race(f, race(g, h))",
        nested,
        {"f": fails("f", 1), "g": fails("g", 2), "h": fails("h", 3)},
        None,
        RESULT,
        "the errors of the inner race are one error of the outer one",
    ),
    NonLaw(
        "race_distributes",
        "race(f, g) >>> h ≈ race(f >>> h, g >>> h)",
        distributed,
        {"f": takes("f", 1), "g": takes("g", 2), "h": takes("h", 4)},
        None,
        CALLS,
        "the race is over later on the right: the loser has gone on, and has called `h` as well",
    ),
    NonLaw(
        "first_to_succeed_is_first_to_end",
        "race(f, g) ≈ first_completed(f, g)",
        ended_first,
        {"f": fails("f", 1), "g": takes("g", 2)},
        None,
        RESULT,
        "a failure ends `first_completed`, and does not win a race",
    ),
    NonLaw(
        "never_loses_unseen",
        "race(never, f) ≈ f",
        races.whoever_never_ends_loses,
        {"never": NEVER, "f": takes("f", 1)},
        None,
        CALLS,
        "what never ends has been called, and is cancelled",
    ),
    NonLaw(
        "race_with_itself_unseen",
        "race(f, f) ≈ f",
        races.race_with_itself,
        {"f": takes("f", 1)},
        None,
        CALLS,
        "it is called twice",
    ),
    NonLaw(
        "timeout_of_a_race",
        "race(f, g).timeout(t) ≈ race(f.timeout(t), g.timeout(t))",
        timed_each,
        {"f": takes("f", 2), "g": takes("g", 3), "t": 1.0},
        None,
        RESULT,
        "one timeout is a FlowTimeoutError, two lost ones are an AllFailedError",
    ),
)


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


NOTHING: Effect = identity()
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


NONLAWS: tuple[NonLaw, ...] = AT_THE_BOUND + NO_TRACE + RACES + TIMEOUTS + COUNTED
