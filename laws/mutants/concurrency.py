"""Wrong meanings of what runs flows beside each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.node import (
    AtLeast,
    Each,
    FirstCompleted,
    Race,
    Traverse,
    ZipAll,
)
from everything_is_an_actor.algebra.values import QuorumResult
from laws.wrong import AnyFlow, N, Wrong, mutant, reverse


@mutant
def zip_swapped(node: N) -> Wrong:
    return Flow(node).map(reverse) if isinstance(node, ZipAll) else None


@mutant
def zip_one_after_the_other(node: N) -> Wrong:
    if not isinstance(node, ZipAll):
        return None
    found: AnyFlow = pure(Constant(()))
    for flow in node.flows:
        found = found.bind(_Appended(flow))
    return found


@dataclass(frozen=True)
class _Appended:
    flow: AnyFlow

    def __call__(self, values: tuple[Any, ...]) -> AnyFlow:
        return self.flow.map(_With(values))


@dataclass(frozen=True)
class _With:
    values: tuple[Any, ...]

    def __call__(self, value: Any) -> tuple[Any, ...]:
        return (*self.values, value)


@mutant
def zip_that_runs_its_first_in_every_place(node: N) -> Wrong:
    if not isinstance(node, ZipAll):
        return None
    return Flow(ZipAll((node.flows[0],) * len(node.flows)))


@mutant
def zip_that_retries_a_part(node: N) -> Wrong:
    if not isinstance(node, ZipAll):
        return None
    return Flow(ZipAll((node.flows[0].retry(1), *node.flows[1:])))


@mutant
def each_swapped(node: N) -> Wrong:
    return Flow(node).map(reverse) if isinstance(node, Each) else None


@mutant
def each_fed_the_first_element(node: N) -> Wrong:
    return pure(_first_everywhere).flat_map(Flow(node)) if isinstance(node, Each) else None


def _first_everywhere(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return (values[0],) * len(values)


@mutant
def each_that_loses_an_output(node: N) -> Wrong:
    return Flow(node).map(_without_the_last) if isinstance(node, Each) else None


def _without_the_last(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*values[:-1], None)


@mutant
def race_decided_by_an_error(node: N) -> Wrong:
    return Flow(FirstCompleted(node.flows)) if isinstance(node, Race) else None


@mutant
def race_of_the_first_alone(node: N) -> Wrong:
    return node.flows[0] if isinstance(node, Race) else None


@mutant
def race_one_after_the_other(node: N) -> Wrong:
    if not isinstance(node, Race):
        return None
    first, *rest = node.flows
    for flow in rest:
        first = first.fallback_to(flow)
    return first


@mutant
def race_that_waits_for_the_losers(node: N) -> Wrong:
    if not isinstance(node, Race):
        return None
    return Flow(AtLeast(1, node.flows, stop_early=False)).map(_of_first)


def _of_first(result: QuorumResult[Any]) -> Any:
    return result.succeeded[0]


@mutant
def race_that_yields_nothing_when_all_fail(node: N) -> Wrong:
    return Flow(node).recover(Constant(None)) if isinstance(node, Race) else None


@mutant
def first_completed_decided_by_success_only(node: N) -> Wrong:
    return Flow(Race(node.flows)) if isinstance(node, FirstCompleted) else None


@mutant
def first_completed_of_the_last_alone(node: N) -> Wrong:
    return node.flows[-1] if isinstance(node, FirstCompleted) else None


@mutant
def quorum_of_one_less(node: N) -> Wrong:
    if not isinstance(node, AtLeast) or node.n == 1:
        return None
    return Flow(replace(node, n=node.n - 1))


@mutant
def quorum_of_one_more(node: N) -> Wrong:
    if not isinstance(node, AtLeast) or node.n == len(node.flows):
        return None
    return Flow(replace(node, n=node.n + 1))


@mutant
def quorum_that_never_stops_early(node: N) -> Wrong:
    return Flow(replace(node, stop_early=False)) if isinstance(node, AtLeast) else None


@mutant
def quorum_that_always_stops_early(node: N) -> Wrong:
    return Flow(replace(node, stop_early=True)) if isinstance(node, AtLeast) else None


@mutant
def quorum_in_reverse(node: N) -> Wrong:
    return Flow(node).map(_reversed_quorum) if isinstance(node, AtLeast) else None


def _reversed_quorum(result: QuorumResult[Any]) -> QuorumResult[Any]:
    return QuorumResult(reverse(result.succeeded), reverse(result.failed))


@mutant
def quorum_that_loses_failures(node: N) -> Wrong:
    return Flow(node).map(_without_failures) if isinstance(node, AtLeast) else None


def _without_failures(result: QuorumResult[Any]) -> QuorumResult[Any]:
    return QuorumResult(result.succeeded, ())


@mutant
def traverse_in_reverse(node: N) -> Wrong:
    return Flow(node).map(reverse) if isinstance(node, Traverse) else None


@mutant
def traverse_without_its_bound(node: N) -> Wrong:
    return Flow(replace(node, max_concurrency=None)) if isinstance(node, Traverse) else None


@mutant
def traverse_one_after_the_other(node: N) -> Wrong:
    return Flow(replace(node, max_concurrency=1)) if isinstance(node, Traverse) else None


@mutant
def traverse_that_loses_the_last(node: N) -> Wrong:
    return Flow(node).map(_shorter) if isinstance(node, Traverse) else None


def _shorter(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return values[:-1]


@mutant
def zip_that_hides_errors(node: N) -> Wrong:
    return Flow(node).recover(Constant(())) if isinstance(node, ZipAll) else None


@mutant
def first_completed_of_the_first_alone(node: N) -> Wrong:
    return node.flows[0] if isinstance(node, FirstCompleted) else None


@mutant
def traverse_in_reverse_if_bounded(node: N) -> Wrong:
    if not isinstance(node, Traverse) or node.max_concurrency is None:
        return None
    return Flow(node).map(reverse)


@mutant
def traverse_of_nothing_that_yields_nothing(node: N) -> Wrong:
    return Flow(node).map(_something) if isinstance(node, Traverse) else None


def _something(values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    return values or None
