"""`bind` is a monad: what comes next may depend on what came out, and runs on the original input.

Composition (`flat_map`) and `bind` can be said by each other. `defer` is `identity().bind(λ_. …)`:
the flow is built when it is run. To bind again and again is in `tail_rec.py`.

Source: `FlatMapLaws`, `MonadLaws` and `DeferLaws` of cats; that a monad is an arrow with `app`:
Hughes, Generalising monads to arrows (2000).
"""

from collections.abc import Callable
from dataclasses import dataclass

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import APPLICATIVE, always, ap
from everything_is_an_actor.algebra.laws.category import CATEGORY
from everything_is_an_actor.algebra.laws.functions import (
    Constant,
    Curried,
    Raising,
    WithFirst,
    fst,
    snd,
)
from everything_is_an_actor.algebra.laws.law import CALLS, TRACE, IsEq, RuleSet, Total, holds


@dataclass(frozen=True, slots=True)
class Kleisli[I, A, B, C]:
    """`f >=> g`: `x ↦ f(x).bind(g)`"""

    f: Callable[[A], Flow[I, B]]
    g: Callable[[B], Flow[I, C]]

    def __call__(self, x: A, /) -> Flow[I, C]:
        """Its value."""
        return self.f(x).bind(self.g)


@dataclass(frozen=True, slots=True)
class Returning[A, B]:
    """`x ↦ always (h x)`"""

    h: Callable[[A], B]

    def __call__(self, x: A, /) -> Flow[object, B]:
        """Its value."""
        return always(self.h(x))


@dataclass(frozen=True, slots=True)
class Into[A, B]:
    """`x ↦ always x >>> flow`"""

    flow: Flow[A, B]

    def __call__(self, x: A, /) -> Flow[object, B]:
        """Its value."""
        return always(x) >> self.flow


@dataclass(frozen=True, slots=True)
class OnPart[I, J, A, B]:
    """`x ↦ arr h >>> k(x)`"""

    h: Callable[[I], J]
    k: Callable[[A], Flow[J, B]]

    def __call__(self, x: A, /) -> Flow[I, B]:
        """Its value."""
        return pure(self.h) >> self.k(x)


@dataclass(frozen=True, slots=True)
class Mapping[I, A]:
    """`h ↦ flow.map(h)`"""

    flow: Flow[I, A]

    def __call__[B](self, h: Callable[[A], B], /) -> Flow[I, B]:
        """Its value."""
        return self.flow.map(h)


@dataclass(frozen=True, slots=True)
class Beside[I, A, B]:
    """`x ↦ k(x).map(y ↦ (x, y))`"""

    k: Callable[[A], Flow[I, B]]

    def __call__(self, x: A, /) -> Flow[I, tuple[A, B]]:
        """Its value."""
        return self.k(x).map(WithFirst(x))


def mproduct[I, A, B](f: Flow[I, A], k: Callable[[A], Flow[I, B]]) -> Flow[I, tuple[A, B]]:
    """`f.bind(x ↦ k(x).map(y ↦ (x, y)))`: both values; the first chose the flow."""
    return f.bind(Beside(k))


# --------------------------------------------------------------------------------- the monad laws


@holds(TRACE)
def left_identity[I, A, B](x: A, k: Callable[[A], Flow[I, B]]) -> IsEq[Flow[I, B]]:
    """`(always x).bind(k) ≈ k x`"""
    start: Flow[I, A] = always(x)
    return IsEq(start.bind(k), k(x))


