"""Races: the first to succeed (`race`), or the first to end (`first_completed`), decides.

What is given up on is cancelled, and gone before the result is seen: that nothing is left running
is part of every observation. `never` is `wait ∞`, which calls no agent, where a law holds in T.

Two flows that end at the same instant are a tie, which the leftmost wins; how deep in an expression
a flow is, decides nothing that the laws could promise. So what may not meet is told apart by waits.

Source: `GenSpawnLaws` and `MonadCancelLaws` of cats-effect, whose laws speak of `never`, since "we
can't evaluate laws which rely on nondeterministic substitutability".
"""

import math
from collections.abc import Callable

from everything_is_an_actor.algebra.build import first_completed, pure, race
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Raising
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
from everything_is_an_actor.algebra.laws.race_errors import GroupedWith, flat, reversed_errors
from everything_is_an_actor.algebra.laws.timing import TIMING

# ------------------------------------------------------------------------------------------ never


@holds(TRACE)
def never_loses[A, B](wait: Wait[A], h: Callable[[A], B], f: Total[A, B]) -> IsEq[Flow[A, B]]:
    """`race(never, f) ≈ f`"""
    return IsEq(race(wait(math.inf).map(h), f), f)


@holds(TRACE)
def never_loses_on_the_right[A, B](
    wait: Wait[A], h: Callable[[A], B], f: Total[A, B]
) -> IsEq[Flow[A, B]]:
    """`race(f, never) ≈ f`"""
    return IsEq(race(f, wait(math.inf).map(h)), f)


@holds(RESULT)
def whoever_never_ends_loses[A, B](never: Never[A, B], f: Total[A, B]) -> IsEq[Flow[A, B]]:
    """`race(never, f) ≈ f`

    Not in M, where it calls an agent: this has been called, and is cancelled.
    """
    return IsEq(race(never, f), f)


@holds(TRACE)
def race_waits_for_a_success[A](wait: Wait[A], e: Exception) -> IsEq[Flow[A, A]]:
    """`race(never, fail e) ≈ never`"""
    never = wait(math.inf)
    return IsEq(race(never, pure(Raising(e))), never)


@holds(TRACE)
def never_is_not_the_first[A, B](
    wait: Wait[A], h: Callable[[A], B], f: Flow[A, B]
) -> IsEq[Flow[A, B]]:
    """`first_completed(never, f) ≈ f`"""
    return IsEq(first_completed(wait(math.inf).map(h), f), f)


@holds(TRACE)
def nothing_comes_after_never[A, B](never: Never[A, B], f: Flow[B, B]) -> IsEq[Flow[A, B]]:
    """`never >>> f ≈ never`"""
    return IsEq(never >> f, never)


@holds(TRACE)
def failure_beside_never[A, B](wait: Wait[A], e: Exception) -> IsEq[Flow[A, tuple[A, B]]]:
    """`never &&& fail e ≈ fail e`"""
    failing: Flow[A, B] = pure(Raising(e))
    return IsEq(wait(math.inf) & failing, pure(Raising(e)))


@holds(RESULT)
def both_wait_for_never[A, B, C](
    never: Never[A, B], f: Total[A, C]
) -> IsEq[Flow[A, B | tuple[B, C]]]:
    """`never &&& f ≈ never`

    Not in M: `f` is called.
    """
    return IsEq(never & f, never)


# ----------------------------------------------------------------------------------- who is first


@holds(TRACE)
def function_wins[A, B](
    h: Callable[[A], B], f: Flow[A, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B]]:
    """`race(arr h, wait d >>> f) ≈ arr h`"""
    return IsEq(race(pure(h), wait(d) >> f), pure(h))


@holds(TRACE)
def function_is_the_first[A, B](
    h: Callable[[A], B], f: Flow[A, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B]]:
    """`first_completed(wait d >>> f, arr h) ≈ arr h`"""
    return IsEq(first_completed(wait(d) >> f, pure(h)), pure(h))


@holds(TRACE)
def failure_is_the_first[A, B](
    e: Exception, f: Flow[A, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B]]:
    """`first_completed(fail e, wait d >>> f) ≈ fail e`"""
    failing: Flow[A, B] = pure(Raising(e))
    return IsEq(first_completed(failing, wait(d) >> f), failing)


