"""What is known of a flow before it runs is true of every run.

    under(f) ⊆ called(f, x) ⊆ over(f)

`a ⊆ b` is stated as `a ∩ b = a`, and `a ≤ b` as `min(a, b) = a`: with this the bounds are one side
of an equation. The bounds of a flow follow from those of its parts, so that flows that mean the
same have the same, as far as bounds can see.

Source: Mokhov, Lukyanov, Marlow & Dimino, "Selective applicative functors" (ICFP 2019).
"""

from collections.abc import Callable
from typing import Any, Protocol

from everything_is_an_actor.algebra.build import at_least, identity, loop, pure, race, zip_all
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import always
from everything_is_an_actor.algebra.laws.functions import Curried
from everything_is_an_actor.algebra.laws.law import RESULT, IsEq, RuleSet, holds
from everything_is_an_actor.algebra.laws.select import select
from everything_is_an_actor.algebra.values import Continue, Done

type Agents = frozenset[str]
"""Agents, by their names."""


class Bounded(Protocol):
    """What is known of every run: `Bounds`, with agents by their names."""

    @property
    def must(self) -> Agents:
        """The agents called in every run."""

    @property
    def must_to_succeed(self) -> Agents:
        """The agents called in every run that yields a value."""

    @property
    def may(self) -> Agents | None:
        """The agents that any run may call; None if that is not known."""

    @property
    def calls(self) -> tuple[float, float]:
        """How many calls there are at least, and at most."""

    @property
    def calls_to_succeed(self) -> int:
        """How many calls there are at least in a run that yields a value."""

    @property
    def seconds(self) -> float:
        """The latest end."""

    @property
    def seconds_with_sides(self) -> float:
        """The latest end of a call, those of side flows included."""

    @property
    def peak(self) -> float:
        """How many calls there are at the same time, at most."""


class Ran(Protocol):
    """What one run did."""

    @property
    def succeeded(self) -> bool:
        """Whether it yields a value."""

    @property
    def called(self) -> Agents:
        """The agents that it called."""

    @property
    def calls(self) -> int:
        """How many calls there were."""

    @property
    def seconds(self) -> float:
        """When it ended."""

    @property
    def last_end(self) -> float:
        """When the last call ended."""

    @property
    def peak(self) -> int:
        """How many calls there were at the same time."""


type Bound = Callable[[Flow[Any, Any]], Bounded]
"""The static bounds of a flow."""

type Execute = Callable[[Flow[Any, Any], Any], Ran]
"""What a run of a flow on an input does."""


type Above = tuple[Agents | None, float, float, float]
"""What no run exceeds: agents, calls, seconds, calls at the same time."""


def above(found: Bounded) -> Above:
    """The upper bounds."""
    return found.may, found.calls[1], found.seconds, found.peak


# ----------------------------------------------------------------------------- bounds hold of runs


@holds(RESULT)
def under_is_called[A, B](
    f: Flow[A, B], x: A, bounds: Bound, run: Execute
) -> IsEq[tuple[Agents, Agents]]:
    """`under(f) ⊆ called(f, x)`"""
    found, ran = bounds(f), run(f, x)
    needed = found.must_to_succeed if ran.succeeded else found.must
    return IsEq((found.must & ran.called, needed & ran.called), (found.must, needed))


@holds(RESULT)
def over_is_not_exceeded[A, B](f: Flow[A, B], x: A, bounds: Bound, run: Execute) -> IsEq[Agents]:
    """`called(f, x) ⊆ over(f)`"""
    may, called = bounds(f).may, run(f, x).called
    return IsEq(called if may is None else called & may, called)


@holds(RESULT)
def calls_are_counted[A, B](
    f: Flow[A, B], x: A, bounds: Bound, run: Execute
) -> IsEq[tuple[float, float]]:
    """`least(f) ≤ #calls(f, x) ≤ most(f)`"""
    found, ran = bounds(f), run(f, x)
    least, most = found.calls
    if ran.succeeded:
        least = max(least, found.calls_to_succeed)
    return IsEq((min(least, ran.calls), max(most, ran.calls)), (least, most))


@holds(RESULT)
def time_is_bounded[A, B](f: Flow[A, B], x: A, bounds: Bound, run: Execute) -> IsEq[float]:
    """`seconds(f, x) ≤ seconds(f)`"""
    seconds = bounds(f).seconds
    return IsEq(max(seconds, run(f, x).seconds), seconds)


@holds(RESULT)
def time_of_side_flows_is_bounded[A, B, C](
    f: Flow[A, B], side: Flow[B, C], x: A, bounds: Bound, run: Execute
) -> IsEq[float]:
    """`last end(f.notify(side), x) ≤ seconds with sides(f.notify(side))`"""
    flow = f.notify(side)
    seconds = bounds(flow).seconds_with_sides
    return IsEq(max(seconds, run(flow, x).last_end), seconds)


@holds(RESULT)
def concurrency_is_bounded[A, B](f: Flow[A, B], x: A, bounds: Bound, run: Execute) -> IsEq[float]:
    """`#calls at any instant ≤ peak(f)`"""
    peak = bounds(f).peak
    return IsEq(max(peak, run(f, x).peak), peak)


