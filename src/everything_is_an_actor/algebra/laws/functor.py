"""`map` is a functor, and no more than composition with a function.

Source: `FunctorLaws` of cats.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Composed, same
from everything_is_an_actor.algebra.laws.law import SHAPE, TRACE, IsEq, RuleSet, holds


@holds(TRACE)
def preserves_identity[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`f.map(id) ≈ f`"""
    return IsEq(f.map(same), f)


@holds(TRACE)
def preserves_composition[A, B, C, D](
    f: Flow[A, B], h: Callable[[B], C], k: Callable[[C], D]
) -> IsEq[Flow[A, D]]:
    """`f.map(h).map(k) ≈ f.map(k ∘ h)`"""
    return IsEq(f.map(h).map(k), f.map(Composed(k, h)))


@holds(TRACE, SHAPE)
def maps_by_composing[A, B, C](f: Flow[A, B], h: Callable[[B], C]) -> IsEq[Flow[A, C]]:
    """`f.map(h) ≈ f >>> arr h`"""
    return IsEq(f.map(h), f >> pure(h))


FUNCTOR = RuleSet("functor", (preserves_identity, preserves_composition, maps_by_composing))
"""`map`."""