@holds(TRACE)
def failure_does_not_win[A, B](e: Exception, f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`race(fail e, f) ≈ f.recover(e' ↦ ⇑ AllFailedError(e, e'))`"""
    failing: Flow[A, B] = pure(Raising(e))
    return IsEq(race(failing, f), f.recover(GroupedWith(e)))


@holds(TRACE)
def first_to_succeed_is_first_to_end[A, B](fs: tuple[Total[A, B], ...]) -> IsEq[Flow[A, B]]:
    """`race(f, g, …) ≈ first_completed(f, g, …)`"""
    return IsEq(race(*fs), first_completed(*fs))


@holds(RESULT)
def race_with_itself[A, B](f: Total[A, B]) -> IsEq[Flow[A, B]]:
    """`race(f, f) ≈ f`

    Not in M: it is called twice.
    """
    return IsEq(race(f, f), f)


# ---------------------------------------------------------------------------------- a semilattice


@holds(TRACE)
def race_commutes[A, B](f: Flow[A, B], g: Flow[A, B], wait: Wait[A], d: float) -> IsEq[Flow[A, B]]:
    """`race(f, g) ≈ race(g, f)`, of flows that begin `d` seconds apart

    But for the order of the errors, where both fail.
    """
    late = wait(d) >> g
    return IsEq(race(f, late), race(late, f).recover(reversed_errors))


@holds(TRACE)
def race_associates[A, B](
    f: Flow[A, B], g: Flow[A, B], h: Flow[A, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B]]:
    """`race(race(f, g), h) ≈ race(f, race(g, h))`, of flows that begin `d` seconds apart

    But for the nesting of the errors, where all fail.
    """
    later, late = wait(d) >> g, wait(2 * d) >> h
    return IsEq(race(race(f, later), late).recover(flat), race(f, race(later, late)).recover(flat))


@holds(TRACE)
def race_of_three[A, B](
    f: Flow[A, B], g: Flow[A, B], h: Flow[A, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B]]:
    """`race(f, g, h) ≈ race(race(f, g), h)`, of flows that begin `d` seconds apart

    But for the nesting of the errors, where all fail.
    """
    later, late = wait(d) >> g, wait(2 * d) >> h
    return IsEq(race(f, later, late).recover(flat), race(race(f, later), late).recover(flat))


@holds(TRACE)
def first_completed_commutes[A, B](
    f: Flow[A, B], g: Flow[A, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B]]:
    """`first_completed(f, g) ≈ first_completed(g, f)`, of flows that begin `d` seconds apart"""
    late = wait(d) >> g
    return IsEq(first_completed(f, late), first_completed(late, f))


@holds(TRACE)
def first_completed_associates[A, B](
    f: Flow[A, B], g: Flow[A, B], h: Flow[A, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B]]:
    """`first_completed(first_completed(f, g), h) ≈ first_completed(f, first_completed(g, h))`,
    of flows that begin `d` seconds apart
    """
    later, late = wait(d) >> g, wait(2 * d) >> h
    return IsEq(
        first_completed(first_completed(f, later), late),
        first_completed(f, first_completed(later, late)),
    )


@holds(TRACE)
def race_is_natural[A, B, C](fs: tuple[Flow[A, B], ...], h: Callable[[B], C]) -> IsEq[Flow[A, C]]:
    """`race(f, g, …) >>> arr h ≈ race(f >>> arr h, g >>> arr h, …)`"""
    return IsEq(race(*fs).map(h), race(*(f.map(h) for f in fs)))


@holds(TRACE)
def race_is_natural_in_its_input[A, B, C](
    h: Callable[[A], B], fs: tuple[Flow[B, C], ...]
) -> IsEq[Flow[A, C]]:
    """`arr h >>> race(f, g, …) ≈ race(arr h >>> f, arr h >>> g, …)`"""
    return IsEq(pure(h) >> race(*fs), race(*(pure(h) >> f for f in fs)))


# ------------------------------------------------------------------------------------ cancellation


@holds(TRACE)
def losers_are_interrupted[A, B](
    h: Callable[[A], B], f: Total[A, B], never: Never[B, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B]]:
    """`race(wait d >>> arr h, f >>> never) ≈ (f >>> never).timeout(d) <|> arr h`"""
    loser = f >> never
    return IsEq(race(wait(d).map(h), loser), loser.timeout(d).fallback_to(pure(h)))


@holds(TRACE)
def siblings_are_interrupted[A, B](
    e: Exception, f: Total[A, B], never: Never[B, B], wait: Wait[A], d: float
) -> IsEq[Flow[A, B | tuple[A, B]]]:
    """`(wait d >>> fail e) &&& (f >>> never) ≈ (f >>> never).timeout(d).recover(_ ↦ ⇑ e)`"""
    failing: Flow[A, A] = wait(d) >> pure(Raising(e))
    sibling = f >> never
    return IsEq(failing & sibling, sibling.timeout(d).recover(Raising(e)))


RACE = RuleSet(
    "race",
    (
        never_loses,
        never_loses_on_the_right,
        whoever_never_ends_loses,
        race_waits_for_a_success,
        never_is_not_the_first,
        nothing_comes_after_never,
        failure_beside_never,
        both_wait_for_never,
        function_wins,
        function_is_the_first,
        failure_is_the_first,
        failure_does_not_win,
        first_to_succeed_is_first_to_end,
        race_with_itself,
        race_commutes,
        race_associates,
        race_of_three,
        first_completed_commutes,
        first_completed_associates,
        race_is_natural,
        race_is_natural_in_its_input,
        losers_are_interrupted,
        siblings_are_interrupted,
    ),
    (TIMING,),
)
"""`race` and `first_completed`."""
