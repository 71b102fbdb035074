"""`branch` and `branch_on`: where a value goes."""

from __future__ import annotations

from typing import Any

import pytest

from everything_is_an_actor.flow import NoBranchError, identity, on, pure
from tests.flow.worlds import AnyFlow, World, hangs, leaf, says


class Shape: ...


class Square(Shape): ...


class Circle(Shape): ...


square, circle, shape = says("square", 1), says("circle", 2), says("shape", 3)


class TestBranch:
    @pytest.mark.parametrize(
        "flow",
        [
            identity().branch(on(Square, square).on(Circle, circle).on(Shape, shape)),
            identity().branch({Square: square, Circle: circle, Shape: shape}),
            on(Square, square).on(Circle, circle).on(Shape, shape),
        ],
    )
    @pytest.mark.parametrize(("value", "expected"), [(Square(), 1), (Circle(), 2), (Shape(), 3)])
    def test_a_value_goes_to_the_case_of_its_type(
        self, world: World, flow: AnyFlow, value: Shape, expected: int
    ) -> None:
        outcome = world.run(flow, value)
        assert outcome.value == expected
        assert [call.input for call in outcome.called] == [value]

    def test_the_first_case_that_takes_it_in_order_does(self, world: World) -> None:
        assert world.run(on(Shape, shape).on(Square, square), Square()).value == 3
        assert world.run(identity().branch({Shape: shape, Square: square}), Square()).value == 3
        assert world.run(on(bool, pure(str)).on(int, pure(hex)), True).value == "True"
        assert world.run(on(int, pure(hex)).on(bool, pure(str)), True).value == "0x1"

    def test_a_value_that_no_case_takes_is_a_no_branch_error(self, world: World) -> None:
        outcome = world.run(identity().branch({Square: square, Circle: circle}), 1.5)
        assert isinstance(outcome.error, NoBranchError)
        assert isinstance(outcome.error, KeyError)
        assert str(outcome.error) == "no case for 1.5 (float): the cases are Square, Circle"
        assert outcome.calls == []

    def test_no_branch_is_an_error_like_any_other(self, world: World) -> None:
        flow: AnyFlow = identity().branch({Square: square}).recover(lambda error: type(error))
        assert world.run(flow, 1).value is NoBranchError

    def test_a_failure_of_the_source_reaches_no_case(self, world: World) -> None:
        outcome = world.run(says("a", OSError()).branch({object: shape}), 1)
        assert type(outcome.error) is OSError
        assert outcome.calls == ["a(1) failed"]

    def test_a_failure_of_the_case_is_the_failure(self, world: World) -> None:
        assert type(world.run(on(int, says("a", KeyError())), 1).error) is KeyError

    def test_it_is_cut_short_by_a_timeout_around_it(self, world: World) -> None:
        outcome = world.run(on(int, hangs("a")).timeout(2.0), 1)
        assert isinstance(outcome.error, TimeoutError)
        assert outcome.calls == ["a(1) cancelled"]


class TestBranchOn:
    flow = leaf("a", lambda x: x + 1).branch_on(
        lambda n: n > 2, says("then", 1, 1.0), says("otherwise", 0, 2.0)
    )

    def test_the_predicate_chooses_and_the_value_goes_there(self, world: World) -> None:
        outcome = world.run(self.flow, 2)
        assert (outcome.value, outcome.seconds) == (1, 1.0)
        assert outcome.calls == ["a(2) completed", "then(3) completed"]
        outcome = world.run(self.flow, 1)
        assert (outcome.value, outcome.seconds) == (0, 2.0)
        assert outcome.calls == ["a(1) completed", "otherwise(2) completed"]

    def test_what_the_predicate_raises_is_the_failure(self, world: World) -> None:
        def refuse(value: Any) -> bool:
            raise ValueError(value)

        assert world.run(identity().branch_on(refuse, square, circle), 5).error.args == (5,)

    def test_a_failure_of_the_source_reaches_neither(self, world: World) -> None:
        outcome = world.run(says("a", OSError()).branch_on(bool, square, circle), 1)
        assert type(outcome.error) is OSError
        assert outcome.calls == ["a(1) failed"]

    def test_a_failure_of_the_chosen_flow_is_the_failure(self, world: World) -> None:
        flow: AnyFlow = identity().branch_on(bool, says("then", KeyError()), circle)
        assert type(world.run(flow, 1).error) is KeyError

    def test_it_is_cut_short_by_a_timeout_around_it(self, world: World) -> None:
        outcome = world.run(identity().branch_on(bool, hangs("a"), circle).timeout(2.0), 1)
        assert isinstance(outcome.error, TimeoutError)
        assert outcome.calls == ["a(1) cancelled"]
