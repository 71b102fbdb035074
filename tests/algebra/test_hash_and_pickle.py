"""Equal flows have equal hashes, and a flow survives pickling and copying."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given

from everything_is_an_actor.flow import Cases, Flow, agent, loop_with_state, on, pure, race
from tests.algebra.flows import (
    DETERMINISTIC,
    EXPRESSIONS,
    SAMPLES,
    AnyFlow,
    Circle,
    Square,
    evaluate,
    f,
    fetch,
    flows,
    for_each_kind,
    g,
    samples_of,
)


def pickled(flow: AnyFlow, protocol: int | None = None) -> AnyFlow:
    back = pickle.loads(pickle.dumps(flow, protocol))
    assert isinstance(back, Flow)
    return back


WAYS_BACK = (
    *(
        pytest.param(partial(pickled, protocol=protocol), id=f"pickle-{protocol}")
        for protocol in (0, 2, pickle.HIGHEST_PROTOCOL)
    ),
    pytest.param(copy.copy, id="copy"),
    pytest.param(copy.deepcopy, id="deepcopy"),
)

# ------------------------------------------------------------------------------------- hash


@for_each_kind
def test_equal_flows_have_equal_hashes(kind: type[Any]) -> None:
    for expression, flow in samples_of(kind).items():
        assert hash(evaluate(expression)) == hash(flow)


def test_different_flows_have_different_hashes() -> None:
    """But for states without a hash, of which the type alone counts."""
    hashed = [flow for text, flow in SAMPLES.items() if "state=[" not in text]
    assert len({hash(flow) for flow in hashed}) == len(hashed)


def test_flows_are_the_keys_of_a_dict() -> None:
    index = {flow: text for text, flow in SAMPLES.items()}
    assert [index[evaluate(text)] for text in EXPRESSIONS] == list(EXPRESSIONS)


@pytest.mark.parametrize(
    "state",
    [[], {}, set(), bytearray(), ([], 1), memoryview(bytearray())],
    ids=lambda state: type(state).__name__,
)
def test_a_state_without_a_hash_does_not_keep_a_flow_from_having_one(state: Any) -> None:
    flow: AnyFlow = loop_with_state(pure(f), init_state=state)
    assert hash(flow) == hash(loop_with_state(pure(f), init_state=state))
    assert hash(flow) != hash(loop_with_state(pure(g), init_state=state))
    assert hash(flow) != hash(loop_with_state(pure(f), init_state=state, max_iter=3))
    assert hash(flow) != hash(loop_with_state(pure(f), init_state=None))


def test_a_state_without_a_hash_counts_by_its_type() -> None:
    states: list[Any] = [[], {}, set(), bytearray()]
    assert len({hash(loop_with_state(pure(f), init_state=state)) for state in states}) == 4


def test_the_hash_of_a_flow_never_changes() -> None:
    state = [1]
    flow: AnyFlow = loop_with_state(pure(f), init_state=state)
    before = hash(flow)
    state.append(2)
    assert hash(flow) == before == hash(flow.map(g).node.source)  # type: ignore[union-attr]  # a Map


def test_a_callable_without_a_hash_can_be_lifted() -> None:
    class Unhashable:
        __hash__ = None  # type: ignore[assignment]  # that is the case in question

        def __call__(self, value: int) -> int:
            return value

    unhashable = Unhashable()
    assert hash(pure(unhashable)) == hash(pure(unhashable))
    assert pure(unhashable) == pure(unhashable)


# -------------------------------------------------------------------------- pickle and copy


@pytest.mark.parametrize("back", WAYS_BACK)
@for_each_kind
def test_a_flow_comes_back_equal(kind: type[Any], back: Callable[[AnyFlow], AnyFlow]) -> None:
    for expression, flow in samples_of(kind).items():
        again = back(flow)
        assert again == flow
        assert hash(again) == hash(flow)
        assert type(again) is type(flow)
        assert repr(again) == expression


@DETERMINISTIC
@given(flows())
def test_a_random_flow_comes_back_equal(flow: AnyFlow) -> None:
    assert pickled(flow) == flow
    assert copy.deepcopy(flow) == flow


def test_cases_come_back_as_cases() -> None:
    cases = pickle.loads(pickle.dumps(on(Square, pure(f))))
    assert type(cases) is Cases
    assert cases.on(Circle, pure(g)) == on(Square, pure(f)).on(Circle, pure(g))
    inner = pickled(pure(f).branch(on(Square, pure(f))))
    assert type(inner.node.next) is Cases  # type: ignore[union-attr]  # a FlatMap


def test_a_flow_comes_back_within_other_values() -> None:
    flow = agent(fetch).map(f)
    value = {"flows": [flow, (flow,)]}
    back = pickle.loads(pickle.dumps(value))
    assert back == value
    assert back["flows"][0] is back["flows"][1][0]


def test_a_deep_copy_has_a_state_of_its_own() -> None:
    flow: AnyFlow = loop_with_state(pure(f), init_state=[1])
    deep, shallow = copy.deepcopy(flow), copy.copy(flow)
    assert deep.node.init_state is not flow.node.init_state  # type: ignore[union-attr]  # a LoopWithState
    assert shallow.node.init_state is flow.node.init_state  # type: ignore[union-attr]  # a LoopWithState


def shared_parts(flow: AnyFlow) -> list[int]:
    """For each node down the left, how many of its flows are different objects."""
    counts = []
    while hasattr(flow.node, "flows"):
        counts.append(len({id(part) for part in flow.node.flows}))
        flow = flow.node.flows[0]
    return counts


@pytest.mark.parametrize("back", WAYS_BACK)
def test_shared_parts_come_back_shared(back: Callable[[AnyFlow], AnyFlow]) -> None:
    flow: AnyFlow = pure(f)
    for _ in range(100):
        flow = flow.zip(flow)
    assert shared_parts(flow) == [1] * 100
    assert shared_parts(back(flow)) == [1] * 100
    assert back(flow) == flow


def test_parts_that_are_not_shared_stay_apart() -> None:
    assert shared_parts(pickled(race(pure(f), pure(f), pure(g)))) == [3]


def test_a_shared_part_is_pickled_once() -> None:
    def doubled(times: int) -> AnyFlow:
        flow: AnyFlow = pure(f)
        for _ in range(times):
            flow = flow.zip(flow)
        return flow

    assert len(pickle.dumps(doubled(100))) < 2 * len(pickle.dumps(doubled(50)))


def test_a_flow_of_a_lambda_cannot_be_pickled() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(pure(lambda value: value))
