"""Flows are an applicative: `zip` is a product of them, and `always ()` its unit.

`ap` is derived. Both sides of a `zip` run at once, and the error that comes first is the error of
both: so `zip` is commutative, but for two errors at the same instant. Of these the left one wins,
unless its side has children to cancel first, which may take turns of the loop.

Source: `SemigroupalLaws`, `ApplyLaws`, `ApplicativeLaws` and `CommutativeApplyLaws` of cats.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import (
    After,
    At,
    Both,
    Constant,
    Curried,
    applied,
    assoc,
    fst,
    same,
    snd,
    swap,
)
from everything_is_an_actor.algebra.laws.functor import FUNCTOR
from everything_is_an_actor.algebra.laws.law import (
    TRACE,
    IsEq,
    RuleSet,
    Total,
    Wait,
    holds,
)


def always[A](value: A) -> Flow[object, A]:
    """`pure` of an applicative: the flow that yields the value, whatever comes.

    >>> always(1)
    pure(Constant(value=1))
    """
    return pure(Constant(value))


def ap[I, A, B](functions: Flow[I, Callable[[A], B]], values: Flow[I, A]) -> Flow[I, B]:
    """`<*>`: the function that one flow yields, of the value that the other one does.

    >>> ap(always(str), always(1))
    pure(Constant(value=<class 'str'>)).zip(pure(Constant(value=1))).map(applied)
    """
    return functions.zip(values).map(applied)


def constantly[A](x: A) -> Constant[A]:
    """`x ↦ (λ_. x)`"""
    return Constant(x)


# ------------------------------------------------------------------------------ the monoidal form


@holds(TRACE)
def associativity[I, A, B, C](
    f: Flow[I, A], g: Flow[I, B], h: Flow[I, C], sleep: Wait[I], d: float
) -> IsEq[Flow[I, tuple[A, tuple[B, C]]]]:
    """`((f &&& g) &&& h).map(assoc) ≈ f &&& (g &&& h)`, where `g` and `h` begin later

    Two errors at the same instant are a tie, which the grouping may decide.
    """
    later, last = sleep(d) >> g, sleep(2 * d) >> h
    return IsEq(f.zip(later).zip(last).map(assoc), f.zip(later.zip(last)))


@holds(TRACE)
def left_unit[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`(always () &&& f).map(snd) ≈ f`"""
    unit: Flow[I, None] = always(None)
    return IsEq(unit.zip(f).map(snd), f)


