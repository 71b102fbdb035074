"""`at_least(n, *flows)`: a quorum, with and without `stop_early`."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.flow import QuorumError, QuorumResult, at_least, pure
from tests.flow.worlds import Actors, AnyFlow, World, hangs, leaf, says

ERRORS = [OSError("a"), KeyError("b"), ValueError("c"), LookupError("d")]


def voters(succeed: tuple[bool, ...], after: tuple[float, ...]) -> list[AnyFlow]:
    """The i-th yields `i`, or raises the i-th error."""
    return [
        says("abcd"[i], i if success else ERRORS[i], after[i]) for i, success in enumerate(succeed)
    ]


BOUNDARIES = [
    (n, succeed)
    for k in (1, 2, 3, 4)
    for n in range(1, k + 1)
    for succeed in product((True, False), repeat=k)
]


@pytest.mark.parametrize("after", [(0.0,) * 4, (2.0, 4.0, 1.0, 3.0)])
@pytest.mark.parametrize(("n", "succeed"), BOUNDARIES)
def test_all_are_awaited_and_what_they_come_to_is_in_flow_order(
    world: World, n: int, succeed: tuple[bool, ...], after: tuple[float, ...]
) -> None:
    k = len(succeed)
    expected = QuorumResult(
        tuple(i for i in range(k) if succeed[i]),
        tuple(ERRORS[i] for i in range(k) if not succeed[i]),
    )
    outcome = world.run(at_least(n, *voters(succeed, after)), 0)
    assert outcome.seconds == max(after[:k])
    assert [call.ending for call in outcome.called].count("cancelled") == 0
    if sum(succeed) >= n:
        assert outcome.value == expected
    else:
        assert isinstance(outcome.error, QuorumError)
        assert (outcome.error.n, outcome.error.k, outcome.error.result) == (n, k, expected)
        assert f"{sum(succeed)} of {k} {plural(k, 'flow')} succeeded, at least {n}" in str(
            outcome.error
        )


@pytest.mark.parametrize("after", [(0.0,) * 4, (2.0, 4.0, 1.0, 3.0), (1.0, 1.0, 1.0, 1.0)])
@pytest.mark.parametrize(("n", "succeed"), BOUNDARIES)
def test_stop_early_ends_as_soon_as_the_outcome_is_certain(
    world: World, n: int, succeed: tuple[bool, ...], after: tuple[float, ...]
) -> None:
    k = len(succeed)
    ended: list[int] = []
    for i in sorted(range(k), key=lambda i: (after[i], i)):  # ties go to the leftmost
        ended.append(i)
        successes = sum(succeed[i] for i in ended)
        if successes == n or len(ended) - successes > k - n:
            break
    ended.sort()
    expected = QuorumResult(
        tuple(i for i in ended if succeed[i]), tuple(ERRORS[i] for i in ended if not succeed[i])
    )
    outcome = world.run(at_least(n, *voters(succeed, after), stop_early=True), 0)
    assert outcome.seconds == max(after[i] for i in ended)
    if len(expected.succeeded) == n:
        assert outcome.value == expected
    else:
        assert isinstance(outcome.error, QuorumError)
        assert outcome.error.result == expected
    cancelled = {call.agent for call in outcome.called if call.ending == "cancelled"}
    assert cancelled == {"abcd"[i] for i in range(k) if after[i] > outcome.seconds}


def test_without_stop_early_it_waits_for_those_it_does_not_need(world: World) -> None:
    outcome = world.run(at_least(1, says("a", 1), says("b", 2, 5.0)), 0)
    assert outcome.value == QuorumResult((1, 2), ())
    assert outcome.seconds == 5.0


def test_with_stop_early_the_rest_are_cancelled(world: World) -> None:
    flow = at_least(2, hangs("a"), says("b", 2, 2.0), says("c", 3, 1.0), stop_early=True)
    outcome = world.run(flow, 0)
    assert outcome.value == QuorumResult((2, 3), ())
    assert outcome.calls == ["c(0) completed", "a(0) cancelled", "b(0) completed"]


def test_with_stop_early_a_lost_quorum_cancels_the_rest(world: World) -> None:
    flow = at_least(
        2, hangs("a"), says("b", KeyError(), 2.0), says("c", OSError()), stop_early=True
    )
    outcome = world.run(flow, 0)
    assert isinstance(outcome.error, QuorumError)
    assert outcome.seconds == 2.0
    assert "a(0) cancelled" in outcome.calls


@pytest.mark.parametrize("stop_early", [False, True])
def test_all_take_the_same_input(world: World, stop_early: bool) -> None:
    flow = at_least(2, leaf("a", lambda x: x + 1), leaf("b", str), stop_early=stop_early)
    assert world.run(flow, 4).value == QuorumResult((5, "4"), ())


@pytest.mark.parametrize("stop_early", [False, True])
def test_a_lost_quorum_is_an_error_like_any_other(world: World, stop_early: bool) -> None:
    flow = at_least(1, pure(int), pure(float), stop_early=stop_early).recover(
        lambda error: len(error.result.failed) if isinstance(error, QuorumError) else None
    )
    assert world.run(flow, "x").value == 2


@pytest.mark.parametrize("stop_early", [False, True])
def test_it_is_cut_short_by_a_timeout_around_it(world: World, stop_early: bool) -> None:
    flow = at_least(2, hangs("a"), says("b", 1), hangs("c"), stop_early=stop_early).timeout(3.0)
    outcome = world.run(flow, 0)
    assert isinstance(outcome.error, TimeoutError)
    assert outcome.calls == ["b(0) completed", "a(0) cancelled", "c(0) cancelled"]


class TestThoseThatAreGivenUpOn:
    """How they go is seen on actors only."""

    world = Actors()

    def test_one_that_resists_for_a_while_is_awaited(self) -> None:
        flow = at_least(1, hangs("a", resists=4.0), says("b", 2, 1.0), stop_early=True)
        outcome = self.world.run(flow, 0)
        assert outcome.value == QuorumResult((2,), ())
        assert outcome.seconds == 5.0

    @pytest.mark.parametrize("instead", ["late", OSError("late")])
    def test_what_one_comes_to_while_it_is_cancelled_does_not_count(
        self, instead: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        flow = at_least(1, hangs("a", instead=instead), says("b", 2, 1.0), stop_early=True)
        assert self.world.run(flow, 0).value == QuorumResult((2,), ())
        assert ("OSError('late')" in caplog.text) == isinstance(instead, OSError)

    def test_what_one_raises_while_it_is_cancelled_is_a_note_on_the_quorum_error(self) -> None:
        late = hangs("a", instead=OSError("late"))
        flow = at_least(2, late, says("b", KeyError(), 1.0), stop_early=True)
        outcome = self.world.run(flow, 0)
        assert isinstance(outcome.error, QuorumError)
        assert len(outcome.error.result.failed) == 1
        assert any("OSError('late')" in note for note in outcome.notes)
