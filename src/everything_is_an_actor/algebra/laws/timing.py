"""Time as it can be told: waits, what is cut short by a timeout, and tries that wait.

`wait d` is the flow that yields its input after `d` seconds. It calls no agent, so that the laws
hold in T: both sides take the same time.

What happens at one instant is a tie. The durations that are drawn are multiples of half a second,
what agents take never is: a timeout does not meet the end of what it bounds.

Source: `GenTemporalLaws` of cats-effect.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.build import first_completed, pure, race, traverse
from everything_is_an_actor.algebra.failure import FlowTimeoutError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Raising, dup
from everything_is_an_actor.algebra.laws.law import (
    RESULT,
    TRACE,
    IsEq,
    Never,
    RuleSet,
    Total,
    Wait,
    holds,
)


def out_of_time(seconds: float) -> Raising:
    """`λ_. ⇑ FlowTimeoutError(seconds)`, which in a flow also says what was out of time."""
    return Raising(FlowTimeoutError(seconds, "it"))


# ------------------------------------------------------------------------------------------ waits


@holds(TRACE)
def waits_in_sequence_add_up[A](wait: Wait[A], d: float, e: float) -> IsEq[Flow[A, A]]:
    """`wait d >>> wait e ≈ wait (d + e)`"""
    return IsEq(wait(d) >> wait(e), wait(d + e))


@holds(TRACE)
def waits_in_parallel_take_the_longest[A](
    wait: Wait[A], d: float, e: float
) -> IsEq[Flow[A, tuple[A, A]]]:
    """`wait d &&& wait e ≈ wait (max d e) >>> arr dup`"""
    return IsEq(wait(d) & wait(e), wait(max(d, e)).map(dup))


@holds(TRACE)
def race_of_waits_takes_the_shortest[A](wait: Wait[A], d: float, e: float) -> IsEq[Flow[A, A]]:
    """`race(wait d, wait e) ≈ wait (min d e)`"""
    return IsEq(race(wait(d), wait(e)), wait(min(d, e)))


@holds(TRACE)
def first_of_waits_takes_the_shortest[A](wait: Wait[A], d: float, e: float) -> IsEq[Flow[A, A]]:
    """`first_completed(wait d, wait e) ≈ wait (min d e)`"""
    return IsEq(first_completed(wait(d), wait(e)), wait(min(d, e)))


@holds(TRACE)
def waiting_is_natural[A, B](
    wait: Wait[A], other: Wait[B], h: Callable[[A], B], d: float
) -> IsEq[Flow[A, B]]:
    """`wait d >>> arr h ≈ arr h >>> wait d`"""
    return IsEq(wait(d).map(h), pure(h) >> other(d))


# --------------------------------------------------------------------------------------- timeouts


@holds(TRACE)
def in_time[A](wait: Wait[A], d: float, e: float) -> IsEq[Flow[A, A]]:
    """`(wait d).timeout(d + e) ≈ wait d`"""
    return IsEq(wait(d).timeout(d + e), wait(d))


@holds(TRACE)
def too_late[A](wait: Wait[A], d: float, e: float) -> IsEq[Flow[A, A]]:
    """`(wait (d + e)).timeout(d) ≈ wait d >>> fail (FlowTimeoutError d)`"""
    return IsEq(wait(d + e).timeout(d), wait(d) >> pure(out_of_time(d)))


@holds(RESULT)
def never_in_time[A, B](never: Never[A, B], wait: Wait[A], d: float) -> IsEq[Flow[A, B]]:
    """`never.timeout(d) ≈ wait d >>> fail (FlowTimeoutError d)`

    Not in M: what never ends has been called, and is cancelled.
    """
    return IsEq(never.timeout(d), wait(d) >> pure(out_of_time(d)))


@holds(TRACE)
def functions_are_in_time[A, B](h: Callable[[A], B], d: float) -> IsEq[Flow[A, B]]:
    """`(arr h).timeout(d) ≈ arr h`"""
    return IsEq(pure(h).timeout(d), pure(h))


@holds(TRACE)
def timeout_is_a_race[A, B](f: Flow[A, B], wait: Wait[A], d: float) -> IsEq[Flow[A, B]]:
    """`f.timeout(d) ≈ first_completed(f, wait d >>> fail (FlowTimeoutError d))`"""
    alarm: Flow[A, B] = wait(d) >> pure(out_of_time(d))
    return IsEq(f.timeout(d), first_completed(f, alarm))


@holds(TRACE)
def shortest_timeout_counts[A, B](f: Flow[A, B], d: float, e: float) -> IsEq[Flow[A, B]]:
    """`f.timeout(d).timeout(e) ≈ f.timeout(min d e)`"""
    return IsEq(f.timeout(d).timeout(e), f.timeout(min(d, e)))


@holds(TRACE)
def timeout_counts_from_its_beginning[A, B](
    f: Flow[A, B], g: Flow[A, B], wait: Wait[A], d: float, e: float
) -> IsEq[Flow[A, B]]:
    """`(wait d >>> f).timeout(d + e) <|> g ≈ (wait d >>> f.timeout(e)) <|> g`

    With `g`, since the errors say different numbers of seconds.
    """
    return IsEq(
        (wait(d) >> f).timeout(d + e).fallback_to(g), (wait(d) >> f.timeout(e)).fallback_to(g)
    )


@holds(TRACE)
def timeout_before_a_function[A, B, C](
    f: Flow[A, B], h: Callable[[B], C], d: float
) -> IsEq[Flow[A, C]]:
    """`(f >>> arr h).timeout(d) ≈ f.timeout(d) >>> arr h`"""
    return IsEq(f.map(h).timeout(d), f.timeout(d).map(h))


@holds(TRACE)
def timeout_after_a_function[A, B, C](
    h: Callable[[A], B], f: Flow[B, C], d: float
) -> IsEq[Flow[A, C]]:
    """`(arr h >>> f).timeout(d) ≈ arr h >>> f.timeout(d)`"""
    return IsEq((pure(h) >> f).timeout(d), pure(h) >> f.timeout(d))


@holds(TRACE)
def timeout_of_both[A, B, C](f: Flow[A, B], g: Flow[A, C], d: float) -> IsEq[Flow[A, tuple[B, C]]]:
    """`(f &&& g).timeout(d) ≈ f.timeout(d) &&& g.timeout(d)`"""
    return IsEq((f & g).timeout(d), f.timeout(d) & g.timeout(d))


@holds(TRACE)
def timeout_of_the_first[A, B](f: Flow[A, B], g: Flow[A, B], d: float) -> IsEq[Flow[A, B]]:
    """`first_completed(f, g).timeout(d) ≈ first_completed(f.timeout(d), g.timeout(d))`"""
    return IsEq(first_completed(f, g).timeout(d), first_completed(f.timeout(d), g.timeout(d)))


@holds(TRACE)
def timeout_of_several[A, B](f: Flow[A, B], d: float) -> IsEq[Flow[list[A], tuple[B, ...]]]:
    """`(traverse f).timeout(d) ≈ traverse (f.timeout(d))`"""
    return IsEq(traverse(f).timeout(d), traverse(f.timeout(d)))


# ------------------------------------------------------------------------------- tries that wait


@holds(TRACE)
def retries_wait[A, B](
    f: Flow[A, B], wait: Wait[A], n: int, d: float, e: float
) -> IsEq[Flow[A, B]]:
    """`f.retry(n, b) ≈ f <|> (wait (b.delay 0) >>> (f <|> (wait (b.delay 1) >>> …)))`"""
    backoff = Backoff(min(d, e), maximum=max(d, e))
    tries = f
    for i in reversed(range(n)):
        tries = f.fallback_to(wait(backoff.delay(i)) >> tries)
    return IsEq(f.retry(n, backoff=backoff), tries)


@holds(TRACE)
def schedule_is_data[A, B](f: Flow[A, B], n: int, d: float) -> IsEq[Flow[A, B]]:
    """`f.retry(n, Backoff(d, factor=1)) ≈ f.retry(n, Backoff(d, maximum=d))`"""
    even, flat = Backoff(d, factor=1.0), Backoff(d, maximum=d)
    return IsEq(f.retry(n, backoff=even), f.retry(n, backoff=flat))


@holds(TRACE)
def success_does_not_wait[A, B](f: Total[A, B], n: int, d: float) -> IsEq[Flow[A, B]]:
    """`f.retry(n, Backoff(d)) ≈ f`"""
    return IsEq(f.retry(n, backoff=Backoff(d)), f)


TIMING = RuleSet(
    "timing",
    (
        waits_in_sequence_add_up,
        waits_in_parallel_take_the_longest,
        race_of_waits_takes_the_shortest,
        first_of_waits_takes_the_shortest,
        waiting_is_natural,
        in_time,
        too_late,
        never_in_time,
        functions_are_in_time,
        timeout_is_a_race,
        shortest_timeout_counts,
        timeout_counts_from_its_beginning,
        timeout_before_a_function,
        timeout_after_a_function,
        timeout_of_both,
        timeout_of_the_first,
        timeout_of_several,
        retries_wait,
        schedule_is_data,
        success_does_not_wait,
    ),
)
"""Waits, timeouts, and tries that wait."""
