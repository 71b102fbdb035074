"""What is done about errors: `recover`, `recover_with`, `fallback_to`, `attempt`, `retry`."""

from __future__ import annotations

from typing import Any

import pytest
from returns.result import Failure, Success

from everything_is_an_actor.flow import Backoff, identity, pure
from tests.flow.worlds import AnyFlow, Does, World, hangs, in_turn, leaf, says


def refuse(value: Any) -> Any:
    raise ValueError(value)


def text(error: Exception) -> str:
    return repr(error)


class TestRecover:
    def test_a_value_passes(self, world: World) -> None:
        assert world.run(says("a", 1).recover(text), 0).value == 1

    def test_an_error_becomes_what_the_handler_makes_of_it(self, world: World) -> None:
        outcome = world.run(says("a", KeyError("k"), 2.0).recover(text), 0)
        assert (outcome.value, outcome.seconds) == ("KeyError('k')", 2.0)

    def test_what_the_handler_raises_is_the_failure(self, world: World) -> None:
        outcome = world.run(says("a", KeyError("k")).recover(refuse), 0)
        assert type(outcome.error) is ValueError
        assert type(outcome.error.args[0]) is KeyError

    def test_it_handles_what_comes_before_it_not_what_comes_after(self, world: World) -> None:
        flow = pure(refuse).recover(text).map(refuse)
        assert world.run(flow, 1).error.args == ("ValueError(1)",)

    def test_the_innermost_handler_handles(self, world: World) -> None:
        flow = pure(refuse).recover(lambda e: "inner").map(str.upper).recover(lambda e: "outer")
        assert world.run(flow, 1).value == "INNER"

    def test_a_handler_that_fails_is_handled_further_out(self, world: World) -> None:
        flow = pure(refuse).recover(lambda e: [][0]).recover(lambda e: type(e).__name__)
        assert world.run(flow, 1).value == "IndexError"

    def test_the_errors_of_the_algebra_are_handled_too(self, world: World) -> None:
        assert "rejected 0" in world.run(identity().filter(bool).recover(str), 0).value
        assert "no case" in world.run(identity().branch({str: identity()}).recover(str), 0).value


class TestRecoverWith:
    def test_a_value_passes_and_the_handler_does_not_run(self, world: World) -> None:
        outcome = world.run(says("a", 1).recover_with(says("h", 2)), 0)
        assert (outcome.value, outcome.calls) == (1, ["a(0) completed"])

    def test_the_error_is_the_input_of_the_handler_flow(self, world: World) -> None:
        error = KeyError("k")
        outcome = world.run(
            says("a", error, 1.0).recover_with(leaf("h", lambda e: Does([e], 2.0))), 0
        )
        assert outcome.value[0] is error
        assert outcome.seconds == 3.0
        assert outcome.calls == ["a(0) failed", "h(KeyError('k')) completed"]

    def test_a_failure_of_the_handler_flow_is_the_failure(self, world: World) -> None:
        outcome = world.run(says("a", KeyError("k")).recover_with(says("h", OSError("h"))), 0)
        assert type(outcome.error) is OSError
        assert outcome.error.args == ("h",)

    def test_a_handler_flow_does_not_handle_its_own_failure(self, world: World) -> None:
        handler = leaf("h", in_turn(OSError("first"), "second"))
        outcome = world.run(says("a", KeyError()).recover_with(handler), 0)
        assert outcome.error.args == ("first",)

    def test_a_handler_flow_may_be_handled(self, world: World) -> None:
        handler = says("h", OSError("h")).recover(text)
        assert world.run(says("a", KeyError()).recover_with(handler), 0).value == "OSError('h')"


class TestFallbackTo:
    def test_a_value_passes_and_the_fallback_does_not_run(self, world: World) -> None:
        outcome = world.run(says("a", 1) | says("b", 2), 0)
        assert (outcome.value, outcome.calls) == (1, ["a(0) completed"])

    def test_the_fallback_runs_on_the_original_input(self, world: World) -> None:
        flow = (pure(str) >> leaf("a", refuse)).fallback_to(leaf("b", lambda x: (x, "b")))
        outcome = world.run(flow, 7)
        assert outcome.value == (7, "b")
        assert outcome.calls == ["a('7') failed", "b(7) completed"]

    def test_a_failure_of_the_fallback_is_the_failure(self, world: World) -> None:
        outcome = world.run(says("a", KeyError()) | says("b", OSError("b"), 2.0), 0)
        assert type(outcome.error) is OSError
        assert outcome.seconds == 2.0

    def test_one_fallback_after_the_other(self, world: World) -> None:
        flow = says("a", KeyError()) | says("b", OSError()) | says("c", 3) | says("d", 4)
        outcome = world.run(flow, 0)
        assert (outcome.value, len(outcome.calls)) == (3, 3)