@holds(TRACE)
def right_identity[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f.bind(always) ≈ f`"""
    return IsEq(f.bind(always), f)


@holds(TRACE)
def associativity[I, A, B, C](
    f: Flow[I, A], k: Callable[[A], Flow[I, B]], l: Callable[[B], Flow[I, C]]
) -> IsEq[Flow[I, C]]:
    """`f.bind(k).bind(l) ≈ f.bind(λx. k(x).bind(l))`"""
    return IsEq(f.bind(k).bind(l), f.bind(Kleisli(k, l)))


@holds(TRACE)
def kleisli_associativity[I, A, B, C, D](
    f: Flow[I, A],
    k: Callable[[A], Flow[I, B]],
    l: Callable[[B], Flow[I, C]],
    m: Callable[[C], Flow[I, D]],
) -> IsEq[Flow[I, D]]:
    """`f.bind((k >=> l) >=> m) ≈ f.bind(k >=> (l >=> m))`"""
    return IsEq(f.bind(Kleisli(Kleisli(k, l), m)), f.bind(Kleisli(k, Kleisli(l, m))))


@holds(TRACE)
def kleisli_left_identity[I, A, B](f: Flow[I, A], k: Callable[[A], Flow[I, B]]) -> IsEq[Flow[I, B]]:
    """`f.bind(always >=> k) ≈ f.bind(k)`"""
    start: Callable[[A], Flow[I, A]] = always
    return IsEq(f.bind(Kleisli(start, k)), f.bind(k))


@holds(TRACE)
def kleisli_right_identity[I, A, B](
    f: Flow[I, A], k: Callable[[A], Flow[I, B]]
) -> IsEq[Flow[I, B]]:
    """`f.bind(k >=> always) ≈ f.bind(k)`"""
    end: Callable[[B], Flow[I, B]] = always
    return IsEq(f.bind(Kleisli(k, end)), f.bind(k))


# ------------------------------------------------------- with the functor, the product, the arrow


@holds(TRACE)
def maps_by_binding[I, A, B](f: Flow[I, A], h: Callable[[A], B]) -> IsEq[Flow[I, B]]:
    """`f.bind(λx. always (h x)) ≈ f.map(h)`"""
    return IsEq(f.bind(Returning(h)), f.map(h))


@holds(CALLS)
def applies_by_binding[I, K, A, B](
    f: Total[I, K], g: Total[I, A], h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`ff <*> g ≈ ff.bind(λh. g.map(h))`, where `ff = f.map(curry h)`

    Not in time: `<*>` runs both at once. Nor for flows that fail: what comes after is not called.
    """
    ff = f.map(Curried(h))
    return IsEq(ap(ff, g), ff.bind(Mapping(g)))


@holds(TRACE)
def mproduct_binds[I, A, B](f: Flow[I, A], k: Callable[[A], Flow[I, B]]) -> IsEq[Flow[I, B]]:
    """`(mproduct f k).map(snd) ≈ f.bind(k)`"""
    return IsEq(mproduct(f, k).map(snd), f.bind(k))


@holds(TRACE)
def mproduct_keeps[I, A, B](f: Flow[I, A], h: Callable[[A], B]) -> IsEq[Flow[I, A]]:
    """`(mproduct f (λx. always (h x))).map(fst) ≈ f`"""
    return IsEq(mproduct(f, Returning(h)).map(fst), f)


@holds(TRACE)
def composes_by_binding[A, B, C](f: Flow[A, B], g: Flow[B, C]) -> IsEq[Flow[A, C]]:
    """`f >>> g ≈ f.bind(λx. always x >>> g)`"""
    return IsEq(f >> g, f.bind(Into(g)))


@holds(TRACE)
def binds_by_applying[I, A, B](f: Flow[I, A], k: Callable[[A], Flow[I, B]]) -> IsEq[Flow[I, B]]:
    """`f.bind(k) ≈ (f.map(k) &&& id) >>> app`"""
    start: Flow[I, I] = identity()
    return IsEq(f.bind(k), f.map(k).zip(start) >> app())


def app[I, B]() -> Flow[tuple[Flow[I, B], I], B]:
    """`app (f, x) ≈ f x`: a flow that comes as a value, on the input that comes with it."""
    flow: Flow[tuple[Flow[I, B], I], Flow[I, B]] = pure(fst)
    return flow.bind(on_second)


def on_second[I, B](flow: Flow[I, B]) -> Flow[tuple[object, I], B]:
    """`flow ↦ arr snd >>> flow`"""
    second: Flow[tuple[object, I], I] = pure(snd)
    return second >> flow


@holds(TRACE)
def binding_after_a_function[I, J, A, B](
    h: Callable[[I], J], f: Flow[J, A], k: Callable[[A], Flow[J, B]]
) -> IsEq[Flow[I, B]]:
    """`arr h >>> f.bind(k) ≈ (arr h >>> f).bind(λx. arr h >>> k(x))`"""
    return IsEq(pure(h) >> f.bind(k), (pure(h) >> f).bind(OnPart(h, k)))


@holds(TRACE)
def deferred[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`id.bind(λ_. f) ≈ f`"""
    start: Flow[I, I] = identity()
    return IsEq(start.bind(Constant(f)), f)


@holds(TRACE)
def deferred_until_run[I, A](e: Exception) -> IsEq[Flow[I, A]]:
    """`id.bind(λ_. raise e) ≈ arr (λ_. raise e)`"""
    start: Flow[I, I] = identity()
    return IsEq(start.bind(Raising(e)), pure(Raising(e)))


MONAD = RuleSet(
    "monad",
    (
        left_identity,
        right_identity,
        associativity,
        kleisli_associativity,
        kleisli_left_identity,
        kleisli_right_identity,
        maps_by_binding,
        applies_by_binding,
        mproduct_binds,
        mproduct_keeps,
        composes_by_binding,
        binds_by_applying,
        binding_after_a_function,
        deferred,
        deferred_until_run,
    ),
    (APPLICATIVE, CATEGORY),
)
"""What comes next depends on what came out, `bind`."""
