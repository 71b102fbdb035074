"""An interpreter is a morphism: what it makes of a whole is made of what it makes of the parts.

`⟦f⟧` is the function from inputs to runs that an interpreter makes of `f`, and `>=>` composes such
functions: the Kleisli composition of `Ran`. These are laws of flows that end: a run is not had of
one that never does. A function may raise, which is the one thing that a flow of functions does
besides yielding a value.

Source: `functorMorphism` and `monadMorphism` of checkers; `prepropEquivalent` of polysemy-check is
the agreement of two interpreters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from everything_is_an_actor.algebra.build import each, identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import again
from everything_is_an_actor.algebra.laws.law import (
    RESULT,
    TRACE,
    Fallible,
    IsEq,
    RuleSet,
    Total,
    holds,
)
from everything_is_an_actor.algebra.laws.runs import Meaning, Ran


@dataclass(frozen=True, slots=True)
class Partly[A, B]:
    """`x ↦ h x` where `p x`, else `⇑ error`"""

    p: Callable[[A], bool]
    h: Callable[[A], B]
    error: Exception

    def __call__(self, x: A, /) -> B:
        """Its value, or raises."""
        if self.p(x):
            return self.h(x)
        raise again(self.error)


@holds(TRACE)
def identity_is_a_success[A](x: A, meaning: Meaning) -> IsEq[Ran[A]]:
    """`⟦id⟧ = return`"""
    same: Flow[A, A] = identity()
    return IsEq(meaning(same, x), Ran.of(x))


@holds(TRACE)
def a_function_is_lifted[A, B](
    p: Callable[[A], bool], k: Callable[[A], B], e: Exception, x: A, meaning: Meaning
) -> IsEq[Ran[B]]:
    """`⟦arr h⟧ = try h`, where `h x = p x ? k x : ⇑ e`"""
    h = Partly(p, k, e)
    return IsEq(meaning(pure(h), x), Ran.trying(h, x))


@holds(TRACE)
def composition_is_composed[A, B, C](
    f: Fallible[A, B], g: Fallible[B, C], x: A, meaning: Meaning
) -> IsEq[Ran[C]]:
    """`⟦f >>> g⟧ = ⟦f⟧ >=> ⟦g⟧`"""
    first: Ran[B] = meaning(f, x)
    return IsEq(meaning(f >> g, x), first.bind(partial(meaning, g)))


@holds(TRACE)
def map_is_mapped[A, B, C](
    f: Fallible[A, B],
    p: Callable[[B], bool],
    k: Callable[[B], C],
    e: Exception,
    x: A,
    meaning: Meaning,
) -> IsEq[Ran[C]]:
    """`⟦f.map(h)⟧ = ⟦f⟧ >=> try h`, where `h y = p y ? k y : ⇑ e`"""
    h = Partly(p, k, e)
    found: Ran[B] = meaning(f, x)
    return IsEq(meaning(f.map(h), x), found.bind(partial(Ran.trying, h)))


@holds(TRACE)
def bind_is_bound[A, B, C](
    f: Fallible[A, B], k: Callable[[B], Fallible[A, C]], x: A, meaning: Meaning
) -> IsEq[Ran[C]]:
    """`⟦f.bind(k)⟧ x = ⟦f⟧ x >>= λy. ⟦k y⟧ x`"""

    def then(y: B) -> Ran[C]:
        return meaning(k(y), x)

    found: Ran[B] = meaning(f, x)
    return IsEq(meaning(f.bind(k), x), found.bind(then))


@holds(TRACE)
def tensor_is_a_pair[A, B, C, D](
    f: Total[A, B], g: Total[C, D], x: A, y: C, meaning: Meaning
) -> IsEq[Ran[tuple[B, D]]]:
    """`⟦f *** g⟧ (x, y) = ⟦f⟧ x ⊗ ⟦g⟧ y`, for total flows

    Not in M where one fails: the other one is cancelled.
    """
    return IsEq(meaning(each(f, g), (x, y)), _beside(f, g, x, y, meaning))


@holds(RESULT)
def tensor_fails_on_the_left[A, B, C, D](
    f: Fallible[A, B], g: Total[C, D], x: A, y: C, meaning: Meaning
) -> IsEq[Ran[tuple[B, D]]]:
    """`⟦f *** g⟧ (x, y) = ⟦f⟧ x ⊗ ⟦g⟧ y`, where it is `f` that may fail

    One of them yields a value: if both fail, the error is that of the first to fail in time.
    """
    return IsEq(meaning(each(f, g), (x, y)), _beside(f, g, x, y, meaning))


@holds(RESULT)
def tensor_fails_on_the_right[A, B, C, D](
    f: Total[A, B], g: Fallible[C, D], x: A, y: C, meaning: Meaning
) -> IsEq[Ran[tuple[B, D]]]:
    """`⟦f *** g⟧ (x, y) = ⟦f⟧ x ⊗ ⟦g⟧ y`, where it is `g` that may fail"""
    return IsEq(meaning(each(f, g), (x, y)), _beside(f, g, x, y, meaning))


def _beside[A, B, C, D](
    f: Flow[A, B], g: Flow[C, D], x: A, y: C, meaning: Meaning
) -> Ran[tuple[B, D]]:
    left: Ran[B] = meaning(f, x)
    return left.beside(meaning(g, y))


INTERPRETER = RuleSet(
    "interpreter",
    (
        identity_is_a_success,
        a_function_is_lifted,
        composition_is_composed,
        map_is_mapped,
        bind_is_bound,
        tensor_is_a_pair,
        tensor_fails_on_the_left,
        tensor_fails_on_the_right,
    ),
)
"""What an interpreter makes of a whole is made of what it makes of the parts."""


@holds(TRACE)
def means_the_same[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`⟦f⟧ ≈ ⟦f⟧′`

    The left side under one interpreter, the right side under another one.
    """
    return IsEq(f, f)


AGREEMENT = RuleSet("agreement", (means_the_same,))
"""What two interpreters have to agree on."""
