"""Flows take functions on both ends: `dimap`, contravariant in the input, covariant in the output.

A flow has no method for it: `lmap(f, h)` is `arr h >>> f`, and `rmap` is `map`, whose laws are
those of the functor. None of the laws holds in S: a normal form does not look into functions.

Source: `ProfunctorLaws` of cats.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrows import dimap, lmap
from everything_is_an_actor.algebra.laws.functions import Composed, same
from everything_is_an_actor.algebra.laws.functor import FUNCTOR
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, holds


@holds(TRACE)
def preserves_identity[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`dimap(f, id, id) ≈ f`"""
    return IsEq(dimap(f, same, same), f)


@holds(TRACE)
def preserves_composition[A, B, C, D, E, F](
    f: Flow[C, D],
    f1: Callable[[B], C],
    g1: Callable[[D], E],
    f2: Callable[[A], B],
    g2: Callable[[E], F],
) -> IsEq[Flow[A, F]]:
    """`dimap(dimap(f, f1, g1), f2, g2) ≈ dimap(f, f1 ∘ f2, g2 ∘ g1)`"""
    return IsEq(dimap(dimap(f, f1, g1), f2, g2), dimap(f, Composed(f1, f2), Composed(g2, g1)))


@holds(TRACE)
def lmap_preserves_identity[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`lmap(f, id) ≈ f`"""
    return IsEq(lmap(f, same), f)


@holds(TRACE)
def lmap_preserves_composition[A, B, C, D](
    f: Flow[C, D], h: Callable[[B], C], k: Callable[[A], B]
) -> IsEq[Flow[A, D]]:
    """`lmap(lmap(f, h), k) ≈ lmap(f, h ∘ k)`"""
    return IsEq(lmap(lmap(f, h), k), lmap(f, Composed(h, k)))


PROFUNCTOR = RuleSet(
    "profunctor",
    (
        preserves_identity,
        preserves_composition,
        lmap_preserves_identity,
        lmap_preserves_composition,
    ),
    (FUNCTOR,),
)
"""Functions before and after a flow."""
