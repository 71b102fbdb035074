"""A backoff schedule is data: the wait before each new attempt is a function of its number."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from everything_is_an_actor.flow import Backoff
from tests.algebra.flows import DETERMINISTIC

seconds = st.floats(0, 1e6)
schedules = st.builds(
    lambda low, high, factor: Backoff(min(low, high), factor=factor, maximum=max(low, high)),
    seconds,
    seconds,
    st.floats(1, 1e3),
)
attempts = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("schedule", "delays"),
    [
        (Backoff(), [0.0, 0.0, 0.0, 0.0]),
        (Backoff(1.0), [1.0, 2.0, 4.0, 8.0]),
        (Backoff(1.0, factor=1.0), [1.0, 1.0, 1.0, 1.0]),
        (Backoff(0.5, factor=3.0, maximum=4.0), [0.5, 1.5, 4.0, 4.0]),
        (Backoff(1, factor=2, maximum=3), [1, 2, 3, 3]),
    ],
    ids=repr,
)
def test_a_delay_grows_by_the_factor_up_to_the_maximum(
    schedule: Backoff, delays: list[float]
) -> None:
    assert [schedule.delay(attempt) for attempt in range(4)] == delays


@DETERMINISTIC
@given(schedules, attempts)
def test_a_delay_is_never_above_the_maximum_and_never_below_the_initial(
    schedule: Backoff, attempt: int
) -> None:
    assert schedule.initial <= schedule.delay(attempt) <= schedule.maximum


@DETERMINISTIC
@given(schedules, attempts, attempts)
def test_a_later_attempt_waits_no_less(schedule: Backoff, one: int, other: int) -> None:
    assert schedule.delay(min(one, other)) <= schedule.delay(max(one, other))


@DETERMINISTIC
@given(schedules, st.integers(0, 20))
def test_below_the_maximum_each_delay_is_the_last_one_times_the_factor(
    schedule: Backoff, attempt: int
) -> None:
    assume(schedule.delay(attempt + 1) < schedule.maximum)
    assert schedule.delay(attempt + 1) == pytest.approx(schedule.delay(attempt) * schedule.factor)


@pytest.mark.parametrize("factor", [2, 2.0, 1e308])
def test_a_delay_past_the_largest_float_is_the_maximum(factor: float) -> None:
    assert Backoff(0.1, factor=factor).delay(10**9) == 60.0
    assert Backoff(0.0, factor=factor).delay(10**9) == 0.0


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (
            {"initial": -1},
            ValueError,
            "Backoff: initial must be a finite number of seconds >= 0, got -1",
        ),
        (
            {"initial": float("nan")},
            ValueError,
            "Backoff: initial must be a finite number of seconds >= 0, got nan",
        ),
        (
            {"maximum": float("inf")},
            ValueError,
            "Backoff: maximum must be a finite number of seconds >= 0, got inf",
        ),
        (
            {"initial": "1"},
            TypeError,
            "Backoff: initial must be a number of seconds, got '1' (str)",
        ),
        (
            {"maximum": None},
            TypeError,
            "Backoff: maximum must be a number of seconds, got None (NoneType)",
        ),
        ({"factor": 0.5}, ValueError, "Backoff: factor must be a finite number >= 1, got 0.5"),
        (
            {"factor": float("inf")},
            ValueError,
            "Backoff: factor must be a finite number >= 1, got inf",
        ),
        (
            {"factor": float("nan")},
            ValueError,
            "Backoff: factor must be a finite number >= 1, got nan",
        ),
        ({"factor": "2"}, TypeError, "Backoff: factor must be a number, got '2' (str)"),
        ({"factor": True}, TypeError, "Backoff: factor must be a number, got True (bool)"),
        (
            {"initial": 90.0},
            ValueError,
            "Backoff: maximum must be at least initial, got initial=90.0, maximum=60.0",
        ),
    ],
)
def test_a_wrong_schedule_is_refused_when_it_is_built(
    arguments: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error) as caught:
        Backoff(**arguments)
    assert str(caught.value) == text


@DETERMINISTIC
@given(schedules)
def test_a_schedule_is_a_value(schedule: Backoff) -> None:
    again = pickle.loads(pickle.dumps(schedule))
    assert again == schedule
    assert hash(again) == hash(schedule)
    assert eval(repr(schedule)) == schedule


def test_schedules_that_differ_in_a_field_are_unequal() -> None:
    assert len({Backoff(), Backoff(1), Backoff(factor=3), Backoff(maximum=5)}) == 4
