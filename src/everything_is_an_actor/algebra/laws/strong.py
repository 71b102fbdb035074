"""`first` and `second`: a flow on one component, while the other passes through.

All of it holds in T, for any flow, one that fails or never ends included: what passes through
takes no time and cannot fail.

Source: `StrongLaws` of cats.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrows import dimap, first, lmap, rmap, second
from everything_is_an_actor.algebra.laws.functions import (
    Both,
    assoc,
    fst,
    same,
    snd,
    swap,
    unassoc,
)
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, holds
from everything_is_an_actor.algebra.laws.profunctor import PROFUNCTOR


@holds(TRACE)
def first_is_second_swapped[A, B, C](
    f: Flow[A, B],
) -> IsEq[Flow[tuple[A, C], tuple[B, C]]]:
    """`first f ≈ dimap(second f, swap, swap)`"""
    other: Flow[tuple[C, A], tuple[C, B]] = second(f)
    return IsEq(first(f), dimap(other, swap, swap))


@holds(TRACE)
def second_is_first_swapped[A, B, C](
    f: Flow[A, B],
) -> IsEq[Flow[tuple[C, A], tuple[C, B]]]:
    """`second f ≈ dimap(first f, swap, swap)`"""
    other: Flow[tuple[A, C], tuple[B, C]] = first(f)
    return IsEq(second(f), dimap(other, swap, swap))


@holds(TRACE)
def first_drops_what_passes[A, B, C](f: Flow[A, B]) -> IsEq[Flow[tuple[A, C], B]]:
    """`lmap(f, fst) ≈ rmap(first f, fst)`"""
    strong: Flow[tuple[A, C], tuple[B, C]] = first(f)
    return IsEq(lmap(f, fst), rmap(strong, fst))


@holds(TRACE)
def second_drops_what_passes[A, B, C](f: Flow[A, B]) -> IsEq[Flow[tuple[C, A], B]]:
    """`lmap(f, snd) ≈ rmap(second f, snd)`"""
    strong: Flow[tuple[C, A], tuple[C, B]] = second(f)
    return IsEq(lmap(f, snd), rmap(strong, snd))


@holds(TRACE)
def first_is_dinatural[A, B, C, D](
    f: Flow[A, B], h: Callable[[C], D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`rmap(first f, id × h) ≈ lmap(first f, id × h)`"""
    before: Flow[tuple[A, C], tuple[B, C]] = first(f)
    after: Flow[tuple[A, D], tuple[B, D]] = first(f)
    out: Both[B, B, C, D] = Both(same, h)
    into: Both[A, A, C, D] = Both(same, h)
    return IsEq(rmap(before, out), lmap(after, into))


@holds(TRACE)
def second_is_dinatural[A, B, C, D](
    f: Flow[A, B], h: Callable[[C], D]
) -> IsEq[Flow[tuple[C, A], tuple[D, B]]]:
    """`rmap(second f, h × id) ≈ lmap(second f, h × id)`"""
    before: Flow[tuple[C, A], tuple[C, B]] = second(f)
    after: Flow[tuple[D, A], tuple[D, B]] = second(f)
    out: Both[C, D, B, B] = Both(h, same)
    into: Both[C, D, A, A] = Both(h, same)
    return IsEq(rmap(before, out), lmap(after, into))


@holds(TRACE)
def first_of_first[A, B, C, D](
    f: Flow[A, B],
) -> IsEq[Flow[tuple[tuple[A, C], D], tuple[tuple[B, C], D]]]:
    """`first (first f) ≈ dimap(first f, assoc, unassoc)`"""
    inner: Flow[tuple[A, C], tuple[B, C]] = first(f)
    flat: Flow[tuple[A, tuple[C, D]], tuple[B, tuple[C, D]]] = first(f)
    return IsEq(first(inner), dimap(flat, assoc, unassoc))


@holds(TRACE)
def second_of_second[A, B, C, D](
    f: Flow[A, B],
) -> IsEq[Flow[tuple[D, tuple[C, A]], tuple[D, tuple[C, B]]]]:
    """`second (second f) ≈ dimap(second f, unassoc, assoc)`"""
    inner: Flow[tuple[C, A], tuple[C, B]] = second(f)
    flat: Flow[tuple[tuple[D, C], A], tuple[tuple[D, C], B]] = second(f)
    return IsEq(second(inner), dimap(flat, unassoc, assoc))


STRONG = RuleSet(
    "strong",
    (
        first_is_second_swapped,
        second_is_first_swapped,
        first_drops_what_passes,
        second_drops_what_passes,
        first_is_dinatural,
        second_is_dinatural,
        first_of_first,
        second_of_second,
    ),
    (PROFUNCTOR,),
)
"""A flow on one component of a pair."""
