"""Reading what was written gives an equal flow."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from everything_is_an_actor.algebra import node
from everything_is_an_actor.flow import Flow, agent, identity, loop_with_state, pure, race
from everything_is_an_actor.interpreters.documents import tree
from everything_is_an_actor.interpreters.documents.keywords import KEYWORDS
from everything_is_an_actor.interpreters.documents.problems import SerializationError
from everything_is_an_actor.interpreters.documents.reading import from_dict, from_json, from_yaml
from everything_is_an_actor.interpreters.documents.registry import Registry
from everything_is_an_actor.interpreters.documents.writing import to_dict, to_json, to_yaml
from tests.algebra.flows import DETERMINISTIC, SAMPLES, AnyFlow, flows, for_each_kind, samples_of
from tests.serialization.names import REGISTRY

type Way = Callable[[AnyFlow], AnyFlow]

WAYS: dict[str, Way] = {
    "dict": lambda flow: from_dict(to_dict(flow, REGISTRY), REGISTRY),
    "json": lambda flow: from_json(to_json(flow, REGISTRY), REGISTRY),
    "yaml": lambda flow: from_yaml(to_yaml(flow, REGISTRY), REGISTRY),
}

each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@each_way
@for_each_kind
def test_a_flow_of_every_kind_comes_back_equal(kind: type[Any], way: Way) -> None:
    for flow in samples_of(kind).values():
        assert way(flow) == flow


@each_way
@DETERMINISTIC
@given(flow=flows())
def test_a_random_flow_comes_back_equal(way: Way, flow: AnyFlow) -> None:
    assert way(flow) == flow


@DETERMINISTIC
@given(flow=flows())
def test_the_text_of_what_was_read_is_the_same_text(flow: AnyFlow) -> None:
    for write, read in ((to_json, from_json), (to_yaml, from_yaml)):
        text = write(flow, REGISTRY)
        assert write(read(text, REGISTRY), REGISTRY) == text


@pytest.mark.parametrize("flow", SAMPLES.values(), ids=SAMPLES)
def test_a_document_is_of_json_alone_and_no_two_places_of_it_are_one_object(flow: AnyFlow) -> None:
    written = to_dict(flow.zip(flow), REGISTRY)
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    seen: set[int] = set()
    pending: list[Any] = [written]
    while pending:
        value = pending.pop()
        if isinstance(value, dict | list):
            assert id(value) not in seen
            seen.add(id(value))
            pending += value.values() if isinstance(value, dict) else value


def test_every_kind_of_node_has_one_keyword() -> None:
    kinds = [keyword.kind for keyword in KEYWORDS.values()]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == node.KINDS


def work(value: Any) -> Any:
    return value


async def act(value: Any) -> Any:
    return value


NAMES = Registry.of(work, act)


def depth_of(value: Any) -> int:
    deepest, level = 0, [value]
    while level := [
        inner
        for outer in level
        if isinstance(outer, dict | list)
        for inner in (outer.values() if isinstance(outer, dict) else outer)
    ]:
        deepest += 1
    return deepest


def chain(n: int) -> AnyFlow:
    flow: AnyFlow = agent(act)
    for i in range(1, n):
        flow = flow.map(work) if i % 2 else flow.flat_map(agent(act, timeout=i))
    return flow


def test_a_chain_of_10_000_steps_is_a_list() -> None:
    written = to_dict(chain(10_000))
    assert written.keys() == {"version", "steps"}
    assert len(written["steps"]) == 10_000
    assert depth_of(written) <= 4


def nested(n: int, around: Callable[[AnyFlow], AnyFlow]) -> AnyFlow:
    flow: AnyFlow = agent(act)
    for _ in range(n):
        flow = around(flow)
    return flow


SIZES: dict[str, tuple[int, Callable[[AnyFlow], AnyFlow]]] = {
    "flat_map to the left": (30_000, lambda flow: flow.flat_map(agent(act))),
    "flat_map to the right": (30_000, lambda flow: agent(act).flat_map(flow)),
    "map": (30_000, lambda flow: flow.map(work)),
    "recover": (10_000, lambda flow: flow.recover(work)),
    "handlers": (10_000, lambda flow: agent(act).recover_with(flow)),
    "races": (10_000, lambda flow: race(flow, agent(act))),
}


@pytest.mark.parametrize(("n", "around"), SIZES.values(), ids=SIZES)
def test_a_deep_flow_comes_back_equal(n: int, around: Callable[[AnyFlow], AnyFlow]) -> None:
    flow = nested(n, around)
    written = to_dict(flow)
    assert depth_of(written) < tree.DEPTH
    assert from_dict(written, NAMES) == flow


def test_a_deep_chain_to_the_right_is_written_as_text() -> None:
    flow = nested(20_000, lambda flow: agent(act, timeout=5.5, name="step").flat_map(flow))
    assert len(to_json(flow)) < 20_000 * 400
    assert from_yaml(to_yaml(flow), NAMES) == flow


def test_a_state_that_doubles_is_refused_soon() -> None:
    state: list[Any] = [1]
    for _ in range(30):
        state = [state, state]
    with pytest.raises(SerializationError, match="more than 1,000,000 values"):
        to_dict(loop_with_state(pure(work), init_state=state))


@pytest.mark.parametrize("n", [1, 7, 8, 9, 60, 1_000])
def test_a_flow_that_shares_its_parts_is_written_in_linear_size(n: int) -> None:
    flow = nested(n, lambda part: part.zip(part))
    text = to_json(flow)
    assert len(text) < 2_000 + 1_000 * n
    assert from_json(text, NAMES) == flow


def test_a_part_that_occurs_twice_is_written_once_if_it_is_not_small() -> None:
    shared = chain(20)
    written = to_dict(race(shared, shared.timeout(5)))
    assert written["race"] == [
        {"flow": "part-1"},
        {"timeout": {"source": {"flow": "part-1"}, "seconds": 5}},
    ]
    assert list(written["flows"]) == ["part-1"]


def test_a_chain_goes_on_from_a_part_that_occurs_twice() -> None:
    shared = chain(20)
    flow = race(shared.map(work), shared >> agent(act))
    written = to_dict(flow)
    assert written["race"][0] == {"steps": [{"flow": "part-1"}, {"map": "work"}]}
    assert from_dict(written, NAMES) == flow


def test_a_shared_part_goes_by_its_label() -> None:
    shared = chain(20).named("draft")
    other = chain(21).named("draft")
    flow = race(shared, shared, other, other)
    written = to_dict(flow)
    assert list(written["flows"]) == ["draft", "part-2"]
    assert from_dict(written, NAMES) == flow


def test_what_was_read_shares_what_was_shared() -> None:
    shared = chain(20)
    read = from_dict(to_dict(race(shared, shared)), NAMES)
    assert isinstance(read.node, node.Race)
    assert read.node.flows[0] is read.node.flows[1]


def test_a_document_has_the_name_that_it_is_given() -> None:
    assert to_dict(identity(), name="Report") == {"flow": "Report", "version": 1, "identity": {}}


def test_a_state_is_written_as_it_is_now_and_read_as_its_own() -> None:
    state: list[int] = [1]
    written = to_dict(loop_with_state(pure(work), init_state=state))
    state.append(2)
    read: Flow[Any, Any] = from_dict(written, NAMES)
    written["loop_with_state"]["init_state"].append(3)
    assert isinstance(read.node, node.LoopWithState)
    assert read.node.init_state == [1]
