"""Flows are arrows: functions are lifted into them, and they run on components of products.

`***` runs its sides at the same time, while `first f >>> second g` runs one after the other: these
two are the same multiset of calls only where neither side fails, and never the same trace.

Source: `ArrowLaws` of cats; Hughes 2000, "Generalising monads to arrows".
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrows import fanout, first, second, split
from everything_is_an_actor.algebra.laws.category import CATEGORY
from everything_is_an_actor.algebra.laws.functions import (
    Both,
    Composed,
    Constant,
    assoc,
    dup,
    fst,
    same,
)
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    TRACE,
    Fallible,
    IsEq,
    RuleSet,
    Total,
    holds,
)
from everything_is_an_actor.algebra.laws.strong import STRONG


@holds(TRACE)
def lifts_identity[A]() -> IsEq[Flow[A, A]]:
    """`arr id ≈ id`"""
    return IsEq(pure(same), identity())


@holds(TRACE)
def lifts_composition[A, B, C](f: Callable[[A], B], g: Callable[[B], C]) -> IsEq[Flow[A, C]]:
    """`arr (g ∘ f) ≈ arr f >>> arr g`"""
    return IsEq(pure(Composed(g, f)), pure(f) >> pure(g))


@holds(TRACE)
def extension[A, B, C](g: Callable[[A], B]) -> IsEq[Flow[tuple[A, C], tuple[B, C]]]:
    """`first (arr g) ≈ arr (g × id)`"""
    both: Both[A, B, C, C] = Both(g, same)
    return IsEq(first(pure(g)), pure(both))


@holds(TRACE)
def first_preserves_composition[A, B, C, D](
    f: Flow[A, B], g: Flow[B, C]
) -> IsEq[Flow[tuple[A, D], tuple[C, D]]]:
    """`first (f >>> g) ≈ first f >>> first g`"""
    start: Flow[tuple[A, D], tuple[B, D]] = first(f)
    return IsEq(first(f >> g), start >> first(g))


@holds(TRACE)
def exchange[A, B, C, D](
    f: Flow[A, B], g: Callable[[C], D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`first f >>> arr (id × g) ≈ arr (id × g) >>> first f`"""
    before: Flow[tuple[A, C], tuple[B, C]] = first(f)
    after: Flow[tuple[A, D], tuple[B, D]] = first(f)
    out: Both[B, B, C, D] = Both(same, g)
    into: Both[A, A, C, D] = Both(same, g)
    return IsEq(before >> pure(out), pure(into) >> after)


@holds(TRACE)
def unit[A, B, C](f: Flow[A, B]) -> IsEq[Flow[tuple[A, C], B]]:
    """`first f >>> arr fst ≈ arr fst >>> f`"""
    start: Flow[tuple[A, C], tuple[B, C]] = first(f)
    dropped: Flow[tuple[A, C], A] = pure(fst)
    return IsEq(start >> pure(fst), dropped >> f)


@holds(TRACE)
def association[A, B, C, D](
    f: Flow[A, B],
) -> IsEq[Flow[tuple[tuple[A, C], D], tuple[B, tuple[C, D]]]]:
    """`first (first f) >>> arr assoc ≈ arr assoc >>> first f`"""
    inner: Flow[tuple[A, C], tuple[B, C]] = first(f)
    outer: Flow[tuple[tuple[A, C], D], tuple[tuple[B, C], D]] = first(inner)
    flat: Flow[tuple[A, tuple[C, D]], tuple[B, tuple[C, D]]] = first(f)
    moved: Flow[tuple[tuple[A, C], D], tuple[A, tuple[C, D]]] = pure(assoc)
    return IsEq(outer >> pure(assoc), moved >> flat)


@holds(CALLS)
def split_in_order[A, B, C, D](
    f: Total[A, B], g: Total[C, D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`f *** g ≈ first f >>> second g`, for total flows

    Not in T: on the left, `g` does not wait for `f`.
    """
    return IsEq(split(f, g), one_after_the_other(f, g))


@holds(RESULT)
def split_before_total[A, B, C, D](
    f: Flow[A, B], g: Total[C, D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`f *** g ≈ first f >>> second g`, for any flow and a total one

    Not in M: on the left, `g` has begun when `f` fails.
    """
    return IsEq(split(f, g), one_after_the_other(f, g))


@holds(RESULT)
def split_after_total[A, B, C, D](
    f: Total[A, B], g: Flow[C, D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`f *** g ≈ first f >>> second g`, for a total flow and any one

    Not in M: on the left, `f` is cancelled when `g` fails.
    """
    return IsEq(split(f, g), one_after_the_other(f, g))


@holds(RESULT)
def split_fails_alike[A, B, C, D](
    f: Fallible[A, B], g: Fallible[C, D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D] | None]]:
    """`(f *** g).recover(k) ≈ (first f >>> second g).recover(k)`, for constant `k`

    Without `recover` not even in R: if both fail, the left side has the first error in time, the
    right side that of `f`.
    """
    concurrent, in_order = split(f, g), one_after_the_other(f, g)
    return IsEq(concurrent.recover(Constant(None)), in_order.recover(Constant(None)))


@holds(TRACE)
def merge[A, B, C](f: Flow[A, B], g: Flow[A, C]) -> IsEq[Flow[A, tuple[B, C]]]:
    """`f &&& g ≈ arr dup >>> (f *** g)`"""
    copied: Flow[A, tuple[A, A]] = pure(dup)
    return IsEq(fanout(f, g), copied >> split(f, g))


def one_after_the_other[A, B, C, D](f: Flow[A, B], g: Flow[C, D]) -> Flow[tuple[A, C], tuple[B, D]]:
    """`first f >>> second g`"""
    start: Flow[tuple[A, C], tuple[B, C]] = first(f)
    return start >> second(g)


ARROW = RuleSet(
    "arrow",
    (
        lifts_identity,
        lifts_composition,
        extension,
        first_preserves_composition,
        exchange,
        unit,
        association,
        split_in_order,
        split_before_total,
        split_after_total,
        split_fails_alike,
        merge,
    ),
    (CATEGORY, STRONG),
)
"""Functions as flows, and flows on components of pairs."""
