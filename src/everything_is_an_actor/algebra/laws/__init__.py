"""The equations of the algebra, as data: one module a structure, one function a law.

>>> from everything_is_an_actor.algebra.laws import FLOW
>>> dict(FLOW.laws())["category.associativity"]
<law associativity: `(f >>> g) >>> h ≈ f >>> (g >>> h)`>
"""

from everything_is_an_actor.algebra.laws.alternative import ALTERNATIVE
from everything_is_an_actor.algebra.laws.applicative import APPLICATIVE
from everything_is_an_actor.algebra.laws.attempt import ATTEMPT
from everything_is_an_actor.algebra.laws.category import CATEGORY
from everything_is_an_actor.algebra.laws.checks import CHECKS
from everything_is_an_actor.algebra.laws.choice import ARROW_CHOICE
from everything_is_an_actor.algebra.laws.derived import DERIVED
from everything_is_an_actor.algebra.laws.error import ERROR
from everything_is_an_actor.algebra.laws.functor import FUNCTOR
from everything_is_an_actor.algebra.laws.iteration import ITERATION
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    SHAPE,
    TRACE,
    Fallible,
    IsEq,
    Law,
    Never,
    Observation,
    RuleSet,
    Settling,
    Total,
    Wait,
    holds,
)
from everything_is_an_actor.algebra.laws.monad import MONAD
from everything_is_an_actor.algebra.laws.parallel import PARALLEL
from everything_is_an_actor.algebra.laws.quorum import QUORUM
from everything_is_an_actor.algebra.laws.race import RACE
from everything_is_an_actor.algebra.laws.selective import SELECTIVE
from everything_is_an_actor.algebra.laws.shape import SHAPES, normalise
from everything_is_an_actor.algebra.laws.symmetric import SYMMETRIC
from everything_is_an_actor.algebra.laws.tail_rec import TAIL_REC
from everything_is_an_actor.algebra.laws.timing import TIMING
from everything_is_an_actor.algebra.laws.traversal import TRAVERSAL
from everything_is_an_actor.algebra.laws.validated import VALIDATED

FLOW = RuleSet(
    "flow",
    (),
    (
        CATEGORY,
        FUNCTOR,
        ARROW_CHOICE,
        SYMMETRIC,
        TAIL_REC,
        PARALLEL,
        ATTEMPT,
        CHECKS,
        ALTERNATIVE,
        SELECTIVE,
        VALIDATED,
        ITERATION,
        RACE,
        TIMING,
        QUORUM,
        TRAVERSAL,
        DERIVED,
        SHAPES,
    ),
)
"""Every law of flows."""

__all__ = [
    "ALTERNATIVE",
    "APPLICATIVE",
    "ARROW_CHOICE",
    "ATTEMPT",
    "CALLS",
    "CATEGORY",
    "CHECKS",
    "DERIVED",
    "ERROR",
    "FLOW",
    "FUNCTOR",
    "ITERATION",
    "MONAD",
    "PARALLEL",
    "QUORUM",
    "RACE",
    "RESULT",
    "SELECTIVE",
    "SHAPE",
    "SHAPES",
    "SYMMETRIC",
    "TAIL_REC",
    "TIMING",
    "TRACE",
    "TRAVERSAL",
    "VALIDATED",
    "Fallible",
    "IsEq",
    "Law",
    "Never",
    "Observation",
    "RuleSet",
    "Settling",
    "Total",
    "Wait",
    "holds",
    "normalise",
]
