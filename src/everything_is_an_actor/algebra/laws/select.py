"""`select`: a flow that runs only if another one asks for it; and what is derived from it.

    x <*? y:  Continue a ↦ y applied to a,  Done b ↦ b, and `y` is not run

`select` itself is derived, by `branch` and without `bind`: what may run is written in the flow, and
static interpreters see it. The sum is `Continue[A] | Done[B]`.

Source: Mokhov, Lukyanov, Marlow, Dimino, Selective applicative functors (ICFP 2019).
"""

from collections.abc import Callable
from dataclasses import dataclass

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrows import Either, either, second
from everything_is_an_actor.algebra.laws.functions import After, applied, distr, fst, snd, swap
from everything_is_an_actor.algebra.laws.parallel import in_turn
from everything_is_an_actor.algebra.values import Continue, Done


def select[I, A, B](x: Flow[I, Either[A, B]], y: Flow[I, Callable[[A], B]]) -> Flow[I, B]:
    """`x <*? y = (x &&& id) >>> arr distr >>> (second y >>> arr apply ||| arr fst)`

    >>> from everything_is_an_actor.algebra.laws.applicative import always
    >>> from everything_is_an_actor.flow import pure
    >>> select(pure(Done), always(str)) == (
    ...     pure(Done).zip(identity()).map(distr) >> either(applying(always(str)), pure(fst))
    ... )
    True
    """
    start: Flow[I, I] = identity()
    skip: Flow[tuple[B, I], B] = pure(fst)
    return x.zip(start).map(distr) >> either(applying(y), skip)


def applying[I, A, B](y: Flow[I, Callable[[A], B]]) -> Flow[tuple[A, I], B]:
    """`second y >>> arr ((a, h) ↦ h a)`"""
    both: Flow[tuple[A, I], tuple[A, Callable[[A], B]]] = second(y)
    return both.map(swap).map(applied)


def then[I, A, B](x: Flow[I, A], y: Flow[I, B]) -> Flow[I, B]:
    """`x *> y`: both in turn, and the value of the second."""
    return in_turn(x, y).map(snd)


@dataclass(frozen=True, slots=True)
class OnRight[B, D]:
    """`Continue a ↦ Continue a`, `Done b ↦ Done h(b)`"""

    h: Callable[[B], D]

    def __call__[A](self, x: Either[A, B], /) -> Either[A, D]:
        """Its value."""
        return x if isinstance(x, Continue) else Done(self.h(x.value))


@dataclass(frozen=True, slots=True)
class OnLeft[A, C]:
    """`Continue a ↦ Continue h(a)`, `Done b ↦ Done b`"""

    h: Callable[[A], C]

    def __call__[B](self, x: Either[A, B], /) -> Either[C, B]:
        """Its value."""
        return Continue(self.h(x.value)) if isinstance(x, Continue) else x


def right[E, B](x: B) -> Either[E, B]:
    """`Done`"""
    return Done(x)


def left[A, E](x: A) -> Either[A, E]:
    """`Continue`"""
    return Continue(x)


def branch[I, A, B, C](
    x: Flow[I, Either[A, B]], l: Flow[I, Callable[[A], C]], r: Flow[I, Callable[[B], C]]
) -> Flow[I, C]:
    """`x.map(Done b ↦ Done (Continue b)) <*? l.map(Done ∘) <*? r`: of two flows, one runs."""
    ask_r: Callable[[B], Either[B, C]] = left
    done: Callable[[C], Either[B, C]] = right
    return select(select(x.map(OnRight(ask_r)), l.map(After(done))), r)
