"""`filter` and `guard`: a value goes on, or is rejected by a `FlowFilterError`.

The error says what has rejected, which differs between the two sides of an equation: it is left out
of what is compared.

Source: `ensure` in `MonadErrorLaws` of cats.
"""

from collections.abc import Callable
from typing import Never

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.failure import FlowFilterError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.error import ERROR, adapt
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, holds


def rejected[A](value: A) -> Never:
    """`x ↦ raise FlowFilterError x`"""
    raise FlowFilterError(value, "")


def anonymous(error: Exception) -> Exception:
    """A rejection without what has rejected, which is no part of its meaning."""
    return FlowFilterError(error.value, "") if isinstance(error, FlowFilterError) else error


def accepted[A](ok: bool) -> Flow[A, A]:
    """`True ↦ id`, `False ↦ arr rejected`"""
    return identity() if ok else pure(rejected)


@holds(TRACE)
def filters_by_branching[I, A](f: Flow[I, A], p: Callable[[A], bool]) -> IsEq[Flow[I, A]]:
    """`f.filter(p) ≈ f.branch_on(p, id, arr rejected)`, up to what the error says has rejected"""
    checked: Flow[I, A] = f.branch_on(p, identity(), pure(rejected))
    return IsEq(adapt(f.filter(p), anonymous), adapt(checked, anonymous))


@holds(TRACE)
def guards_by_binding[I, A](f: Flow[I, A], check: Flow[A, bool]) -> IsEq[Flow[I, A]]:
    """`f.guard(check) ≈ f >>> check.bind(True ↦ id, False ↦ arr rejected)`, up to what the error
    says has rejected
    """
    verdict: Callable[[bool], Flow[A, A]] = accepted
    return IsEq(adapt(f.guard(check), anonymous), adapt(f >> check.bind(verdict), anonymous))


@holds(TRACE)
def filters_by_guarding[I, A](f: Flow[I, A], p: Callable[[A], bool]) -> IsEq[Flow[I, A]]:
    """`f.filter(p) ≈ f.guard(arr p)`, up to what the error says has rejected"""
    return IsEq(adapt(f.filter(p), anonymous), adapt(f.guard(pure(p)), anonymous))


CHECKS = RuleSet("checks", (filters_by_branching, guards_by_binding, filters_by_guarding), (ERROR,))
