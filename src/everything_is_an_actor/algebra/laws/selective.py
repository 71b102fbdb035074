"""Flows are a selective functor: `select` runs its second flow only if the first asks for it.

`x <*? y` is `select(x, y)`, as `select.py` defines it; `*>` is the product in turn. Where `zip`
would do as well, or not, the law says so.

Source: Mokhov, Lukyanov, Marlow, Dimino, Selective applicative functors (ICFP 2019), and the tests
of the Haskell package `selective`. That a `Done` skips its flow, and a `Continue` does not, holds
for interpreters that execute; one that only looks sees both sides.
"""

from collections.abc import Callable
from dataclasses import dataclass

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import APPLICATIVE, always
from everything_is_an_actor.algebra.laws.arrows import Either, either
from everything_is_an_actor.algebra.laws.functions import (
    After,
    At,
    Before,
    Composed,
    Curried,
    same,
    snd,
    swap,
    value_of,
)
from everything_is_an_actor.algebra.laws.law import CALLS, TRACE, IsEq, RuleSet, Total, holds
from everything_is_an_actor.algebra.laws.parallel import ap_in_turn
from everything_is_an_actor.algebra.laws.select import (
    OnLeft,
    OnRight,
    branch,
    right,
    select,
    then,
)
from everything_is_an_actor.algebra.values import Continue, Done


@dataclass(frozen=True, slots=True)
class Selecting[I, A, B]:
    """`Continue a ↦ y.map(λh. h a)`, `Done b ↦ always b`"""

    y: Flow[I, Callable[[A], B]]

    def __call__(self, x: Either[A, B], /) -> Flow[I, B]:
        """Its value."""
        return self.y.map(At(x.value)) if isinstance(x, Continue) else always(x.value)


# ------------------------------------------------------------------------------------- the laws


@holds(TRACE)
def selects_identity[I, A](x: Flow[I, Either[A, A]]) -> IsEq[Flow[I, A]]:
    """`x <*? always id ≈ x.map(Continue a ↦ a, Done a ↦ a)`"""
    return IsEq(select(x, always(same)), x.map(value_of))


@holds(TRACE)
def distributivity[I, K, L, A, B](
    x: Either[A, B],
    y: Flow[I, K],
    z: Flow[I, L],
    h: Callable[[tuple[K, A]], B],
    k: Callable[[tuple[L, A]], B],
) -> IsEq[Flow[I, B]]:
    """`always x <*? (yy *> zz) ≈ (always x <*? yy) *> (always x <*? zz)`, where
    `yy = y.map(curry h)`, `zz = z.map(curry k)`
    """
    yy, zz = y.map(Curried(h)), z.map(Curried(k))
    given: Flow[I, Either[A, B]] = always(x)
    return IsEq(select(given, then(yy, zz)), then(select(given, yy), select(given, zz)))


@holds(TRACE)
def distributivity_at_once[I, K, L, A, B](
    x: Either[A, B],
    y: Flow[I, K],
    z: Flow[I, L],
    h: Callable[[tuple[K, A]], B],
    k: Callable[[tuple[L, A]], B],
) -> IsEq[Flow[I, B]]:
    """As `distributivity`, with `(y &&& z).map(snd)` in the place of `y *> z`"""
    yy, zz = y.map(Curried(h)), z.map(Curried(k))
    given: Flow[I, Either[A, B]] = always(x)
    both: Flow[I, Callable[[A], B]] = yy.zip(zz).map(snd)
    return IsEq(select(given, both), select(given, yy).zip(select(given, zz)).map(snd))


