"""An interpreter is a morphism: what it makes of a whole is made of what it makes of the parts.

`⟦f⟧` is the function from inputs to results that an interpreter makes of `f`, and `>=>` composes
such functions (Kleisli composition of `Result`). These are laws of flows that end: a result is not
had of one that never does. What is not stated: `⟦lift op⟧ = handler op`, since an agent has no
meaning but what an interpreter makes of it; and the laws of `hoist`, which are of the free monad.

Source: `functorMorphism` and `monadMorphism` of checkers; `prepropEquivalent` of polysemy-check is
the agreement of two interpreters.
"""

from collections.abc import Callable
from typing import Any

from returns.result import Result, Success

from everything_is_an_actor.algebra.build import each, identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.law import (
    RESULT,
    TRACE,
    Fallible,
    IsEq,
    Meaning,
    RuleSet,
    Total,
    holds,
)

type Outcome[A] = Result[A, BaseException]
"""What comes of a run that ends."""


@holds(RESULT)
def identity_is_a_success[A](x: A, meaning: Meaning) -> IsEq[Outcome[A]]:
    """`⟦id⟧ = success`"""
    same: Flow[A, A] = identity()
    return IsEq(meaning(same, x), Success(x))


@holds(RESULT)
def a_function_is_lifted[A, B](h: Callable[[A], B], x: A, meaning: Meaning) -> IsEq[Outcome[B]]:
    """`⟦pure h⟧ = success ∘ h`"""
    return IsEq(meaning(pure(h), x), Success(h(x)))


@holds(RESULT)
def composition_is_composed[A, B, C](
    f: Fallible[A, B], g: Fallible[B, C], x: A, meaning: Meaning
) -> IsEq[Outcome[C]]:
    """`⟦f >>> g⟧ = ⟦f⟧ >=> ⟦g⟧`"""

    def then(y: B) -> Outcome[C]:
        return meaning(g, y)

    first: Outcome[B] = meaning(f, x)
    return IsEq(meaning(f >> g, x), first.bind(then))


@holds(RESULT)
def map_is_mapped[A, B, C](
    f: Fallible[A, B], h: Callable[[B], C], x: A, meaning: Meaning
) -> IsEq[Outcome[C]]:
    """`⟦f.map(h)⟧ = ⟦f⟧.map(h)`"""
    found: Outcome[B] = meaning(f, x)
    return IsEq(meaning(f.map(h), x), found.map(h))


@holds(RESULT)
def bind_is_bound[A, B, C](
    f: Fallible[A, B], k: Callable[[B], Fallible[A, C]], x: A, meaning: Meaning
) -> IsEq[Outcome[C]]:
    """`⟦f >>= k⟧ x = ⟦f⟧ x >>= λy. ⟦k y⟧ x`"""

    def then(y: B) -> Outcome[C]:
        return meaning(k(y), x)

    found: Outcome[B] = meaning(f, x)
    return IsEq(meaning(f.bind(k), x), found.bind(then))


@holds(RESULT)
def tensor_is_a_pair[A, B, C, D](
    f: Fallible[A, B], g: Total[C, D], x: A, y: C, meaning: Meaning
) -> IsEq[Outcome[tuple[B, D]]]:
    """`⟦f *** g⟧ (x, y) = ⟦f⟧ x ⊗ ⟦g⟧ y`

    One of them yields a value: if both fail, the error is that of the first to fail in time.
    """
    return IsEq(meaning(each(f, g), (x, y)), _both(meaning(f, x), meaning(g, y)))


@holds(RESULT)
def tensor_fails_on_either_side[A, B, C, D](
    f: Total[A, B], g: Fallible[C, D], x: A, y: C, meaning: Meaning
) -> IsEq[Outcome[tuple[B, D]]]:
    """`⟦f *** g⟧ (x, y) = ⟦f⟧ x ⊗ ⟦g⟧ y`, where it is `g` that may fail"""
    return IsEq(meaning(each(f, g), (x, y)), _both(meaning(f, x), meaning(g, y)))


def _both(left: Outcome[Any], right: Outcome[Any]) -> Outcome[Any]:
    def paired(one: Any) -> Outcome[Any]:
        def pair(other: Any) -> Any:
            return one, other

        return right.map(pair)

    return left.bind(paired)


INTERPRETER = RuleSet(
    "interpreter",
    (
        identity_is_a_success,
        a_function_is_lifted,
        composition_is_composed,
        map_is_mapped,
        bind_is_bound,
        tensor_is_a_pair,
        tensor_fails_on_either_side,
    ),
)


@holds(TRACE)
def means_the_same[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`⟦f⟧ ≈ ⟦f⟧′`

    The left side under one interpreter, the right side under another one.
    """
    return IsEq(f, f)


AGREEMENT = RuleSet("agreement", (means_the_same,))
"""What two interpreters have to agree on."""
