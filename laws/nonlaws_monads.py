"""What binding is *not*: something runs again, at once, or in another order."""

from operator import not_

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws import (
    applicative,
    error,
    monad,
    parallel,
    selective,
)
from everything_is_an_actor.algebra.laws.applicative import always
from everything_is_an_actor.algebra.laws.error import fail
from everything_is_an_actor.algebra.laws.functions import Constant, fst, same
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, TRACE, IsEq
from everything_is_an_actor.algebra.laws.monad import mproduct
from everything_is_an_actor.algebra.values import Continue
from everything_is_an_actor.testing.universe import Oops
from laws.nonlaws import NOTHING, Effect, NonLaw, fails, takes


def composed_by_ignoring[A](f: Flow[A, A], g: Flow[A, A]) -> IsEq[Flow[A, A]]:
    """`f.bind(λ_. g) ≈ f >>> g`"""
    return IsEq(f.bind(Constant(g)), f >> g)


def bound_after_an_effect(s: Effect, f: Effect, g: Effect) -> IsEq[Effect]:
    """`s >>> f.bind(λ_. g) ≈ (s >>> f).bind(λ_. s >>> g)`"""
    return IsEq(s >> f.bind(Constant(g)), (s >> f).bind(Constant(s >> g)))


def mproduct_first(f: Effect, g: Effect) -> IsEq[Effect]:
    """`(mproduct f (λ_. g)).map(fst) ≈ f`"""
    return IsEq(mproduct(f, Constant(g)).map(fst), f)


APPLYING = "ff <*> g ≈ ff.bind(λh. g.map(h))"
COMMUTATIVITY = "f &&& g ≈ (g &&& f).map(swap)"
IN_TURN = "f ; g ≈ (g ; f).map(swap)"
RIGID = "x *> (y <*? z) ≈ (x *> y) <*? z, where `*>` runs both at once"

AT_ONCE = (
    NonLaw(
        "apply_by_binding_in_time",
        APPLYING,
        monad.applies_by_binding,
        {"f": takes("f", 1), "g": takes("g", 1), "h": Constant(None)},
        None,
        TRACE,
        "`<*>` runs both at once, `bind` one after the other: hence the two products of `parallel`",
    ),
    NonLaw(
        "apply_by_binding_when_the_first_fails",
        APPLYING,
        monad.applies_by_binding,
        {"f": fails("f", 1), "g": takes("g", 2), "h": Constant(None)},
        None,
        CALLS,
        "`g` is running when `f` fails, and is cancelled; on the right it never begins",
    ),
    NonLaw(
        "apply_by_binding_when_both_fail",
        APPLYING,
        monad.applies_by_binding,
        {"f": fails("f", 2), "g": fails("g", 1), "h": Constant(None)},
        None,
        RESULT,
        "`<*>` fails with the first error in time, `bind` with the first in order",
    ),
    NonLaw(
        "zip_commutes_when_both_fail_at_once",
        COMMUTATIVITY,
        applicative.commutativity,
        {"f": fail(Oops("f")), "g": fail(Oops("g"))},
        None,
        RESULT,
        "of two errors at the same instant, the left one wins",
    ),
    NonLaw(
        "failing_beside_a_call",
        "fail e &&& g ≈ fail e",
        error.fails_on_the_left,
        {"e": Oops("e"), "g": takes("g", 1)},
        None,
        CALLS,
        "`g` has begun, and is cancelled",
    ),
    NonLaw(
        "failing_beside_what_dies",
        "fail e &&& g ≈ fail e",
        error.fails_on_the_left,
        {"e": Oops("e"), "g": fail(MemoryError("g"))},
        None,
        RESULT,
        "a fatal error wins over any other one at its instant",
    ),
    NonLaw(
        "failing_beside_a_failure",
        "f &&& fail e ≈ fail e",
        error.fails_on_the_right,
        {"f": fail(Oops("f")), "e": Oops("e")},
        None,
        RESULT,
        "of two errors at the same instant, the left one wins",
    ),
    NonLaw(
        "rigid_in_time",
        RIGID,
        selective.interchange_at_once,
        {"x": takes("x", 1), "y": always(Continue(None)), "z": takes("z", 1), "h": Constant(None)},
        None,
        TRACE,
        "on the right `z` waits for `x`",
    ),
    NonLaw(
        "rigid_when_the_first_fails",
        RIGID,
        selective.interchange_at_once,
        {"x": fails("x", 1), "y": always(Continue(None)), "z": takes("z", 2), "h": Constant(None)},
        None,
        CALLS,
        "on the right `z` waits for `x`, which fails: it never begins",
    ),
    NonLaw(
        "rigid_when_both_fail",
        RIGID,
        selective.interchange_at_once,
        {"x": fails("x", 2), "y": always(Continue(None)), "z": fails("z", 1), "h": Constant(None)},
        None,
        RESULT,
        "on the left `z` is the first in time to fail; on the right it waits for `x`",
    ),
)

ONE_AFTER_THE_OTHER = (
    NonLaw(
        "in_turn_commutes_in_time",
        IN_TURN,
        parallel.commutativity_in_turn,
        {"f": takes("f", 1), "g": takes("g", 2)},
        None,
        TRACE,
        "who is first begins at once, who is second when the first has ended",
    ),
    NonLaw(
        "in_turn_commutes_when_one_fails",
        IN_TURN,
        parallel.commutativity_in_turn,
        {"f": fails("f", 1), "g": takes("g", 1)},
        None,
        CALLS,
        "`g` runs only where it comes first",
    ),
    NonLaw(
        "in_turn_commutes_when_both_fail",
        IN_TURN,
        parallel.commutativity_in_turn,
        {"f": fail(Oops("f")), "g": fail(Oops("g"))},
        None,
        RESULT,
        "the first in order fails, and the other one never runs",
    ),
    NonLaw(
        "binding_is_composing",
        "f.bind(λ_. g) ≈ f >>> g",
        composed_by_ignoring,
        {"f": pure(not_), "g": pure(same)},
        False,
        RESULT,
        "`bind` runs `g` on the original input, `>>>` on what `f` has yielded",
    ),
    NonLaw(
        "binding_after_an_effect",
        "s >>> f.bind(k) ≈ (s >>> f).bind(λx. s >>> k(x))",
        bound_after_an_effect,
        {"s": takes("s", 1), "f": NOTHING, "g": NOTHING},
        None,
        CALLS,
        "on the right `s` runs a second time: for a function it is a law",
    ),
    NonLaw(
        "mproduct_without_effects",
        "(mproduct f (λ_. g)).map(fst) ≈ f",
        mproduct_first,
        {"f": NOTHING, "g": takes("g", 1)},
        None,
        CALLS,
        "what `g` yields is dropped, but not that it ran: for a function it is a law",
    ),
    NonLaw(
        "mproduct_with_a_failure",
        "(mproduct f (λ_. g)).map(fst) ≈ f",
        mproduct_first,
        {"f": NOTHING, "g": fails("g", 1)},
        None,
        RESULT,
        "what `g` yields is dropped, but not its error",
    ),
)

NONLAWS = (*AT_ONCE, *ONE_AFTER_THE_OTHER)