@holds(TRACE)
def associativity[I, K, L, A, B, C](
    x: Flow[I, Either[A, B]],
    y: Flow[I, Either[C, K]],
    z: Flow[I, L],
    h: Callable[[tuple[K, A]], B],
    k: Callable[[tuple[L, tuple[C, A]]], B],
) -> IsEq[Flow[I, B]]:
    """`x <*? (yy <*? zz.map(curry)) ≈ x.map(f) <*? yy.map(g) <*? zz`, where
    `yy = y.map(Done k ↦ Done (curry h k))`, `zz = z.map(curry k)`,
    `f (Done b) = Done (Done b)`, `g (Continue c) a = Continue (c, a)`, `g (Done h) a = Done (h a)`
    """
    yy = y.map(OnRight(Curried(h)))
    zz = z.map(Curried(k))
    curried: Flow[I, Callable[[C], Callable[[A], B]]] = zz.map(Curried)
    done: Callable[[B], Either[tuple[C, A], B]] = right
    inner = select(x.map(OnRight(done)), yy.map(Feeding))
    return IsEq(select(x, select(yy, curried)), select(inner, zz))


@dataclass(frozen=True, slots=True)
class Feeding[A, B, C]:
    """`a ↦ Continue (c, a)` for `Continue c`, `a ↦ Done h(a)` for `Done h`"""

    y: Either[C, Callable[[A], B]]

    def __call__(self, x: A, /) -> Either[tuple[C, A], B]:
        """Its value."""
        y = self.y
        return Continue((y.value, x)) if isinstance(y, Continue) else Done(y.value(x))


