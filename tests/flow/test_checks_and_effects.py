"""`filter`, `guard`, `and_then` and `tap`: the value passes through, or the flow fails."""

from __future__ import annotations

from typing import Any

import pytest

from everything_is_an_actor.flow import FlowFilterError, identity, pure
from tests.flow.worlds import AnyFlow, Does, World, hangs, leaf, says


def refuse(value: Any) -> Any:
    raise ValueError(value)


def is_even(n: int) -> bool:
    return n % 2 == 0


class TestFilterAndGuard:
    checked = pytest.mark.parametrize(
        "flow", [identity().filter(is_even), identity().guard(pure(is_even))], ids=str
    )

    @checked
    def test_a_value_of_which_the_check_holds_passes(self, world: World, flow: AnyFlow) -> None:
        assert world.run(flow, 4).value == 4

    @checked
    def test_any_other_value_is_a_filter_error_which_has_the_value(
        self, world: World, flow: AnyFlow
    ) -> None:
        outcome = world.run(flow, 5)
        assert type(outcome.error) is FlowFilterError
        assert isinstance(outcome.error, ValueError)
        assert outcome.error.value == 5

    @checked
    def test_a_filter_error_is_an_error_like_any_other(self, world: World, flow: AnyFlow) -> None:
        assert world.run(flow.recover(lambda error: -1), 5).value == -1

    @pytest.mark.parametrize("verdict", [0, "", None, []])
    def test_what_is_not_true_is_a_no(self, world: World, verdict: Any) -> None:
        assert type(world.run(identity().filter(lambda _: verdict), 5).error) is FlowFilterError
        assert type(world.run(identity().guard(says("c", verdict)), 5).error) is FlowFilterError

    def test_the_check_of_a_guard_runs_on_the_value_of_the_source(self, world: World) -> None:
        flow = leaf("a", lambda x: x + 1).guard(leaf("check", lambda n: Does(is_even(n), 2.0)))
        outcome = world.run(flow, 3)
        assert (outcome.value, outcome.seconds) == (4, 2.0)
        assert outcome.calls == ["a(3) completed", "check(4) completed"]

    def test_an_error_in_the_check_propagates(self, world: World) -> None:
        assert type(world.run(identity().filter(refuse), 5).error) is ValueError
        outcome = world.run(identity().guard(says("check", OSError("c"), 1.0)), 5)
        assert type(outcome.error) is OSError

    def test_a_failure_of_the_source_reaches_no_check(self, world: World) -> None:
        outcome = world.run(says("a", KeyError()).filter(refuse).guard(says("check", True)), 5)
        assert type(outcome.error) is KeyError
        assert outcome.calls == ["a(5) failed"]

    def test_guards_nest(self, world: World) -> None:
        flow: AnyFlow = identity().guard(identity().guard(pure(is_even)).map(lambda n: n > 2))
        assert world.run(flow, 4).value == 4
        assert world.run(flow, 2).error.args[0] == 2
        assert type(world.run(flow, 3).error) is FlowFilterError

    def test_it_is_cut_short_by_a_timeout_around_it(self, world: World) -> None:
        outcome = world.run(identity().guard(hangs("check")).timeout(2.0), 4)
        assert isinstance(outcome.error, TimeoutError)
        assert outcome.calls == ["check(4) cancelled"]


class TestAndThen:
    def test_the_effect_happens_and_the_value_passes(self, world: World) -> None:
        seen: list[int] = []
        assert world.run(leaf("a", lambda x: x + 1).and_then(seen.append), 3).value == 4
        assert seen == [4]

    def test_an_error_in_it_propagates(self, world: World) -> None:
        assert world.run(identity().and_then(refuse), 5).error.args == (5,)

    def test_it_does_not_happen_when_the_source_fails(self, world: World) -> None:
        seen: list[int] = []
        assert type(world.run(says("a", OSError()).and_then(seen.append), 3).error) is OSError
        assert seen == []


class TestTap:
    def test_the_side_flow_is_awaited_and_the_value_passes(self, world: World) -> None:
        flow = leaf("a", lambda x: x + 1).tap(says("side", "dropped", 2.0))
        outcome = world.run(flow, 3)
        assert (outcome.value, outcome.seconds) == (4, 2.0)
        assert outcome.calls == ["a(3) completed", "side(4) completed"]

    def test_an_error_in_it_propagates(self, world: World) -> None:
        outcome = world.run(identity().tap(says("side", OSError("s"), 2.0)), 3)
        assert outcome.error.args == ("s",)
        assert outcome.seconds == 2.0

    def test_it_does_not_run_when_the_source_fails(self, world: World) -> None:
        outcome = world.run(says("a", KeyError()).tap(says("side", 1)), 3)
        assert type(outcome.error) is KeyError
        assert outcome.calls == ["a(3) failed"]

    def test_taps_nest(self, world: World) -> None:
        flow: AnyFlow = (
            identity().tap(identity().tap(says("inner", 0)).map(str)).tap(says("after", 0))
        )
        outcome = world.run(flow, 3)
        assert outcome.value == 3
        assert outcome.calls == ["after(3) completed", "inner(3) completed"]

    def test_it_is_cut_short_by_a_timeout_around_it(self, world: World) -> None:
        outcome = world.run(identity().tap(hangs("side")).timeout(2.0), 4)
        assert isinstance(outcome.error, TimeoutError)
        assert outcome.calls == ["side(4) cancelled"]
