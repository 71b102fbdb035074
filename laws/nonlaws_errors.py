"""What failing and falling back are *not*: something has run before, or runs as well."""

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws import (
    alternative,
    attempt,
    error,
    validated,
)
from everything_is_an_actor.algebra.laws.applicative import always
from everything_is_an_actor.algebra.laws.error import fail
from everything_is_an_actor.algebra.laws.functions import Constant, Raising
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, IsEq
from everything_is_an_actor.algebra.laws.monad import mproduct
from everything_is_an_actor.algebra.laws.validated import Checked, both
from everything_is_an_actor.testing.scripted import Does, table
from everything_is_an_actor.testing.universe import Oops
from laws.nonlaws import NOTHING, Effect, NonLaw, fails, takes

ONLY_TRUE = table({False: Does(Oops("no")), True: True})
"""A function that fails on `False`."""


def repeated[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f <|> f ≈ f`"""
    return IsEq(f.fallback_to(f), f)


def empty_on_the_right[I, A](f: Flow[I, A], e: Exception) -> IsEq[Flow[I, A]]:
    """`f <|> fail e ≈ f`"""
    failing: Flow[I, A] = fail(e)
    return IsEq(f.fallback_to(failing), f)


def bound_while_valid(f: Effect, g: Effect) -> IsEq[Flow[None, Checked[tuple[None, None]]]]:
    """`f <&> g ≈ validated (mproduct f (λ_. g))`, of validated flows"""
    pair = both(validated.validated(f), validated.validated(g))
    return IsEq(pair, validated.validated(mproduct(f, Constant(g))))


AFTER_EITHER = "(f <|> g) >>> h ≈ (f >>> h) <|> (g >>> h)"
RIGHT_ZERO = "f >>> fail e ≈ fail e"

FAILING = (
    NonLaw(
        "failing_after_a_call",
        RIGHT_ZERO,
        error.right_zero,
        {"f": takes("f", 1), "e": Oops("e")},
        None,
        CALLS,
        "`f` has run",
    ),
    NonLaw(
        "failing_after_a_failure",
        RIGHT_ZERO,
        error.right_zero,
        {"f": fail(Oops("f")), "e": Oops("e")},
        None,
        RESULT,
        "`f` fails first, by its own error",
    ),
    NonLaw(
        "failing_fatally",
        "fail e <|> f ≈ f",
        alternative.left_unit,
        {"e": MemoryError("e"), "f": NOTHING},
        None,
        RESULT,
        "no handler sees a fatal error",
    ),
    NonLaw(
        "redeeming_what_a_function_raises",
        "redeem f h k ≈ f.map(k).recover(h)",
        attempt.redeems,
        {"f": NOTHING, "h": Constant(None), "k": Raising(Oops("k"))},
        None,
        RESULT,
        "`recover` handles the error of `k` as well, `redeem` only that of `f`",
    ),
    NonLaw(
        "recovering_before_a_function_that_fails",
        "f.recover(h).map(k) ≈ f.map(k).recover(k ∘ h)",
        error.maps_both_outcomes,
        {"f": always(False), "h": Constant(True), "k": ONLY_TRUE},
        None,
        RESULT,
        "on the right the error of `k` is handled",
    ),
    NonLaw(
        "accumulating_by_binding",
        "f <&> g ≈ validated (mproduct f (λ_. g))",
        bound_while_valid,
        {"f": fail(Oops("f")), "g": fail(Oops("g"))},
        None,
        RESULT,
        "`bind` gives up at the first error: what accumulates errors is no monad",
    ),
)

CHOOSING = (
    NonLaw(
        "after_either",
        AFTER_EITHER,
        alternative.distributes_over_what_is_after,
        {"f": always(False), "g": always(True), "t": pure(ONLY_TRUE)},
        None,
        RESULT,
        "on the right `h` is tried again, with `g`: `<|>` catches what is to its left only",
    ),
    NonLaw(
        "after_either_which_fails_anyway",
        AFTER_EITHER,
        alternative.distributes_over_what_is_after,
        {"f": NOTHING, "g": NOTHING, "t": fails("h", 1)},
        None,
        CALLS,
        "on the right `h` is called again, with `g`",
    ),
    NonLaw(
        "before_either",
        "s >>> (f <|> g) ≈ (s >>> f) <|> (s >>> g)",
        alternative.distributes_over_what_is_before,
        {"s": takes("s", 1), "f": fail(Oops("f")), "g": NOTHING},
        None,
        CALLS,
        "on the right `s` runs a second time, for `g`",
    ),
    NonLaw(
        "applying_either",
        "(ff <|> gg) <*> v ≈ (ff <*> v) <|> (gg <*> v)",
        alternative.applies_either,
        {"f": fail(Oops("f")), "g": NOTHING, "v": takes("v", 1), "h": Constant(None)},
        None,
        CALLS,
        "on the right `v` is cancelled when `ff` fails, and runs a second time for `gg`",
    ),
    NonLaw(
        "applying_either_when_all_fail",
        "(ff <|> gg) <*> v ≈ (ff <*> v) <|> (gg <*> v)",
        alternative.applies_either,
        {"f": fails("f", 1), "g": fails("g", 1), "v": fails("v", 1.5), "h": Constant(None)},
        None,
        RESULT,
        "on the left `v` fails before `gg` does; on the right it begins again with `gg`",
    ),
    NonLaw(
        "nothing_on_the_right",
        "f <|> fail e ≈ f",
        empty_on_the_right,
        {"f": fail(Oops("f")), "e": Oops("e")},
        None,
        RESULT,
        "the last error wins: on the right a failing flow is a unit up to the error",
    ),
    NonLaw(
        "again_what_failed",
        "f <|> f ≈ f",
        repeated,
        {"f": fails("f", 1)},
        None,
        CALLS,
        "it is called twice; and only a scripted agent does the same twice",
    ),
)

NONLAWS = (*FAILING, *CHOOSING)
