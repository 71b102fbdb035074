"""`loop` and `loop_with_state`: again and again, until the body says `Done`."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from everything_is_an_actor.flow import (
    Continue,
    Done,
    LoopLimitError,
    loop,
    loop_with_state,
    pure,
)
from tests.flow.worlds import AnyFlow, Does, World, hangs, in_turn, leaf, says


def down_to_zero(n: int) -> Continue[int] | Done[str]:
    return Continue(n - 1) if n > 0 else Done("landed")


def with_count(pair: tuple[int, int]) -> tuple[Continue[int] | Done[tuple[str, int]], int]:
    n, seen = pair
    return (Continue(n - 1) if n > 0 else Done(("landed", seen))), seen + 1


def endless(pair: Any) -> Any:
    return (Continue(pair[0] + 1), None) if isinstance(pair, tuple) else Continue(pair + 1)


either = pytest.mark.parametrize(
    "make", [loop, lambda body, **how: loop_with_state(body, init_state=0, **how)]
)


class TestLoop:
    def test_done_ends_it_with_the_value(self, world: World) -> None:
        assert world.run(loop(pure(down_to_zero)), 0).value == "landed"
        assert world.run(loop(pure(down_to_zero)), 9).value == "landed"

    def test_continue_is_the_next_input(self, world: World) -> None:
        body = leaf("a", lambda n: Does(down_to_zero(n), 1.0))
        outcome = world.run(loop(body), 2)
        assert (outcome.value, outcome.seconds) == ("landed", 3.0)
        assert outcome.calls == ["a(2) completed", "a(1) completed", "a(0) completed"]

    def test_a_failure_of_the_body_is_the_failure(self, world: World) -> None:
        outcome = world.run(loop(leaf("a", in_turn(Continue(1), KeyError("k")))), 0)
        assert outcome.error.args == ("k",)

    def test_a_loop_in_a_loop(self, world: World) -> None:
        inner = loop(pure(down_to_zero)).map(lambda _: 0)
        body: AnyFlow = inner.tap(leaf("a", str)).map(in_turn_values(Continue(3), Done("end")))
        outcome = world.run(loop(body), 2)
        assert (outcome.value, len(outcome.calls)) == ("end", 2)


class TestBounds:
    @either
    @pytest.mark.parametrize("bound", [1, 2, 7])
    def test_past_max_iter_it_is_a_limit_error_with_the_last_value(
        self, world: World, make: Any, bound: int
    ) -> None:
        outcome = world.run(make(pure(endless), max_iter=bound), 0)
        assert type(outcome.error) is LoopLimitError
        assert isinstance(outcome.error, RuntimeError)
        assert (outcome.error.max_iter, outcome.error.value) == (bound, bound)
        assert f"max_iter={bound}" in str(outcome.error)

    @either
    def test_the_body_runs_max_iter_times_and_no_more(self, world: World, make: Any) -> None:
        outcome = world.run(make(leaf("a", endless), max_iter=4), 0)
        assert len(outcome.calls) == 4

    def test_done_in_the_last_iteration_is_in_time(self, world: World) -> None:
        assert world.run(loop(pure(down_to_zero), max_iter=4), 3).value == "landed"
        assert type(world.run(loop(pure(down_to_zero), max_iter=4), 4).error) is LoopLimitError
        body = pure(with_count)
        assert world.run(loop_with_state(body, init_state=0, max_iter=4), 3).value[0] == "landed"
        outcome = world.run(loop_with_state(body, init_state=0, max_iter=4), 4)
        assert type(outcome.error) is LoopLimitError

    def test_the_default_is_ten(self, world: World) -> None:
        assert world.run(loop(pure(down_to_zero)), 9).value == "landed"
        assert type(world.run(loop(pure(down_to_zero)), 10).error) is LoopLimitError

    def test_none_is_no_bound(self, world: World) -> None:
        assert world.run(loop(pure(down_to_zero), max_iter=None), 1000).value == "landed"
        flow = loop_with_state(pure(with_count), init_state=0, max_iter=None)
        assert world.run(flow, 1000).value == ("landed", 1000)

    @either
    def test_a_limit_error_is_an_error_like_any_other(self, world: World, make: Any) -> None:
        flow = make(pure(endless), max_iter=3).recover(lambda error: error.value)
        assert world.run(flow, 0).value == 3

    @either
    def test_a_bound_holds_for_each_run_of_the_loop(self, world: World, make: Any) -> None:
        flow = make(leaf("a", endless), max_iter=3).retry(1)
        assert len(world.run(flow, 0).calls) == 6


class TestWrongYields:
    @pytest.mark.parametrize("value", [1, None, "Done", (Done(1), 2), Done])
    def test_anything_but_continue_or_done_is_a_type_error_naming_the_type(
        self, world: World, value: Any
    ) -> None:
        outcome = world.run(loop(says("a", value)), 0)
        assert type(outcome.error) is TypeError
        assert "loop: the body must give Continue or Done" in str(outcome.error)
        assert f"({type(value).__name__})" in str(outcome.error)

    @pytest.mark.parametrize("value", [1, Done(1), (Done(1),), (Done(1), 2, 3), [Done(1), 2]])
    def test_with_state_anything_but_a_pair_is_a_type_error(self, world: World, value: Any) -> None:
        outcome = world.run(loop_with_state(says("a", value), init_state=0), 0)
        assert type(outcome.error) is TypeError
        assert "must give a pair" in str(outcome.error)
        assert f"({type(value).__name__})" in str(outcome.error)

    def test_with_state_the_first_of_the_pair_is_continue_or_done(self, world: World) -> None:
        outcome = world.run(loop_with_state(says("a", (1.5, 0)), init_state=0), 0)
        assert type(outcome.error) is TypeError
        assert "(float)" in str(outcome.error)


class TestState:
    def test_it_goes_from_one_iteration_to_the_next(self, world: World) -> None:
        flow = loop_with_state(pure(with_count), init_state=10)
        assert world.run(flow, 3).value == ("landed", 13)

    def test_a_callable_init_state_is_called_once_per_run(self, world: World) -> None:
        made = count()

        def body(pair: tuple[int, list[int]]) -> Any:
            n, seen = pair
            seen.append(n)
            return (Continue(n - 1) if n > 0 else Done(tuple(seen))), seen

        def init_state() -> list[int]:
            next(made)
            return []

        flow = loop_with_state(pure(body), init_state=init_state)
        assert world.run(flow, 2).value == (2, 1, 0)
        assert world.run(flow, 1).value == (1, 0)
        assert world.run(pure(lambda n: (n, n)).map(max) >> flow.zip(flow), 1).value == (
            (1, 0),
            (1, 0),
        )
        assert next(made) == 4

    def test_what_a_callable_init_state_raises_is_the_failure(self, world: World) -> None:
        def init_state() -> int:
            raise OSError("no state")

        flow = loop_with_state(pure(with_count), init_state=init_state)
        assert world.run(flow, 2).error.args == ("no state",)

    def test_an_init_state_that_is_no_callable_is_the_state_itself(self, world: World) -> None:
        state = object()
        body: AnyFlow = pure(lambda pair: (Done(pair[1]), None))
        assert world.run(loop_with_state(body, init_state=state), 0).value is state


@either
def test_it_is_cut_short_by_a_timeout_around_it(world: World, make: Any) -> None:
    body = leaf("a", lambda x: Does(endless(x), 1.0))
    outcome = world.run(make(body, max_iter=100).timeout(2.5), 0)
    assert isinstance(outcome.error, TimeoutError)
    assert [call.ending for call in outcome.called] == ["completed", "completed", "cancelled"]
    assert isinstance(world.run(make(hangs("a")).timeout(1.0), 0).error, TimeoutError)


def in_turn_values(*values: Any) -> Any:
    left = list(values)
    return lambda _: left.pop(0)