# ------------------------------------------------------------- equations that keep the bounds


@holds(RESULT)
def bounds_of_a_composition[A, B, C, D](
    f: Flow[A, B], g: Flow[B, C], h: Flow[C, D], bounds: Bound
) -> IsEq[list[Bounded]]:
    """`bounds((f >>> g) >>> h) = bounds(f >>> (g >>> h))`, `bounds(id >>> f) = bounds(f >>> id)`"""
    start: Flow[A, A] = identity()
    return IsEq(
        [bounds((f >> g) >> h), bounds(start >> f), bounds(f >> identity())],
        [bounds(f >> (g >> h)), bounds(f), bounds(f)],
    )


@holds(RESULT)
def bounds_of_a_map[A, B, C, D](
    f: Flow[A, B], h: Callable[[B], C], k: Callable[[C], D], bounds: Bound
) -> IsEq[list[Bounded]]:
    """`bounds(f.map(h)) = bounds(f >>> arr h)`, `bounds(f.map(h).map(k)) = bounds(f.map(h))`"""
    return IsEq(
        [bounds(f.map(h)), bounds(f.map(h).map(k))], [bounds(f >> pure(h)), bounds(f.map(h))]
    )


@holds(RESULT)
def bounds_of_what_runs_beside[A, B](
    f: Flow[A, B], g: Flow[A, B], h: Flow[A, B], bounds: Bound
) -> IsEq[list[Bounded]]:
    """`bounds(at_least n fs)` is that of `zip` where all are needed, that of `race` where one is

    Both are associative.
    """
    every, one = bounds(zip_all(f, g, h)), bounds(race(f, g, h))
    return IsEq(
        [
            *(bounds(f.zip(g).zip(h)), bounds(f.zip(g.zip(h))), bounds(at_least(3, f, g, h))),
            *(bounds(race(race(f, g), h)), bounds(race(f, race(g, h)))),
            bounds(at_least(1, f, g, h)),
        ],
        [every, every, every, one, one, one],
    )


@holds(RESULT)
def bounds_of_derived_operators[A, B](
    f: Flow[A, B], g: Flow[B, B], h: Flow[A, B], error: Callable[[Exception], B], bounds: Bound
) -> IsEq[list[Bounded]]:
    """`bounds(f.tap(g)) = bounds(f >>> g)` … as the operators are derived from one another"""
    handler: Flow[Exception, B] = pure(error)
    return IsEq(
        [
            *(bounds(f.named("x")), bounds(f.tap(g)), bounds(f.attempt().absolve())),
            *(bounds(f.recover_with(handler)), bounds(f.retry(0).fallback_to(h))),
        ],
        [
            *(bounds(f), bounds(f >> g), bounds(f.recover(error))),
            *(bounds(f.recover(error)), bounds(f.fallback_to(h))),
        ],
    )


@holds(RESULT)
def bounds_of_timeouts[A, B](
    f: Flow[A, B], longer: float, shorter: float, bounds: Bound
) -> IsEq[Bounded]:
    """`bounds(f.timeout(s).timeout(t)) = bounds(f.timeout(min(s, t)))`"""
    return IsEq(bounds(f.timeout(longer).timeout(shorter)), bounds(f.timeout(min(longer, shorter))))


@holds(RESULT)
def bounds_of_a_single_round[A, B, C](
    f: Flow[A, Continue[A] | Done[B]], h: Callable[[Continue[A] | Done[B]], C], bounds: Bound
) -> IsEq[Bounded]:
    """`bounds(loop f) = bounds(f.map(h))`, if the loop may go round but once"""
    return IsEq(bounds(loop(f, max_iter=1)), bounds(f.map(h)))


@holds(RESULT)
def bounds_of_what_is_skipped[A, B, C](
    x: B, y: Flow[A, C], h: Callable[[tuple[C, A]], B], bounds: Bound
) -> IsEq[Above]:
    """`over(always (Done x) <*? yy) = over(yy)`, where `yy = y.map(curry h)`

    `always (Done x) <*? yy ≈ always x` is a law of what executes (`selective.done_skips`), and none
    of what only looks: it sees both sides.
    """
    yy = y.map(Curried(h))
    given: Flow[A, Continue[A] | Done[B]] = always(Done(x))
    return IsEq(above(bounds(select(given, yy))), above(bounds(yy)))


BOUNDS = RuleSet(
    "bounds",
    (
        under_is_called,
        over_is_not_exceeded,
        calls_are_counted,
        time_is_bounded,
        time_of_side_flows_is_bounded,
        concurrency_is_bounded,
    ),
)
"""Static bounds hold of every run."""

EQUAL_BOUNDS = RuleSet(
    "equal_bounds",
    (
        bounds_of_a_composition,
        bounds_of_a_map,
        bounds_of_what_runs_beside,
        bounds_of_derived_operators,
        bounds_of_timeouts,
        bounds_of_a_single_round,
        bounds_of_what_is_skipped,
    ),
)
"""Equations that do not depend on what a function does keep the bounds."""
