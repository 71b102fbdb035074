"""The static shape of a flow: its expression in a normal form, which no run is needed to compare.

    (f >>> g) >>> h  ↦  f >>> (g >>> h)        f.map(h)  ↦  f >>> arr h
    id >>> f, f >>> id  ↦  f

These are the equations of the category and the definition of `map`, read from left to right; they
terminate and commute, so that every flow has one normal form.
"""

from functools import reduce
from typing import Any

from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.laws.law import RESULT, TRACE, IsEq, RuleSet, holds
from everything_is_an_actor.algebra.node import FlatMap, Identity, Map, Node, Pure, fmap

type Steps = tuple[AnyFlow, ...]
"""A composition, as the flows that it composes: neither one of these nor `id`."""


def normalise[A, B](flow: Flow[A, B]) -> Flow[A, B]:
    """The normal form of a flow: a composition to the right, without `id` and without `map`.

    >>> from everything_is_an_actor.flow import identity, pure
    >>> normalise((pure(abs) >> pure(float)).map(str) >> identity())
    pure(abs).flat_map(pure(float).flat_map(pure(str)))
    """
    normal: Flow[A, B] = _composed(fold(_steps, flow))
    return normal


def _steps(node: Node[Steps]) -> Steps:
    match node:
        case FlatMap(before, after):
            return before + after
        case Map(before, fn):
            return (*before, Flow(Pure(fn)))
        case Identity():
            return ()
        case _:
            return (Flow(fmap(node, _composed)),)


def _composed(steps: Steps) -> AnyFlow:
    if not steps:
        return Flow(Identity())
    *before, last = steps
    return reduce(_after, reversed(before), last)


def _after(rest: AnyFlow, step: AnyFlow) -> Flow[Any, Any]:
    return Flow(FlatMap(step, rest))


@holds(TRACE)
def normal_form_means_the_same[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`⟦normalise f⟧ ≈ ⟦f⟧`"""
    return IsEq(normalise(f), f)


@holds(RESULT)
def normal_form_is_normal[A, B](f: Flow[A, B]) -> IsEq[str]:
    """`normalise (normalise f) = normalise f`"""
    once = normalise(f)
    return IsEq(repr(normalise(once)), repr(once))


SHAPES = RuleSet("shape", (normal_form_means_the_same, normal_form_is_normal))
