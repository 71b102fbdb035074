"""Flows to test with: one expression at least for every field of every kind, and random ones.

Everything in them is a function or class of this module, so that their text can be evaluated in its
namespace, and pickle finds them by name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from everything_is_an_actor.algebra import node
from everything_is_an_actor.flow import (
    Backoff,
    Cases,
    Continue,
    Done,
    Flow,
    agent,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    traverse,
    zip_all,
)

type AnyFlow = Flow[Any, Any]

KINDS: list[type[Any]] = sorted(node.KINDS, key=lambda kind: kind.__name__)

# Random, but the same in every run.
DETERMINISTIC = settings(derandomize=True, deadline=None, database=None, max_examples=200)


class Ran(Exception):
    """Raised by whatever is run: building a flow must not."""


def f(value: Any) -> Any:
    raise Ran


def g(value: Any) -> Any:
    raise Ran


def h(value: Any) -> Any:
    raise Ran


def step(value: Any) -> Continue[Any] | Done[Any]:
    raise Ran


def start() -> Any:
    raise Ran


async def fetch(value: Any) -> Any:
    raise Ran


async def stream(value: Any) -> AsyncIterator[Any]:
    yield f(value)


class Researcher:
    def __init__(self) -> None:
        raise Ran

    async def execute(self, value: Any) -> Any:
        raise Ran


class Echo[T]:
    async def execute(self, value: T) -> T:
        raise Ran


class Shape: ...


class Square(Shape): ...


class Circle(Shape): ...


NAMES: dict[str, Any] = {
    **{made.__name__: made for made in (agent, at_least, each, first_completed, identity, loop)},
    **{made.__name__: made for made in (loop_with_state, on, pure, race, traverse, zip_all)},
    **{named.__name__: named for named in (f, g, h, step, start, fetch, stream)},
    **{named.__name__: named for named in (Backoff, Researcher, Echo, Shape, Square, Circle)},
}


def evaluate(expression: str) -> AnyFlow:
    flow = eval(expression, dict(NAMES))
    assert isinstance(flow, Flow)
    return flow


# All different, and each as it is printed. Of every kind there are two that differ in one field
# only, for each of its fields; `test_equality.py` makes sure of it.
EXPRESSIONS = (
    "agent(Researcher)",
    "agent(fetch)",
    "agent(stream)",
    "agent(Echo)",
    "agent(Echo[int])",
    "agent(Echo[Echo[int | None]])",
    "agent(fetch, timeout=5)",
    "agent(fetch, timeout=2.5)",
    "agent(fetch, timeout=None)",
    "agent(fetch, name='reader')",
    'agent(fetch, timeout=5, name="the reader\'s")',
    "pure(f)",
    "pure(g)",
    "pure(int)",
    "identity()",
    "pure(f).map(f)",
    "pure(f).map(g)",
    "pure(g).map(f)",
    "pure(f).flat_map(pure(f))",
    "pure(f).flat_map(pure(g))",
    "pure(g).flat_map(pure(f))",
    "pure(f).flat_map(pure(g).flat_map(pure(h)))",
    "pure(f).flat_map(pure(g)).flat_map(pure(h))",
    "pure(f).bind(f)",
    "pure(f).bind(g)",
    "pure(g).bind(f)",
    "pure(f).zip(pure(g))",
    "pure(g).zip(pure(f))",
    "zip_all(pure(f), pure(g), pure(h))",
    "pure(f).zip(pure(g)).zip(pure(h))",
    "pure(f).zip(pure(g).zip(pure(h)))",
    "each(pure(f), pure(g))",
    "each(pure(g), pure(f))",
    "each(pure(f), pure(g), pure(h))",
    "race(pure(f), pure(g))",
    "race(pure(g), pure(f))",
    "race(pure(f), race(pure(g), pure(h)))",
    "race(pure(f), pure(g), pure(h))",
    "first_completed(pure(f), pure(g))",
    "first_completed(pure(g), pure(f))",
    "first_completed(pure(f), pure(g), pure(h))",
    "at_least(1, pure(f))",
    "at_least(1, pure(f), pure(g))",
    "at_least(1, pure(g), pure(f))",
    "at_least(2, pure(f), pure(g))",
    "at_least(2, pure(f), pure(g), pure(h))",
    "at_least(2, pure(f), pure(g), stop_early=True)",
    "traverse(pure(f))",
    "traverse(pure(g))",
    "traverse(pure(f), max_concurrency=2)",
    "traverse(pure(f), max_concurrency=3)",
    "on(Square, pure(f))",
    "on(Circle, pure(f))",
    "on(Square, pure(g))",
    "on(Square, pure(f)).on(Circle, pure(g))",
    "on(Circle, pure(f)).on(Square, pure(g))",
    "on(Square, pure(f)).on(Circle, pure(g)).on(Shape, pure(h))",
    "on(Square, pure(f)).map(g)",
    "pure(f).flat_map(on(Square, pure(f)).on(Circle, pure(g)))",
    "pure(f).branch_on(f, pure(f), pure(g))",
    "pure(f).branch_on(f, pure(g), pure(g))",
    "pure(f).branch_on(f, pure(f), pure(h))",
    "pure(f).branch_on(g, pure(f), pure(g))",
    "pure(g).branch_on(f, pure(f), pure(g))",
    "pure(f).recover(f)",
    "pure(f).recover(g)",
    "pure(g).recover(f)",
    "pure(f).recover_with(pure(f))",
    "pure(f).recover_with(pure(g))",
    "pure(g).recover_with(pure(f))",
    "pure(f).fallback_to(pure(f))",
    "pure(f).fallback_to(pure(g))",
    "pure(g).fallback_to(pure(f))",
    "pure(f).attempt()",
    "pure(g).attempt()",
    "pure(f).absolve()",
    "pure(g).absolve()",
    "pure(f).retry(2)",
    "pure(f).retry(3)",
    "pure(g).retry(2)",
    "pure(f).retry(2, backoff=Backoff(initial=0.1, factor=2.0, maximum=60.0))",
    "pure(f).retry(2, backoff=Backoff(initial=0.1, factor=3.0, maximum=60.0))",
    "pure(f).retry(2, backoff=Backoff(initial=0.1, factor=2.0, maximum=5.0))",
    "pure(f).retry(2, on=ValueError)",
    "pure(f).retry(2, on=(ValueError, KeyError))",
    "pure(f).retry(2, backoff=Backoff(initial=1, factor=2.0, maximum=60.0), on=ValueError)",
    "pure(f).timeout(1)",
    "pure(f).timeout(2.5)",
    "pure(g).timeout(1)",
    "pure(f).filter(f)",
    "pure(f).filter(g)",
    "pure(g).filter(f)",
    "pure(f).guard(pure(f))",
    "pure(f).guard(pure(g))",
    "pure(g).guard(pure(f))",
    "pure(f).and_then(f)",
    "pure(f).and_then(g)",
    "pure(g).and_then(f)",
    "pure(f).tap(pure(f))",
    "pure(f).tap(pure(g))",
    "pure(g).tap(pure(f))",
    "pure(f).notify(pure(f))",
    "pure(f).notify(pure(g))",
    "pure(g).notify(pure(f))",
    "pure(f).divert_to(pure(f), f)",
    "pure(f).divert_to(pure(f), g)",
    "pure(f).divert_to(pure(g), f)",
    "pure(g).divert_to(pure(f), f)",
    "loop(pure(step))",
    "loop(pure(f))",
    "loop(pure(step), max_iter=3)",
    "loop(pure(step), max_iter=None)",
    "loop_with_state(pure(step), init_state=0)",
    "loop_with_state(pure(f), init_state=0)",
    "loop_with_state(pure(step), init_state=0, max_iter=3)",
    "loop_with_state(pure(step), init_state=0, max_iter=None)",
    "loop_with_state(pure(step), init_state=start)",
    "loop_with_state(pure(step), init_state=list)",
    "loop_with_state(pure(step), init_state='a')",
    "loop_with_state(pure(step), init_state=[])",
    "loop_with_state(pure(step), init_state=[1])",
    "loop_with_state(pure(step), init_state={'seen': [1]})",
    "pure(f).named('a')",
    "pure(f).named('b')",
    "pure(g).named('a')",
)

SAMPLES = {expression: evaluate(expression) for expression in EXPRESSIONS}


def samples_of(kind: type[Any]) -> dict[str, AnyFlow]:
    """The samples whose outermost node is of that kind."""
    return {text: flow for text, flow in SAMPLES.items() if type(flow.node) is kind}


for_each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


# ------------------------------------------------------------------------------- random flows

_functions: st.SearchStrategy[Callable[[Any], Any]] = st.sampled_from([f, g, h])
_names = st.text(min_size=1, max_size=5)
_seconds = st.floats(0.001, 1e9)
_counts = st.integers(1, 9)
_bounds = st.none() | _counts
_errors = st.sampled_from([Exception, ValueError, (KeyError, OSError), (Exception,)])
_backoffs = st.none() | st.builds(
    Backoff, st.floats(0, 5), factor=st.floats(1, 4), maximum=st.floats(5, 60)
)
_states = st.one_of(
    st.none(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2)
) | st.sampled_from([start, list])


def _cases(flows: st.SearchStrategy[AnyFlow]) -> st.SearchStrategy[AnyFlow]:
    def build(types: list[type[Any]], handlers: list[AnyFlow]) -> AnyFlow:
        cases: Cases[Any, Any] = on(types[0], handlers[0])
        for case_type, handler in zip(types[1:], handlers[1:], strict=False):
            cases = cases.on(case_type, handler)
        return cases

    types = st.permutations([Square, Circle, Shape])
    return st.builds(build, types, st.lists(flows, min_size=1, max_size=3))


def _quorum(flows: list[AnyFlow], n: int, stop_early: bool) -> AnyFlow:
    return at_least(min(n, len(flows)), *flows, stop_early=stop_early)


def _of_leaves() -> dict[type[Any], st.SearchStrategy[AnyFlow]]:
    targets = st.sampled_from([Researcher, fetch, stream, Echo[int]])
    return {
        node.Leaf: st.builds(agent, targets, timeout=st.none() | _seconds, name=st.none() | _names),
        node.Pure: st.builds(pure, _functions),
        node.Identity: st.builds(identity),
    }


def _of_inner_nodes(x: st.SearchStrategy[AnyFlow]) -> dict[type[Any], st.SearchStrategy[AnyFlow]]:
    some = st.lists(x, min_size=2, max_size=4)
    return {
        node.Map: st.builds(Flow.map, x, _functions),
        node.FlatMap: st.builds(Flow.flat_map, x, x),
        node.Bind: st.builds(Flow.bind, x, _functions),
        node.ZipAll: some.map(lambda flows: zip_all(*flows)),
        node.Each: some.map(lambda flows: each(*flows)),
        node.Race: some.map(lambda flows: race(*flows)),
        node.FirstCompleted: some.map(lambda flows: first_completed(*flows)),
        node.AtLeast: st.builds(_quorum, some, st.integers(1, 4), st.booleans()),
        node.Traverse: st.builds(traverse, x, max_concurrency=_bounds),
        node.Match: _cases(x),
        node.BranchOn: st.builds(Flow.branch_on, x, _functions, x, x),
        node.Recover: st.builds(Flow.recover, x, _functions),
        node.RecoverWith: st.builds(Flow.recover_with, x, x),
        node.FallbackTo: st.builds(Flow.fallback_to, x, x),
        node.Attempt: st.builds(Flow.attempt, x),
        node.Absolve: st.builds(Flow.absolve, x),
        node.Retry: st.builds(Flow.retry, x, _counts, backoff=_backoffs, on=_errors),
        node.Timeout: st.builds(Flow.timeout, x, _seconds),
        node.Filter: st.builds(Flow.filter, x, _functions),
        node.Guard: st.builds(Flow.guard, x, x),
        node.AndThen: st.builds(Flow.and_then, x, _functions),
        node.Tap: st.builds(Flow.tap, x, x),
        node.Notify: st.builds(Flow.notify, x, x),
        node.DivertTo: st.builds(Flow.divert_to, x, x, _functions),
        node.Loop: st.builds(loop, x, max_iter=_bounds),
        node.LoopWithState: st.builds(loop_with_state, x, init_state=_states, max_iter=_bounds),
        node.Named: st.builds(Flow.named, x, _names),
    }


@cache
def flows_by_kind() -> dict[type[Any], st.SearchStrategy[AnyFlow]]:
    """For each kind, the flows whose outermost node is of that kind."""
    return _of_leaves() | _of_inner_nodes(flows())


@cache
def flows() -> st.SearchStrategy[AnyFlow]:
    """Flows of every kind, nested at random."""
    return st.recursive(
        st.one_of(list(_of_leaves().values())),
        lambda x: st.one_of(list(_of_inner_nodes(x).values())),
        max_leaves=12,
    )
