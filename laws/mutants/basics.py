"""Wrong meanings of leaves, functions and of what composes flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.node import Bind, FlatMap, Identity, Leaf, Map, Named, Pure
from laws.wrong import AnyFlow, N, Wrong, mutant


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


@mutant
def map_that_forgets_the_value(node: N) -> Wrong:
    return node.source.map(Constant(None)) if isinstance(node, Map) else None


@mutant
def flat_map_that_forgets_what_goes_on(node: N) -> Wrong:
    return node.source if isinstance(node, FlatMap) else None


@mutant
def flat_map_that_gives_up(node: N) -> Wrong:
    return Flow(node).timeout(1000.0) if isinstance(node, FlatMap) else None
