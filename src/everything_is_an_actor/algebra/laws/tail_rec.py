"""`tailRecM`: to bind again and again, without growing; derived from `loop`.

Source: `FlatMapLaws` of cats (`tailRecMConsistentFlatMap`); Freeman, Stack safety for free (2015).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from everything_is_an_actor.algebra.build import loop, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrows import Either, either
from everything_is_an_actor.algebra.laws.functions import WithSecond, fst, snd
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, holds
from everything_is_an_actor.algebra.laws.monad import MONAD
from everything_is_an_actor.algebra.values import Continue, Done


def tail_rec_m[I, A, B](start: A, step: Callable[[A], Flow[I, Either[A, B]]]) -> Flow[I, B]:
    """`tailRecM`: bind `step`, from `start`, until it says `Done`: each on the original input."""
    input: Flow[tuple[I, A], I] = pure(fst)
    state: Flow[tuple[I, A], A] = pure(snd)
    body = input.zip(state.bind(OnFirst(step))).map(resumed)
    begin: Flow[I, tuple[I, A]] = pure(WithSecond(start))
    return begin >> loop(body, max_iter=None)


@dataclass(frozen=True, slots=True)
class OnFirst[I, A, B]:
    """`x ↦ arr fst >>> k(x)`"""

    k: Callable[[A], Flow[I, B]]

    def __call__(self, x: A, /) -> Flow[tuple[I, A], B]:
        """Its value."""
        first: Flow[tuple[I, A], I] = pure(fst)
        return first >> self.k(x)


def resumed[I, A, B](
    pair: tuple[I, Either[A, B]],
) -> Either[tuple[I, A], B]:
    """`(x, Continue a) ↦ Continue (x, a)`, `(x, Done b) ↦ Done b`"""
    input, step = pair
    match step:
        case Continue(value):
            return Continue((input, value))
        case Done(value):
            return Done(value)
        case _ as unreachable:
            assert_never(unreachable)


def bounce[I, A](n: int, x: A, k: Callable[[A], Flow[I, A]]) -> Flow[I, A]:
    """`k` again and again, once and then `n` times more, by `tail_rec_m`."""
    return tail_rec_m((x, n), Bouncing(k))


@dataclass(frozen=True, slots=True)
class Bouncing[I, A]:
    """`(x, n) ↦ k(x).map(y ↦ Continue (y, n - 1))` or, at 0, `Done y`"""

    k: Callable[[A], Flow[I, A]]

    def __call__(self, state: tuple[A, int], /) -> Flow[I, Either[tuple[A, int], A]]:
        """Its value."""
        x, n = state
        return self.k(x).map(Counting(n))


@dataclass(frozen=True, slots=True)
class Counting:
    """`y ↦ Continue (y, n - 1)` or, at 0, `Done y`"""

    n: int

    def __call__[A](self, y: A, /) -> Either[tuple[A, int], A]:
        """Its value."""
        return Continue((y, self.n - 1)) if self.n > 0 else Done(y)


@holds(TRACE)
def iterates_by_binding[I, A](n: int, x: A, k: Callable[[A], Flow[I, A]]) -> IsEq[Flow[I, A]]:
    """`bounce n x k ≈ (bounce (n - 1) x k).bind(k)`"""
    return IsEq(bounce(n, x, k), bounce(n - 1, x, k).bind(k))


@holds(TRACE)
def binds_by_iterating[I, A, B](f: Flow[I, A], k: Callable[[A], Flow[I, B]]) -> IsEq[Flow[I, B]]:
    """`f.bind(k) ≈ tailRecM (Continue ()) (Continue () ↦ f.map(Continue ∘ Done),
    Done x ↦ k(x).map(Done))`
    """
    start: Either[None, A] = Continue(None)
    return IsEq(f.bind(k), tail_rec_m(start, FirstThen(f, k)))


@dataclass(frozen=True, slots=True)
class FirstThen[I, A, B]:
    """`Continue () ↦ f.map(Continue ∘ Done), Done x ↦ k(x).map(Done)`"""

    f: Flow[I, A]
    k: Callable[[A], Flow[I, B]]

    def __call__(self, state: Either[None, A], /) -> Flow[I, Either[Either[None, A], B]]:
        """Its value."""
        match state:
            case Continue():
                return self.f.map(onward)
            case Done(x):
                return self.k(x).map(Done)
            case _ as unreachable:
                assert_never(unreachable)


def onward[E, A](x: A) -> Continue[Either[E, A]]:
    """`Continue ∘ Done`"""
    return Continue(Done(x))


@holds(TRACE)
def composes_by_iterating[A, B, C](f: Flow[A, B], g: Flow[B, C]) -> IsEq[Flow[A, C]]:
    """`f >>> g ≈ arr Continue >>> loop (f.map(Continue ∘ Done) ||| g.map(Done))`"""
    step: Callable[[B], Continue[Either[A, B]]] = onward
    enter: Flow[A, Either[A, B]] = pure(Continue)
    leave: Flow[B, Done[C]] = g.map(Done)
    body: Flow[Either[A, B], Either[Either[A, B], C]] = either(f.map(step), leave)
    return IsEq(f >> g, enter >> loop(body, max_iter=None))


TAIL_REC = RuleSet(
    "tail_rec", (iterates_by_binding, binds_by_iterating, composes_by_iterating), (MONAD,)
)
"""Binding again and again, without growing."""
