"""One fold gives every static meaning: in linear time, constant stack, shared parts once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from everything_is_an_actor.flow import (
    Cases,
    Flow,
    at_least,
    fold,
    loop,
    nodes,
    pure,
    race,
    zip_all,
)
from everything_is_an_actor.flow.nodes import Node, Pure, children
from tests.algebra.flows import (
    DETERMINISTIC,
    KINDS,
    SAMPLES,
    AnyFlow,
    evaluate,
    f,
    flows,
    for_each_kind,
    g,
    h,
    samples_of,
    step,
)


def size(node: Node[int]) -> int:
    return 1 + sum(children(node))


def depth(node: Node[int]) -> int:
    return 1 + max(children(node), default=0)


def test_every_kind_of_node_is_public() -> None:
    assert {getattr(nodes, name) for name in nodes.__all__} == {*KINDS, Node, children}


@pytest.mark.parametrize(
    ("flow", "count", "levels"),
    [
        (pure(f), 1, 1),
        (pure(f).map(g), 2, 2),
        (pure(f) >> pure(g) >> pure(h), 5, 3),
        (pure(f) >> (pure(g) >> pure(h).map(f)), 6, 4),
        (zip_all(pure(f), pure(g), pure(h)), 4, 2),
        (loop(race(pure(step), pure(step).retry(2))), 5, 4),
        (at_least(1, pure(f), pure(g).recover_with(pure(h))).named("a"), 6, 4),
    ],
    ids=repr,
)
def test_a_fold_counts_nodes_and_levels(flow: AnyFlow, count: int, levels: int) -> None:
    assert fold(size, flow) == count
    assert fold(depth, flow) == levels


@DETERMINISTIC
@given(flows())
def test_a_fold_is_the_recursive_definition(flow: AnyFlow) -> None:
    def recursive(x: AnyFlow) -> int:
        return 1 + sum(map(recursive, children(x.node)))

    assert fold(size, flow) == recursive(flow)


@for_each_kind
def test_folding_with_the_constructor_gives_the_flow_back(kind: type[Any]) -> None:
    """`fold(Flow, f) = f`: the flows are the initial algebra."""
    for flow in samples_of(kind).values():
        assert fold(Flow, flow) == flow


@DETERMINISTIC
@given(flows())
def test_folding_with_the_constructor_gives_a_random_flow_back(flow: AnyFlow) -> None:
    assert fold(Flow, flow) == flow


def test_the_algebra_sees_every_kind() -> None:
    kinds: set[type[Any]] = set()

    def note(node: Node[None]) -> None:
        kinds.add(type(node))

    for flow in SAMPLES.values():
        fold(note, flow)
    assert kinds == set(KINDS)


def test_the_algebra_sees_the_leaves_first_and_from_the_left() -> None:
    seen: list[str] = []

    def note(node: Node[int]) -> int:
        seen.append(f"{type(node).__name__}{list(children(node))}")
        return len(seen)

    fold(note, evaluate("race(pure(f).map(f), pure(g), pure(h)).branch_on(f, pure(f), pure(g))"))
    assert seen == [
        "Pure[]",
        "Map[1]",
        "Pure[]",
        "Pure[]",
        "Race[2, 3, 4]",
        "Pure[]",
        "Pure[]",
        "BranchOn[5, 6, 7]",
    ]


def test_a_shared_part_is_folded_once() -> None:
    folded: list[type[Any]] = []

    def count(node: Node[int]) -> int:
        folded.append(type(node))
        return size(node)

    flow: AnyFlow = pure(f)
    for _ in range(100):
        flow = flow.zip(flow)
    assert fold(count, flow) == 2**101 - 1
    assert len(folded) == 101


def test_equal_parts_that_are_not_shared_are_folded_each() -> None:
    folded: list[Node[None]] = []
    fold(folded.append, race(pure(f), pure(f)))
    assert len(folded) == 3


def test_a_result_may_be_anything() -> None:
    def falsy(node: Node[tuple[()] | None]) -> tuple[()] | None:
        return None if isinstance(node, Pure) else ()

    assert fold(falsy, pure(f)) is None
    assert fold(falsy, race(pure(f), pure(f))) == ()


def test_an_error_of_the_algebra_is_the_error_of_the_fold() -> None:
    def refuse(node: Node[int]) -> int:
        if isinstance(node, Pure) and node.fn is g:
            raise ValueError("no g")
        return size(node)

    with pytest.raises(ValueError, match=r"^no g$"):
        fold(refuse, race(pure(f), pure(g)))


def test_cases_are_folded_like_any_flow() -> None:
    cases = evaluate("on(Square, pure(f)).on(Circle, pure(g).map(h))")
    assert isinstance(cases, Cases)
    assert fold(size, cases) == 4


# ------------------------------------------------------------------------ the steps of a chain


@pytest.mark.parametrize(
    ("expression", "steps"),
    [
        ("pure(f)", 1),
        ("pure(f).map(f)", 2),
        ("pure(f).map(f).map(g)", 3),
        ("pure(f) >> pure(g) >> pure(h)", 3),
        ("pure(f) >> (pure(g) >> pure(h).map(f))", 4),
        ("pure(f).zip(pure(f).map(g))", 1),
        ("(pure(f) >> pure(g)).recover(f)", 1),
        ("(pure(f) >> pure(g)).recover(f).map(g)", 2),
        ("pure(f).branch({Square: pure(f).map(g)})", 2),
    ],
)
def test_a_flow_knows_the_steps_of_the_chain_that_ends_in_it(expression: str, steps: int) -> None:
    assert evaluate(expression).steps == steps


@DETERMINISTIC
@given(flows(), flows(), flows())
def test_a_chain_has_as_many_steps_however_it_is_nested(a: AnyFlow, b: AnyFlow, c: AnyFlow) -> None:
    assert (a >> b >> c).steps == (a >> (b >> c)).steps == a.steps + b.steps + c.steps
