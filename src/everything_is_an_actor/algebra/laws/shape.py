"""The static shape of a flow: its expression in a normal form, which no run is needed to compare.

    (f >>> g) >>> h  ↦  f >>> (g >>> h)        f.map(h)  ↦  f >>> arr h
    id >>> f, f >>> id  ↦  f

These are the equations of the category and the definition of `map`, read from left to right; they
terminate and commute, so that every flow has one normal form.
"""

from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.laws.law import RESULT, TRACE, IsEq, RuleSet, holds
from everything_is_an_actor.algebra.node import FlatMap, Identity, Map, Node, Pure, fmap

type Steps = AnyFlow | tuple[Steps, Steps] | None
"""A composition, as the tree of what it composes; none: `id`."""


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
            return before, after
        case Map(before, fn):
            return before, Flow(Pure(fn))
        case Identity():
            return None
        case _:
            return Flow(fmap(node, _composed))


def _composed(steps: Steps) -> AnyFlow:
    composed: AnyFlow | None = None
    pending = [steps]
    while pending:
        match pending.pop():
            case None:
                continue
            case (before, after):
                pending += [before, after]
            case Flow() as step:
                composed = step if composed is None else Flow(FlatMap(step, composed))
    return Flow(Identity()) if composed is None else composed


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
"""The normal form of a flow, `normalise`."""
