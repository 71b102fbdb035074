"""Where races stop to be algebra: in a tie, in their errors, for what runs after."""

from everything_is_an_actor.algebra.build import (
    first_completed,
    pure,
    race,
)
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws import race as races
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, IsEq
from everything_is_an_actor.testing.scripted import Does
from everything_is_an_actor.testing.universe import Oops
from laws.nonlaws import NEVER, NonLaw, after, fails, takes


def commuted[A, B](f: Flow[A, B], g: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`race(f, g) ≈ race(g, f)`"""
    return IsEq(race(f, g), race(g, f))


def nested[A, B](f: Flow[A, B], g: Flow[A, B], h: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`race(race(f, g), h) ≈ race(f, race(g, h))`"""
    return IsEq(race(race(f, g), h), race(f, race(g, h)))


def distributed[A, B, C](f: Flow[A, B], g: Flow[A, B], h: Flow[B, C]) -> IsEq[Flow[A, C]]:
    """`race(f, g) >>> h ≈ race(f >>> h, g >>> h)`"""
    return IsEq(race(f, g) >> h, race(f >> h, g >> h))


def ended_first[A, B](f: Flow[A, B], g: Flow[A, B]) -> IsEq[Flow[A, B]]:
    """`race(f, g) ≈ first_completed(f, g)`"""
    return IsEq(race(f, g), first_completed(f, g))


def timed_each[A, B](f: Flow[A, B], g: Flow[A, B], t: float) -> IsEq[Flow[A, B]]:
    """`race(f, g).timeout(t) ≈ race(f.timeout(t), g.timeout(t))`"""
    return IsEq(race(f, g).timeout(t), race(f.timeout(t), g.timeout(t)))


SAYS_FALSE: Flow[None, bool] = pure(Constant(False))
SAYS_TRUE: Flow[None, bool] = pure(Constant(True))

NONLAWS = (
    NonLaw(
        "race_commutes_in_a_tie",
        "race(f, g) ≈ race(g, f)",
        commuted,
        {"f": SAYS_FALSE, "g": SAYS_TRUE},
        None,
        RESULT,
        "both succeed at one instant, and the leftmost wins",
    ),
    NonLaw(
        "race_commutes_in_its_errors",
        "race(f, g) ≈ race(g, f)",
        commuted,
        {"f": fails("f", 1), "g": fails("g", 2)},
        None,
        RESULT,
        "the errors of all are told in the order of the flows",
    ),
    NonLaw(
        "race_associates_in_its_errors",
        "race(race(f, g), h) ≈ race(f, race(g, h))",
        nested,
        {"f": fails("f", 1), "g": fails("g", 2), "h": fails("h", 3)},
        None,
        RESULT,
        "the errors of the inner race are one error of the outer one",
    ),
    NonLaw(
        "race_distributes",
        "race(f, g) >>> h ≈ race(f >>> h, g >>> h)",
        distributed,
        {"f": takes("f", 1), "g": takes("g", 2), "h": takes("h", 4)},
        None,
        CALLS,
        "the race is over later on the right: the loser has gone on, and has called `h` as well",
    ),
    NonLaw(
        "race_distributes_when_what_follows_fails",
        "race(f, g) >>> h ≈ race(f >>> h, g >>> h)",
        distributed,
        {
            "f": after("f", Does(True, 1.0), Does(True, 1.0)),
            "g": after("g", Does(False, 2.0), Does(False, 2.0)),
            "h": after("h", Does(False), Does(Oops("h"))),
        },
        False,
        RESULT,
        "`h` fails on what `f` has yielded; on the right that loses the race, which `g >>> h` wins",
    ),
    NonLaw(
        "first_to_succeed_is_first_to_end",
        "race(f, g) ≈ first_completed(f, g)",
        ended_first,
        {"f": fails("f", 1), "g": takes("g", 2)},
        None,
        RESULT,
        "a failure ends `first_completed`, and does not win a race",
    ),
    NonLaw(
        "never_loses_unseen",
        "race(never, f) ≈ f",
        races.whoever_never_ends_loses,
        {"never": NEVER, "f": takes("f", 1)},
        None,
        CALLS,
        "what never ends has been called, and is cancelled",
    ),
    NonLaw(
        "never_loses_to_a_failure",
        "race(never, f) ≈ f",
        races.whoever_never_ends_loses,
        {"never": NEVER, "f": fails("f", 1)},
        None,
        RESULT,
        "a failure does not win: the race waits for ever",
    ),
    NonLaw(
        "race_with_itself_unseen",
        "race(f, f) ≈ f",
        races.race_with_itself,
        {"f": takes("f", 1)},
        None,
        CALLS,
        "it is called twice",
    ),
    NonLaw(
        "race_with_itself_when_it_fails",
        "race(f, f) ≈ f",
        races.race_with_itself,
        {"f": fails("f", 1)},
        None,
        RESULT,
        "the error of a race that all have lost is an AllFailedError",
    ),
    NonLaw(
        "timeout_of_a_race",
        "race(f, g).timeout(t) ≈ race(f.timeout(t), g.timeout(t))",
        timed_each,
        {"f": takes("f", 2), "g": takes("g", 3), "t": 1.0},
        None,
        RESULT,
        "one timeout is a FlowTimeoutError, two lost ones are an AllFailedError",
    ),
)
