"""Programs are the free monad on their operations, under every interpreter of these.

A `Program[A]` is any program on actors. Two sides are compared by what they do: the outcome (R),
the operations performed as well, attempts and pars aside (M), the trace, and how long it takes (T).

Source: `FunctorLaws`, `ApplicativeLaws`, `MonadLaws` and `DeferLaws` of cats.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Annotated, Any

from everything_is_an_actor.algebra.free import Free, Pure
from everything_is_an_actor.algebra.generators import program
from everything_is_an_actor.algebra.laws.functions import After, At, Composed, Constant, same
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, Need, RuleSet, holds
from everything_is_an_actor.algebra.operations import ActorOp

type Program[A] = Free[ActorOp, A]
"""A program on actors: it may fail, in a way that an attempt sees or in one that it does not."""

type TotalProgram[A] = Annotated[Program[A], Need.TOTAL]
"""A program that always yields a value."""

type Independent[*Ps] = tuple[*Ps]
"""Programs of which no two are about the same actor."""


# ------------------------------------------------------------------------------------ functor


@holds(TRACE)
def preserves_identity[A](p: Program[A]) -> IsEq[Program[A]]:
    """`p.map(id) ≈ p`"""
    return IsEq(p.map(same), p)


@holds(TRACE)
def preserves_composition[A, B, C](
    p: Program[A], h: Callable[[A], B], k: Callable[[B], C]
) -> IsEq[Program[C]]:
    """`p.map(h).map(k) ≈ p.map(k ∘ h)`"""
    return IsEq(p.map(h).map(k), p.map(Composed(k, h)))


@holds(TRACE)
def maps_by_binding[A, B](p: Program[A], h: Callable[[A], B]) -> IsEq[Program[B]]:
    """`p.map(h) ≈ p >>= λa. pure (h a)`"""
    return IsEq(p.map(h), p.flat_map(Composed(Pure, h)))


# -------------------------------------------------------------------------------------- monad


@dataclass(frozen=True, slots=True)
class Kleisli[A, B, C]:
    """`λa. first a >>= second`"""

    first: Callable[[A], Program[B]]
    second: Callable[[B], Program[C]]

    def __call__(self, a: A, /) -> Program[C]:
        """Its value."""
        return self.first(a).flat_map(self.second)


@program
def in_turn[A, B](
    p: Program[A], k: Callable[[A], Program[B]]
) -> Generator[Program[Any], Any, B]:  # it yields a program of either type, hence the `Any`
    """`do { a <- p; k a }`, in direct style."""
    a = yield from p
    return (yield from k(a))


@holds(TRACE)
def left_identity[A, B](a: A, k: Callable[[A], Program[B]]) -> IsEq[Program[B]]:
    """`pure a >>= k ≈ k a`"""
    return IsEq(Pure(a).flat_map(k), k(a))


@holds(TRACE)
def right_identity[A](p: Program[A]) -> IsEq[Program[A]]:
    """`p >>= pure ≈ p`"""
    return IsEq(p.flat_map(Pure), p)


@holds(TRACE)
def associativity[A, B, C](
    p: Program[A], k: Callable[[A], Program[B]], l: Callable[[B], Program[C]]
) -> IsEq[Program[C]]:
    """`(p >>= k) >>= l ≈ p >>= λa. k a >>= l`"""
    return IsEq(p.flat_map(k).flat_map(l), p.flat_map(Kleisli(k, l)))


@holds(TRACE)
def then_binds_and_does_not_look[A, B](p: Program[A], q: Program[B]) -> IsEq[Program[B]]:
    """`p.then(q) ≈ p >>= λ_. q`"""
    return IsEq(p.then(q), p.flat_map(Constant(q)))


@holds(TRACE)
def then_is_associative[A, B, C](p: Program[A], q: Program[B], r: Program[C]) -> IsEq[Program[C]]:
    """`p.then(q).then(r) ≈ p.then(q.then(r))`"""
    return IsEq(p.then(q).then(r), p.then(q.then(r)))


@holds(TRACE)
def deferring_changes_nothing[A](p: Program[A]) -> IsEq[Program[A]]:
    """`defer p ≈ p`, where `defer p = pure None >>= λ_. p`"""
    return IsEq(Pure(None).then(p), p)


@holds(TRACE)
def flatMap_is_flat_map[A, B](  # the name of the method
    p: Program[A], k: Callable[[A], Program[B]]
) -> IsEq[Program[B]]:
    """`p.flatMap(k) ≈ p.flat_map(k)`"""
    return IsEq(p.flatMap(k), p.flat_map(k))


@holds(TRACE)
def bind_is_flat_map[A, B](p: Program[A], k: Callable[[A], Program[B]]) -> IsEq[Program[B]]:
    """`p.bind(k) ≈ p.flat_map(k)`"""
    return IsEq(p.bind(k), p.flat_map(k))


@holds(TRACE)
def direct_style_binds[A, B](p: Program[A], k: Callable[[A], Program[B]]) -> IsEq[Program[B]]:
    """`do { a <- p; k a } ≈ p >>= k`, by `@program` and `yield from`"""
    return IsEq(in_turn(p, k), p.flat_map(k))


# -------------------------------------------------------------------------------- applicative


@dataclass(frozen=True, slots=True)
class MappedOver[A]:
    """`λf. p.map(f)`"""

    p: Program[A]

    def __call__[B](self, f: Callable[[A], B], /) -> Program[B]:
        """Its value."""
        return self.p.map(f)


@holds(TRACE)
def applies_the_identity[A](p: Program[A]) -> IsEq[Program[A]]:
    """`pure id .ap(p) ≈ p`"""
    identity: Callable[[A], A] = same
    return IsEq(Pure(identity).ap(p), p)


@holds(TRACE)
def homomorphism[A, B](a: A, f: Callable[[A], B]) -> IsEq[Program[B]]:
    """`pure f .ap(pure a) ≈ pure (f a)`"""
    return IsEq(Pure(f).ap(Pure(a)), Pure(f(a)))


@holds(TRACE)
def interchange[A, B](pf: Program[Callable[[A], B]], a: A) -> IsEq[Program[B]]:
    """`pf.ap(pure a) ≈ pure (λf. f a) .ap(pf)`"""
    at: Callable[[Callable[[A], B]], B] = At(a)
    return IsEq(pf.ap(Pure(a)), Pure(at).ap(pf))


@holds(TRACE)
def composition[A, B, C](
    pg: Program[Callable[[B], C]], pf: Program[Callable[[A], B]], p: Program[A]
) -> IsEq[Program[C]]:
    """`pg.map(∘).ap(pf).ap(p) ≈ pg.ap(pf.ap(p))`"""
    composing: Program[Callable[[Callable[[A], B]], Callable[[A], C]]] = pg.map(After)
    return IsEq(composing.ap(pf).ap(p), pg.ap(pf.ap(p)))


@holds(TRACE)
def maps_by_applying[A, B](p: Program[A], f: Callable[[A], B]) -> IsEq[Program[B]]:
    """`p.map(f) ≈ pure f .ap(p)`"""
    return IsEq(p.map(f), Pure(f).ap(p))


@holds(TRACE)
def applies_by_binding[A, B](pf: Program[Callable[[A], B]], p: Program[A]) -> IsEq[Program[B]]:
    """`pf.ap(p) ≈ pf >>= λf. p.map(f)`: the function first"""
    return IsEq(pf.ap(p), pf.flat_map(MappedOver(p)))


@holds(TRACE)
def apply_is_ap_turned_round[A, B](
    pf: Program[Callable[[A], B]], p: Program[A]
) -> IsEq[Program[B]]:
    """`p.apply(pf) ≈ pf.ap(p)`"""
    return IsEq(p.apply(pf), pf.ap(p))


FREE_FUNCTOR = RuleSet("free_functor", (preserves_identity, preserves_composition, maps_by_binding))
"""`map` of programs."""

FREE_MONAD = RuleSet(
    "free_monad",
    (
        left_identity,
        right_identity,
        associativity,
        then_binds_and_does_not_look,
        then_is_associative,
        deferring_changes_nothing,
        flatMap_is_flat_map,
        bind_is_flat_map,
        direct_style_binds,
    ),
)
"""Programs in sequence, `flat_map`."""

FREE_APPLICATIVE = RuleSet(
    "free_applicative",
    (
        applies_the_identity,
        homomorphism,
        interchange,
        composition,
        maps_by_applying,
        applies_by_binding,
        apply_is_ap_turned_round,
    ),
)
"""Products of programs."""
