"""Every error says where in the flow it happened, in a note: `steps[2].race[0]`."""

from __future__ import annotations

from typing import Any

import pytest

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import (
    AllFailedError,
    Continue,
    QuorumError,
    agent,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import Actors, AnyFlow, Does, World, hangs, journal, leaf, says


def refuse(value: Any) -> Any:
    raise ValueError(value)


def divide(n: Any) -> Any:
    return 1 / n


def pair(x: Any) -> tuple[Any, Any]:
    return (x, x)


def first(pair: tuple[Any, Any]) -> Any:
    return pair[0]


ok: AnyFlow = identity()
no_flow: Any = str
one, odd = says("one", 1), says("odd", 1, 1.0)
bad = leaf("bad", lambda _: Does(ValueError("bad"), 0.5))

BAD = "agent(bad, timeout=None)"

PLACES: list[tuple[AnyFlow, str]] = [
    (bad, f"in flow: {BAD}"),
    (pure(refuse), "in flow: pure(refuse)"),
    (ok.map(refuse), "in flow at steps[1]: map(refuse)"),
    (ok.map(str).map(refuse).map(str), "in flow at steps[2]: map(refuse)"),
    (ok >> one >> bad >> ok, f"in flow at steps[2]: {BAD}"),
    (ok >> (one >> (bad >> ok)), f"in flow at steps[2]: {BAD}"),
    ((ok >> one).map(str) >> (ok >> bad), f"in flow at steps[4]: {BAD}"),
    (ok.zip(bad), f"in flow at all[1]: {BAD}"),
    (bad.zip(ok), f"in flow at all[0]: {BAD}"),
    (bad.zip(ok).zip(ok).map(str), f"in flow at steps[0].all[0].all[0]: {BAD}"),
    (ok >> ok >> zip_all(odd, odd, bad), f"in flow at steps[2].all[2]: {BAD}"),
    (pure(pair) >> each(ok, bad), f"in flow at steps[1].each[1]: {BAD}"),
    (each(ok, bad), "in flow: each(..., ...)"),
    (ok >> first_completed(odd, bad), f"in flow at steps[1].first_completed[1]: {BAD}"),
    (
        pure(lambda x: [x]) >> traverse(ok >> bad),
        f"in flow at steps[1].traverse[0].steps[1]: {BAD}",
    ),
    (
        pure(lambda x: [x, x, 0]) >> traverse(pure(divide)),
        "in flow at steps[1].traverse[2]: pure(divide)",
    ),
    (
        pure(lambda x: [x, x, 0]) >> traverse(pure(divide), max_concurrency=1),
        "in flow at steps[1].traverse[2]: pure(divide)",
    ),
    (traverse(ok), "in flow: traverse(...)"),
    (ok.branch(on(str, ok).on(int, bad)), f"in flow at steps[1].branch[int]: {BAD}"),
    (ok.branch({str: ok}), "in flow at steps[1]: on(str, ...)"),
    (bad.branch_on(bool, ok, ok), f"in flow at branch_on.source: {BAD}"),
    (ok.branch_on(bool, bad, ok), f"in flow at branch_on.then: {BAD}"),
    (
        ok.branch_on(lambda _: False, ok, ok >> bad),
        f"in flow at branch_on.otherwise.steps[1]: {BAD}",
    ),
    (ok.branch_on(refuse, ok, ok), "in flow: branch_on(refuse, ..., ...)"),
    (bad.bind(lambda _: ok), f"in flow at bind.source: {BAD}"),
    (ok.bind(lambda _: bad), f"in flow at bind: {BAD}"),
    (ok.bind(lambda _: ok >> bad), f"in flow at bind.steps[1]: {BAD}"),
    (ok.bind(refuse), "in flow: bind(refuse)"),
    (ok.bind(no_flow), "in flow: bind(str)"),
    (pure(refuse).recover_with(bad), f"in flow at recover_with.handler: {BAD}"),
    (pure(refuse) | bad, f"in flow at fallback_to.fallback: {BAD}"),
    (bad.attempt().absolve(), f"in flow at absolve.source.attempt.source: {BAD}"),
    (ok.absolve(), "in flow: absolve()"),
    (bad.retry(2), f"in flow at retry.source: {BAD}"),
    (bad.timeout(2.0), f"in flow at timeout.source: {BAD}"),
    (ok >> hangs("a").timeout(0.1), "in flow at steps[1]: timeout(0.1)"),
    (hangs("a").timeout(0.2).timeout(0.1), "in flow: timeout(0.1)"),
    (ok >> bad.filter(bool), f"in flow at steps[1].filter.source: {BAD}"),
    (ok.filter(lambda _: False), "in flow: filter(<lambda>)"),
    (ok.guard(bad), f"in flow at guard.check: {BAD}"),
    (ok.guard(pure(lambda _: False)), "in flow: guard(...)"),
    (ok.and_then(refuse), "in flow: and_then(refuse)"),
    (bad.and_then(refuse), f"in flow at and_then.source: {BAD}"),
    (ok.tap(bad), f"in flow at tap.side: {BAD}"),
    (bad.tap(ok), f"in flow at tap.source: {BAD}"),
    (bad.notify(ok), f"in flow at notify.source: {BAD}"),
    (bad.divert_to(ok, bool), f"in flow at divert_to.source: {BAD}"),
    (ok.divert_to(ok, refuse), "in flow: divert_to(..., refuse)"),
    (loop(ok >> bad), f"in flow at loop.body.steps[1]: {BAD}"),
    (loop(ok), "in flow: loop(...)"),
    (loop(pure(Continue), max_iter=2), "in flow: loop(..., max_iter=2)"),
    (
        loop_with_state(pure(first) >> bad, init_state=0),
        f"in flow at loop_with_state.body.steps[1]: {BAD}",
    ),
    (loop_with_state(ok, init_state=refuse), "in flow: loop_with_state(..., init_state=refuse)"),
    (bad.named("fetch"), f"in flow at fetch: {BAD}"),
    ((ok >> bad.named("fetch")).named("all"), f"in flow at all.steps[1].fetch: {BAD}"),
]


@pytest.mark.parametrize(("flow", "note"), PLACES, ids=repr)
def test_an_error_has_one_note_with_its_path(world: World, flow: AnyFlow, note: str) -> None:
    assert world.run(flow, 1).notes == [note]


class TestErrorsInGroups:
    def test_each_error_of_a_race_has_its_own_path(self, world: World) -> None:
        flow = ok >> ok >> race(says("a", OSError()), ok >> says("b", KeyError()))
        outcome = world.run(flow, 1)
        assert isinstance(outcome.error, AllFailedError)
        assert outcome.notes == ["in flow at steps[2]: race(..., ...)"]
        assert [error.__notes__ for error in outcome.error.exceptions] == [
            ["in flow at steps[2].race[0]: agent(a, timeout=None)"],
            ["in flow at steps[2].race[1].steps[1]: agent(b, timeout=None)"],
        ]

    def test_each_error_of_a_quorum_has_its_own_path(self, world: World) -> None:
        flow = ok >> at_least(2, says("a", OSError()), ok, ok >> says("b", KeyError(), 1.0))
        outcome = world.run(flow, 1)
        assert isinstance(outcome.error, QuorumError)
        assert outcome.notes == ["in flow at steps[1]: at_least(2, ..., ..., ...)"]
        assert [error.__notes__ for error in outcome.error.result.failed] == [
            ["in flow at steps[1].at_least[0]: agent(a, timeout=None)"],
            ["in flow at steps[1].at_least[2].steps[1]: agent(b, timeout=None)"],
        ]


def test_a_retried_error_has_its_path_once(world: World) -> None:
    outcome = world.run(ok >> says("a", OSError()).retry(20), 1)
    assert outcome.notes == ["in flow at steps[1].retry.source: agent(a, timeout=None)"]


def test_the_same_error_raised_in_many_places_does_not_gather_notes_without_end(
    world: World,
) -> None:
    error = OSError("always the same")
    body = says("a", error).recover(lambda e: len(e.__notes__))
    outcome = world.run(traverse(body), range(1000))
    assert max(outcome.value) <= 50
    flow = ok
    for _ in range(1000):
        flow = flow >> says("a", error).recover(len_of_notes)
    assert world.run(flow, 1).value <= 50


def len_of_notes(error: Exception) -> int:
    return len(error.__notes__)


def test_the_same_error_raised_in_many_runs_does_not_gather_notes_without_end(
    world: World,
) -> None:
    error = OSError("always the same")
    for i in range(100):
        flow = says("a", error)
        for _ in range(i):
            flow = ok >> flow
        assert world.run(flow, 1).error is error
    assert len(error.__notes__) <= 50
    assert f"in flow at steps[{99}]: agent(a, timeout=None)" in error.__notes__


def test_an_error_that_a_flow_in_an_agent_raises_has_both_paths() -> None:
    @on_virtual_time
    async def main() -> None:
        async with AgentSystem("test") as system:

            async def outer(x: int) -> Any:
                return await system.run_flow(ok >> ok >> says("inner", OSError("o")), x)

            with journal(), pytest.raises(OSError, match="o") as caught:
                await system.run_flow(ok >> agent(outer).named("call"), 1)
            assert caught.value.__notes__ == [
                "in flow at steps[2]: agent(inner, timeout=None)",
                "in flow at steps[1].call: agent(outer)",
            ]

    main()


def test_a_path_into_a_recursion_is_as_long_as_one_step_of_it(world: World) -> None:
    def step(n: int) -> AnyFlow:
        return pure(refuse) if n == 0 else pure(lambda _: n - 1).bind(step)

    outcome = world.run(ok.bind(step), 50)
    assert outcome.error.args == (50,)
    (note,) = outcome.notes
    assert note == "in flow at bind: pure(refuse)"


def test_a_very_long_path_is_spelled_at_its_end_only(world: World) -> None:
    flow = leaf("a", refuse)
    for i in range(1000):
        flow = (ok >> flow).named(f"n{i}") if i % 2 else flow.zip(ok)
    outcome = world.run(flow, 1)
    (note,) = outcome.notes
    assert len(note) < 1000
    assert note.endswith("all[0]: agent(a, timeout=None)")
    assert "…" in note


def test_a_label_is_in_the_path_of_the_errors_below_it(world: World) -> None:
    flow = (ok >> says("a", OSError(), 1.0).named("fetch").timeout(5.0)).named("main")
    outcome = world.run(flow, 1)
    assert outcome.notes == [
        "in flow at main.steps[1].timeout.source.fetch: agent(a, timeout=None)"
    ]


def test_a_cancelled_sibling_does_not_note_on_the_error() -> None:
    outcome = Actors().run(zip_all(says("a", OSError(), 1.0), hangs("b") >> hangs("c")), 1)
    assert outcome.notes == ["in flow at all[0]: agent(a, timeout=None)"]
