"""Flows are the arrows of a category: they compose, and the order of composing does not matter.

Source: `CategoryLaws` and `ComposeLaws` of cats.
"""

from everything_is_an_actor.algebra.build import identity
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.law import SHAPE, TRACE, IsEq, RuleSet, holds


@holds(TRACE, SHAPE)
def associativity[A, B, C, D](f: Flow[A, B], g: Flow[B, C], h: Flow[C, D]) -> IsEq[Flow[A, D]]:
    """`(f >>> g) >>> h ≈ f >>> (g >>> h)`"""
    return IsEq((f >> g) >> h, f >> (g >> h))


@holds(TRACE, SHAPE)
def left_identity[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`id >>> f ≈ f`"""
    start: Flow[A, A] = identity()
    return IsEq(start >> f, f)


@holds(TRACE, SHAPE)
def right_identity[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`f >>> id ≈ f`"""
    return IsEq(f >> identity(), f)


CATEGORY = RuleSet("category", (associativity, left_identity, right_identity))
"""Composition, `f >> g`, and `identity()`."""
