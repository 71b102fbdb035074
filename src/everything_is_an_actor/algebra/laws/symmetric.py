"""Products side by side: where flows are a symmetric monoidal category, and where they are not.

Products may be re-bracketed, swapped, and freed of units; `***` respects identities. It is a
bifunctor only for total flows, and not in T: to run `f1` beside `g1` and then `f2` beside `g2` is
to wait for the slower of the first two. So flows are a *premonoidal* category (Power and Robinson
1997, "Premonoidal categories and notions of computation"), whose central morphisms, those that may
be moved past any other in T, are the lifted functions.

`independence` is no law of flows but the equation of a commutative arrow, for two flows at a time.

Left out, the axioms of a traced monoidal category (`ArrowLoop`): there is no feedback through a
product, since an agent cannot begin on an input that is not there yet. `loop` is the trace over the
sum, which is iteration; `loop_with_state` is iteration on a pair.

Source: `discopy.symmetric`; Mac Lane, "Categories for the Working Mathematician", VII and XI.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrow import one_after_the_other
from everything_is_an_actor.algebra.laws.arrows import first, second, split
from everything_is_an_actor.algebra.laws.category import CATEGORY
from everything_is_an_actor.algebra.laws.functions import (
    Composed,
    Constant,
    assoc,
    fst,
    snd,
    swap,
    unassoc,
)
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    TRACE,
    Fallible,
    IsEq,
    RuleSet,
    Total,
    Wait,
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
    as the observation sees. In T it holds of lifted functions only. After `CommutativeArrowLaws` of
    cats and `prepropCommutative` of polysemy-check.

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


# ----------------------------------------------------------------------------------------- symmetry


@holds(TRACE)
def swap_is_natural[A, B, C, D](
    f: Flow[A, B], g: Total[C, D]
) -> IsEq[Flow[tuple[A, C], tuple[D, B]]]:
    """`(f *** g) >>> arr swap ≈ arr swap >>> (g *** f)`, for total `g`

    If both may fail, they may at the same instant, and the left one counts.
    """
    swapped: Flow[tuple[A, C], tuple[C, A]] = pure(swap)
    return IsEq(split(f, g) >> pure(swap), swapped >> split(g, f))


@holds(TRACE)
def swap_is_natural_without_ties[A, B, C, D](
    wait: Wait[C], f: Flow[A, B], g: Flow[C, D], seconds: float
) -> IsEq[Flow[tuple[A, C], tuple[D, B]]]:
    """`(f *** (sleep t >>> g)) >>> arr swap ≈ arr swap >>> ((sleep t >>> g) *** f)`"""
    later = wait(seconds) >> g
    swapped: Flow[tuple[A, C], tuple[C, A]] = pure(swap)
    return IsEq(split(f, later) >> pure(swap), swapped >> split(later, f))


@holds(TRACE)
def swap_is_its_own_inverse[A, B]() -> IsEq[Flow[tuple[A, B], tuple[A, B]]]:
    """`arr swap >>> arr swap ≈ id`"""
    swapped: Flow[tuple[A, B], tuple[B, A]] = pure(swap)
    return IsEq(swapped >> pure(swap), identity())


@holds(TRACE)
def hexagon[A, B, C]() -> IsEq[Flow[tuple[tuple[A, B], C], tuple[B, tuple[C, A]]]]:
    """`assoc >>> swap >>> assoc ≈ first swap >>> assoc >>> second swap`, each lifted"""
    moved: Flow[tuple[tuple[A, B], C], tuple[A, tuple[B, C]]] = pure(assoc)
    past_both: Flow[tuple[A, tuple[B, C]], tuple[tuple[B, C], A]] = pure(swap)
    past_b: Flow[tuple[A, B], tuple[B, A]] = pure(swap)
    past_c: Flow[tuple[A, C], tuple[C, A]] = pure(swap)
    start: Flow[tuple[tuple[A, B], C], tuple[tuple[B, A], C]] = first(past_b)
    return IsEq(moved >> past_both >> pure(assoc), start >> pure(assoc) >> second(past_c))


@holds(TRACE)
def hexagon_back[A, B, C]() -> IsEq[Flow[tuple[A, tuple[B, C]], tuple[tuple[C, A], B]]]:
    """`unassoc >>> swap >>> unassoc ≈ second swap >>> unassoc >>> first swap`, each lifted"""
    moved: Flow[tuple[A, tuple[B, C]], tuple[tuple[A, B], C]] = pure(unassoc)
    past_both: Flow[tuple[tuple[A, B], C], tuple[C, tuple[A, B]]] = pure(swap)
    past_b: Flow[tuple[B, C], tuple[C, B]] = pure(swap)
    past_a: Flow[tuple[A, C], tuple[C, A]] = pure(swap)
    start: Flow[tuple[A, tuple[B, C]], tuple[A, tuple[C, B]]] = second(past_b)
    return IsEq(moved >> past_both >> pure(unassoc), start >> pure(unassoc) >> first(past_a))


# ------------------------------------------------------------------------------- brackets and units


@holds(TRACE)
def assoc_is_natural[A, B, C, D, E, F](
    f: Flow[A, B], g: Flow[C, D], h: Flow[E, F]
) -> IsEq[Flow[tuple[tuple[A, C], E], tuple[B, tuple[D, F]]]]:
    """`((f *** g) *** h) >>> arr assoc ≈ arr assoc >>> (f *** (g *** h))`"""
    moved: Flow[tuple[tuple[A, C], E], tuple[A, tuple[C, E]]] = pure(assoc)
    return IsEq(split(split(f, g), h) >> pure(assoc), moved >> split(f, split(g, h)))


@holds(TRACE)
def assoc_has_an_inverse[A, B, C]() -> IsEq[Flow[tuple[tuple[A, B], C], tuple[tuple[A, B], C]]]:
    """`arr assoc >>> arr unassoc ≈ id`"""
    moved: Flow[tuple[tuple[A, B], C], tuple[A, tuple[B, C]]] = pure(assoc)
    return IsEq(moved >> pure(unassoc), identity())


@holds(TRACE)
def unassoc_has_an_inverse[A, B, C]() -> IsEq[Flow[tuple[A, tuple[B, C]], tuple[A, tuple[B, C]]]]:
    """`arr unassoc >>> arr assoc ≈ id`"""
    moved: Flow[tuple[A, tuple[B, C]], tuple[tuple[A, B], C]] = pure(unassoc)
    return IsEq(moved >> pure(assoc), identity())


@holds(TRACE)
def pentagon[A, B, C, D]() -> IsEq[
    Flow[tuple[tuple[tuple[A, B], C], D], tuple[A, tuple[B, tuple[C, D]]]]
]:
    """`assoc >>> assoc ≈ first assoc >>> assoc >>> second assoc`, each lifted"""
    outer: Flow[tuple[tuple[tuple[A, B], C], D], tuple[tuple[A, B], tuple[C, D]]] = pure(assoc)
    abc: Flow[tuple[tuple[A, B], C], tuple[A, tuple[B, C]]] = pure(assoc)
    bcd: Flow[tuple[tuple[B, C], D], tuple[B, tuple[C, D]]] = pure(assoc)
    start: Flow[tuple[tuple[tuple[A, B], C], D], tuple[tuple[A, tuple[B, C]], D]] = first(abc)
    return IsEq(outer >> pure(assoc), start >> pure(assoc) >> second(bcd))


@holds(TRACE)
def triangle[A, B]() -> IsEq[Flow[tuple[tuple[A, None], B], tuple[A, B]]]:
    """`assoc >>> second snd ≈ first fst` on `(A × None) × B`, each lifted"""
    moved: Flow[tuple[tuple[A, None], B], tuple[A, tuple[None, B]]] = pure(assoc)
    right_unit: Flow[tuple[A, None], A] = pure(fst)
    left_unit: Flow[tuple[None, B], B] = pure(snd)
    return IsEq(moved >> second(left_unit), first(right_unit))


@holds(TRACE)
def unit_may_be_swapped[A]() -> IsEq[Flow[tuple[A, None], A]]:
    """`arr swap >>> arr snd ≈ arr fst` on `A × None`"""
    swapped: Flow[tuple[A, None], tuple[None, A]] = pure(swap)
    return IsEq(swapped >> pure(snd), pure(fst))


@holds(TRACE)
def right_unit_is_natural[A, B](f: Flow[A, B]) -> IsEq[Flow[tuple[A, None], B]]:
    """`(f *** id) >>> arr fst ≈ arr fst >>> f` on `A × None`"""
    nothing: Flow[None, None] = identity()
    dropped: Flow[tuple[A, None], A] = pure(fst)
    return IsEq(split(f, nothing) >> pure(fst), dropped >> f)


@holds(TRACE)
def left_unit_is_natural[A, B](f: Flow[A, B]) -> IsEq[Flow[tuple[None, A], B]]:
    """`(id *** f) >>> arr snd ≈ arr snd >>> f` on `None × A`"""
    nothing: Flow[None, None] = identity()
    dropped: Flow[tuple[None, A], A] = pure(snd)
    return IsEq(split(nothing, f) >> pure(snd), dropped >> f)


SYMMETRIC = RuleSet(
    "symmetric",
    (
        tensor_of_identities,
        interchange,
        interchange_beside_total,
        interchange_fails_alike,
        interchange_with_functions,
        functions_are_central,
        total_flows_are_independent,
        independent_of_total,
        swap_is_natural,
        swap_is_natural_without_ties,
        swap_is_its_own_inverse,
        hexagon,
        hexagon_back,
        assoc_is_natural,
        assoc_has_an_inverse,
        unassoc_has_an_inverse,
        pentagon,
        triangle,
        unit_may_be_swapped,
        right_unit_is_natural,
        left_unit_is_natural,
    ),
    (CATEGORY,),
)
