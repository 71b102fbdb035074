"""The functions that equations are written with; each prints as the expression that builds it.

The product is the tuple. The sum is `Continue[A] | Done[B]`, the left and the right of a step of a
loop: the algebra needs no other.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any, Never, assert_never

from everything_is_an_actor.algebra.values import Continue, Done


def same[A](x: A) -> A:
    """`λx. x`"""
    return x


@dataclass(frozen=True, slots=True)
class Constant[B]:
    """`λ_. value`"""

    value: B

    def __call__(self, x: object, /) -> B:
        """Its value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Composed[A, B, C]:
    """`second ∘ first`"""

    second: Callable[[B], C]
    first: Callable[[A], B]

    def __call__(self, x: A, /) -> C:
        """Its value."""
        return self.second(self.first(x))


@dataclass(frozen=True, slots=True)
class Both[A, B, C, D]:
    """`f × g`: each on its component."""

    f: Callable[[A], B]
    g: Callable[[C], D]

    def __call__(self, pair: tuple[A, C], /) -> tuple[B, D]:
        """Its value."""
        return self.f(pair[0]), self.g(pair[1])


@dataclass(frozen=True, slots=True)
class Sum[A, B, C, D]:
    """`f + g`: `f` on the left, `g` on the right."""

    f: Callable[[A], B]
    g: Callable[[C], D]

    def __call__(self, x: Continue[A] | Done[C], /) -> Continue[B] | Done[D]:
        """Its value."""
        match x:
            case Continue(value):
                return Continue(self.f(value))
            case Done(value):
                return Done(self.g(value))
            case _ as unreachable:
                assert_never(unreachable)


def dup[A](x: A) -> tuple[A, A]:
    """`x ↦ (x, x)`"""
    return x, x


def fst[A, B](pair: tuple[A, B]) -> A:
    """`(x, y) ↦ x`"""
    return pair[0]


def snd[A, B](pair: tuple[A, B]) -> B:
    """`(x, y) ↦ y`"""
    return pair[1]


def swap[A, B](pair: tuple[A, B]) -> tuple[B, A]:
    """`(x, y) ↦ (y, x)`"""
    return pair[1], pair[0]


def assoc[A, B, C](nested: tuple[tuple[A, B], C]) -> tuple[A, tuple[B, C]]:
    """`((x, y), z) ↦ (x, (y, z))`"""
    (x, y), z = nested
    return x, (y, z)


def unassoc[A, B, C](nested: tuple[A, tuple[B, C]]) -> tuple[tuple[A, B], C]:
    """`(x, (y, z)) ↦ ((x, y), z)`"""
    x, (y, z) = nested
    return (x, y), z


def value_of(step: Any) -> Any:
    """What a `Continue` or a `Done` holds; of either side, hence the `Any`."""
    return step.value


def applied[A, B](pair: tuple[Callable[[A], B], A]) -> B:
    """`(h, x) ↦ h(x)`"""
    return pair[0](pair[1])


@dataclass(frozen=True, slots=True)
class Curried[A, B, C]:
    """`x ↦ (y ↦ fn(x, y))`"""

    fn: Callable[[tuple[A, B]], C]

    def __call__(self, x: A, /) -> Callable[[B], C]:
        """Its value."""
        return Partial(self.fn, x)


@dataclass(frozen=True, slots=True)
class Partial[A, B, C]:
    """`y ↦ fn(x, y)`"""

    fn: Callable[[tuple[A, B]], C]
    x: A

    def __call__(self, y: B, /) -> C:
        """Its value."""
        return self.fn((self.x, y))


@dataclass(frozen=True, slots=True)
class Raising:
    """`λ_. raise error`: each time an error of its own, which says the same."""

    error: Exception

    def __call__(self, x: object, /) -> Never:
        """Raises it."""
        raise again(self.error)


def again[E: Exception](error: E) -> E:
    """Another error that says the same: one that is raised twice would keep the notes of both."""
    return copy(error)
