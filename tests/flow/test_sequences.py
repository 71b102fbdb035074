"""One thing after the other: functions, `map`, `flat_map`, `bind`, `named`."""

from __future__ import annotations

from typing import Any

import pytest

from everything_is_an_actor.flow import Flow, identity, pure
from tests.flow.worlds import AnyFlow, World, hangs, leaf, says


def increase(n: int) -> int:
    return n + 1


def refuse(value: Any) -> Any:
    raise ValueError(value)


def test_pure_lifts_a_function(world: World) -> None:
    outcome = world.run(pure(increase), 1)
    assert (outcome.value, outcome.seconds, outcome.calls) == (2, 0.0, [])


def test_pure_fails_with_what_the_function_raises(world: World) -> None:
    outcome = world.run(pure(refuse), 1)
    assert type(outcome.error) is ValueError
    assert outcome.error.args == (1,)


def test_identity_yields_its_input_itself(world: World) -> None:
    value = [1]
    assert world.run(identity(), value).value is value


@pytest.mark.parametrize(
    "flow", [identity().flat_map(pure(increase)), pure(increase) >> identity()]
)
def test_identity_is_the_unit_of_flat_map(world: World, flow: AnyFlow) -> None:
    assert world.run(flow, 1).value == 2


def test_a_leaf_yields_what_its_agent_yields_when_it_does(world: World) -> None:
    outcome = world.run(says("a", "value", 2.0), 1)
    assert outcome.value == "value"
    assert outcome.seconds == 2.0
    assert outcome.calls == ["a(1) completed"]


def test_a_leaf_fails_with_what_its_agent_raises_when_it_does(world: World) -> None:
    outcome = world.run(says("a", KeyError("k", 7), 2.0), 1)
    assert type(outcome.error) is KeyError
    assert outcome.error.args == ("k", 7)
    assert outcome.seconds == 2.0
    assert outcome.calls == ["a(1) failed"]


def test_map_applies_the_function_to_the_value(world: World) -> None:
    assert world.run(says("a", 4).map(increase).map(str), 0).value == "5"


def test_map_fails_with_what_the_function_raises(world: World) -> None:
    outcome = world.run(says("a", 4).map(refuse).map(increase), 0)
    assert outcome.error.args == (4,)
    assert outcome.calls == ["a(0) completed"]


def test_map_does_not_call_the_function_when_its_source_fails(world: World) -> None:
    seen: list[Any] = []
    outcome = world.run(says("a", OSError()).map(seen.append), 0)
    assert type(outcome.error) is OSError
    assert seen == []


def test_flat_map_runs_one_flow_after_the_other(world: World) -> None:
    first, second = leaf("first", increase), says("second", "end", 3.0)
    outcome = world.run(says("wait", 1, 2.0) >> first >> second, 0)
    assert (outcome.value, outcome.seconds) == ("end", 5.0)
    assert outcome.calls == ["wait(0) completed", "first(1) completed", "second(2) completed"]


def test_flat_map_does_not_run_what_follows_a_failure(world: World) -> None:
    outcome = world.run(says("a", ValueError("a")) >> says("b", 1), 0)
    assert outcome.error.args == ("a",)
    assert outcome.calls == ["a(0) failed"]


@pytest.mark.parametrize("nested", [lambda a, b, c: (a >> b) >> c, lambda a, b, c: a >> (b >> c)])
def test_flat_map_is_associative(world: World, nested: Any) -> None:
    flow = nested(leaf("a", increase), says("b", 7, 1.0), leaf("c", increase))
    outcome = world.run(flow, 0)
    assert (outcome.value, outcome.seconds) == (8, 1.0)
    assert outcome.calls == ["a(0) completed", "b(1) completed", "c(7) completed"]


class TestBind:
    def test_the_value_chooses_the_flow_which_runs_on_the_original_input(
        self, world: World
    ) -> None:
        def chosen(size: int) -> Flow[str, str]:
            return pure(str.upper) if size > 2 else pure(str.lower)

        flow = leaf("size", len).bind(chosen)
        assert world.run(flow, "Abc").value == "ABC"
        assert world.run(flow, "Ab").value == "ab"

    def test_what_the_function_raises_is_the_failure(self, world: World) -> None:
        assert world.run(pure(increase).bind(refuse), 1).error.args == (2,)

    def test_the_function_is_not_called_when_the_source_fails(self, world: World) -> None:
        never: list[AnyFlow] = []
        outcome = world.run(pure(refuse).bind(lambda n: never[n]), 1)
        assert outcome.error.args == (1,)

    def test_a_failure_of_the_chosen_flow_is_the_failure(self, world: World) -> None:
        assert world.run(identity().bind(lambda n: pure(refuse)), 5).error.args == (5,)

    def test_a_function_that_returns_no_flow_is_a_type_error(self, world: World) -> None:
        not_a_flow: Any = str
        outcome = world.run(identity().bind(not_a_flow), 5)
        assert type(outcome.error) is TypeError
        assert "must return a Flow, got '5' (str)" in str(outcome.error)

    def test_the_chosen_flow_takes_its_own_time(self, world: World) -> None:
        outcome = world.run(says("a", 1, 1.0).bind(lambda n: says("b", n, 2.0)), 9)
        assert (outcome.value, outcome.seconds) == (1, 3.0)
        assert outcome.calls == ["a(9) completed", "b(9) completed"]


def test_named_means_the_same(world: World) -> None:
    outcome = world.run(says("a", 1, 2.0).named("label"), 0)
    assert (outcome.value, outcome.seconds) == (1, 2.0)
    assert world.run(pure(refuse).named("label"), 3).error.args == (3,)


@pytest.mark.parametrize("value", [None, (), (1, 2), ValueError("a value"), NotImplemented])
def test_any_value_goes_through(world: World, value: Any) -> None:
    flow: AnyFlow = identity().map(lambda x: x).named("n") >> identity()
    assert world.run(flow, value).value is value


def test_what_hangs_is_cut_short_by_a_timeout_around_it(world: World) -> None:
    flow: AnyFlow = (says("a", 1, 1.0) >> hangs("b")).map(increase).bind(lambda n: identity())
    outcome = world.run(flow.timeout(4.0), 0)
    assert isinstance(outcome.error, TimeoutError)
    assert outcome.seconds == 4.0
    assert outcome.calls == ["a(0) completed", "b(1) cancelled"]
