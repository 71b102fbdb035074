"""Flows and their nodes never change, and building them runs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from everything_is_an_actor.flow import Backoff, Continue, Done, QuorumResult, on, pure
from tests.algebra.flows import (
    NAMES,
    AnyFlow,
    Circle,
    Ran,
    Shape,
    Square,
    evaluate,
    f,
    for_each_kind,
    g,
    samples_of,
)


@pytest.mark.parametrize("name", ["node", "steps", "_hash", "anything"])
def test_an_attribute_of_a_flow_cannot_be_set(name: str) -> None:
    flow = pure(f)
    with pytest.raises(AttributeError, match=f"^a flow is immutable: cannot set '{name}'$"):
        setattr(flow, name, 3)
    assert flow == pure(f)


@pytest.mark.parametrize("name", ["node", "steps", "_hash", "anything"])
def test_an_attribute_of_a_flow_cannot_be_deleted(name: str) -> None:
    flow = pure(f)
    with pytest.raises(AttributeError, match=f"^a flow is immutable: cannot delete '{name}'$"):
        delattr(flow, name)
    assert flow == pure(f)


@for_each_kind
def test_a_field_of_a_node_cannot_be_set(kind: type[Any]) -> None:
    for expression, flow in samples_of(kind).items():
        for field in fields(flow.node):
            with pytest.raises(FrozenInstanceError):
                setattr(flow.node, field.name, 3)
        assert flow == evaluate(expression)


@for_each_kind
def test_flows_and_nodes_have_no_dict(kind: type[Any]) -> None:
    for flow in samples_of(kind).values():
        assert not hasattr(flow, "__dict__")
        assert not hasattr(flow.node, "__dict__")


@pytest.mark.parametrize(
    "value", [Backoff(1.0), Continue(1), Done(1), QuorumResult((1,), ())], ids=repr
)
def test_the_values_are_frozen_and_slotted(value: Any) -> None:
    assert not hasattr(value, "__dict__")
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, 3)


@pytest.mark.parametrize(
    "combine",
    [
        lambda flow: flow.map(f),
        lambda flow: flow.zip(flow),
        lambda flow: flow.retry(2),
        lambda flow: flow.branch({Square: flow}),
        lambda flow: flow.named("a"),
    ],
)
def test_a_method_leaves_its_flow_as_it_was(combine: Callable[[AnyFlow], AnyFlow]) -> None:
    flow = pure(f).map(g)
    combined = combine(flow)
    assert combined != flow
    assert flow == pure(f).map(g)
    assert repr(flow) == "pure(f).map(g)"


def test_a_further_case_leaves_the_cases_as_they_were() -> None:
    one = on(Square, pure(f))
    two, other = one.on(Circle, pure(g)), one.on(Shape, pure(g))
    assert repr(one) == "on(Square, pure(f))"
    assert repr(two) == "on(Square, pure(f)).on(Circle, pure(g))"
    assert repr(other) == "on(Square, pure(f)).on(Shape, pure(g))"


def test_a_mapping_of_cases_may_change_afterwards() -> None:
    cases = {Square: pure(f)}
    flow = pure(f).branch(cases)
    cases[Circle] = pure(g)  # type: ignore[index]  # changed behind the flow's back
    assert flow == pure(f).branch({Square: pure(f)})


@for_each_kind
def test_building_a_flow_runs_nothing(kind: type[Any]) -> None:
    """Everything in the samples raises `Ran` when it is called."""
    for expression, flow in samples_of(kind).items():
        assert type(evaluate(expression)) is type(flow)


@pytest.mark.parametrize("name", ["f", "g", "h", "step", "Researcher"])
def test_what_the_samples_are_built_of_does_tell_when_it_runs(name: str) -> None:
    called: Any = NAMES[name]
    with pytest.raises(Ran):
        called() if name == "Researcher" else called(1)
