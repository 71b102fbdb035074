"""Products may be re-bracketed, swapped, and freed of units: a symmetric premonoidal category.

Everything here holds in T. The brackets and the places of flows decide which error counts if two
fail at the same instant: where that could be, the law is about total flows, or about such as begin
at different instants. That the right unit is natural is `arrow.unit`.

Source: `discopy.symmetric`; Mac Lane, "Categories for the Working Mathematician", VII and XI.
"""

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrow import ARROW
from everything_is_an_actor.algebra.laws.arrows import first, second, split
from everything_is_an_actor.algebra.laws.functions import assoc, fst, snd, swap, unassoc
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, Total, Wait, holds
from everything_is_an_actor.algebra.laws.premonoidal import PREMONOIDAL

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


def rebracketed[A, B, C, D, E, F](
    f: Flow[A, B], g: Flow[C, D], h: Flow[E, F]
) -> IsEq[Flow[tuple[tuple[A, C], E], tuple[B, tuple[D, F]]]]:
    """`((f *** g) *** h) >>> arr assoc ≈ arr assoc >>> (f *** (g *** h))`"""
    moved: Flow[tuple[tuple[A, C], E], tuple[A, tuple[C, E]]] = pure(assoc)
    return IsEq(split(split(f, g), h) >> pure(assoc), moved >> split(f, split(g, h)))


@holds(TRACE)
def assoc_is_natural[A, B, C, D, E, F](
    f: Total[A, B], g: Flow[C, D], h: Total[E, F]
) -> IsEq[Flow[tuple[tuple[A, C], E], tuple[B, tuple[D, F]]]]:
    """`((f *** g) *** h) >>> arr assoc ≈ arr assoc >>> (f *** (g *** h))`, for total `f` and `h`

    If more than one may fail, they may at the same instant, and which counts depends on brackets.
    """
    return rebracketed(f, g, h)


@holds(TRACE)
def assoc_is_natural_without_ties[A, B, C, D, E, F](
    wait_c: Wait[C],
    wait_e: Wait[E],
    f: Flow[A, B],
    g: Flow[C, D],
    h: Flow[E, F],
    t: float,
    s: float,
) -> IsEq[Flow[tuple[tuple[A, C], E], tuple[B, tuple[D, F]]]]:
    """`((f *** g) *** h) >>> arr assoc ≈ arr assoc >>> (f *** (g *** h))`, where `f`, `g` and `h`
    begin at different instants
    """
    return rebracketed(f, wait_c(t) >> g, wait_e(t + s) >> h)


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
def left_unit_is_natural[A, B](f: Flow[A, B]) -> IsEq[Flow[tuple[None, A], B]]:
    """`(id *** f) >>> arr snd ≈ arr snd >>> f` on `None × A`"""
    nothing: Flow[None, None] = identity()
    dropped: Flow[tuple[None, A], A] = pure(snd)
    return IsEq(split(nothing, f) >> pure(snd), dropped >> f)


SYMMETRIC = RuleSet(
    "symmetric",
    (
        swap_is_natural,
        swap_is_natural_without_ties,
        swap_is_its_own_inverse,
        hexagon,
        hexagon_back,
        assoc_is_natural,
        assoc_is_natural_without_ties,
        assoc_has_an_inverse,
        unassoc_has_an_inverse,
        pentagon,
        triangle,
        unit_may_be_swapped,
        left_unit_is_natural,
    ),
    (ARROW, PREMONOIDAL),
)
"""Pairs re-bracketed, swapped, and freed of units."""