@holds(TRACE)
def selects_by_binding[I, K, A, B](
    x: Flow[I, Either[A, B]], y: Flow[I, K], h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`x <*? yy ≈ x.bind(Continue a ↦ yy.map(λh. h a), Done b ↦ always b)`, where
    `yy = y.map(curry h)`
    """
    yy = y.map(Curried(h))
    return IsEq(select(x, yy), x.bind(Selecting(yy)))


@holds(TRACE)
def done_skips[I, K, A, B](x: B, y: Flow[I, K], h: Callable[[tuple[K, A]], B]) -> IsEq[Flow[I, B]]:
    """`always (Done x) <*? yy ≈ always x`, where `yy = y.map(curry h)`"""
    given: Flow[I, Either[A, B]] = always(Done(x))
    return IsEq(select(given, y.map(Curried(h))), always(x))


@holds(TRACE)
def continue_applies[I, K, A, B](
    x: A, y: Flow[I, K], h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`always (Continue x) <*? yy ≈ yy.map(λh. h x)`, where `yy = y.map(curry h)`"""
    given: Flow[I, Either[A, B]] = always(Continue(x))
    return IsEq(select(given, y.map(Curried(h))), y.map(Curried(h)).map(At(x)))


# --------------------------------------------------------------------------------- the theorems


@holds(TRACE)
def maps_the_result[I, K, A, B, C](
    x: Flow[I, Either[A, B]],
    y: Flow[I, K],
    h: Callable[[tuple[K, A]], B],
    k: Callable[[B], C],
) -> IsEq[Flow[I, C]]:
    """`(x <*? yy).map(k) ≈ x.map(Done b ↦ Done (k b)) <*? yy.map(k ∘)`, where
    `yy = y.map(curry h)`
    """
    yy = y.map(Curried(h))
    return IsEq(select(x, yy).map(k), select(x.map(OnRight(k)), yy.map(After(k))))


@holds(TRACE)
def maps_the_left[I, K, A, B, C](
    x: Flow[I, Either[A, C]],
    y: Flow[I, K],
    h: Callable[[tuple[K, B]], C],
    k: Callable[[A], B],
) -> IsEq[Flow[I, C]]:
    """`x.map(Continue a ↦ Continue (k a)) <*? yy ≈ x <*? yy.map(∘ k)`, where
    `yy = y.map(curry h)`
    """
    yy = y.map(Curried(h))
    return IsEq(select(x.map(OnLeft(k)), yy), select(x, yy.map(Before(k))))


@holds(TRACE)
def maps_the_function[I, K, A, B](
    x: Flow[I, Either[A, B]], y: Flow[I, K], h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`x <*? y.map(curry h) ≈ x.map(Continue a ↦ Continue (λk. h(k, a))) <*? y.map(λk. λf. f k)`"""
    flipped: Callable[[A], Callable[[K], B]] = Curried(Composed(h, swap))
    at: Flow[I, Callable[[Callable[[K], B]], B]] = y.map(At)
    return IsEq(select(x, y.map(Curried(h))), select(x.map(OnLeft(flipped)), at))


@holds(TRACE)
def selects_a_function[I, A, B](x: Flow[I, Either[A, B]], h: Callable[[A], B]) -> IsEq[Flow[I, B]]:
    """`x <*? always h ≈ x >>> (arr h ||| id)`"""
    return IsEq(select(x, always(h)), x >> either(pure(h), identity()))


@holds(TRACE)
def interchange[I, J, K, A, B](
    x: Flow[I, J],
    y: Flow[I, Either[A, B]],
    z: Flow[I, K],
    h: Callable[[tuple[K, A]], B],
) -> IsEq[Flow[I, B]]:
    """`x *> (y <*? zz) ≈ (x *> y) <*? zz`, where `zz = z.map(curry h)`"""
    zz = z.map(Curried(h))
    return IsEq(then(x, select(y, zz)), select(then(x, y), zz))


@holds(CALLS)
def interchange_at_once[I, J, K, A, B](
    x: Total[I, J],
    y: Total[I, Either[A, B]],
    z: Total[I, K],
    h: Callable[[tuple[K, A]], B],
) -> IsEq[Flow[I, B]]:
    """As `interchange`, with `(x &&& y).map(snd)` in the place of `x *> y`, if nothing fails

    Not in time: on the right `zz` waits for `x`.
    """
    zz = z.map(Curried(h))
    return IsEq(x.zip(select(y, zz)).map(snd), select(x.zip(y).map(snd), zz))


@holds(TRACE)
def applies_by_selecting[I, K, A, B](
    f: Flow[I, K], v: Flow[I, A], h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`ff <;> v ≈ ff.map(Continue) <*? v.map(λa. λh. h a)`, where `ff = f.map(curry h)`, and `<;>`
    is `ap` in turn: the functor is rigid
    """
    ff = f.map(Curried(h))
    asks: Flow[I, Either[Callable[[A], B], B]] = ff.map(Continue)
    at: Flow[I, Callable[[Callable[[A], B]], B]] = v.map(At)
    return IsEq(ap_in_turn(ff, v), select(asks, at))


# ------------------------------------------------------------------------------ one side or other


@dataclass(frozen=True, slots=True)
class Branching[I, A, B, C]:
    """`Continue a ↦ l.map(λh. h a)`, `Done b ↦ r.map(λh. h b)`"""

    l: Flow[I, Callable[[A], C]]
    r: Flow[I, Callable[[B], C]]

    def __call__(self, x: Either[A, B], /) -> Flow[I, C]:
        """Its value."""
        return self.l.map(At(x.value)) if isinstance(x, Continue) else self.r.map(At(x.value))


@holds(TRACE)
def branches_by_binding[I, K, L, A, B, C](
    x: Flow[I, Either[A, B]],
    l: Flow[I, K],
    r: Flow[I, L],
    h: Callable[[tuple[K, A]], C],
    k: Callable[[tuple[L, B]], C],
) -> IsEq[Flow[I, C]]:
    """`branch x ll rr ≈ x.bind(Continue a ↦ ll.map(λh. h a), Done b ↦ rr.map(λh. h b))`, where
    `ll = l.map(curry h)`, `rr = r.map(curry k)`
    """
    ll, rr = l.map(Curried(h)), r.map(Curried(k))
    return IsEq(branch(x, ll, rr), x.bind(Branching(ll, rr)))


SELECTIVE = RuleSet(
    "selective",
    (
        selects_identity,
        distributivity,
        distributivity_at_once,
        associativity,
        selects_by_binding,
        done_skips,
        continue_applies,
        maps_the_result,
        maps_the_left,
        maps_the_function,
        selects_a_function,
        interchange,
        interchange_at_once,
        applies_by_selecting,
        branches_by_binding,
    ),
    (APPLICATIVE,),
)
"""A flow that runs only if another one asks for it, `select`."""
