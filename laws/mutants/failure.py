"""Wrong meanings of what handles errors, and of timeouts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from returns.result import Failure, Success

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.node import (
    Absolve,
    Attempt,
    FallbackTo,
    Recover,
    RecoverWith,
    Retry,
    Timeout,
)
from laws.wrong import N, Wrong, mutant


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


@mutant
def recover_with_that_loses_the_value(node: N) -> Wrong:
    if not isinstance(node, RecoverWith):
        return None
    return node.source.map(Constant(None)).recover_with(node.handler)


@mutant
def retry_without_a_longest_wait(node: N) -> Wrong:
    if not isinstance(node, Retry):
        return None
    return Flow(replace(node, backoff=replace(node.backoff, maximum=1e9)))


@mutant
def timeout_that_loses_the_value(node: N) -> Wrong:
    return Flow(node).map(Constant(None)) if isinstance(node, Timeout) else None


@mutant
def timeout_of_a_timeout_ignored(node: N) -> Wrong:
    if not (isinstance(node, Timeout) and isinstance(node.source.node, Timeout)):
        return None
    return node.source
