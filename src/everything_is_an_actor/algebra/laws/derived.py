"""What could be left out: each of these nodes is an expression of others, and is there to be read.

All of it holds in T, errors included, but that what runs in the background is not part of the main
flow: `notify` and `divert_to` change what is called, not what comes of it.

Source: the definitions in `docs/flows.md`; `ensure`, `recover` and `redeem` are those of
`MonadErrorLaws` of cats.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from everything_is_an_actor.algebra.build import each, identity, pure, zip_all
from everything_is_an_actor.algebra.failure import FlowFilterError
from everything_is_an_actor.algebra.flow import Flow, on
from everything_is_an_actor.algebra.laws.arrows import either
from everything_is_an_actor.algebra.laws.functions import (
    Constant,
    Raising,
    fst,
    snd,
)
from everything_is_an_actor.algebra.laws.law import (
    RESULT,
    SHAPE,
    TRACE,
    IsEq,
    RuleSet,
    Total,
    Wait,
    holds,
)
from everything_is_an_actor.algebra.values import Continue, Done


@dataclass(frozen=True, slots=True)
class Passing[A]:
    """`x ↦ (effect x; x)`"""

    effect: Callable[[A], object]

    def __call__(self, x: A, /) -> A:
        """Its value."""
        self.effect(x)
        return x


@dataclass(frozen=True, slots=True)
class Sided[A]:
    """`x ↦ Continue x` where `p x`, else `Done x`"""

    p: Callable[[A], bool]

    def __call__(self, x: A, /) -> Continue[A] | Done[A]:
        """Its value."""
        return Continue(x) if self.p(x) else Done(x)


@dataclass(frozen=True, slots=True)
class AndAlso[A]:
    """`x ↦ p x and q x`"""

    p: Callable[[A], bool]
    q: Callable[[A], bool]

    def __call__(self, x: A, /) -> bool:
        """Its value."""
        return self.p(x) and self.q(x)


def rejected(x: object) -> NoReturn:
    """`x ↦ ⇑ FlowFilterError(x)`"""
    raise FlowFilterError(x, "it")


@dataclass(frozen=True, slots=True)
class HandledOn[A, B]:
    """`x ↦ f.recover_with(arr (const x) >>> g)`: the error is ignored."""

    f: Flow[A, B]
    g: Flow[A, B]

    def __call__(self, x: A, /) -> Flow[A, B]:
        """Its value."""
        return self.f.recover_with(pure(Constant(x)) >> self.g)


@dataclass(frozen=True, slots=True)
class HandledFor[A, B]:
    """`x ↦ f.recover_with(on(kind, arr (const x) >>> g).on(Exception, arr (e ↦ ⇑ e)))`"""

    kind: type[Exception]
    f: Flow[A, B]
    g: Flow[A, B]

    def __call__(self, x: A, /) -> Flow[A, B]:
        """Its value."""
        again: Flow[Exception, B] = pure(Constant(x)) >> self.g
        return self.f.recover_with(on(self.kind, again).on(Exception, pure(raised)))


def raised(error: Exception) -> NoReturn:
    """`e ↦ ⇑ e`"""
    raise error


def flattened[A, B, C](nested: tuple[tuple[A, B], C]) -> tuple[A, B, C]:
    """`((x, y), z) ↦ (x, y, z)`"""
    (x, y), z = nested
    return x, y, z


def nested[A, B, C](flat: tuple[A, B, C]) -> tuple[tuple[A, B], C]:
    """`(x, y, z) ↦ ((x, y), z)`"""
    x, y, z = flat
    return (x, y), z


# ---------------------------------------------------------------------------------------- effects


@holds(TRACE)
def effect_is_a_map[A, B](f: Flow[A, B], effect: Callable[[B], None]) -> IsEq[Flow[A, B]]:
    """`f.and_then(c) ≈ f >>> arr (x ↦ (c x; x))`"""
    return IsEq(f.and_then(effect), f.map(Passing(effect)))


@holds(TRACE)
def effect_may_fail[A, B](f: Flow[A, B], e: Exception) -> IsEq[Flow[A, B]]:
    """`f.and_then(_ ↦ ⇑ e) ≈ f >>> fail e`"""
    return IsEq(f.and_then(Raising(e)), f >> pure(Raising(e)))


@holds(TRACE)
def tap_of_a_function[A, B, C](f: Flow[A, B], h: Callable[[B], C]) -> IsEq[Flow[A, B]]:
    """`f.tap(arr c) ≈ f >>> arr (x ↦ (c x; x))`"""
    return IsEq(f.tap(pure(h)), f.map(Passing(h)))


@holds(TRACE)
def tap_is_a_fanout[A, B, C](f: Flow[A, B], side: Flow[B, C]) -> IsEq[Flow[A, B]]:
    """`f.tap(s) ≈ f >>> (id &&& s) >>> arr fst`"""
    value: Flow[B, B] = identity()
    return IsEq(f.tap(side), f >> (value & side).map(fst))


@holds(RESULT)
def notify_is_transparent[A, B, C](f: Flow[A, B], side: Flow[B, C]) -> IsEq[Flow[A, B]]:
    """`f.notify(s) ≈ f`, also if `s` fails, or never ends

    Not in M: `s` is called.
    """
    return IsEq(f.notify(side), f)


@holds(TRACE)
def notify_takes_no_time[A, B](f: Flow[A, B], wait: Wait[B], d: float) -> IsEq[Flow[A, B]]:
    """`f.notify(wait d) ≈ f`"""
    return IsEq(f.notify(wait(d)), f)


@holds(TRACE)
def notify_does_not_fail[A, B](f: Flow[A, B], e: Exception) -> IsEq[Flow[A, B]]:
    """`f.notify(fail e) ≈ f`"""
    return IsEq(f.notify(pure(Raising(e))), f)


@holds(TRACE)
def notify_begins_at_once[A, B, C](f: Total[A, B], side: Total[B, C]) -> IsEq[Flow[A, B]]:
    """`f.notify(s) ≈ f >>> id.notify(s)`"""
    value: Flow[B, B] = identity()
    return IsEq(f.notify(side), f >> value.notify(side))


@holds(RESULT)
def divert_to_is_transparent[A, B, C](
    f: Flow[A, B], side: Flow[B, C], p: Callable[[B], bool]
) -> IsEq[Flow[A, B]]:
    """`f.divert_to(s, p) ≈ f`, also if `s` fails, or never ends

    Not in M: `s` is called where `p` holds.
    """
    return IsEq(f.divert_to(side, p), f)


@holds(TRACE)
def divert_to_is_a_choice[A, B, C](
    f: Flow[A, B], side: Flow[B, C], p: Callable[[B], bool]
) -> IsEq[Flow[A, B]]:
    """`f.divert_to(s, p) ≈ f.branch_on(p, id.notify(s), id)`"""
    value: Flow[B, B] = identity()
    return IsEq(f.divert_to(side, p), f.branch_on(p, value.notify(side), value))


# ----------------------------------------------------------------------------------------- checks


@holds(TRACE)
def filter_ensures[A, B](f: Flow[A, B], p: Callable[[B], bool]) -> IsEq[Flow[A, B]]:
    """`f.filter(p) ≈ f.branch_on(p, id, arr (x ↦ ⇑ FlowFilterError(x)))`"""
    value: Flow[B, B] = identity()
    return IsEq(f.filter(p), f.branch_on(p, value, pure(rejected)))


@holds(TRACE)
def guard_of_a_function[A, B](f: Flow[A, B], p: Callable[[B], bool]) -> IsEq[Flow[A, B]]:
    """`f.guard(arr p) ≈ f.filter(p)`"""
    return IsEq(f.guard(pure(p)), f.filter(p))


@holds(TRACE)
def guard_ensures[A, B](f: Flow[A, B], check: Flow[B, bool]) -> IsEq[Flow[A, B]]:
    """`f.guard(g) ≈ (f >>> (id &&& g)).branch_on(snd, arr fst, arr (x ↦ ⇑ FlowFilterError(x)))`"""
    value: Flow[B, B] = identity()
    checked: Flow[A, tuple[B, bool]] = f >> (value & check)
    passed: Flow[tuple[B, bool], B] = pure(fst)
    return IsEq(f.guard(check), checked.branch_on(snd, passed, passed >> pure(rejected)))


@holds(TRACE)
def filters_fuse[A, B](
    f: Flow[A, B], p: Callable[[B], bool], q: Callable[[B], bool]
) -> IsEq[Flow[A, B]]:
    """`f.filter(p).filter(q) ≈ f.filter(p and q)`"""
    return IsEq(f.filter(p).filter(q), f.filter(AndAlso(p, q)))


@holds(TRACE)
def filter_of_everything[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`f.filter(const True) ≈ f`"""
    return IsEq(f.filter(Constant(True)), f)


