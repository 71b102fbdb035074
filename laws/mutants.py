"""Interpreters that are wrong, each in one way, and the laws that say so.

`python -m laws.mutants` asks every law of every mutant and prints who kills whom: what `KILLERS`
is written from. `test_mutants.py` proves what is written there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from returns.result import Failure, Success

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.node import (
    Absolve,
    AndThen,
    AtLeast,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    Each,
    FallbackTo,
    Filter,
    FirstCompleted,
    FlatMap,
    Guard,
    Identity,
    Leaf,
    Loop,
    LoopWithState,
    Map,
    Match,
    Named,
    Node,
    Notify,
    Pure,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Tap,
    Timeout,
    Traverse,
    ZipAll,
)
from everything_is_an_actor.algebra.values import Continue, Done, QuorumResult
from everything_is_an_actor.testing.interpreters import Interpreter
from everything_is_an_actor.testing.observing import Observed
from laws.wrong import AnyFlow, Distorting, Patched, Rewrite, Rewriting

REWRITES: dict[str, Rewrite] = {}


def mutant(rewrite: Rewrite) -> Rewrite:
    """A wrong meaning of one kind of node; its docstring says what is wrong."""
    REWRITES[rewrite.__name__] = rewrite
    return rewrite


type N = Node[AnyFlow]
type Wrong = AnyFlow | None


def reverse(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(reversed(values))


# ------------------------------------------------------------------------ leaves, functions, steps


@mutant
def leaf_restarted(node: N) -> Wrong:
    return Flow(node).retry(1) if isinstance(node, Leaf) else None


@mutant
def leaf_called_twice(node: N) -> Wrong:
    return Flow(node).bind(Constant(Flow(node))) if isinstance(node, Leaf) else None


@mutant
def leaf_without_its_timeout(node: N) -> Wrong:
    return Flow(replace(node, timeout=None)) if isinstance(node, Leaf) and node.timeout else None


@mutant
def pure_that_hides_errors(node: N) -> Wrong:
    return Flow(node).recover(Constant(None)) if isinstance(node, Pure) else None


@mutant
def pure_that_forgets_its_input(node: N) -> Wrong:
    if not isinstance(node, Pure):
        return None
    first = _First(node.fn)
    return pure(first)


@dataclass(frozen=True)
class _First:
    """A function that says on every input what it said on the first one."""

    fn: Callable[[Any], Any]
    said: list[Any] = field(default_factory=list, repr=False, compare=False)

    def __call__(self, x: Any) -> Any:
        if not self.said:
            self.said.append(self.fn(x))
        return self.said[0]


@mutant
def identity_that_yields_nothing(node: N) -> Wrong:
    return pure(Constant(None)) if isinstance(node, Identity) else None


@mutant
def map_that_runs_its_source_twice(node: N) -> Wrong:
    if not isinstance(node, Map):
        return None
    return node.source.bind(Constant(node.source)).map(node.fn)


@mutant
def map_that_hides_errors(node: N) -> Wrong:
    return node.source.map(node.fn).recover(Constant(None)) if isinstance(node, Map) else None


@mutant
def flat_map_that_goes_on_twice(node: N) -> Wrong:
    if not isinstance(node, FlatMap):
        return None
    return node.source.flat_map(node.next.bind(Constant(node.next)))


@mutant
def flat_map_that_begins_twice(node: N) -> Wrong:
    if not isinstance(node, FlatMap):
        return None
    return node.source.bind(Constant(node.source)).flat_map(node.next)


@mutant
def flat_map_that_retries(node: N) -> Wrong:
    return Flow(node).retry(1) if isinstance(node, FlatMap) else None


@mutant
def flat_map_that_goes_on_after_an_error(node: N) -> Wrong:
    if not isinstance(node, FlatMap):
        return None
    return node.source.recover(Constant(False)).flat_map(node.next)


@mutant
def bind_fed_the_value(node: N) -> Wrong:
    if not isinstance(node, Bind):
        return None
    return node.source.bind(_OnTheValue(node.k))


@dataclass(frozen=True)
class _OnTheValue:
    k: Callable[[Any], AnyFlow]

    def __call__(self, value: Any) -> AnyFlow:
        return pure(Constant(value)).flat_map(self.k(value))


@mutant
def bind_that_goes_on_twice(node: N) -> Wrong:
    return node.source.bind(_Twice(node.k)) if isinstance(node, Bind) else None


@dataclass(frozen=True)
class _Twice:
    k: Callable[[Any], AnyFlow]

    def __call__(self, value: Any) -> AnyFlow:
        return self.k(value).bind(Constant(self.k(value)))


@mutant
def bind_that_begins_twice(node: N) -> Wrong:
    return node.source.bind(Constant(Flow(node))) if isinstance(node, Bind) else None


@mutant
def named_that_retries(node: N) -> Wrong:
    return node.source.retry(1) if isinstance(node, Named) else None


# ----------------------------------------------------------------------------- products and races


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


# ----------------------------------------------------------------------------------------- choice


@mutant
def branch_that_takes_another_case(node: N) -> Wrong:
    return Flow(Match(node.types, reverse(node.flows))) if isinstance(node, Match) else None


@mutant
def branch_that_runs_the_case_twice(node: N) -> Wrong:
    if not isinstance(node, Match):
        return None
    return Flow(Match(node.types, tuple(f.bind(Constant(f)) for f in node.flows)))


@mutant
def branch_on_negated(node: N) -> Wrong:
    if not isinstance(node, BranchOn):
        return None
    return Flow(replace(node, then=node.otherwise, otherwise=node.then))


@mutant
def branch_on_that_runs_both(node: N) -> Wrong:
    if not isinstance(node, BranchOn):
        return None
    then = node.then.bind(Constant(node.otherwise.attempt())).bind(Constant(node.then))
    return Flow(replace(node, then=then))


# ---------------------------------------------------------------------------------------- failure


@mutant
def recover_that_does_not(node: N) -> Wrong:
    return node.source if isinstance(node, Recover) else None


@mutant
def recover_that_tries_again_first(node: N) -> Wrong:
    return node.source.retry(1).recover(node.handler) if isinstance(node, Recover) else None


@mutant
def recover_with_that_does_not(node: N) -> Wrong:
    return node.source if isinstance(node, RecoverWith) else None


@mutant
def recover_with_that_handles_twice(node: N) -> Wrong:
    if not isinstance(node, RecoverWith):
        return None
    return node.source.recover_with(node.handler.bind(Constant(node.handler)))


@mutant
def fallback_first(node: N) -> Wrong:
    return node.fallback.fallback_to(node.source) if isinstance(node, FallbackTo) else None


@mutant
def fallback_that_is_not_there(node: N) -> Wrong:
    return node.source if isinstance(node, FallbackTo) else None


@mutant
def fallback_run_as_well(node: N) -> Wrong:
    if not isinstance(node, FallbackTo):
        return None
    return Flow(node).tap(node.fallback.attempt())


@mutant
def attempt_that_fails(node: N) -> Wrong:
    return node.source.map(Success) if isinstance(node, Attempt) else None


@mutant
def attempt_of_which_all_is_success(node: N) -> Wrong:
    return node.source.recover(_itself).map(Success) if isinstance(node, Attempt) else None


def _itself(error: Exception) -> Exception:
    return error


@mutant
def absolve_that_yields_errors(node: N) -> Wrong:
    return node.source.map(_either) if isinstance(node, Absolve) else None


def _either(result: Any) -> Any:
    return result.failure() if isinstance(result, Failure) else result.unwrap()


@mutant
def retry_once_more(node: N) -> Wrong:
    return Flow(replace(node, times=node.times + 1)) if isinstance(node, Retry) else None


@mutant
def retry_once_less(node: N) -> Wrong:
    if not isinstance(node, Retry) or node.times == 0:
        return None
    return Flow(replace(node, times=node.times - 1))


@mutant
def retry_after_any_error(node: N) -> Wrong:
    return Flow(replace(node, on=(Exception,))) if isinstance(node, Retry) else None


@mutant
def retry_at_once(node: N) -> Wrong:
    return Flow(replace(node, backoff=Backoff())) if isinstance(node, Retry) else None


@mutant
def timeout_ignored(node: N) -> Wrong:
    return node.source if isinstance(node, Timeout) else None


@mutant
def timeout_twice_as_long(node: N) -> Wrong:
    return Flow(replace(node, seconds=2 * node.seconds)) if isinstance(node, Timeout) else None


# ----------------------------------------------------------------------------- checks and effects


@mutant
def filter_negated(node: N) -> Wrong:
    return node.source.filter(_Not(node.predicate)) if isinstance(node, Filter) else None


@dataclass(frozen=True)
class _Not:
    predicate: Callable[[Any], bool]

    def __call__(self, x: Any) -> bool:
        return not self.predicate(x)


@mutant
def filter_ignored(node: N) -> Wrong:
    return node.source if isinstance(node, Filter) else None


@mutant
def guard_ignored(node: N) -> Wrong:
    return node.source if isinstance(node, Guard) else None


@mutant
def guard_checked_twice(node: N) -> Wrong:
    return Flow(node).guard(node.check) if isinstance(node, Guard) else None


@mutant
def and_then_ignored(node: N) -> Wrong:
    return node.source if isinstance(node, AndThen) else None


@mutant
def and_then_that_yields_its_effect(node: N) -> Wrong:
    return node.source.map(node.fn) if isinstance(node, AndThen) else None


@mutant
def tap_ignored(node: N) -> Wrong:
    return node.source if isinstance(node, Tap) else None


@mutant
def tap_not_awaited(node: N) -> Wrong:
    return node.source.notify(node.side) if isinstance(node, Tap) else None


@mutant
def tap_that_yields_its_side(node: N) -> Wrong:
    return node.source.flat_map(node.side) if isinstance(node, Tap) else None


@mutant
def notify_awaited(node: N) -> Wrong:
    return node.source.tap(node.side.attempt()) if isinstance(node, Notify) else None


@mutant
def notify_that_fails(node: N) -> Wrong:
    return node.source.tap(node.side) if isinstance(node, Notify) else None


@mutant
def notify_ignored(node: N) -> Wrong:
    return node.source if isinstance(node, Notify) else None


@mutant
def divert_to_always(node: N) -> Wrong:
    return node.source.notify(node.side) if isinstance(node, DivertTo) else None


@mutant
def divert_to_that_diverts_the_value(node: N) -> Wrong:
    if not isinstance(node, DivertTo):
        return None
    return node.source.branch_on(node.when, node.side, Flow(Identity()))


# ------------------------------------------------------------------------------------------ loops


@mutant
def loop_bound_one_more(node: N) -> Wrong:
    if not isinstance(node, Loop) or node.max_iter is None:
        return None
    return Flow(replace(node, max_iter=node.max_iter + 1))


@mutant
def loop_bound_one_less(node: N) -> Wrong:
    if not isinstance(node, Loop) or node.max_iter is None or node.max_iter == 1:
        return None
    return Flow(replace(node, max_iter=node.max_iter - 1))


@mutant
def loop_run_once(node: N) -> Wrong:
    return node.body.map(_held) if isinstance(node, Loop) else None


def _held(step: Any) -> Any:
    return step.value if isinstance(step, Continue | Done) else step


@mutant
def loop_that_ends_in_an_extra_round(node: N) -> Wrong:
    if not isinstance(node, Loop):
        return None
    return Flow(node).bind(Constant(Flow(node)))


@mutant
def loop_with_state_that_forgets_it(node: N) -> Wrong:
    if not isinstance(node, LoopWithState):
        return None
    return Flow(replace(node, body=node.body.map(_Reset(node.init_state))))


@dataclass(frozen=True)
class _Reset:
    state: Any

    def __call__(self, stepped: tuple[Any, Any]) -> tuple[Any, Any]:
        return stepped[0], self.state


# ------------------------------------------------------------------ what is seen, what is inside


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
        return replace(observed, result=Failure(type(observed.result.failure())("?")))
    return observed


def any_error(error: BaseException) -> bool:
    return True


def no_error(error: BaseException) -> bool:
    return False


WRONG: tuple[Interpreter, ...] = (
    *(Rewriting(name, rewrite) for name, rewrite in REWRITES.items()),
    Distorting("losers_left_running", losers_left_running),
    Distorting("a_call_lost", a_call_lost),
    Patched("handlers_of_fatal_errors", "is_recoverable", any_error),
    Patched("handlers_of_no_error", "is_recoverable", no_error),
)