@holds(TRACE)
def right_unit[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`(f &&& always ()).map(fst) ≈ f`"""
    return IsEq(f.zip(always(None)).map(fst), f)


@holds(TRACE)
def naturality[I, A, B, C, D](
    f: Flow[I, A], g: Flow[I, B], h: Callable[[A], C], k: Callable[[B], D]
) -> IsEq[Flow[I, tuple[C, D]]]:
    """`f.map(h) &&& g.map(k) ≈ (f &&& g).map(h × k)`"""
    return IsEq(f.map(h).zip(g.map(k)), f.zip(g).map(Both(h, k)))


@holds(TRACE)
def commutativity[I, A, B](f: Flow[I, A], g: Total[I, B]) -> IsEq[Flow[I, tuple[A, B]]]:
    """`f &&& g ≈ (g &&& f).map(swap)`

    At most one of them may fail: of two errors at the same instant the left one wins.
    """
    return IsEq(f.zip(g), g.zip(f).map(swap))


@holds(TRACE)
def commutativity_in_time[I, A, B](
    f: Flow[I, A], g: Flow[I, B], sleep: Wait[I], d: float
) -> IsEq[Flow[I, tuple[A, B]]]:
    """`(sleep d >>> f) &&& g ≈ (g &&& (sleep d >>> f)).map(swap)`

    Both may fail: the error that comes first is the error of both. The sleep sees to it that no two
    come at the same instant.
    """
    later = sleep(d) >> f
    return IsEq(later.zip(g), g.zip(later).map(swap))


# ------------------------------------------------------------------------------ the form with ap


@holds(TRACE)
def ap_identity[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`always id <*> f ≈ f`"""
    return IsEq(ap(always(same), f), f)


@holds(TRACE)
def ap_homomorphism[I, A, B](h: Callable[[A], B], x: A) -> IsEq[Flow[I, B]]:
    """`always h <*> always x ≈ always (h x)`"""
    return IsEq(ap(always(h), always(x)), always(h(x)))


@holds(TRACE)
def ap_interchange[I, K, A, B](
    f: Flow[I, K], h: Callable[[tuple[K, A]], B], x: A
) -> IsEq[Flow[I, B]]:
    """`ff <*> always x ≈ always (λh. h x) <*> ff`, where `ff = f.map(curry h)`"""
    ff = f.map(Curried(h))
    return IsEq(ap(ff, always(x)), ap(always(At(x)), ff))


@holds(TRACE)
def ap_composition[I, K, L, A, B, C](
    f: Flow[I, K],
    g: Flow[I, L],
    v: Flow[I, A],
    h: Callable[[tuple[K, B]], C],
    k: Callable[[tuple[L, A]], B],
    sleep: Wait[I],
    d: float,
) -> IsEq[Flow[I, C]]:
    """`ff <*> (gg <*> v) ≈ ff.map(∘) <*> gg <*> v`, where `ff = f.map(curry h)`,
    `gg = g.map(curry k)`, and `g` and `v` begin later

    Two errors at the same instant are a tie, which the grouping may decide.
    """
    ff, gg, last = f.map(Curried(h)), (sleep(d) >> g).map(Curried(k)), sleep(2 * d) >> v
    return IsEq(ap(ff, ap(gg, last)), ap(ap(ff.map(After), gg), last))


@holds(TRACE)
def maps_by_applying[I, A, B](f: Flow[I, A], h: Callable[[A], B]) -> IsEq[Flow[I, B]]:
    """`f.map(h) ≈ always h <*> f`"""
    return IsEq(f.map(h), ap(always(h), f))


@holds(TRACE)
def unit_maps_to_always[I, A](x: A) -> IsEq[Flow[I, A]]:
    """`(always ()).map(λ_. x) ≈ always x`"""
    return IsEq(always(None).map(Constant(x)), always(x))


@holds(TRACE)
def map2_by_applying[I, A, B, C](
    f: Flow[I, A], g: Flow[I, B], h: Callable[[tuple[A, B]], C]
) -> IsEq[Flow[I, C]]:
    """`(f &&& g).map(h) ≈ f.map(curry h) <*> g`"""
    return IsEq(f.zip(g).map(h), ap(f.map(Curried(h)), g))


@holds(TRACE)
def product_right[I, A, B](f: Flow[I, A], g: Flow[I, B]) -> IsEq[Flow[I, B]]:
    """`(f &&& g).map(snd) ≈ f.map(λ_. id) <*> g`"""
    return IsEq(f.zip(g).map(snd), ap(f.map(Constant(same)), g))


@holds(TRACE)
def product_left[I, A, B](f: Flow[I, A], g: Flow[I, B]) -> IsEq[Flow[I, A]]:
    """`(f &&& g).map(fst) ≈ f.map(λx. λ_. x) <*> g`"""
    return IsEq(f.zip(g).map(fst), ap(f.map(constantly), g))


APPLICATIVE = RuleSet(
    "applicative",
    (
        associativity,
        left_unit,
        right_unit,
        naturality,
        commutativity,
        commutativity_in_time,
        ap_identity,
        ap_homomorphism,
        ap_interchange,
        ap_composition,
        maps_by_applying,
        unit_maps_to_always,
        map2_by_applying,
        product_right,
        product_left,
    ),
    (FUNCTOR,),
)
"""A product of flows, `zip`, and its unit."""
