"""A flow is run dry by a script: what it gives, what it shows, what it refuses."""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import pytest
from returns.result import Failure, Success

from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    agent,
    loop,
    race,
    traverse,
)
from everything_is_an_actor.interpreters.dry_run import DryRun, dry_run
from everything_is_an_actor.interpreters.dry_script import DryScript
from everything_is_an_actor.interpreters.reference import NEVER, Answer

type AnyFlow = Flow[Any, Any]


async def search(query: Any) -> Any: ...


async def write(found: Any) -> Any: ...


class Review:
    async def execute(self, text: Any) -> Any: ...


a, b, review = agent(search), agent(write), agent(Review)


def made(run: DryRun[Any]) -> list[tuple[str, Any, float, Any]]:
    return [(call.path, call.input, call.start, call.output) for call in run.calls]


# ------------------------------------------------------------------------------------ results


def test_an_agent_is_a_function_of_its_input() -> None:
    run = dry_run(a >> b, "q", {search: str.upper, write: lambda x: Answer(len(x), after=2.0)})
    assert run.result == Success(1)
    assert (run.value, run.seconds) == (1, 2.0)
    assert made(run) == [("steps[0]", "q", 0.0, "Q"), ("steps[1]", "Q", 0.0, 1)]


def test_an_error_is_the_result_and_is_raised_by_value() -> None:
    error = ValueError("no")
    run = dry_run(a, 0, {search: [error]})
    assert run.result == Failure(error)
    assert [(call.output, call.ending) for call in run.calls] == [(error, "failed")]
    with pytest.raises(ValueError, match="no"):
        print(run.value)


def test_what_never_answers_never_ends() -> None:
    assert dry_run(agent(search, timeout=None), 0, {search: [NEVER]}).seconds == math.inf


def test_recorded_outputs_are_given_out_one_for_each_call() -> None:
    steps = [Continue("b"), Answer(Continue("c"), after=1), Done("d")]
    run: DryRun[Any] = dry_run(loop(review), "a", {Review: steps})
    assert run.value == "d"
    assert [call.input for call in run.calls] == ["a", "b", "c"]


def test_recorded_outputs_are_given_out_in_order_of_time_not_of_the_flow() -> None:
    slow_first = (a >> review).zip(review)
    run = dry_run(slow_first, 0, {search: lambda x: Answer(x, 5), Review: ["early", "late"]})
    assert run.value == ("late", "early")
    assert [call.output for call in run.calls if call.agent is Review] == ["early", "late"]


def test_calls_at_the_same_instant_take_outputs_in_the_order_of_the_flow() -> None:
    assert dry_run(review.zip(review), 0, {Review: [1, 2]}).value == (1, 2)
    assert dry_run(traverse(review), "abc", {Review: [1, 2, 3]}).value == (1, 2, 3)


def test_a_call_that_is_never_made_takes_no_output() -> None:
    flow = race(b, a >> review) >> review
    script: DryScript = {
        write: lambda x: Answer(x, 1),
        search: lambda x: Answer(x, 9),
        Review: ["only"],
    }
    assert dry_run(flow, 0, script).value == "only"


def test_the_order_of_many_outputs_settles() -> None:
    flow = traverse(a >> review >> review, max_concurrency=3)
    delays = [Answer(i, (i * 7) % 5 + i / 100) for i in range(40)]
    run = dry_run(flow, range(40), {search: delays, Review: delays * 2})
    taken = [call.output for call in run.calls if call.agent is Review]
    assert taken == [delay.value for delay in delays * 2]


def test_what_is_given_up_on_has_no_output() -> None:
    run = dry_run(race(a, b), 0, {search: lambda x: Answer(1, 1), write: lambda x: Answer(2, 2)})
    assert [(call.end, call.ending, call.output) for call in run.calls] == [
        (1, "completed", 1),
        (1, "cancelled", None),
    ]


def test_a_dry_run_is_a_table() -> None:
    flow = a.retry(1).named("find") >> b
    script: DryScript = {
        search: [Answer(OSError("busy\nnow"), 0.5), Answer(["x"], 1)],
        write: [NEVER],
    }
    assert str(dry_run(flow.timeout(2), "q", script)).splitlines() == [
        "time           path                                       agent   input → what came of it",
        "0 s … 0.5 s    timeout.source.steps[0].find.retry.source  search  "
        "'q' → failed: OSError: busy now",
        "0.5 s … 1.5 s  timeout.source.steps[0].find.retry.source  search  'q' → ['x']",
        "1.5 s … 2 s    timeout.source.steps[1]                    write   ['x'] → cancelled",
        "2 s  failed: FlowTimeoutError: flat_map(...) did not finish within 2 s",
    ]


