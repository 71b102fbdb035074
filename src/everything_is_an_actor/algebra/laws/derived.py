"""What could be left out: each of these nodes is an expression of others, and is there to be read.

All of it holds in T, errors included. That `recover` is `recover_with` of a function is in
`error.py`.

Source: the methods of `Flow`, as they are documented.
"""

from collections.abc import Callable
from dataclasses import dataclass

from everything_is_an_actor.algebra.build import each, identity, pure, zip_all
from everything_is_an_actor.algebra.flow import Flow, on
from everything_is_an_actor.algebra.laws.arrows import either
from everything_is_an_actor.algebra.laws.checks import CHECKS
from everything_is_an_actor.algebra.laws.effects import EFFECTS
from everything_is_an_actor.algebra.laws.functions import Constant, flattened, fst, snd
from everything_is_an_actor.algebra.laws.law import SHAPE, TRACE, IsEq, RuleSet, Wait, holds
from everything_is_an_actor.algebra.laws.retries import RETRIES
from everything_is_an_actor.algebra.values import Continue, Done


@dataclass(frozen=True, slots=True)
class Sided[A]:
    """`x ↦ Continue x` where `p x`, else `Done x`"""

    p: Callable[[A], bool]

    def __call__(self, x: A, /) -> Continue[A] | Done[A]:
        """Its value."""
        return Continue(x) if self.p(x) else Done(x)


@dataclass(frozen=True, slots=True)
class HandledOn[A, B]:
    """`x ↦ f.recover_with(arr (const x) >>> g)`: the error is ignored."""

    f: Flow[A, B]
    g: Flow[A, B]

    def __call__(self, x: A, /) -> Flow[A, B]:
        """Its value."""
        return self.f.recover_with(pure(Constant(x)) >> self.g)


def nested[A, B, C](flat: tuple[A, B, C]) -> tuple[tuple[A, B], C]:
    """`(x, y, z) ↦ ((x, y), z)`"""
    x, y, z = flat
    return (x, y), z


# --------------------------------------------------------------------------------------- handlers


@holds(TRACE)
def fallback_ignores_the_error[A, B](f: Flow[A, B], g: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`f <|> g ≈ id >>= (x ↦ f.recover_with(arr (const x) >>> g))`"""
    start: Flow[A, A] = identity()
    return IsEq(f.fallback_to(g), start.bind(HandledOn(f, g)))


# ---------------------------------------------------------------------------------------- products


@holds(TRACE)
def zip_all_is_folded_zip[A, B, C, D](
    f: Flow[A, B], g: Flow[A, C], h: Flow[A, D], wait: Wait[A], d: float
) -> IsEq[Flow[A, tuple[B, C, D]]]:
    """`zip_all(f, g, h) ≈ ((f &&& g) &&& h) >>> arr flatten`

    Of flows that begin apart: of two failures in a tie, the deeper one need not be the first.
    """
    one, two, three = f, wait(d) >> g, wait(2 * d) >> h
    return IsEq(zip_all(one, two, three), ((one & two) & three).map(flattened))


@holds(SHAPE)
def zip_all_of_two_is_zip[A, B, C](f: Flow[A, B], g: Flow[A, C]) -> IsEq[Flow[A, tuple[B, C]]]:
    """`zip_all(f, g) ≈ f &&& g`"""
    return IsEq(zip_all(f, g), f & g)


@holds(TRACE)
def each_is_folded_each[A1, A2, A3, B1, B2, B3](
    f: Flow[A1, B1], g: Flow[A2, B2], h: Flow[A3, B3], v: Wait[A2], w: Wait[A3], d: float
) -> IsEq[Flow[tuple[A1, A2, A3], tuple[B1, B2, B3]]]:
    """`each(f, g, h) ≈ arr nest >>> ((f *** g) *** h) >>> arr flatten`

    Of flows that begin apart: of two failures in a tie, the deeper one need not be the first.
    """
    start: Flow[tuple[A1, A2, A3], tuple[tuple[A1, A2], A3]] = pure(nested)
    one, two, three = f, v(d) >> g, w(2 * d) >> h
    return IsEq(each(one, two, three), start >> each(each(one, two), three).map(flattened))


@holds(TRACE)
def each_is_zip_of_components[A1, A2, B1, B2](
    f: Flow[A1, B1], g: Flow[A2, B2]
) -> IsEq[Flow[tuple[A1, A2], tuple[B1, B2]]]:
    """`f *** g ≈ (arr fst >>> f) &&& (arr snd >>> g)`"""
    one: Flow[tuple[A1, A2], A1] = pure(fst)
    other: Flow[tuple[A1, A2], A2] = pure(snd)
    return IsEq(each(f, g), (one >> f) & (other >> g))


# ----------------------------------------------------------------------------------------- choices


@holds(TRACE)
def branch_on_is_branch[A, B, C](
    f: Flow[A, B], p: Callable[[B], bool], t: Flow[B, C], e: Flow[B, C]
) -> IsEq[Flow[A, C]]:
    """`f.branch_on(p, t, e) ≈ f >>> arr (x ↦ p x ? Left x : Right x) >>> (t ||| e)`"""
    return IsEq(f.branch_on(p, t, e), f.map(Sided(p)) >> either(t, e))


@holds(SHAPE)
def branch_is_composition[A, B](
    f: Flow[A, bool | str], t: Flow[bool, B], e: Flow[str, B]
) -> IsEq[Flow[A, B]]:
    """`f.branch({X: t, Y: e}) ≈ f >>> on(X, t).on(Y, e)`"""
    return IsEq(f.branch({bool: t, str: e}), f >> on(bool, t).on(str, e))


@holds(TRACE)
def label_means_nothing[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`f.named(label) ≈ f`"""
    return IsEq(f.named("part"), f)


DERIVED = RuleSet(
    "derived",
    (
        fallback_ignores_the_error,
        zip_all_is_folded_zip,
        zip_all_of_two_is_zip,
        each_is_folded_each,
        each_is_zip_of_components,
        branch_on_is_branch,
        branch_is_composition,
        label_means_nothing,
    ),
    (EFFECTS, CHECKS, RETRIES),
)
"""Nodes that are expressions of others."""
