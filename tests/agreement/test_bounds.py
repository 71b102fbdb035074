"""What is said of a flow beforehand holds of every run of it: no dry run falls outside its bounds.

The times here are small multiples of powers of two, whose sums are exact: no comparison needs a
tolerance. Ties are welcome.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from itertools import accumulate, count
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from returns.result import Success

from everything_is_an_actor.algebra import node
from everything_is_an_actor.flow import (
    Bounds,
    Continue,
    Done,
    Flow,
    agent,
    bounds,
    loop,
)
from everything_is_an_actor.interpreters.reference import Answer, Call, Evaluation, evaluate
from tests.flow.programs import MAKE, _Growth

type AnyFlow = Flow[Any, Any]
type Script = Callable[[Any], Any]

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=500)
ERRORS: list[BaseException] = [
    ValueError("v"),
    KeyError("k"),
    MemoryError("fatal"),
    asyncio.CancelledError("fatal"),
]
TIMES = [0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, math.inf]


# --------------------------------------------------------------------------- runs and their bounds


def peak(calls: Iterable[Call]) -> int:
    """How many calls there are at the same time, at most. One that takes no time is at none."""
    spans = [(call.start, call.end) for call in calls if call.start < call.end]
    changes = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    return max(accumulate(change for _, change in changes), default=0)


def assert_within(found: Bounds, meaning: Evaluation) -> None:
    called = {call.agent for call in meaning.calls}
    assert found.must <= called
    assert found.least_calls <= len(meaning.calls)
    if isinstance(meaning.result, Success):
        assert found.must_to_succeed <= called
        assert found.least_calls_to_succeed <= len(meaning.calls)
    if found.complete:
        assert called <= found.may
    assert len(meaning.calls) <= found.most_calls
    assert meaning.seconds <= found.seconds
    for call in meaning.calls:
        assert call.end <= (found.seconds if call.side is None else found.seconds_with_sides)
    assert peak(meaning.calls) <= found.peak_concurrency


class _Crowd(_Growth):
    """Programs of a few agents, each called in several places, that do something else each time."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.scripts: dict[Any, Script] = {}
        self.targets = [self.target(f"a{i}") for i in range(self.pick(1, 2, 4, 8))]

    def unit(self) -> float:
        return self.pick(0.25, 0.5, 1.0)

    def target(self, name: str) -> Any:
        async def act(x: int) -> int:
            raise NotImplementedError

        act.__name__ = name
        numbers = st.integers(-3, 9)
        values: st.SearchStrategy[Any] = st.one_of(numbers, numbers, st.sampled_from(ERRORS))
        answers = st.builds(Answer, values, st.sampled_from(TIMES))
        told = self.draw(st.lists(answers, min_size=1, max_size=4))
        turn = count()
        self.scripts[act] = lambda _: told[next(turn) % len(told)]
        return act

    def agent(self) -> AnyFlow:
        return agent(self.pick(*self.targets), timeout=self.pick(None, 0.5, 1.0, 2.0, 4.0, 8.0))

    def some(self, depth: int) -> list[AnyFlow]:
        return [self.flow(depth) for _ in range(self.pick(2, 3))]

    def flow(self, depth: int) -> AnyFlow:
        match self.pick(*range(16)) if depth > 0 else None:
            case 0:
                return loop(self.flow(depth - 1).map(until(self.pick(1, 3))), max_iter=None)
            case 1 | 2 | 3:
                return self.flow(depth - 1).notify(self.flow(depth - 1))
            case None if self.pick(True, True, False):
                return self.agent()
            case _:
                return super().flow(depth)


def until(n: int) -> Callable[[int], Continue[int] | Done[int]]:
    """It has had enough at the n-th time."""
    left = n

    def step(x: int) -> Continue[int] | Done[int]:
        nonlocal left
        left -= 1
        return Continue(x) if left > 0 else Done(x)

    return step


@st.composite
def scripted(draw: st.DrawFn) -> tuple[AnyFlow, dict[Any, Script]]:
    """A flow of any kinds of nodes, and what its agents do."""
    growth = _Crowd(draw)
    kind = draw(st.sampled_from(list(MAKE)))
    make = draw(st.sampled_from(MAKE[kind]))
    return make(growth, draw(st.integers(1, 3))), growth.scripts


@given(scripted(), st.integers(0, 12))
@SETTINGS
def test_every_run_is_within_the_bounds(
    program: tuple[AnyFlow, dict[Any, Script]], input: int
) -> None:
    flow, scripts = program
    meaning = evaluate(flow, input, scripts)
    event(type(meaning.result).__name__)
    assert_within(bounds(flow), meaning)


@given(scripted(), st.sampled_from([None, 1, (1,), "text", [0, 1, 2], [0] * 9]))
@SETTINGS
def test_every_run_on_a_wrong_input_is_within_the_bounds(
    program: tuple[AnyFlow, dict[Any, Script]], input: object
) -> None:
    flow, scripts = program
    assert_within(bounds(flow), evaluate(flow, input, scripts))


def test_every_kind_is_in_these_programs() -> None:
    assert set(MAKE) == node.KINDS
