"""What a flow does on the side: the value goes on as it was.

`and_then` and `tap` are awaited, and may fail. What runs in the background is not part of the main
flow: `notify` and `divert_to` change what is called, not what comes of it.

Source: the methods of `Flow`, as they are documented.
"""

from collections.abc import Callable
from dataclasses import dataclass

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Raising, fst
from everything_is_an_actor.algebra.laws.law import (
    RESULT,
    TRACE,
    IsEq,
    RuleSet,
    Total,
    Wait,
    holds,
)


@dataclass(frozen=True, slots=True)
class Passing[A]:
    """`x ↦ (effect x; x)`"""

    effect: Callable[[A], object]

    def __call__(self, x: A, /) -> A:
        """Its value."""
        self.effect(x)
        return x


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


EFFECTS = RuleSet(
    "effects",
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
    ),
)
"""Effects on the side, `and_then`, `tap`, `notify`, `divert_to`."""
