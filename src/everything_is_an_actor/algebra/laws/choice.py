"""Flows choose: a sum goes to one of two flows, by the side it is on.

Only one side ever runs. So everything here holds in T, for any flow: the sum is a coproduct, which
the tuple is no product of ("What does not hold" in `docs/equations.md`).

Source: `ChoiceLaws` and `ArrowChoiceLaws` of cats; the distribution of products over sums is
Paterson's (wiki.haskell.org, User:Dave Menendez/Arrows).
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.arrow import ARROW
from everything_is_an_actor.algebra.laws.arrows import (
    Either,
    choose,
    dimap,
    either,
    first,
    left,
    right,
)
from everything_is_an_actor.algebra.laws.category import CATEGORY
from everything_is_an_actor.algebra.laws.functions import Sum, distr, same
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, holds
from everything_is_an_actor.algebra.values import Continue, Done


def mirror[A, B](x: Either[A, B]) -> Either[B, A]:
    """`Left x ↦ Right x`, `Right y ↦ Left y`"""
    return Done(x.value) if isinstance(x, Continue) else Continue(x.value)


def sum_assoc[A, B, C](nested: Either[Either[A, B], C]) -> Either[A, Either[B, C]]:
    """`(A + B) + C → A + (B + C)`"""
    if isinstance(nested, Done):
        return Done(nested)
    inner = nested.value
    return inner if isinstance(inner, Continue) else Done(Continue(inner.value))


# ------------------------------------------------------------------------------------- a coproduct


@holds(TRACE)
def distributes_after[A, B, C, D](
    f: Flow[A, C], g: Flow[B, C], h: Flow[C, D]
) -> IsEq[Flow[Either[A, B], D]]:
    """`(f ||| g) >>> h ≈ (f >>> h) ||| (g >>> h)`"""
    return IsEq(either(f, g) >> h, either(f >> h, g >> h))


@holds(TRACE)
def chooses_left[A, B, C](f: Flow[A, C], g: Flow[B, C]) -> IsEq[Flow[A, C]]:
    """`arr Left >>> (f ||| g) ≈ f`"""
    injected: Flow[A, Either[A, B]] = pure(Continue)
    return IsEq(injected >> either(f, g), f)


@holds(TRACE)
def chooses_right[A, B, C](f: Flow[A, C], g: Flow[B, C]) -> IsEq[Flow[B, C]]:
    """`arr Right >>> (f ||| g) ≈ g`"""
    injected: Flow[B, Either[A, B]] = pure(Done)
    return IsEq(injected >> either(f, g), g)


@holds(TRACE)
def choice_is_unique[A, B, C](h: Flow[Either[A, B], C]) -> IsEq[Flow[Either[A, B], C]]:
    """`(arr Left >>> h) ||| (arr Right >>> h) ≈ h`"""
    on_left: Flow[A, Either[A, B]] = pure(Continue)
    on_right: Flow[B, Either[A, B]] = pure(Done)
    return IsEq(either(on_left >> h, on_right >> h), h)


CHOICE = RuleSet(
    "choice", (distributes_after, chooses_left, chooses_right, choice_is_unique), (CATEGORY,)
)
"""A sum goes to one of two flows: a coproduct."""


# ------------------------------------------------------------------------------ arrows that choose


@holds(TRACE)
def left_lifts[A, B, C](f: Callable[[A], B]) -> IsEq[Flow[Either[A, C], Either[B, C]]]:
    """`left (arr f) ≈ arr (f + id)`"""
    function: Sum[A, B, C, C] = Sum(f, same)
    return IsEq(left(pure(f)), pure(function))


@holds(TRACE)
def left_preserves_composition[A, B, C, D](
    f: Flow[A, B], g: Flow[B, C]
) -> IsEq[Flow[Either[A, D], Either[C, D]]]:
    """`left (f >>> g) ≈ left f >>> left g`"""
    start: Flow[Either[A, D], Either[B, D]] = left(f)
    return IsEq(left(f >> g), start >> left(g))


@holds(TRACE)
def right_is_left_mirrored[A, B, C](f: Flow[A, B]) -> IsEq[Flow[Either[C, A], Either[C, B]]]:
    """`right f ≈ dimap(left f, mirror, mirror)`"""
    other: Flow[Either[A, C], Either[B, C]] = left(f)
    return IsEq(right(f), dimap(other, mirror, mirror))


@holds(TRACE)
def left_after_injection[A, B, C](f: Flow[A, B]) -> IsEq[Flow[A, Either[B, C]]]:
    """`f >>> arr Left ≈ arr Left >>> left f`"""
    injected: Flow[A, Either[A, C]] = pure(Continue)
    return IsEq(f >> pure(Continue), injected >> left(f))


@holds(TRACE)
def left_exchange[A, B, C, D](
    f: Flow[A, B], g: Callable[[C], D]
) -> IsEq[Flow[Either[A, C], Either[B, D]]]:
    """`left f >>> arr (id + g) ≈ arr (id + g) >>> left f`"""
    before: Flow[Either[A, C], Either[B, C]] = left(f)
    after: Flow[Either[A, D], Either[B, D]] = left(f)
    out: Sum[B, B, C, D] = Sum(same, g)
    into: Sum[A, A, C, D] = Sum(same, g)
    return IsEq(before >> pure(out), pure(into) >> after)


@holds(TRACE)
def left_of_left[A, B, C, D](
    f: Flow[A, B],
) -> IsEq[Flow[Either[Either[A, C], D], Either[B, Either[C, D]]]]:
    """`left (left f) >>> arr sum_assoc ≈ arr sum_assoc >>> left f`"""
    inner: Flow[Either[A, C], Either[B, C]] = left(f)
    outer: Flow[Either[Either[A, C], D], Either[Either[B, C], D]] = left(inner)
    moved: Flow[Either[Either[A, C], D], Either[A, Either[C, D]]] = pure(sum_assoc)
    return IsEq(outer >> pure(sum_assoc), moved >> left(f))


@holds(TRACE)
def choose_in_either_order[A, B, C, D](
    f: Flow[A, B], g: Flow[C, D]
) -> IsEq[Flow[Either[A, C], Either[B, D]]]:
    """`left f >>> right g ≈ right g >>> left f`"""
    on_left: Flow[Either[A, C], Either[B, C]] = left(f)
    on_right: Flow[Either[A, C], Either[A, D]] = right(g)
    return IsEq(on_left >> right(g), on_right >> left(f))


@holds(TRACE)
def choose_in_order[A, B, C, D](
    f: Flow[A, B], g: Flow[C, D]
) -> IsEq[Flow[Either[A, C], Either[B, D]]]:
    """`f +++ g ≈ left f >>> right g`"""
    on_left: Flow[Either[A, C], Either[B, C]] = left(f)
    return IsEq(choose(f, g), on_left >> right(g))


@holds(TRACE)
def distribution[A, B, C, D](
    f: Flow[A, B],
) -> IsEq[Flow[tuple[Either[A, C], D], Either[tuple[B, D], tuple[C, D]]]]:
    """`first (left f) >>> arr distr ≈ arr distr >>> left (first f)`"""
    chosen: Flow[Either[A, C], Either[B, C]] = left(f)
    outside: Flow[tuple[Either[A, C], D], tuple[Either[B, C], D]] = first(chosen)
    inside: Flow[tuple[A, D], tuple[B, D]] = first(f)
    moved: Flow[tuple[Either[A, C], D], Either[tuple[A, D], tuple[C, D]]] = pure(distr)
    return IsEq(outside >> pure(distr), moved >> left(inside))


ARROW_CHOICE = RuleSet(
    "arrow_choice",
    (
        left_lifts,
        left_preserves_composition,
        right_is_left_mirrored,
        left_after_injection,
        left_exchange,
        left_of_left,
        choose_in_either_order,
        choose_in_order,
        distribution,
    ),
    (ARROW, CHOICE),
)
"""Flows on one side of a sum."""