def test_a_dry_run_of_the_same_is_the_same() -> None:
    flow = traverse(a).zip(b)
    script: DryScript = {search: lambda x: Answer(x, x), write: [1]}
    assert dry_run(flow, (1, 2), script) == dry_run(flow, (1, 2), script)


# ------------------------------------------------------------------------------------ refusals


def test_outputs_that_run_out_are_an_error_with_the_path() -> None:
    with pytest.raises(LookupError, match=r"Review is called at loop\.body on 1, which is its call "
                       r"number 2, and has 1 recorded output: add one"):  # fmt: skip
        dry_run(loop(review), 0, {Review: [Continue(1)]})


def test_no_handler_hides_that_outputs_run_out() -> None:
    flow: AnyFlow = loop(review.recover(lambda _: Continue(0)), max_iter=None)
    with pytest.raises(LookupError, match="has 2 recorded outputs"):
        dry_run(flow, 0, {Review: [Continue(1), ValueError("no")]})


def test_outputs_that_would_run_out_in_what_is_given_up_on_are_none() -> None:
    flow = race(b, a >> review)
    script: DryScript = {write: [Answer(1, 1)], search: [Answer(2, 2)], Review: []}
    assert dry_run(flow, 0, script).value == 1


@pytest.mark.parametrize(
    ("script", "error", "text"),
    [
        ({search: len, write: len, hash: len}, LookupError, "no agent hash: its agents are search"),
        ({search: 1, write: len}, TypeError, r"script of search must be .*, got 1 \(int\)"),
        ({search: write, write: len}, TypeError, "write is async: give a plain function"),
        ({search: "abc", write: len}, TypeError, "list or tuple of outputs, got 'abc'"),
        ([search], TypeError, "agents must be a mapping from agents to what they do, got"),
    ],
)
def test_a_wrong_script_is_refused_before_anything_runs(
    script: Any, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        dry_run(a >> b, 0, script)


def test_an_agent_that_is_called_needs_a_script() -> None:
    with pytest.raises(LookupError, match=r"no script for write at steps\[1\]: say what it does"):
        dry_run(a >> b, 0, {search: [1]})
    assert dry_run(a | b, 0, {search: [1]}).value == 1


def test_an_agent_that_is_not_there_is_asked_back_about() -> None:
    async def serch(query: Any) -> Any: ...

    with pytest.raises(LookupError, match="no agent serch: did you mean search"):
        dry_run(a, 0, {search: len, serch: len})


def test_a_bind_may_call_agents_that_are_not_in_the_flow() -> None:
    flow = a.bind(lambda _: b)
    assert dry_run(flow, "xy", {search: len, write: len}).value == 2
    with pytest.raises(LookupError, match="no script for write at bind: say what it does"):
        dry_run(flow, "xy", {search: len})


def test_a_run_needs_an_input_and_a_flow() -> None:
    with pytest.raises(TypeError, match="needs an input"):
        dry_run(a, agents={search: len})  # type: ignore[call-overload]  # refused when it runs, too
    with pytest.raises(TypeError, match="flow must be a Flow"):
        dry_run(search)  # type: ignore[call-overload]  # refused when it runs, too


# ---------------------------------------------------------------------------------------- sizes


def test_a_run_of_any_depth_is_run_dry() -> None:
    flow: AnyFlow = reduce(lambda f, _: f.map(abs).recover(str), range(30_000), a)
    assert dry_run(flow, 1, {search: lambda x: -x}).value == 1
    assert dry_run(loop(a, max_iter=None), 20_000, {
        search: lambda n: Continue(n - 1) if n else Done("landed")
    }).value == "landed"  # fmt: skip


# ------------------------------------------------------------------------- inputs and answers


def test_any_object_may_be_an_input() -> None:
    assert dry_run(a, ..., {search: [1]}).value == 1
    assert dry_run(a, None, {search: [2]}).value == 2


@pytest.mark.parametrize(
    ("after", "error"),
    [(-1, ValueError), (math.nan, ValueError), ("1", TypeError), (True, TypeError)],
)
def test_an_answer_comes_after_a_number_of_seconds(after: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="Answer: after must be"):
        Answer(1, after)
    assert Answer(1, math.inf).after == math.inf


def test_a_script_that_returns_an_awaitable_is_refused_whatever_handles_errors() -> None:
    flow: AnyFlow = loop(a.recover(lambda _: Continue(0)), max_iter=None)
    with pytest.raises(
        TypeError, match=r"script of search at .* returned an awaitable \(coroutine"
    ):
        dry_run(flow, 0, {search: lambda x: search(x)})
    with pytest.raises(TypeError, match="nothing is awaited in a dry run"):
        dry_run(a, 0, {search: lambda x: Answer(search(x), after=1)})
