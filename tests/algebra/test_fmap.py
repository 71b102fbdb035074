"""`Node` is a functor: `fmap` maps the sub-flows and keeps everything else."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

import pytest

from everything_is_an_actor.algebra import node as module
from everything_is_an_actor.algebra.node import Leaf, Node, Pure, Race, children, fmap
from tests.algebra.flows import EXPRESSIONS, KINDS, SAMPLES, AnyFlow, f

# The fields that hold sub-flows, by the names that nodes give them.
HOLDS_ONE = {"source", "next", "body", "then", "otherwise", "fallback", "check", "side"}
HOLDS_MANY = {"flows"}


def numbered(flow: AnyFlow) -> Node[int]:
    """The node of `flow` with its sub-flows replaced by 10, 11, 12 …, in order."""
    order = {id(child): 10 + i for i, child in reversed(list(enumerate(children(flow.node))))}
    return fmap(flow.node, lambda child: order[id(child)])


def fields_that_hold_flows(node: Node[Any]) -> list[Any]:
    found: list[Any] = []
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name in HOLDS_MANY:
            found += value
        elif field.name in HOLDS_ONE or (field.name, type(node)) == ("handler", module.RecoverWith):
            found.append(value)
    return found


def test_the_kinds_are_the_classes_of_the_module() -> None:
    classes = {
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    assert classes == set(KINDS) == module.KINDS
    assert len(get_args(Node.__value__)) == len(KINDS)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_mapping_the_identity_changes_nothing(expression: str) -> None:
    """`fmap(node, λx. x) = node`"""
    node = SAMPLES[expression].node
    mapped = fmap(node, lambda child: child)
    assert mapped == node
    assert type(mapped) is type(node)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_mapping_twice_is_mapping_the_composition(expression: str) -> None:
    """`fmap(fmap(node, f), g) = fmap(node, λx. g(f(x)))`"""
    node = numbered(SAMPLES[expression])
    mapped = fmap(fmap(node, lambda n: n * 2), str)
    assert mapped == fmap(node, lambda n: str(n * 2))
    assert children(mapped) == tuple(str(n * 2) for n in children(node))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_children_are_the_flows_of_the_fields_in_order(expression: str) -> None:
    node = SAMPLES[expression].node
    assert list(map(id, children(node))) == list(map(id, fields_that_hold_flows(node)))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_children_are_visited_in_the_order_of_the_expression(expression: str) -> None:
    places, start = [], 0
    for child in children(SAMPLES[expression].node):
        start = expression.index(repr(child), start)
        places.append(start)
        start += len(repr(child))
    assert places == sorted(places)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_mapping_keeps_what_is_no_flow(expression: str) -> None:
    node = SAMPLES[expression].node
    mapped = fmap(node, lambda child: None)
    for field in fields(node):
        before, after = getattr(node, field.name), getattr(mapped, field.name)
        if field.name in HOLDS_MANY:
            assert after == (None,) * len(before)
        elif after is not None:
            assert after is before


def test_a_leaf_has_no_children() -> None:
    assert children(Leaf(f, None, None)) == ()
    assert children(Pure(f)) == ()


def test_each_child_is_visited_once() -> None:
    visited: list[int] = []
    fmap(Race((1, 1, 2)), visited.append)
    assert visited == [1, 1, 2]
    assert children(Race((1, 1, 2))) == (1, 1, 2)
