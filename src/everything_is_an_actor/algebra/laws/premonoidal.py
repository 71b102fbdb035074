"""Flows beside one another: `***` is a functor in each of its sides, and not in both at once.

To run `f1` beside `g1` and then `f2` beside `g2` is to wait for the slower of the first two, and to
stop if either fails. So `***` is a bifunctor for total flows only, and not in T: flows are a
*premonoidal* category (Power and Robinson 1997, "Premonoidal categories and notions of
computation"), whose central morphisms, which may be moved past any other in T, are the lifted
functions.

`independence` is no law of flows but the equation of a commutative arrow, for two flows at a time.

Source: as above; `CommutativeArrowLaws` of cats; `prepropCommutative` of polysemy-check.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrow import one_after_the_other
from everything_is_an_actor.algebra.laws.arrows import first, second, split
from everything_is_an_actor.algebra.laws.category import CATEGORY
from everything_is_an_actor.algebra.laws.functions import Composed, Constant
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    TRACE,
    Fallible,
    IsEq,
    RuleSet,
    Total,
    holds,
)

# -------------------------------------------------------------------------- the tensor is a functor


@holds(TRACE)
def tensor_of_identities[A, B]() -> IsEq[Flow[tuple[A, B], tuple[A, B]]]:
    """`id *** id ≈ id`"""
    a: Flow[A, A] = identity()
    b: Flow[B, B] = identity()
    return IsEq(split(a, b), identity())


def interchanged[A1, B1, C1, A2, B2, C2](
    f1: Flow[A1, B1], g1: Flow[A2, B2], f2: Flow[B1, C1], g2: Flow[B2, C2]
) -> IsEq[Flow[tuple[A1, A2], tuple[C1, C2]]]:
    """`(f1 *** g1) >>> (f2 *** g2) ≈ (f1 >>> f2) *** (g1 >>> g2)`"""
    return IsEq(split(f1, g1) >> split(f2, g2), split(f1 >> f2, g1 >> g2))


@holds(CALLS)
def interchange[A1, B1, C1, A2, B2, C2](
    f1: Total[A1, B1], g1: Total[A2, B2], f2: Total[B1, C1], g2: Total[B2, C2]
) -> IsEq[Flow[tuple[A1, A2], tuple[C1, C2]]]:
    """`(f1 *** g1) >>> (f2 *** g2) ≈ (f1 >>> f2) *** (g1 >>> g2)`, for total flows

    Not in T: on the left, `f2` waits for `g1`.
    """
    return interchanged(f1, g1, f2, g2)


@holds(RESULT)
def interchange_beside_total[A1, B1, C1, A2, B2, C2](
    f1: Flow[A1, B1], g1: Total[A2, B2], f2: Flow[B1, C1], g2: Total[B2, C2]
) -> IsEq[Flow[tuple[A1, A2], tuple[C1, C2]]]:
    """`(f1 *** g1) >>> (f2 *** g2) ≈ (f1 >>> f2) *** (g1 >>> g2)`, for total `g1` and `g2`

    Not in M: when `f1` fails, `g2` may have begun on the right, and has not on the left.
    """
    return interchanged(f1, g1, f2, g2)


@holds(RESULT)
def interchange_fails_alike[A1, B1, C1, A2, B2, C2](
    f1: Fallible[A1, B1], g1: Fallible[A2, B2], f2: Fallible[B1, C1], g2: Fallible[B2, C2]
) -> IsEq[Flow[tuple[A1, A2], tuple[C1, C2] | None]]:
    """`((f1 *** g1) >>> (f2 *** g2)).recover(k) ≈ ((f1 >>> f2) *** (g1 >>> g2)).recover(k)`, for
    constant `k`

    Without `recover` not even in R: of two errors, the first in time may be another one.
    """
    sides = interchanged(f1, g1, f2, g2)
    return IsEq(sides.lhs.recover(Constant(None)), sides.rhs.recover(Constant(None)))


@holds(TRACE)
def interchange_with_functions[A1, B1, C1, A2, B2, C2](
    f1: Flow[A1, B1], h: Callable[[A2], B2], f2: Flow[B1, C1], k: Callable[[B2], C2]
) -> IsEq[Flow[tuple[A1, A2], tuple[C1, C2]]]:
    """`(f1 *** arr h) >>> (f2 *** arr k) ≈ (f1 >>> f2) *** arr (k ∘ h)`"""
    return IsEq(split(f1, pure(h)) >> split(f2, pure(k)), split(f1 >> f2, pure(Composed(k, h))))


# -------------------------------------------------------------------------- what commutes with what


def independence[A, B, C, D](f: Flow[A, B], g: Flow[C, D]) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`first f >>> second g ≈ second g >>> first f`: the order of two flows cannot be seen.

    Not a law: it says of *these* two flows that neither depends on an effect of the other, as far
    as the observation sees. In T, and for every `f`, it holds only where `g` is a lifted function.

    >>> independence(pure(abs), pure(len)).lhs
    each(pure(abs), identity()).flat_map(each(identity(), pure(len)))
    """
    start: Flow[tuple[A, C], tuple[A, D]] = second(g)
    return IsEq(one_after_the_other(f, g), start >> first(f))


@holds(TRACE)
def functions_are_central[A, B, C, D](
    f: Flow[A, B], h: Callable[[C], D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`first f >>> second (arr h) ≈ second (arr h) >>> first f`"""
    return independence(f, pure(h))


@holds(CALLS)
def total_flows_are_independent[A, B, C, D](
    f: Total[A, B], g: Total[C, D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`first f >>> second g ≈ second g >>> first f`, for total flows that share no state

    Not in T: which of them begins first is what the two sides differ in.
    """
    return independence(f, g)


@holds(RESULT)
def independent_of_total[A, B, C, D](
    f: Flow[A, B], g: Total[C, D]
) -> IsEq[Flow[tuple[A, C], tuple[B, D]]]:
    """`first f >>> second g ≈ second g >>> first f`, for a total `g` that shares no state with `f`

    Not in M: when `f` fails, `g` is not called on the left.
    """
    return independence(f, g)


PREMONOIDAL = RuleSet(
    "premonoidal",
    (
        tensor_of_identities,
        interchange,
        interchange_beside_total,
        interchange_fails_alike,
        interchange_with_functions,
        functions_are_central,
        total_flows_are_independent,
        independent_of_total,
    ),
    (CATEGORY,),
)
"""Flows beside one another, `each`."""
