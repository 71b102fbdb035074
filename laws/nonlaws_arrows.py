"""What flows are *not*: sequential beside one another, a bifunctor, commutative, or cartesian."""

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrow import split_in_order
from everything_is_an_actor.algebra.laws.arrows import fanout, split
from everything_is_an_actor.algebra.laws.functions import Constant, dup, fst
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, TRACE, IsEq
from everything_is_an_actor.algebra.laws.premonoidal import (
    functions_are_central,
    independence,
    interchanged,
)
from everything_is_an_actor.algebra.laws.symmetric import swap_is_natural
from everything_is_an_actor.testing.scripted import Does, table
from everything_is_an_actor.testing.universe import Oops
from laws.nonlaws import Effect, NonLaw, fails, takes

NEVER = takes("never", float("inf"))
NOTHING: Effect = identity()


def copied[A, B](f: Flow[A, B]) -> IsEq[Flow[A, tuple[B, B]]]:
    """`f >>> arr dup ≈ arr dup >>> (f *** f)`"""
    both: Flow[A, tuple[A, A]] = pure(dup)
    return IsEq(f >> pure(dup), both >> split(f, f))


def discarded[A, B](f: Flow[A, B]) -> IsEq[Flow[A, None]]:
    """`f >>> arr λ_. None ≈ arr λ_. None`"""
    return IsEq(f >> pure(Constant(None)), pure(Constant(None)))


def projected[A, B, C](f: Flow[A, B], g: Flow[A, C]) -> IsEq[Flow[A, B]]:
    """`(f &&& g) >>> arr fst ≈ f`"""
    return IsEq(fanout(f, g) >> pure(fst), f)


SPLIT = "f *** g ≈ first f >>> second g"
INTERCHANGE = "(f1 *** g1) >>> (f2 *** g2) ≈ (f1 >>> f2) *** (g1 >>> g2)"
INDEPENDENCE = "first f >>> second g ≈ second g >>> first f"

ONE_AFTER_THE_OTHER = (
    NonLaw(
        "split_in_time",
        SPLIT,
        split_in_order,
        {"f": takes("f", 1), "g": takes("g", 1)},
        (None, None),
        TRACE,
        "`***` starts both at once, and ends with the slower; `>>>` takes the sum",
    ),
    NonLaw(
        "split_when_one_fails",
        SPLIT,
        split_in_order,
        {"f": fails("f", 1), "g": takes("g", 2)},
        (None, None),
        CALLS,
        "when `f` fails, `g` is running on the left and is cancelled; it never begins on the right",
    ),
    NonLaw(
        "split_when_both_fail",
        SPLIT,
        split_in_order,
        {"f": fails("f", 2), "g": fails("g", 1)},
        (None, None),
        RESULT,
        "`***` fails with the first error in time, `>>>` with the first in order",
    ),
    NonLaw(
        "split_when_one_never_ends",
        SPLIT,
        split_in_order,
        {"f": NEVER, "g": fails("g", 1)},
        (None, None),
        RESULT,
        "the failure of `g` ends the left side; on the right, its turn never comes",
    ),
)

BIFUNCTOR = (
    NonLaw(
        "interchange_in_time",
        INTERCHANGE,
        interchanged,
        {"f1": NOTHING, "g1": takes("g1", 1), "f2": takes("f2", 1), "g2": NOTHING},
        (None, None),
        TRACE,
        "on the left `f2` waits for `g1`",
    ),
    NonLaw(
        "interchange_when_one_fails",
        INTERCHANGE,
        interchanged,
        {"f1": NOTHING, "g1": fails("g1", 1), "f2": takes("f2", 1), "g2": NOTHING},
        (None, None),
        CALLS,
        "on the left `f2` waits for `g1`, which fails: it never begins",
    ),
    NonLaw(
        "interchange_when_both_fail",
        INTERCHANGE,
        interchanged,
        {"f1": NOTHING, "g1": fails("g1", 2), "f2": fails("f2", 1), "g2": NOTHING},
        (None, None),
        RESULT,
        "on the left `g1` fails before `f2` begins; on the right `f2` is the first to fail",
    ),
    NonLaw(
        "interchange_when_one_never_ends",
        INTERCHANGE,
        interchanged,
        {"f1": NOTHING, "g1": NEVER, "f2": fails("f2", 1), "g2": NOTHING},
        (None, None),
        RESULT,
        "on the left `f2` waits for `g1` for ever",
    ),
)

COMMUTATIVE = (
    NonLaw(
        "independence_in_time",
        INDEPENDENCE,
        independence,
        {"f": takes("f", 1), "g": takes("g", 1)},
        (None, None),
        TRACE,
        "what comes first begins first",
    ),
    NonLaw(
        "independence_when_one_fails",
        INDEPENDENCE,
        independence,
        {"f": fails("f", 1), "g": takes("g", 1)},
        (None, None),
        CALLS,
        "what comes after a failure is not called",
    ),
    NonLaw(
        "independence_when_both_fail",
        INDEPENDENCE,
        independence,
        {"f": fails("f", 1), "g": fails("g", 1)},
        (None, None),
        RESULT,
        "the first in order to fail is another one",
    ),
    NonLaw(
        "a_function_that_fails_is_not_central",
        "first f >>> second (arr h) ≈ second (arr h) >>> first f",
        functions_are_central,
        {"f": takes("f", 1), "h": table({None: Does(Oops("h"))})},
        (None, None),
        CALLS,
        "a function that raises keeps what comes after it from being called, as any flow does",
    ),
    NonLaw(
        "a_function_is_not_central_when_both_fail",
        "first f >>> second (arr h) ≈ second (arr h) >>> first f",
        functions_are_central,
        {"f": fails("f", 1), "h": table({None: Does(Oops("h"))})},
        (None, None),
        RESULT,
        "the first in order to fail is another one",
    ),
    NonLaw(
        "swap_in_a_tie",
        "(f *** g) >>> arr swap ≈ arr swap >>> (g *** f)",
        swap_is_natural,
        {"f": fails("f", 1), "g": fails("g", 1)},
        (None, None),
        RESULT,
        "of two that fail at the same instant, the left one counts",
    ),
)

CARTESIAN = (
    NonLaw(
        "copying",
        "f >>> arr dup ≈ arr dup >>> (f *** f)",
        copied,
        {"f": takes("f", 1)},
        None,
        CALLS,
        "to copy what came of a call is not to call twice",
    ),
    NonLaw(
        "discarding",
        "f >>> arr (λ_. None) ≈ arr (λ_. None)",
        discarded,
        {"f": takes("f", 1)},
        None,
        CALLS,
        "a call is made, whether or not what comes of it is looked at",
    ),
    NonLaw(
        "discarding_a_failure",
        "f >>> arr (λ_. None) ≈ arr (λ_. None)",
        discarded,
        {"f": fails("f", 1)},
        None,
        RESULT,
        "an error is not discarded with the value",
    ),
    NonLaw(
        "projection",
        "(f &&& g) >>> arr fst ≈ f",
        projected,
        {"f": NOTHING, "g": takes("g", 1)},
        None,
        CALLS,
        "the tuple is no categorical product: both of its sides are run",
    ),
    NonLaw(
        "projection_of_a_failure",
        "(f &&& g) >>> arr fst ≈ f",
        projected,
        {"f": NOTHING, "g": fails("g", 1)},
        None,
        RESULT,
        "where `g` fails there is no tuple to take the first of",
    ),
)

NONLAWS = (*ONE_AFTER_THE_OTHER, *BIFUNCTOR, *COMMUTATIVE, *CARTESIAN)
