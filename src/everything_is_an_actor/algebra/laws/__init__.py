"""The equations of the algebra, as data: one module a structure, one function a law.

>>> from everything_is_an_actor.algebra.laws import FLOW
>>> dict(FLOW.laws())["category.associativity"]
<law associativity: `(f >>> g) >>> h ≈ f >>> (g >>> h)`>
"""

from everything_is_an_actor.algebra.laws.category import CATEGORY
from everything_is_an_actor.algebra.laws.functor import FUNCTOR
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    SHAPE,
    TRACE,
    IsEq,
    Law,
    Observation,
    RuleSet,
    holds,
)
from everything_is_an_actor.algebra.laws.shape import SHAPES, normalise

FLOW = RuleSet("flow", (), (CATEGORY, FUNCTOR, SHAPES))
"""Every law of flows."""

__all__ = [
    "CALLS",
    "CATEGORY",
    "FLOW",
    "FUNCTOR",
    "RESULT",
    "SHAPE",
    "SHAPES",
    "TRACE",
    "IsEq",
    "Law",
    "Observation",
    "RuleSet",
    "holds",
    "normalise",
]
