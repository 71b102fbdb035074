"""Where loops stop to be an iteration theory: at the bound, and for lack of a trace."""

from collections.abc import Callable
from operator import not_

from everything_is_an_actor.algebra.build import (
    identity,
    loop,
    loop_with_state,
    pure,
)
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrows import Either, either, first, second
from everything_is_an_actor.algebra.laws.functions import fst, same
from everything_is_an_actor.algebra.laws.iteration import beside, codiagonal_of, with_bystander
from everything_is_an_actor.algebra.laws.law import RESULT, IsEq
from everything_is_an_actor.algebra.values import Continue, Done
from everything_is_an_actor.testing.scripted import table
from laws.nonlaws import NonLaw

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


NONLAWS: tuple[NonLaw, ...] = AT_THE_BOUND + NO_TRACE
