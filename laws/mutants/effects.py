"""Wrong meanings of checks and side flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.node import (
    AndThen,
    DivertTo,
    Filter,
    Guard,
    Identity,
    Notify,
    Tap,
)
from laws.wrong import N, Wrong, mutant


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