class TestAttempt:
    def test_a_value_is_a_success(self, world: World) -> None:
        assert world.run(says("a", 1).attempt(), 0).value == Success(1)

    def test_an_error_is_a_failure_with_that_very_error(self, world: World) -> None:
        error = KeyError("k")
        result = world.run(says("a", error).attempt(), 0).value
        assert isinstance(result, Failure)
        assert result.failure() is error

    def test_absolve_is_its_inverse(self, world: World) -> None:
        assert world.run(says("a", 1).attempt().absolve(), 0).value == 1
        outcome = world.run(says("a", KeyError("k")).attempt().absolve(), 0)
        assert type(outcome.error) is KeyError
        assert outcome.error.args == ("k",)

    def test_what_absolve_raises_is_handled(self, world: World) -> None:
        flow = says("a", KeyError("k")).attempt().absolve().recover(text)
        assert world.run(flow, 0).value == "KeyError('k')"

    @pytest.mark.parametrize("value", [1, None, "Success", (1,), Failure("no exception")])
    def test_absolve_of_anything_else_is_a_type_error(self, world: World, value: Any) -> None:
        flow: AnyFlow = says("a", value).absolve()
        outcome = world.run(flow, 0)
        assert type(outcome.error) is TypeError
        assert "must be a Success, or a Failure with an exception" in str(outcome.error)

    def test_absolve_passes_a_failure_of_its_source(self, world: World) -> None:
        assert type(world.run(says("a", OSError()).absolve(), 0).error) is OSError


class TestRetry:
    def test_a_value_is_not_tried_again(self, world: World) -> None:
        outcome = world.run(says("a", 1).retry(5), 0)
        assert (outcome.value, outcome.calls) == (1, ["a(0) completed"])

    @pytest.mark.parametrize("failures", [1, 2, 3])
    def test_it_is_tried_until_it_succeeds(self, world: World, failures: int) -> None:
        script = in_turn(*[OSError()] * failures, "done")
        outcome = world.run((pure(str) >> leaf("a", script)).retry(3), 7)
        assert outcome.value == "done"
        assert outcome.calls == ["a('7') completed", *["a('7') failed"] * failures]

    @pytest.mark.parametrize("times", [0, 1, 2, 5])
    def test_after_so_many_more_the_last_error_is_raised(self, world: World, times: int) -> None:
        script = in_turn(*(OSError(i) for i in range(10)))
        outcome = world.run(leaf("a", script).retry(times), 0)
        assert outcome.error.args == (times,)
        assert len(outcome.calls) == times + 1

    def test_without_a_backoff_it_is_tried_at_once(self, world: World) -> None:
        assert world.run(says("a", OSError(), 1.0).retry(3), 0).seconds == 4.0

    def test_the_backoff_says_how_long_to_wait_before_each_new_attempt(self, world: World) -> None:
        backoff = Backoff(1.0, factor=3.0, maximum=10.0)
        outcome = world.run(says("a", OSError(), 0.5).retry(4, backoff=backoff), 0)
        assert [call.start for call in outcome.called] == [0.0, 1.5, 5.0, 14.5, 25.0]
        assert outcome.seconds == 25.5

    def test_there_is_no_wait_after_the_last_attempt(self, world: World) -> None:
        assert world.run(says("a", OSError()).retry(1, backoff=Backoff(1.0)), 0).seconds == 1.0
        assert world.run(says("a", OSError()).retry(0, backoff=Backoff(1.0)), 0).seconds == 0.0

    def test_only_errors_of_the_given_types_are_tried_again(self, world: World) -> None:
        script = in_turn(KeyError(), FileNotFoundError(), ValueError(), "done")
        outcome = world.run(leaf("a", script).retry(9, on=(LookupError, OSError)), 0)
        assert type(outcome.error) is ValueError
        assert len(outcome.calls) == 3

    def test_a_retry_in_a_retry(self, world: World) -> None:
        outcome = world.run(says("a", OSError()).retry(2).retry(1), 0)
        assert len(outcome.calls) == 6

    def test_an_outer_retry_begins_the_inner_one_anew(self, world: World) -> None:
        script = in_turn(*[OSError()] * 4, "done")
        assert world.run(leaf("a", script).retry(2).retry(1), 0).value == "done"

    def test_a_wait_is_cut_short_by_a_timeout_around_it(self, world: World) -> None:
        flow = says("a", OSError()).retry(3, backoff=Backoff(10.0)).timeout(15.0)
        outcome = world.run(flow, 0)
        assert isinstance(outcome.error, TimeoutError)
        assert outcome.seconds == 15.0
        assert len(outcome.calls) == 2


@pytest.mark.parametrize(
    "flow",
    [
        hangs("a").recover(text),
        says("a", OSError()).recover_with(hangs("b")),
        hangs("a") | says("b", 1),
        says("a", OSError()) | hangs("b"),
        hangs("a").attempt().absolve(),
        hangs("a").retry(3),
    ],
    ids=str,
)
def test_it_is_cut_short_by_a_timeout_around_it(world: World, flow: AnyFlow) -> None:
    outcome = world.run(flow.timeout(2.0), 0)
    assert isinstance(outcome.error, TimeoutError)
    assert outcome.seconds == 2.0
    assert outcome.called[-1].ending == "cancelled"
