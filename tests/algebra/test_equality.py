"""Flows are compared by structure, functions and classes by identity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given

from everything_is_an_actor.flow import (
    Flow,
    identity,
    loop_with_state,
    on,
    pure,
    race,
)
from tests.algebra.flows import (
    DETERMINISTIC,
    SAMPLES,
    AnyFlow,
    Square,
    evaluate,
    f,
    flows,
    for_each_kind,
    g,
    samples_of,
)


def differ_in_one_field(left: AnyFlow, right: AnyFlow) -> str | None:
    if type(left.node) is not type(right.node):
        return None
    names = [field.name for field in fields(left.node)]
    different = [n for n in names if repr(getattr(left.node, n)) != repr(getattr(right.node, n))]
    return different[0] if len(different) == 1 else None


@for_each_kind
def test_the_samples_differ_in_each_field_alone(kind: type[Any]) -> None:
    samples = samples_of(kind).values()
    varied = {differ_in_one_field(*pair) for pair in combinations(samples, 2)} - {None}
    if kind.__name__ == "Match":  # as many types as flows: a case has one of each
        assert varied == {"types", "flows"}
    else:
        assert varied == {field.name for field in fields(kind)}


@for_each_kind
def test_the_same_expression_gives_an_equal_flow(kind: type[Any]) -> None:
    for expression, flow in samples_of(kind).items():
        assert (evaluate(expression) == flow) is True
        assert (evaluate(expression) != flow) is False


def test_different_expressions_give_unequal_flows() -> None:
    for left, right in combinations(SAMPLES.values(), 2):
        assert (left == right) is False
        assert (left != right) is True


@DETERMINISTIC
@given(flows(), flows())
def test_flows_are_equal_when_their_expressions_are(left: AnyFlow, right: AnyFlow) -> None:
    assert (left == right) is (repr(left) == repr(right))
    assert left == left
    assert left.zip(right) != left.flat_map(right)


def test_flat_map_is_not_associative_as_an_expression() -> None:
    a, b, c = pure(f), pure(g), pure(f)
    assert (a >> b) >> c != a >> (b >> c)


A_AND_B = "pure(f).flat_map(on(Square, pure(f)).on(Circle, pure(g)))"


@pytest.mark.parametrize(
    ("other", "expression"),
    [
        ("pure(f) >> pure(g)", "pure(f).flat_map(pure(g))"),
        ("pure(f) & pure(g)", "pure(f).zip(pure(g))"),
        ("pure(f) | pure(g)", "pure(f).fallback_to(pure(g))"),
        ("zip_all(pure(f), pure(g))", "pure(f).zip(pure(g))"),
        ("pure(f).race(pure(g))", "race(pure(f), pure(g))"),
        ("pure(f).branch(on(Square, pure(f)).on(Circle, pure(g)))", A_AND_B),
        ("pure(f).branch({Square: pure(f), Circle: pure(g)})", A_AND_B),
        ("pure(f).retry(2, on=(ValueError,))", "pure(f).retry(2, on=ValueError)"),
        ("pure(f).retry(2, on=(Exception,))", "pure(f).retry(2)"),
        ("pure(f).retry(2, backoff=Backoff())", "pure(f).retry(2)"),
        ("agent(fetch, timeout=30, name=None)", "agent(fetch)"),
        ("at_least(1, pure(f), stop_early=False)", "at_least(1, pure(f))"),
        ("traverse(pure(f), max_concurrency=None)", "traverse(pure(f))"),
        ("loop(pure(f), max_iter=10)", "loop(pure(f))"),
    ],
)
def test_two_ways_to_write_a_flow_give_the_same(other: str, expression: str) -> None:
    assert evaluate(other) == evaluate(expression)
    assert repr(evaluate(other)) == expression


def test_functions_are_compared_by_identity() -> None:
    def alike() -> Callable[[int], int]:
        return lambda n: n + 1

    first, second = alike(), alike()
    assert pure(first) == pure(first)
    assert pure(first) != pure(second)


def test_methods_of_one_object_are_the_same_function() -> None:
    words = ["a"]
    assert pure(words.count) == pure(words.count)
    assert pure(words.count) != pure(["b"].count)


class ClaimsEquality:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # equal to everything, hence of no hash


@pytest.mark.parametrize("other", [f, "pure(f)", None, 3, pure(f).node])
def test_a_flow_equals_no_other_kind_of_value(other: object) -> None:
    assert (pure(f) == other) is False
    assert (pure(f) != other) is True


def test_the_other_side_is_asked_when_it_is_no_flow() -> None:
    assert pure(f) == ClaimsEquality()


def test_an_unequal_hash_is_not_needed_to_tell_flows_apart() -> None:
    def counting(state: list[int]) -> AnyFlow:
        return loop_with_state(pure(f), init_state=state).map(f).zip(pure(g))

    assert hash(counting([1])) == hash(counting([2]))  # a list has no hash
    assert counting([1]) != counting([2])
    assert counting([1]) == counting([1])


def test_shared_parts_are_compared_once() -> None:
    """A hundred times `x.zip(x)` is a hundred nodes, of an expression of 2 ** 100."""

    def doubled(x: AnyFlow) -> AnyFlow:
        for _ in range(100):
            x = x.zip(x)
        return x

    assert doubled(pure(f)) == doubled(pure(f))
    assert doubled(pure(f)) != doubled(pure(g))
    stateful = doubled(loop_with_state(pure(f), init_state=[1]))
    assert stateful == doubled(loop_with_state(pure(f), init_state=[1]))
    assert stateful != doubled(loop_with_state(pure(f), init_state=[2]))


def test_sharing_makes_no_difference() -> None:
    part = pure(f).map(g)
    assert race(part, part) == race(pure(f).map(g), pure(f).map(g))


def test_cases_are_a_flow_like_any_other() -> None:
    cases: Flow[Square, Any] = on(Square, pure(f))
    assert cases != pure(f)
    assert cases == on(Square, pure(f))
    assert identity() != cases
