"""Layers and trees are values like any flow: they print, compare, hash, pickle and fold."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor.algebra.node import Leaf, Node, Pure, children
from everything_is_an_actor.flow import (
    QuorumResult,
    Registry,
    agent,
    at_least,
    bounds,
    check,
    fold,
    from_yaml,
    pure,
    to_mermaid,
    to_yaml,
)
from everything_is_an_actor.moa import LayerOutput, format_references, moa_layer, moa_tree
from everything_is_an_actor.moa.directive import handed_on, output
from tests.flow.worlds import WORLDS, AnyFlow, World


async def brief(question: str) -> str:
    return question


class Thorough:
    async def execute(self, question: str) -> str:
        return question


async def judge(answers: QuorumResult[str]) -> LayerOutput[str, str]:
    return LayerOutput(answers.succeeded[0], "shorten")


def a_layer() -> AnyFlow:
    return moa_layer([brief, Thorough, pure(str.upper)], judge, min_success=2, timeout=5.0)


def a_tree() -> AnyFlow:
    return moa_tree([a_layer(), a_layer(), moa_layer([a_layer()], pure(format_references))])


NAMES = Registry.from_module("everything_is_an_actor.moa") | Registry.of(
    brief, Thorough, judge, str.upper
)
VALUES = pytest.mark.parametrize("build", [a_layer, a_tree])


@VALUES
def test_equal_ones_are_equal_and_have_equal_hashes(build: Callable[[], AnyFlow]) -> None:
    assert build() == build()
    assert hash(build()) == hash(build())


@pytest.mark.parametrize(
    "other",
    [
        moa_layer([brief, Thorough, pure(str.upper)], judge, min_success=1, timeout=5.0),
        moa_layer([brief, Thorough, pure(str.upper)], judge, min_success=2, timeout=6.0),
        moa_layer([brief, Thorough, pure(str.lower)], judge, min_success=2, timeout=5.0),
        moa_layer([brief, Thorough], judge, min_success=2, timeout=5.0),
    ],
)
def test_other_ones_are_not_equal(other: AnyFlow) -> None:
    assert a_layer() != other
    assert moa_tree([a_layer()]) != moa_tree([other])


@VALUES
@pytest.mark.parametrize(
    "way",
    [
        lambda flow: pickle.loads(pickle.dumps(flow)),
        copy.copy,
        copy.deepcopy,
        lambda flow: from_yaml(to_yaml(flow, NAMES), NAMES),
    ],
    ids=["pickle", "copy", "deepcopy", "yaml"],
)
def test_they_come_back_equal(
    build: Callable[[], AnyFlow], way: Callable[[AnyFlow], AnyFlow]
) -> None:
    assert way(build()) == build()


@VALUES
def test_they_print_as_the_expression_that_builds_them(build: Callable[[], AnyFlow]) -> None:
    names = {
        **{value.__name__: value for value in (agent, at_least, pure, format_references)},
        **{value.__name__: value for value in (brief, Thorough, judge, handed_on, output)},
        "str": str,
    }
    assert eval(repr(build()), names) == build()


def test_a_tree_prints_its_layers_in_their_order() -> None:
    layer = moa_layer([brief], judge)
    assert repr(moa_tree([layer, layer])) == (
        "at_least(1, agent(brief)).flat_map(agent(judge))"
        ".flat_map(pure(handed_on))"
        ".flat_map(at_least(1, agent(brief)).flat_map(agent(judge)))"
        ".flat_map(pure(output))"
    )


@VALUES
def test_they_are_bounded_and_drawn(build: Callable[[], AnyFlow]) -> None:
    assert bounds(build()).must >= {brief, Thorough}
    assert "judge" in to_mermaid(build())


def test_their_types_are_checked() -> None:
    assert check(a_layer(), str).ok
    assert [
        str(finding) for finding in check(moa_tree([a_layer(), moa_layer([brief], judge)])).findings
    ] == ["at steps[3].at_least[0]: at_least: expected str, got Directed[str, str]"]


@VALUES
def test_a_fold_sees_only_what_can_be_named(build: Callable[[], AnyFlow]) -> None:
    def names(node: Node[list[Any]]) -> list[Any]:
        inside = [name for child in children(node) for name in child]
        match node:
            case Leaf(target, _, _):
                return [*inside, target]
            case Pure(fn):
                return [*inside, fn]
            case _:
                return inside

    for value in fold(names, build()):
        assert "<lambda>" not in value.__qualname__
        assert "<locals>" not in value.__qualname__
        assert pickle.loads(pickle.dumps(value)) is value


@pytest.mark.parametrize(
    "value", [LayerOutput("a", [1]), LayerOutput(LayerOutput(1, 2), None)], ids=repr
)
def test_a_layer_output_is_a_value(value: LayerOutput[Any, Any]) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert eval(repr(value)) == value
    with pytest.raises(AttributeError):
        value.result = 3  # type: ignore[misc]  # it is frozen
    assert not hasattr(value, "__dict__")


# ----------------------------------------------------------------------------------------- size


LAYERS = 10_000


def count(quorum: QuorumResult[int]) -> int:
    return quorum.succeeded[0] + 1


def count_on(quorum: QuorumResult[Any]) -> LayerOutput[int, str]:
    told = quorum.succeeded[0]
    number = told["input"] if isinstance(told, dict) else told
    return LayerOutput(number + 1, "go on")


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("aggregator", [count, count_on])
def test_a_tree_of_ten_thousand_layers_runs(
    world: World, aggregator: Callable[[QuorumResult[int]], Any]
) -> None:
    step: AnyFlow = pure(lambda x: x)
    layer: AnyFlow = moa_layer([step], pure(aggregator), timeout=None)
    assert world.run(moa_tree([layer] * LAYERS), 0).value == LAYERS


def test_a_tree_of_ten_thousand_layers_is_a_value() -> None:
    def build() -> AnyFlow:
        return moa_tree([moa_layer([brief, Thorough], judge) for _ in range(LAYERS)])

    tree = build()
    assert tree == build()
    assert hash(tree) == hash(build())
    assert repr(tree).count("agent(brief)") == LAYERS
    assert pickle.loads(pickle.dumps(tree)) == tree


def test_trees_within_trees_may_be_ten_thousand_deep() -> None:
    tree: AnyFlow = moa_layer([brief], judge)
    for _ in range(LAYERS):
        tree = moa_tree([moa_layer([tree], judge)])
    assert repr(tree).startswith("at_least(1, at_least(1,")
    assert pickle.loads(pickle.dumps(tree)) == tree
