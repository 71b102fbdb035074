"""Two products of the same flows: `zip` runs both at once, `in_turn` one after the other.

`in_turn` is derived, and is the product of the monad. In cats the two are the applicatives of two
types, with `parallel` and `sequential` to go from one to the other and back. Here they are two
operations on one type, and to go from one to the other is to do nothing.

Source: `NonEmptyParallelLaws` and `ParallelLaws` of cats.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import always, ap
from everything_is_an_actor.algebra.laws.arrows import second
from everything_is_an_actor.algebra.laws.functions import (
    Both,
    Constant,
    Curried,
    applied,
    assoc,
    fst,
    snd,
    swap,
)
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    TRACE,
    IsEq,
    RuleSet,
    Total,
    holds,
)
from everything_is_an_actor.algebra.laws.monad import MONAD, Mapping, mproduct


def in_turn[I, A, B](f: Flow[I, A], g: Flow[I, B]) -> Flow[I, tuple[A, B]]:
    """`f ; g`: both on the same input, `g` after `f`: `(f &&& id) >>> second g`.

    Written without `bind`, so that static interpreters see through it.

    >>> from everything_is_an_actor.flow import pure
    >>> in_turn(pure(abs), pure(str))
    pure(abs).zip(identity()).flat_map(each(identity(), pure(str)))
    """
    start: Flow[I, I] = identity()
    return f.zip(start) >> second(g)


def ap_in_turn[I, A, B](functions: Flow[I, Callable[[A], B]], values: Flow[I, A]) -> Flow[I, B]:
    """`ap` of `in_turn`: the flow of the value runs after that of the function.

    >>> ap_in_turn(always(str), always(1)) == in_turn(always(str), always(1)).map(applied)
    True
    """
    return in_turn(functions, values).map(applied)


# ------------------------------------------------------------------------- the product of the monad


@holds(TRACE)
def in_turn_is_of_the_monad[I, A, B](f: Flow[I, A], g: Flow[I, B]) -> IsEq[Flow[I, tuple[A, B]]]:
    """`f ; g ≈ mproduct f (λ_. g)`"""
    return IsEq(in_turn(f, g), mproduct(f, Constant(g)))


@holds(TRACE)
def applies_by_binding[I, K, A, B](
    f: Flow[I, K], g: Flow[I, A], h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`ff <;> g ≈ ff.bind(λh. g.map(h))`, where `ff = f.map(curry h)`, and `<;>` is `ap` in turn

    This is what fails in time for `<*>`.
    """
    ff = f.map(Curried(h))
    return IsEq(ap_in_turn(ff, g), ff.bind(Mapping(g)))


@holds(TRACE)
def associativity[I, A, B, C](
    f: Flow[I, A], g: Flow[I, B], h: Flow[I, C]
) -> IsEq[Flow[I, tuple[A, tuple[B, C]]]]:
    """`((f ; g) ; h).map(assoc) ≈ f ; (g ; h)`"""
    return IsEq(in_turn(in_turn(f, g), h).map(assoc), in_turn(f, in_turn(g, h)))


@holds(TRACE)
def left_unit[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`(always () ; f).map(snd) ≈ f`"""
    unit: Flow[I, None] = always(None)
    return IsEq(in_turn(unit, f).map(snd), f)


@holds(TRACE)
def right_unit[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`(f ; always ()).map(fst) ≈ f`"""
    unit: Flow[I, None] = always(None)
    return IsEq(in_turn(f, unit).map(fst), f)


@holds(TRACE)
def naturality[I, A, B, C, D](
    f: Flow[I, A], g: Flow[I, B], h: Callable[[A], C], k: Callable[[B], D]
) -> IsEq[Flow[I, tuple[C, D]]]:
    """`f.map(h) ; g.map(k) ≈ (f ; g).map(h × k)`, for functions that do not fail"""
    return IsEq(in_turn(f.map(h), g.map(k)), in_turn(f, g).map(Both(h, k)))


# --------------------------------------------------------------- one product and the other


@holds(TRACE)
def same_units[I, A, B](f: Flow[I, A], h: Callable[[A], B]) -> IsEq[Flow[I, B]]:
    """`always h <*> f ≈ always h <;> f`"""
    return IsEq(ap(always(h), f), ap_in_turn(always(h), f))


@holds(CALLS)
def at_once_or_in_turn[I, A, B](f: Total[I, A], g: Total[I, B]) -> IsEq[Flow[I, tuple[A, B]]]:
    """`f &&& g ≈ f ; g`, if neither fails

    Not in time. When `f` fails, `g` has been called at once, but not in turn.
    """
    return IsEq(f.zip(g), in_turn(f, g))


@holds(TRACE)
def at_once_or_in_turn_with_a_function[I, A, B](
    f: Flow[I, A], h: Callable[[I], B]
) -> IsEq[Flow[I, tuple[A, B]]]:
    """`f &&& arr h ≈ f ; arr h`, for a function that does not fail"""
    return IsEq(f.zip(pure(h)), in_turn(f, pure(h)))


@holds(CALLS)
def commutativity_in_turn[I, A, B](f: Total[I, A], g: Total[I, B]) -> IsEq[Flow[I, tuple[A, B]]]:
    """`f ; g ≈ (g ; f).map(swap)`, if neither fails

    Not in time.
    """
    return IsEq(in_turn(f, g), in_turn(g, f).map(swap))


@holds(RESULT)
def same_outcome[I, A, B](f: Flow[I, A], g: Total[I, B]) -> IsEq[Flow[I, tuple[A, B]]]:
    """`f &&& g ≈ f ; g`, if `g` does not fail

    Not in its calls: when `f` fails, `g` has been called at once, but not in turn.
    """
    return IsEq(f.zip(g), in_turn(f, g))


PARALLEL = RuleSet(
    "parallel",
    (
        in_turn_is_of_the_monad,
        applies_by_binding,
        associativity,
        left_unit,
        right_unit,
        naturality,
        same_units,
        at_once_or_in_turn,
        at_once_or_in_turn_with_a_function,
        commutativity_in_turn,
        same_outcome,
    ),
    (MONAD,),
)
"""At once, `zip`, beside one after the other."""
