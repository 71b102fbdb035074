"""`.timeout(seconds)`, and the timeout of a leaf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor.flow import FlowTimeoutError, agent, identity, pure, race, traverse
from tests.flow.worlds import Actors, AnyFlow, Does, World, hangs, leaf, says


def of_the_leaf(seconds: float, value: Any, after: float, **how: Any) -> AnyFlow:
    return leaf("a", lambda _: Does(value, after, **how), timeout=seconds)


def around_the_leaf(seconds: float, value: Any, after: float, **how: Any) -> AnyFlow:
    return says("a", value, after, **how).timeout(seconds)


def around_a_flow(seconds: float, value: Any, after: float, **how: Any) -> AnyFlow:
    return (identity() >> says("a", value, after, **how)).map(lambda x: x).timeout(seconds)


NEVER = float("inf")

limited = pytest.mark.parametrize("limit", [of_the_leaf, around_the_leaf, around_a_flow])


@limited
@pytest.mark.parametrize("after", [0.0, 1.0, 1.999])
def test_what_ends_in_time_is_not_touched(
    world: World, limit: Callable[..., AnyFlow], after: float
) -> None:
    outcome = world.run(limit(2.0, "value", after), 0)
    assert (outcome.value, outcome.seconds) == ("value", after)
    outcome = world.run(limit(2.0, KeyError("k"), after), 0)
    assert type(outcome.error) is KeyError
    assert outcome.seconds == after


@limited
@pytest.mark.parametrize("after", [2.0, 2.001, NEVER])
@pytest.mark.parametrize("value", ["value", KeyError("k")])
def test_past_its_time_it_is_cancelled(
    world: World, limit: Callable[..., AnyFlow], after: float, value: Any
) -> None:
    outcome = world.run(limit(2.0, value, after), 0)
    assert type(outcome.error) is FlowTimeoutError
    assert isinstance(outcome.error, TimeoutError)
    assert outcome.error.seconds == 2.0
    assert "did not finish within 2 s" in str(outcome.error)
    assert outcome.seconds == 2.0
    assert [call.end for call in outcome.called] == [2.0]


@limited
def test_a_timeout_is_an_error_like_any_other(world: World, limit: Callable[..., AnyFlow]) -> None:
    outcome = world.run(limit(2.0, None, NEVER).recover(lambda e: "late") >> says("b", 1, 1.0), 0)
    assert (outcome.value, outcome.seconds) == (1, 3.0)


def test_a_leaf_without_a_timeout_may_take_for_ever(world: World) -> None:
    assert world.run(leaf("a", lambda _: Does("value", 1e5), timeout=None), 0).seconds == 1e5


def test_the_timeout_of_a_leaf_is_thirty_seconds_unless_another_is_given(world: World) -> None:
    flow = hangs("a")
    target = flow.node.target  # type: ignore[union-attr]  # it is a leaf
    outcome = world.run(agent(target), 0)
    assert isinstance(outcome.error, FlowTimeoutError)
    assert outcome.seconds == 30.0


@pytest.mark.parametrize(("inner", "outer"), [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0)])
def test_of_nested_timeouts_the_shorter_one_counts(
    world: World, inner: float, outer: float
) -> None:
    outcome = world.run(hangs("a").timeout(inner).map(str).timeout(outer), 0)
    assert isinstance(outcome.error, FlowTimeoutError)
    assert outcome.error.seconds == outcome.seconds == min(inner, outer)


def test_an_outer_timeout_does_not_begin_anew(world: World) -> None:
    flow = hangs("a").timeout(2.0).retry(9).timeout(5.0)
    outcome = world.run(flow, 0)
    assert outcome.seconds == 5.0
    assert [call.start for call in outcome.called] == [0.0, 2.0, 4.0]


def test_an_inner_timeout_that_is_handled_is_not_that_of_the_outer(world: World) -> None:
    flow = hangs("a").timeout(1.0).recover(lambda e: "late").timeout(5.0)
    assert world.run(flow, 0).value == "late"


def test_each_use_of_a_timeout_has_a_time_of_its_own(world: World) -> None:
    flow = says("a", 1, 1.5).timeout(2.0)
    assert world.run(flow >> flow >> flow, 0).seconds == 4.5
    assert world.run(flow & flow, 0).seconds == 1.5


def test_a_timeout_in_a_race_is_a_failure_of_that_racer(world: World) -> None:
    assert world.run(race(hangs("a").timeout(1.0), says("b", 2, 3.0)), 0).value == 2


def test_a_timeout_for_each_element_of_a_traverse(world: World) -> None:
    body = hangs("a").timeout(1.0).recover(lambda e: "late")
    outcome = world.run(traverse(body, max_concurrency=2), range(5))
    assert (outcome.value, outcome.seconds) == (("late",) * 5, 3.0)


def test_what_needs_no_time_is_never_late(world: World) -> None:
    assert world.run(pure(str).timeout(1e-9), 7).value == "7"


class TestWhatIsCancelledForItsTime:
    """How it goes is seen on actors only."""

    world = Actors()

    @limited
    def test_its_finalisers_run_before_the_error_is_seen(self, limit: Any) -> None:
        outcome = self.world.run(limit(2.0, None, NEVER, resists=3.0), 0)
        assert isinstance(outcome.error, FlowTimeoutError)
        assert outcome.seconds == 5.0

    @limited
    def test_what_it_yields_in_spite_of_it_is_dropped(self, limit: Any) -> None:
        outcome = self.world.run(limit(2.0, None, NEVER, instead="value"), 0)
        assert isinstance(outcome.error, FlowTimeoutError)

    @limited
    def test_what_it_raises_in_spite_of_it_is_a_note(self, limit: Any) -> None:
        outcome = self.world.run(limit(2.0, None, NEVER, instead=OSError("late")), 0)
        assert isinstance(outcome.error, FlowTimeoutError)
        assert any("OSError('late')" in note for note in outcome.notes)

    @limited
    @pytest.mark.parametrize("fatal", [MemoryError("m"), KeyboardInterrupt("k"), SystemExit(3)])
    def test_a_fatal_error_that_it_raises_goes_through(
        self, limit: Any, fatal: BaseException
    ) -> None:
        outcome = self.world.run(limit(2.0, None, NEVER, instead=fatal).recover(str), 0)
        assert type(outcome.error) is type(fatal)
        assert outcome.error.args == fatal.args