# --------------------------------------------------------------------------------------- handlers


@holds(TRACE)
def fallback_ignores_the_error[A, B](f: Flow[A, B], g: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`f <|> g ≈ id >>= (x ↦ f.recover_with(arr (const x) >>> g))`"""
    start: Flow[A, A] = identity()
    return IsEq(f.fallback_to(g), start.bind(HandledOn(f, g)))


@holds(TRACE)
def recover_is_recover_with[A, B](f: Flow[A, B], h: Callable[[Exception], B]) -> IsEq[Flow[A, B]]:
    """`f.recover(h) ≈ f.recover_with(arr h)`"""
    return IsEq(f.recover(h), f.recover_with(pure(h)))


# ---------------------------------------------------------------------------------------- products


@holds(TRACE)
def zip_all_is_folded_zip[A, B, C, D](
    f: Flow[A, B], g: Flow[A, C], h: Flow[A, D], wait: Wait[A], d: float
) -> IsEq[Flow[A, tuple[B, C, D]]]:
    """`zip_all(f, g, h) ≈ ((f &&& g) &&& h) >>> arr flatten`

    Of flows that begin apart: of two failures in a tie, the deeper one need not be the first.
    """
    one, two, three = f, wait(d) >> g, wait(2 * d) >> h
    return IsEq(zip_all(one, two, three), ((one & two) & three).map(flattened))


@holds(SHAPE)
def zip_all_of_two_is_zip[A, B, C](f: Flow[A, B], g: Flow[A, C]) -> IsEq[Flow[A, tuple[B, C]]]:
    """`zip_all(f, g) ≈ f &&& g`"""
    return IsEq(zip_all(f, g), f & g)


@holds(TRACE)
def each_is_folded_each[A1, A2, A3, B1, B2, B3](
    f: Flow[A1, B1], g: Flow[A2, B2], h: Flow[A3, B3], v: Wait[A2], w: Wait[A3], d: float
) -> IsEq[Flow[tuple[A1, A2, A3], tuple[B1, B2, B3]]]:
    """`each(f, g, h) ≈ arr nest >>> ((f *** g) *** h) >>> arr flatten`

    Of flows that begin apart: of two failures in a tie, the deeper one need not be the first.
    """
    start: Flow[tuple[A1, A2, A3], tuple[tuple[A1, A2], A3]] = pure(nested)
    one, two, three = f, v(d) >> g, w(2 * d) >> h
    return IsEq(each(one, two, three), start >> each(each(one, two), three).map(flattened))


@holds(TRACE)
def each_is_zip_of_components[A1, A2, B1, B2](
    f: Flow[A1, B1], g: Flow[A2, B2]
) -> IsEq[Flow[tuple[A1, A2], tuple[B1, B2]]]:
    """`f *** g ≈ (arr fst >>> f) &&& (arr snd >>> g)`"""
    one: Flow[tuple[A1, A2], A1] = pure(fst)
    other: Flow[tuple[A1, A2], A2] = pure(snd)
    return IsEq(each(f, g), (one >> f) & (other >> g))


# ----------------------------------------------------------------------------------------- choices


@holds(TRACE)
def branch_on_is_branch[A, B, C](
    f: Flow[A, B], p: Callable[[B], bool], t: Flow[B, C], e: Flow[B, C]
) -> IsEq[Flow[A, C]]:
    """`f.branch_on(p, t, e) ≈ f >>> arr (x ↦ p x ? Left x : Right x) >>> (t ||| e)`"""
    return IsEq(f.branch_on(p, t, e), f.map(Sided(p)) >> either(t, e))


@holds(SHAPE)
def branch_is_composition[A, B](
    f: Flow[A, bool | str], t: Flow[bool, B], e: Flow[str, B]
) -> IsEq[Flow[A, B]]:
    """`f.branch({X: t, Y: e}) ≈ f >>> on(X, t).on(Y, e)`"""
    return IsEq(f.branch({bool: t, str: e}), f >> on(bool, t).on(str, e))


@holds(TRACE)
def label_means_nothing[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`f.named(label) ≈ f`"""
    return IsEq(f.named("part"), f)


# ------------------------------------------------------------------------------------- trying again


@holds(TRACE)
def no_retry_is_one_try[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`f.retry(0) ≈ f`"""
    return IsEq(f.retry(0), f)


@holds(TRACE)
def retry_is_a_fallback[A, B](f: Flow[A, B], n: int) -> IsEq[Flow[A, B]]:
    """`f.retry(n) ≈ f <|> f <|> … <|> f`, `n` times"""
    tries = f
    for _ in range(n):
        tries = tries.fallback_to(f)
    return IsEq(f.retry(n), tries)


@holds(TRACE)
def retries_of_a_success[A, B](f: Total[A, B], n: int) -> IsEq[Flow[A, B]]:
    """`f.retry(n) ≈ f`"""
    return IsEq(f.retry(n), f)


@holds(TRACE)
def retry_of_one_kind[A, B](f: Flow[A, B], n: int) -> IsEq[Flow[A, B]]:
    """`f.retry(n, on=KeyError) ≈ id >>= (x ↦ f.recover_with(on(KeyError, …).on(Exception, …)))`

    With `f.retry(n - 1, on=KeyError)` on `x` for a `KeyError`; any other error is raised again.
    """
    start: Flow[A, A] = identity()
    tries = f
    for _ in range(n):
        tries = start.bind(HandledFor(KeyError, f, tries))
    return IsEq(f.retry(n, on=KeyError), tries)


DERIVED = RuleSet(
    "derived",
    (
        effect_is_a_map,
        effect_may_fail,
        tap_of_a_function,
        tap_is_a_fanout,
        notify_is_transparent,
        notify_takes_no_time,
        notify_does_not_fail,
        notify_begins_at_once,
        divert_to_is_transparent,
        divert_to_is_a_choice,
        filter_ensures,
        guard_of_a_function,
        guard_ensures,
        filters_fuse,
        filter_of_everything,
        fallback_ignores_the_error,
        recover_is_recover_with,
        zip_all_is_folded_zip,
        zip_all_of_two_is_zip,
        each_is_folded_each,
        each_is_zip_of_components,
        branch_on_is_branch,
        branch_is_composition,
        label_means_nothing,
        no_retry_is_one_try,
        retry_is_a_fallback,
        retries_of_a_success,
        retry_of_one_kind,
    ),
)
