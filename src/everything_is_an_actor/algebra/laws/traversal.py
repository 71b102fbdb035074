"""`traverse` runs a flow over a sequence: it is given by what it does on `[]` and on `x : xs`.

All elements run at the same time, as the sides of `zip` do: the applicative is the concurrent one.
Hence two traversals in sequence wait for each other, and one of the composition does not.

Source: `TraverseLaws` of cats; McBride & Paterson 2008, "Applicative programming with effects".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from everything_is_an_actor.algebra.build import each, pure, traverse
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrows import first, second
from everything_is_an_actor.algebra.laws.functions import Constant, alone, same
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    TRACE,
    IsEq,
    RuleSet,
    Total,
    holds,
)


@dataclass(frozen=True, slots=True)
class OverAll[A, B]:
    """`h` over each element: `(x, y, …) ↦ (h x, h y, …)`"""

    h: Callable[[A], B]

    def __call__(self, xs: Sequence[A], /) -> tuple[B, ...]:
        """Its value."""
        return tuple(map(self.h, xs))


def cons[A](parts: tuple[A, Sequence[A]]) -> tuple[A, ...]:
    """`(x, xs) ↦ x : xs`"""
    x, xs = parts
    return (x, *xs)


def unzipped[A, B](pairs: Sequence[tuple[A, B]]) -> tuple[tuple[A, ...], tuple[B, ...]]:
    """`((x, y), …) ↦ ((x, …), (y, …))`"""
    return tuple(x for x, _ in pairs), tuple(y for _, y in pairs)


# ------------------------------------------------------------------------------- what defines it


@holds(TRACE)
def of_nothing[A, B](f: Flow[A, B]) -> IsEq[Flow[Sequence[A], tuple[B, ...]]]:
    """`arr (const []) >>> traverse f ≈ arr (const ())`"""
    nothing: Flow[Sequence[A], tuple[A, ...]] = pure(Constant(()))
    return IsEq(nothing >> traverse(f), pure(Constant(())))


@holds(TRACE)
def of_one[A, B](f: Flow[A, B]) -> IsEq[Flow[A, tuple[B, ...]]]:
    """`arr (x ↦ [x]) >>> traverse f ≈ f >>> arr (y ↦ (y,))`"""
    start: Flow[A, tuple[A, ...]] = pure(alone)
    return IsEq(start >> traverse(f), f.map(alone))


@holds(TRACE)
def of_one_and_the_rest[A, B](
    f: Flow[A, B],
) -> IsEq[Flow[tuple[A, Sequence[A]], tuple[B, ...]]]:
    """`arr (:) >>> traverse f ≈ (f *** traverse f) >>> arr (:)`"""
    start: Flow[tuple[A, Sequence[A]], tuple[A, ...]] = pure(cons)
    return IsEq(start >> traverse(f), each(f, traverse(f)).map(cons))


@holds(TRACE)
def of_a_pair[A, B](f: Flow[A, B]) -> IsEq[Flow[tuple[A, A], tuple[B, ...]]]:
    """`traverse f ≈ f *** f`, on pairs"""
    return IsEq(traverse(f), each(f, f))


# -------------------------------------------------------------------------- a traversable functor


@holds(TRACE)
def preserves_identity[A]() -> IsEq[Flow[Sequence[A], tuple[A, ...]]]:
    """`traverse id ≈ arr tuple`"""
    itself: Flow[A, A] = pure(same)
    every: OverAll[A, A] = OverAll(same)
    return IsEq(traverse(itself), pure(every))


@holds(TRACE)
def of_a_function[A, B](h: Callable[[A], B]) -> IsEq[Flow[Sequence[A], tuple[B, ...]]]:
    """`traverse (arr h) ≈ arr (map h)`"""
    return IsEq(traverse(pure(h)), pure(OverAll(h)))


@holds(CALLS)
def fuses[A, B, C](f: Total[A, B], g: Total[B, C]) -> IsEq[Flow[Sequence[A], tuple[C, ...]]]:
    """`traverse f >>> traverse g ≈ traverse (f >>> g)`

    Not in T: on the left every `g` waits for all the `f`. Where one fails, not in R either.
    """
    return IsEq(traverse(f) >> traverse(g), traverse(f >> g))


@holds(TRACE)
def is_natural[A, B, C](
    f: Flow[A, B], h: Callable[[B], C]
) -> IsEq[Flow[Sequence[A], tuple[C, ...]]]:
    """`traverse f >>> arr (map h) ≈ traverse (f >>> arr h)`"""
    return IsEq(traverse(f).map(OverAll(h)), traverse(f.map(h)))


@holds(TRACE)
def is_natural_in_its_input[A, B, C](
    h: Callable[[A], B], f: Flow[B, C]
) -> IsEq[Flow[Sequence[A], tuple[C, ...]]]:
    """`arr (map h) >>> traverse f ≈ traverse (arr h >>> f)`"""
    mapped: Flow[Sequence[A], tuple[B, ...]] = pure(OverAll(h))
    return IsEq(mapped >> traverse(f), traverse(pure(h) >> f))


@holds(TRACE)
def of_both_at_once[A, B, C](
    f: Total[A, B], g: Total[A, C]
) -> IsEq[Flow[Sequence[A], tuple[tuple[B, ...], tuple[C, ...]]]]:
    """`traverse f &&& traverse g ≈ traverse (f &&& g) >>> arr unzip`

    Of total flows: which of two failures at one instant is told may depend on what each element has
    yet to cancel.
    """
    return IsEq(traverse(f) & traverse(g), traverse(f & g).map(unzipped))


# --------------------------------------------------------------------------------- so many at once


@holds(CALLS)
def bound_is_not_seen[A, B](f: Total[A, B], n: int) -> IsEq[Flow[Sequence[A], tuple[B, ...]]]:
    """`traverse(f, max_concurrency=n) ≈ traverse f`

    Not in T: the later ones wait. Where one fails, not in R either: it is another that is first.
    """
    return IsEq(traverse(f, max_concurrency=n), traverse(f))


@holds(TRACE)
def room_for_all[A, B](f: Flow[A, B], n: int) -> IsEq[Flow[tuple[A, A], tuple[B, ...]]]:
    """`traverse(f, max_concurrency=n + 1) ≈ traverse f`, on pairs"""
    return IsEq(traverse(f, max_concurrency=n + 1), traverse(f))


@holds(TRACE)
def one_at_a_time[A, B](f: Flow[A, B]) -> IsEq[Flow[tuple[A, A], tuple[B, ...]]]:
    """`traverse(f, max_concurrency=1) ≈ first f >>> second f`, on pairs"""
    before: Flow[tuple[A, A], tuple[B, A]] = first(f)
    return IsEq(traverse(f, max_concurrency=1), before >> second(f))


TRAVERSAL = RuleSet(
    "traversal",
    (
        of_nothing,
        of_one,
        of_one_and_the_rest,
        of_a_pair,
        preserves_identity,
        of_a_function,
        fuses,
        is_natural,
        is_natural_in_its_input,
        of_both_at_once,
        bound_is_not_seen,
        room_for_all,
        one_at_a_time,
    ),
)
"""`traverse`."""
