"""Wrong analyses: bounds that a run exceeds, a checker that finds too little, drawings of less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from everything_is_an_actor.algebra.build import zip_all
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.laws.analyses import DRAWN, SOUNDNESS
from everything_is_an_actor.algebra.laws.bounds import BOUNDS, EQUAL_BOUNDS, Bound
from everything_is_an_actor.algebra.laws.law import RuleSet
from everything_is_an_actor.algebra.node import AtLeast, Loop, Retry, Tap, Timeout
from everything_is_an_actor.interpreters.check import check
from everything_is_an_actor.interpreters.text_tree import to_tree
from everything_is_an_actor.testing.analyses import (
    Known,
    known,
    on_bounds,
    on_checker,
    on_drawing,
)
from everything_is_an_actor.testing.documents import nodes_of
from everything_is_an_actor.testing.interpreters import Reference
from laws.mutant import WrongSubject
from laws.wrong import AnyFlow, N

# ----------------------------------------------------------------------------------------- bounds


def what_success_needs_in_every_run(found: Known) -> Known:
    return replace(found, must=found.must_to_succeed)


def none_called_but_those_needed(found: Known) -> Known:
    return replace(found, may=None if found.may is None else found.must)


def one_call_less(found: Known) -> Known:
    least, most = found.calls
    return replace(found, calls=(least, max(most - 1, 0)))


def one_call_more_to_succeed(found: Known) -> Known:
    return replace(found, calls_to_succeed=found.calls_to_succeed + 1)


def half_of_the_seconds(found: Known) -> Known:
    return replace(found, seconds=found.seconds / 2)


def side_flows_that_take_no_time(found: Known) -> Known:
    return replace(found, seconds_with_sides=found.seconds)


def one_call_less_at_a_time(found: Known) -> Known:
    return replace(found, peak=max(found.peak - 1, 0))


def nodes_that_are_calls(flow: AnyFlow) -> Known:
    found = known(flow)
    return replace(found, peak=found.peak + len(nodes_of(flow)))


def timeouts_that_take_time(flow: AnyFlow) -> Known:
    found = known(flow)
    return replace(found, seconds=found.seconds + _number(Timeout, flow))


def loops_that_call_once_more(flow: AnyFlow) -> Known:
    found = known(flow)
    least, most = found.calls
    return replace(found, calls=(least, most + _number(Loop, flow)))


def _number(kind: type[Any], flow: AnyFlow) -> int:
    return sum(isinstance(node, kind) for node in nodes_of(flow))


def quorums_that_wait_for_all(flow: AnyFlow) -> Known:
    def waiting(node: N) -> AnyFlow:
        return zip_all(*node.flows) if isinstance(node, AtLeast) else Flow(node)

    return known(fold(waiting, flow))


def taps_forgotten(flow: AnyFlow) -> Known:
    def forgotten(node: N) -> AnyFlow:
        return node.source if isinstance(node, Tap) else Flow(node)

    return known(fold(forgotten, flow))


def bounds_with(change: Callable[[Known], Known]) -> WrongSubject:
    """Bounds that are true but for one thing, which a run can show."""

    def bounds(flow: AnyFlow) -> Known:
        return change(known(flow))

    return wrong_bounds(f"bounds_with_{change.__name__}", bounds, BOUNDS)


def bounds_of(bounds: Callable[[AnyFlow], Known]) -> WrongSubject:
    """Bounds that differ where flows mean the same."""
    return wrong_bounds(f"bounds_of_{bounds.__name__}", bounds, EQUAL_BOUNDS)


def wrong_bounds(name: str, bounds: Bound, rules: RuleSet) -> WrongSubject:
    return WrongSubject(on_bounds(Reference(name), bounds=bounds), rules)


# ------------------------------------------------------------------------- the checker, drawings


def anything_goes(flow: AnyFlow, input: Any) -> bool:
    return True


def any_input_goes(flow: AnyFlow, input: Any) -> bool:
    return check(flow).ok


def checker(name: str, sound: Callable[[AnyFlow, Any], bool]) -> WrongSubject:
    return WrongSubject(replace(on_checker(sound=sound), name=name), SOUNDNESS)


def address(flow: AnyFlow) -> str:
    return f"flow at {id(flow):x}"


def no_retries(flow: AnyFlow) -> str:
    """Of a flow that retries, nothing is drawn."""
    return "" if _number(Retry, flow) else to_tree(flow)


def nothing(flow: AnyFlow) -> str:
    return ""


MUTANTS: tuple[WrongSubject, ...] = (
    bounds_with(what_success_needs_in_every_run),
    bounds_with(none_called_but_those_needed),
    bounds_with(one_call_less),
    bounds_with(one_call_more_to_succeed),
    bounds_with(half_of_the_seconds),
    bounds_with(side_flows_that_take_no_time),
    bounds_with(one_call_less_at_a_time),
    bounds_of(nodes_that_are_calls),
    bounds_of(timeouts_that_take_time),
    bounds_of(loops_that_call_once_more),
    bounds_of(quorums_that_wait_for_all),
    bounds_of(taps_forgotten),
    checker("a_checker_that_finds_nothing", anything_goes),
    checker("a_checker_that_forgets_what_flows_in", any_input_goes),
    WrongSubject(on_drawing("a_drawing_that_shows_an_address", address), DRAWN),
    WrongSubject(on_drawing("a_drawing_that_knows_no_retry", no_retries), DRAWN),
    WrongSubject(on_drawing("a_drawing_of_nothing", nothing), DRAWN),
)
