"""`Node` is a functor: `fmap` maps the sub-flows and keeps everything else."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

from everything_is_an_actor.algebra import node as module
from everything_is_an_actor.algebra.node import Leaf, Node, Pure, Race, RecoverWith, children, fmap
from tests.algebra.flows import KINDS, AnyFlow, f, for_each_kind, samples_of

# The fields that hold sub-flows, by the names that nodes give them.
HOLDS_ONE = {"source", "next", "body", "then", "otherwise", "fallback", "check", "side"}
HOLDS_MANY = {"flows"}


def numbered(flow: AnyFlow) -> Node[int]:
    """The node of `flow` with its sub-flows replaced by 10, 11, 12 …, in order."""
    order = {id(child): 10 + i for i, child in reversed(list(enumerate(children(flow.node))))}
    return fmap(flow.node, lambda child: order[id(child)])


def holds_flows(node: Node[Any], field: str) -> bool:
    if field == "handler":  # a flow for RecoverWith, a function for Recover
        return isinstance(node, RecoverWith)
    return field in HOLDS_ONE | HOLDS_MANY


def test_the_kinds_are_the_classes_of_the_module() -> None:
    classes = {
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    assert classes == set(KINDS) == module.KINDS
    assert len(get_args(Node.__value__)) == len(KINDS)


@for_each_kind
def test_mapping_the_identity_changes_nothing(kind: type[Any]) -> None:
    """`fmap(node, λx. x) = node`"""
    for flow in samples_of(kind).values():
        mapped = fmap(flow.node, lambda child: child)
        assert mapped == flow.node
        assert type(mapped) is kind


@for_each_kind
def test_mapping_twice_is_mapping_the_composition(kind: type[Any]) -> None:
    """`fmap(fmap(node, f), g) = fmap(node, λx. g(f(x)))`"""
    for flow in samples_of(kind).values():
        node = numbered(flow)
        mapped = fmap(fmap(node, lambda n: n * 2), str)
        assert mapped == fmap(node, lambda n: str(n * 2))
        assert children(mapped) == tuple(str(n * 2) for n in children(node))


@for_each_kind
def test_the_children_are_the_flows_of_the_fields_in_order(kind: type[Any]) -> None:
    for flow in samples_of(kind).values():
        held: list[AnyFlow] = []
        for field in fields(kind):
            if holds_flows(flow.node, field.name):
                value = getattr(flow.node, field.name)
                held += value if field.name in HOLDS_MANY else [value]
        assert list(map(id, children(flow.node))) == list(map(id, held))


@for_each_kind
def test_the_children_are_visited_in_the_order_of_the_expression(kind: type[Any]) -> None:
    for expression, flow in samples_of(kind).items():
        rest = expression
        for child in children(flow.node):
            _, found, rest = rest.partition(repr(child))
            assert found, f"{child} is not where {expression} has it"


@for_each_kind
def test_mapping_keeps_what_is_no_flow(kind: type[Any]) -> None:
    for flow in samples_of(kind).values():
        mapped = fmap(flow.node, lambda child: None)
        for field in fields(kind):
            before, after = getattr(flow.node, field.name), getattr(mapped, field.name)
            if field.name in HOLDS_MANY:
                assert after == (None,) * len(before)
            else:
                assert after is (None if holds_flows(flow.node, field.name) else before)


def test_a_leaf_has_no_children() -> None:
    assert children(Leaf(f, None, None)) == ()
    assert children(Pure(f)) == ()


def test_each_child_is_visited_once() -> None:
    visited: list[int] = []
    fmap(Race((1, 1, 2)), visited.append)
    assert visited == [1, 1, 2]
    assert children(Race((1, 1, 2))) == (1, 1, 2)
