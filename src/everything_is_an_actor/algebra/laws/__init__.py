"""The equations of the algebra, as data: one module a structure, one function a law.

`FLOW` has those of flows, `FREE` and `FOLDS` those of programs, `INTERPRETER` and `AGREEMENT` what
an interpreter promises, `DOCUMENTS` and `ANALYSES` what is promised of writing a flow and of
looking at it; `LEFT_OUT` says which equations are not there, and why.

>>> from everything_is_an_actor.algebra.laws import FLOW
>>> dict(FLOW.laws())["category.associativity"]
<law associativity: `(f >>> g) >>> h ≈ f >>> (g >>> h)`>
"""

from everything_is_an_actor.algebra.laws.alternative import ALTERNATIVE
from everything_is_an_actor.algebra.laws.analyses import ANALYSES
from everything_is_an_actor.algebra.laws.applicative import APPLICATIVE
from everything_is_an_actor.algebra.laws.arrow import ARROW
from everything_is_an_actor.algebra.laws.attempt import ATTEMPT
from everything_is_an_actor.algebra.laws.bounds import BOUNDS, EQUAL_BOUNDS
from everything_is_an_actor.algebra.laws.category import CATEGORY
from everything_is_an_actor.algebra.laws.checks import CHECKS
from everything_is_an_actor.algebra.laws.choice import ARROW_CHOICE, CHOICE
from everything_is_an_actor.algebra.laws.derived import DERIVED
from everything_is_an_actor.algebra.laws.documents import DOCUMENTS
from everything_is_an_actor.algebra.laws.effects import EFFECTS
from everything_is_an_actor.algebra.laws.error import ERROR
from everything_is_an_actor.algebra.laws.folds import FOLDS
from everything_is_an_actor.algebra.laws.free_effects import FREE
from everything_is_an_actor.algebra.laws.functor import FUNCTOR
from everything_is_an_actor.algebra.laws.interpreter import AGREEMENT, INTERPRETER
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
from everything_is_an_actor.algebra.laws.left_out import LEFT_OUT, LeftOut
from everything_is_an_actor.algebra.laws.monad import MONAD
from everything_is_an_actor.algebra.laws.parallel import PARALLEL
from everything_is_an_actor.algebra.laws.premonoidal import PREMONOIDAL
from everything_is_an_actor.algebra.laws.profunctor import PROFUNCTOR
from everything_is_an_actor.algebra.laws.quorum import QUORUM
from everything_is_an_actor.algebra.laws.race import RACE
from everything_is_an_actor.algebra.laws.retries import RETRIES
from everything_is_an_actor.algebra.laws.runs import Called, Meaning, Ran
from everything_is_an_actor.algebra.laws.selective import SELECTIVE
from everything_is_an_actor.algebra.laws.shape import SHAPES, normalise
from everything_is_an_actor.algebra.laws.strong import STRONG
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
    "AGREEMENT",
    "ALTERNATIVE",
    "ANALYSES",
    "APPLICATIVE",
    "ARROW",
    "ARROW_CHOICE",
    "ATTEMPT",
    "BOUNDS",
    "CALLS",
    "CATEGORY",
    "CHECKS",
    "CHOICE",
    "DERIVED",
    "DOCUMENTS",
    "EFFECTS",
    "EQUAL_BOUNDS",
    "ERROR",
    "FLOW",
    "FOLDS",
    "FREE",
    "FUNCTOR",
    "INTERPRETER",
    "ITERATION",
    "LEFT_OUT",
    "MONAD",
    "PARALLEL",
    "PREMONOIDAL",
    "PROFUNCTOR",
    "QUORUM",
    "RACE",
    "RESULT",
    "RETRIES",
    "SELECTIVE",
    "SHAPE",
    "SHAPES",
    "STRONG",
    "SYMMETRIC",
    "TAIL_REC",
    "TIMING",
    "TRACE",
    "TRAVERSAL",
    "VALIDATED",
    "Called",
    "Fallible",
    "IsEq",
    "Law",
    "LeftOut",
    "Meaning",
    "Never",
    "Observation",
    "Ran",
    "RuleSet",
    "Settling",
    "Total",
    "Wait",
    "holds",
    "normalise",
]
