"""A flow prints as the expression that builds it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor.algebra.structure import head
from everything_is_an_actor.flow import Flow, loop, loop_with_state, pure, race, traverse
from tests.algebra.flows import (
    DETERMINISTIC,
    EXPRESSIONS,
    KINDS,
    AnyFlow,
    evaluate,
    f,
    flows,
    flows_by_kind,
    for_each_kind,
)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_flow_prints_as_its_expression(expression: str) -> None:
    assert repr(evaluate(expression)) == expression
    assert str(evaluate(expression)) == expression


def test_the_random_flows_are_of_every_kind() -> None:
    assert flows_by_kind().keys() == set(KINDS)


@for_each_kind
@settings(DETERMINISTIC, max_examples=20)
@given(data=st.data())
def test_the_text_of_every_kind_evaluates_to_an_equal_flow(
    kind: type[Any], data: st.DataObject
) -> None:
    flow = data.draw(flows_by_kind()[kind])
    assert type(flow.node) is kind
    assert evaluate(repr(flow)) == flow


@DETERMINISTIC
@given(flows())
def test_the_text_of_a_flow_evaluates_to_an_equal_flow(flow: AnyFlow) -> None:
    assert evaluate(repr(flow)) == flow


@DETERMINISTIC
@given(flows(), st.integers(0, 300))
def test_the_beginning_of_a_text_is_printed_alone(flow: AnyFlow, length: int) -> None:
    assert flow.abridged(length) == repr(flow)[:length]


def test_the_beginning_is_printed_of_a_text_too_long_to_print() -> None:
    flow: Flow[Any, Any] = pure(f)
    for _ in range(100):
        flow = flow.zip(flow)
    assert flow.abridged(30) == "pure(f).zip(pure(f)).zip(pure("


def test_a_callable_without_a_name_prints_as_itself() -> None:
    class Add:
        def __call__(self, n: int) -> int:
            return n + 1

        def __repr__(self) -> str:
            return "Add()"

    assert repr(pure(Add())) == "pure(Add())"
    cut = functools.partial(max, 3)
    assert repr(pure(cut)) == "pure(functools.partial(max, 3))"
    keyed = functools.partial(max, key=abs)
    assert repr(pure(keyed)) == f"pure(functools.partial(max, key={abs!r}))"


def test_a_method_prints_as_the_expression_that_finds_it() -> None:
    assert repr(pure(str.strip)) == "pure(str.strip)"
    assert repr(pure(int.from_bytes)) == "pure(int.from_bytes)"
    assert repr(pure("-".join)) == "pure('-'.join)"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("pure(f)", "pure(f)"),
        ("identity()", "identity()"),
        ("pure(f).map(g)", "map(g)"),
        ("pure(f).flat_map(pure(g))", "flat_map(...)"),
        ("pure(f).zip(pure(g))", "zip(...)"),
        ("zip_all(pure(f), pure(g), pure(h))", "zip_all(..., ..., ...)"),
        ("race(pure(f), pure(g))", "race(..., ...)"),
        ("on(Square, pure(f)).on(Circle, pure(g))", "on(Square, ...).on(Circle, ...)"),
        ("pure(f).branch_on(f, pure(f), pure(g))", "branch_on(f, ..., ...)"),
        ("loop(pure(step), max_iter=3)", "loop(..., max_iter=3)"),
        ("pure(f).map(g).named('a')", "named('a')"),
    ],
)
def test_the_head_of_a_node_leaves_its_flows_out(expression: str, text: str) -> None:
    assert head(evaluate(expression).node) == text


@pytest.mark.parametrize(
    "flow",
    [race(*[pure(f)] * 1000), loop_with_state(pure(f), init_state=list(range(1000)))],
    ids=["wide", "of a large state"],
)
def test_the_head_of_a_large_node_is_cut_short(flow: AnyFlow) -> None:
    assert len(head(flow.node)) == 80
    assert head(flow.node).endswith("...")


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda long: pure(f).retry(long), "pure(f).retry(<int of 16610 bits>)"),
        (lambda long: loop(pure(f), max_iter=long), "loop(pure(f), max_iter=<int of 16610 bits>)"),
        (
            lambda long: traverse(pure(f), max_concurrency=long),
            "traverse(pure(f), max_concurrency=<int of 16610 bits>)",
        ),
        (
            lambda long: loop_with_state(pure(f), init_state=[long]),
            "loop_with_state(pure(f), init_state=[<int of 16610 bits>])",
        ),
        (
            lambda long: pure(functools.partial(max, long, default=long)),
            "pure(functools.partial(max, <int of 16610 bits>, default=<int of 16610 bits>))",
        ),
    ],
    ids=["retry", "loop", "traverse", "state", "partial"],
)
def test_a_number_that_is_too_long_for_python_prints_as_its_size(
    build: Callable[[int], AnyFlow], text: str
) -> None:
    assert repr(build(10**5000)) == text
