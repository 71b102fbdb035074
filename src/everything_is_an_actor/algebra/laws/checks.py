"""`filter` and `guard`: a value goes on, or is rejected by a `FlowFilterError`.

The error says what has rejected, for people to read: this is no part of what is compared.

Source: `ensure` in `MonadErrorLaws` of cats.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Never

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.failure import FlowFilterError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.error import ERROR
from everything_is_an_actor.algebra.laws.functions import Constant, fst, snd
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, holds


def rejected(value: object) -> Never:
    """`x ↦ ⇑ FlowFilterError(x)`"""
    raise FlowFilterError(value, "it")


def accepted[A](ok: bool) -> Flow[A, A]:
    """`True ↦ id`, `False ↦ arr rejected`"""
    return identity() if ok else pure(rejected)


@dataclass(frozen=True, slots=True)
class AndAlso[A]:
    """`x ↦ p x and q x`"""

    p: Callable[[A], bool]
    q: Callable[[A], bool]

    def __call__(self, x: A, /) -> bool:
        """Its value."""
        return self.p(x) and self.q(x)


@holds(TRACE)
def filters_by_branching[I, A](f: Flow[I, A], p: Callable[[A], bool]) -> IsEq[Flow[I, A]]:
    """`f.filter(p) ≈ f.branch_on(p, id, arr (x ↦ ⇑ FlowFilterError(x)))`"""
    value: Flow[A, A] = identity()
    return IsEq(f.filter(p), f.branch_on(p, value, pure(rejected)))


@holds(TRACE)
def filters_by_guarding[I, A](f: Flow[I, A], p: Callable[[A], bool]) -> IsEq[Flow[I, A]]:
    """`f.filter(p) ≈ f.guard(arr p)`"""
    return IsEq(f.filter(p), f.guard(pure(p)))


@holds(TRACE)
def guards_by_binding[I, A](f: Flow[I, A], check: Flow[A, bool]) -> IsEq[Flow[I, A]]:
    """`f.guard(c) ≈ f >>> c.bind(True ↦ id, False ↦ arr (x ↦ ⇑ FlowFilterError(x)))`"""
    verdict: Callable[[bool], Flow[A, A]] = accepted
    return IsEq(f.guard(check), f >> check.bind(verdict))


@holds(TRACE)
def guards_by_branching[I, A](f: Flow[I, A], check: Flow[A, bool]) -> IsEq[Flow[I, A]]:
    """`f.guard(c) ≈ (f >>> (id &&& c)).branch_on(snd, arr fst, arr (x ↦ ⇑ FlowFilterError(x)))`"""
    value: Flow[A, A] = identity()
    checked: Flow[I, tuple[A, bool]] = f >> (value & check)
    passed: Flow[tuple[A, bool], A] = pure(fst)
    return IsEq(f.guard(check), checked.branch_on(snd, passed, passed >> pure(rejected)))


@holds(TRACE)
def filters_fuse[I, A](
    f: Flow[I, A], p: Callable[[A], bool], q: Callable[[A], bool]
) -> IsEq[Flow[I, A]]:
    """`f.filter(p).filter(q) ≈ f.filter(p and q)`"""
    return IsEq(f.filter(p).filter(q), f.filter(AndAlso(p, q)))


@holds(TRACE)
def filter_of_everything[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f.filter(const True) ≈ f`"""
    return IsEq(f.filter(Constant(True)), f)


CHECKS = RuleSet(
    "checks",
    (
        filters_by_branching,
        filters_by_guarding,
        guards_by_binding,
        guards_by_branching,
        filters_fuse,
        filter_of_everything,
    ),
    (ERROR,),
)
"""Values that are rejected, `filter` and `guard`."""
