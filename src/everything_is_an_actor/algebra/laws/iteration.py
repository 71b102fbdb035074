"""`loop` is iteration: the least solution of `loop f = f >>> (loop f ||| id)`, cut off at a bound.

Without the bound, flows are a complete Elgot monad: fixpoint, naturality, codiagonal, dinaturality
and uniformity. The bound counts the runs of the body, and two sides that run it in different
portions meet it at different runs. So these are stated of bodies that say `Done` before
(`Settling`); naturality, which leaves the runs as they are, holds of any. What there is at the
bound is said by `unrolling`, which counts down.

`loop_with_state` is iteration on pairs, and no trace over the product: the laws of `ArrowLoop`
(`docs/equations.md`, "What does not hold") are not for it.

Source: Goncharov, Milius & Rauch 2016, "Complete Elgot monads and coalgebraic resumptions"
(arXiv 1603.02148); `tailRecM` of cats.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from everything_is_an_actor.algebra.build import identity, loop, loop_with_state, pure
from everything_is_an_actor.algebra.failure import LoopLimitError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrows import Either, choose, either, first, left
from everything_is_an_actor.algebra.laws.functions import WithSecond, distr, fst, snd, swap
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, Settling, Total, holds
from everything_is_an_actor.algebra.values import Continue, Done


@dataclass(frozen=True, slots=True)
class Limit:
    """`λx. ⇑ LoopLimitError(max_iter, x)`"""

    max_iter: int

    def __call__(self, x: object, /) -> Any:
        """Raises; it has no value, which is then of any type."""
        raise LoopLimitError(self.max_iter, x)


def uncounted(error: Exception) -> Any:
    """`⇑ LoopLimitError(n, x) ↦ ⇑ LoopLimitError(0, x)`; it has no value, of any type."""
    if isinstance(error, LoopLimitError):
        raise LoopLimitError(0, error.value)
    raise error


def codiagonal_of[A, B](step: Either[A, Either[A, B]]) -> Either[A, B]:
    """`∇`: to go on in the inner loop, or in the outer one, is to go on."""
    match step:
        case Continue():
            return step
        case Done(outer):
            return outer


def without_state(error: Exception) -> Any:
    """`⇑ LoopLimitError(n, (x, s)) ↦ ⇑ LoopLimitError(n, x)`; it has no value, of any type."""
    match error:
        case LoopLimitError(max_iter=n, value=(x, _)):
            raise LoopLimitError(n, x)
        case _:
            raise error


@dataclass(frozen=True, slots=True)
class ApartFrom[S]:
    """`Continue (x, s) ↦ (Continue x, s)`, `Done y ↦ (Done y, last)`"""

    last: S

    def __call__[A, B](self, step: Either[tuple[A, S], B], /) -> tuple[Either[A, B], S]:
        """Its value."""
        if isinstance(step, Continue):
            value, state = step.value
            return Continue(value), state
        return step, self.last


def with_bystander[A, B, C](said: tuple[Either[A, B], C]) -> Either[tuple[A, C], B]:
    """`(Continue x, z) ↦ Continue (x, z)`, `(Done y, z) ↦ Done y`"""
    step, bystander = said
    if isinstance(step, Continue):
        return Continue((step.value, bystander))
    return step


def beside[A, B, C](
    f: Flow[A, Either[A, B]], k: Callable[[C], C]
) -> Flow[tuple[A, C], tuple[Either[A, B], C]]:
    """`f` on the first component, and `k` on the second one, which `f` does not see."""
    seen: Flow[tuple[A, C], A] = pure(fst)
    unseen: Flow[tuple[A, C], C] = pure(snd)
    return (seen >> f) & unseen.map(k)


# ------------------------------------------------------------------------------ the bound, and one


@holds(TRACE)
def stops_when_done[A, B](f: Flow[A, B], n: int) -> IsEq[Flow[A, B]]:
    """`loop_n (f >>> arr Done) ≈ f`"""
    body: Flow[A, Either[A, B]] = f.map(Done)
    return IsEq(loop(body, max_iter=n), f)


@holds(TRACE)
def base[A, B](f: Flow[A, Either[A, B]]) -> IsEq[Flow[A, B]]:
    """`loop_1 f ≈ f >>> (arr limit_1 ||| id)`"""
    limit: Flow[A, B] = pure(Limit(1))
    return IsEq(loop(f, max_iter=1), f >> either(limit, identity()))


@holds(TRACE)
def unrolling[A, B](f: Flow[A, Either[A, B]], n: int) -> IsEq[Flow[A, B]]:
    """`loop_(n+1) f ≈ f >>> (loop_n f ||| id)`

    But for the bound that the error names, if it comes to that.
    """
    one_more = f >> either(loop(f, max_iter=n), identity())
    return IsEq(loop(f, max_iter=n + 1).recover(uncounted), one_more.recover(uncounted))


@holds(TRACE)
def gives_up_after_n_rounds[A](f: Flow[A, A], n: int) -> IsEq[Flow[A, A]]:
    """`loop_n (f >>> arr Continue) ≈ f >>> … >>> f >>> arr limit_n`"""
    body: Flow[A, Either[A, A]] = f.map(Continue)
    rounds = f
    for _ in range(n - 1):
        rounds = rounds >> f
    return IsEq(loop(body, max_iter=n), rounds >> pure(Limit(n)))


@holds(TRACE)
def bound_is_not_seen_below[A, B](f: Settling[A, B]) -> IsEq[Flow[A, B]]:
    """`loop_10 f ≈ loop_∞ f`"""
    return IsEq(loop(f), loop(f, max_iter=None))


# ------------------------------------------------------------------------ a complete Elgot monad


@holds(TRACE)
def fixpoint[A, B](f: Settling[A, B]) -> IsEq[Flow[A, B]]:
    """`loop f ≈ f >>> (loop f ||| id)`"""
    return IsEq(loop(f), f >> either(loop(f), identity()))


@holds(TRACE)
def naturality[A, B, C](f: Flow[A, Either[A, B]], g: Flow[B, C], n: int) -> IsEq[Flow[A, C]]:
    """`loop_n f >>> g ≈ loop_n (f >>> (id +++ g))`"""
    again: Flow[A, A] = identity()
    return IsEq(loop(f, max_iter=n) >> g, loop(f >> choose(again, g), max_iter=n))


@holds(TRACE)
def codiagonal[A, B](f: Settling[A, Either[A, B]]) -> IsEq[Flow[A, B]]:
    """`loop (loop f) ≈ loop (f >>> arr ∇)`"""
    return IsEq(loop(loop(f)), loop(f.map(codiagonal_of)))


@holds(TRACE)
def dinaturality[A, B](f: Settling[A, B], g: Settling[A, B]) -> IsEq[Flow[A, B]]:
    """`loop (f >>> (g ||| arr Done)) ≈ f >>> (loop (g >>> (f ||| arr Done)) ||| id)`"""
    leave: Flow[B, Either[A, B]] = pure(Done)
    around = loop(g >> either(f, leave))
    return IsEq(loop(f >> either(g, leave)), f >> either(around, identity()))


@holds(TRACE)
def uniformity[A, B, C](f: Settling[A, B], k: Callable[[C], C]) -> IsEq[Flow[tuple[A, C], B]]:
    """`arr h >>> f ≈ g >>> (arr h +++ id) ⇒ arr h >>> loop f ≈ loop g`

    With `fst` for `h`, and for `g` what does `f` beside something that it does not see.
    """
    start: Flow[tuple[A, C], A] = pure(fst)
    return IsEq(start >> loop(f), loop(beside(f, k).map(with_bystander)))


@holds(TRACE)
def uniformity_applies[A, B, C](
    f: Flow[A, Either[A, B]], k: Callable[[C], C]
) -> IsEq[Flow[tuple[A, C], Either[A, B]]]:
    """`arr h >>> f ≈ g >>> (arr h +++ id)`, of the `h` and `g` of `uniformity`"""
    start: Flow[tuple[A, C], A] = pure(fst)
    forget: Flow[Either[tuple[A, C], B], Either[A, B]] = left(start)
    return IsEq(start >> f, beside(f, k).map(with_bystander) >> forget)


@holds(TRACE)
def uniformity_of_a_section[A, B, C](f: Settling[A, B], y: C) -> IsEq[Flow[A, B]]:
    """`arr h >>> loop (arr r >>> f >>> (arr h +++ id)) ≈ loop f`, if `r ∘ h = id`

    With `x ↦ (x, y)` for `h`, and `fst` for `r`.
    """
    enter: Flow[A, tuple[A, C]] = pure(WithSecond(y))
    back: Flow[tuple[A, C], A] = pure(fst)
    forth: Flow[Either[A, B], Either[tuple[A, C], B]] = left(enter)
    return IsEq(enter >> loop(back >> f >> forth), loop(f))


@holds(TRACE)
def uniformity_of_an_isomorphism[A, B, C](
    f: Settling[tuple[A, C], B],
) -> IsEq[Flow[tuple[C, A], B]]:
    """`arr h >>> loop f ≈ loop (arr h >>> f >>> (arr h⁻¹ +++ id))`

    With `swap` for `h`.
    """
    there: Flow[tuple[C, A], tuple[A, C]] = pure(swap)
    back: Flow[tuple[A, C], tuple[C, A]] = pure(swap)
    again: Flow[Either[tuple[A, C], B], Either[tuple[C, A], B]] = left(back)
    return IsEq(there >> loop(f), loop(there >> f >> again))


# ------------------------------------------------------------------------------------- with state


@holds(TRACE)
def state_is_a_component[A, B, S](f: Settling[tuple[A, S], B], s: S) -> IsEq[Flow[A, B]]:
    """`loop_with_state(f, s) ≈ arr (x ↦ (x, s)) >>> loop (f >>> arr distr) >>> arr fst`"""
    body = f.map(ApartFrom(s))
    pairs: Flow[tuple[A, S], Either[tuple[A, S], tuple[B, S]]] = body.map(distr)
    start: Flow[A, tuple[A, S]] = pure(WithSecond(s))
    return IsEq(loop_with_state(body, init_state=s), start >> loop(pairs).map(fst))


@holds(TRACE)
def state_at_the_bound[A, B, S](
    f: Total[tuple[A, S], tuple[Either[A, B], S]], s: S, n: int
) -> IsEq[Flow[A, B]]:
    """`loop_with_state_n(f, s) ≈ arr (x ↦ (x, s)) >>> loop_n (f >>> arr distr) >>> arr fst`

    At the bound, the error holds the value on the left, and the value with the state on the right.
    """
    pairs: Flow[tuple[A, S], Either[tuple[A, S], tuple[B, S]]] = f.map(distr)
    start: Flow[A, tuple[A, S]] = pure(WithSecond(s))
    over_pairs = start >> loop(pairs, max_iter=n).map(fst)
    return IsEq(loop_with_state(f, init_state=s, max_iter=n), over_pairs.recover(without_state))


@holds(TRACE)
def state_is_natural[A, B, C, S](
    f: Flow[tuple[A, S], tuple[Either[A, B], S]], g: Flow[B, C], s: S, n: int
) -> IsEq[Flow[A, C]]:
    """`loop_with_state_n(f, s) >>> g ≈ loop_with_state_n(f >>> first (id +++ g), s)`"""
    again: Flow[A, A] = identity()
    step: Flow[tuple[Either[A, B], S], tuple[Either[A, C], S]] = first(choose(again, g))
    inside = loop_with_state(f >> step, init_state=s, max_iter=n)
    return IsEq(loop_with_state(f, init_state=s, max_iter=n) >> g, inside)


@holds(TRACE)
def state_that_is_not_looked_at[A, B, S](
    f: Flow[A, Either[A, B]], k: Callable[[S], S], s: S, n: int
) -> IsEq[Flow[A, B]]:
    """`loop_with_state_n(first f >>> second (arr k), s) ≈ loop_n f`"""
    body = beside(f, k)
    return IsEq(loop_with_state(body, init_state=s, max_iter=n), loop(f, max_iter=n))


ITERATION = RuleSet(
    "iteration",
    (
        stops_when_done,
        base,
        unrolling,
        gives_up_after_n_rounds,
        bound_is_not_seen_below,
        fixpoint,
        naturality,
        codiagonal,
        dinaturality,
        uniformity,
        uniformity_applies,
        uniformity_of_a_section,
        uniformity_of_an_isomorphism,
        state_is_a_component,
        state_at_the_bound,
        state_is_natural,
        state_that_is_not_looked_at,
    ),
)
"""`loop` and `loop_with_state`."""
