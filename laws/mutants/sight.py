"""Wrong reports of what was seen, and wrong parts of the semantics itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from returns.result import Failure

from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.node import Match, ZipAll
from everything_is_an_actor.testing.observing import Observed


def losers_left_running(observed: Observed) -> Observed:
    calls = tuple(
        replace(call, ending="completed", end=call.end + 1) if call.ending == "cancelled" else call
        for call in observed.calls
    )
    return replace(observed, calls=calls)


def a_call_lost(observed: Observed) -> Observed:
    if any(call.ending == "cancelled" for call in observed.calls):
        return replace(observed, calls=observed.calls[1:])
    return observed


def errors_without_their_arguments(observed: Observed) -> Observed:
    if isinstance(observed.result, Failure):
        return replace(observed, result=Failure(Exception("?")))
    return observed


def any_error(error: BaseException) -> bool:
    return True


def no_error(error: BaseException) -> bool:
    return False


def grown[A, B](flow: Flow[A, B]) -> Flow[A, B]:
    return flow.named("normal")


def swapped(self: AnyFlow, other: AnyFlow) -> AnyFlow:
    """A wrong `zip`."""
    return Flow(ZipAll((other, self)))


def cases_alone(self: AnyFlow, cases: Any) -> AnyFlow:
    """A wrong `branch`: of the input."""
    return cases if isinstance(cases, Flow) else Flow(Match(tuple(cases), tuple(cases.values())))
