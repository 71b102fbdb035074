"""The functions that equations are written with; each prints as the expression that builds it.

The product is the tuple. The sum is `Continue[A] | Done[B]`, the left and the right of a step of a
loop: the algebra needs no other.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any, Never, assert_never

from returns.result import Result

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


def flattened[A, B, C](nested: tuple[tuple[A, B], C]) -> tuple[A, B, C]:
    """`((x, y), z) ↦ (x, y, z)`"""
    (x, y), z = nested
    return x, y, z


def alone[A](x: A) -> tuple[A]:
    """`x ↦ (x,)`"""
    return (x,)


def distr[A, B, C](
    pair: tuple[Continue[A] | Done[B], C],
) -> Continue[tuple[A, C]] | Done[tuple[B, C]]:
    """`(A + B) × C → (A × C) + (B × C)`"""
    x, z = pair
    return Continue((x.value, z)) if isinstance(x, Continue) else Done((x.value, z))


def value_of(step: Any) -> Any:
    """What a `Continue` or a `Done` holds; of either side, hence the `Any`."""
    return step.value


def applied[A, B](pair: tuple[Callable[[A], B], A]) -> B:
    """`(h, x) ↦ h(x)`"""
    return pair[0](pair[1])


@dataclass(frozen=True, slots=True)
class At[A]:
    """`h ↦ h(x)`"""

    x: A

    def __call__[B](self, h: Callable[[A], B], /) -> B:
        """Its value."""
        return h(self.x)


@dataclass(frozen=True, slots=True)
class After[B, C]:
    """`h ↦ g ∘ h`"""

    g: Callable[[B], C]

    def __call__[A](self, h: Callable[[A], B], /) -> Callable[[A], C]:
        """Its value."""
        return Composed(self.g, h)


@dataclass(frozen=True, slots=True)
class Before[A, B]:
    """`g ↦ g ∘ h`"""

    h: Callable[[A], B]

    def __call__[C](self, g: Callable[[B], C], /) -> Callable[[A], C]:
        """Its value."""
        return Composed(g, self.h)


@dataclass(frozen=True, slots=True)
class WithFirst[A]:
    """`y ↦ (x, y)`"""

    x: A

    def __call__[B](self, y: B, /) -> tuple[A, B]:
        """Its value."""
        return self.x, y


@dataclass(frozen=True, slots=True)
class WithSecond[B]:
    """`x ↦ (x, y)`"""

    y: B

    def __call__[A](self, x: A, /) -> tuple[A, B]:
        """Its value."""
        return x, self.y


@dataclass(frozen=True, slots=True)
class OnSuccess[A, B]:
    """`Success x ↦ Success h(x)`, `Failure e ↦ Failure e`"""

    h: Callable[[A], B]

    def __call__[E](self, result: Result[A, E], /) -> Result[B, E]:
        """Its value."""
        return result.map(self.h)


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

    error: BaseException

    def __call__(self, x: object, /) -> Never:
        """Raises it."""
        raise again(self.error)


def raised(error: Exception) -> Never:
    """`e ↦ raise e`"""
    raise error


def again[E: BaseException](error: E) -> E:
    """Another error that says the same: one that is raised twice would keep the notes of both."""
    return copy(error)
