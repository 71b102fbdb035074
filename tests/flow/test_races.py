"""`race` and `first_completed`: concurrent children, of which one decides.

What is given up on is interrupted at its next await, its finalisers run, and it is gone before the
result is seen.
"""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import (
    AllFailedError,
    Flow,
    agent,
    at_least,
    first_completed,
    identity,
    pure,
    race,
)
from everything_is_an_actor.runtime.agent import AgentCell
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import Actors, World, hangs, leaf, nothing_runs, says


def refuse(value: Any) -> Any:
    raise ValueError(value)


async def waits_forever(_: object) -> int:
    await asyncio.get_running_loop().create_future()
    return 0


async def one(_: object) -> int:
    return 1


@pytest.mark.parametrize(
    "flow",
    [
        race(agent(one), agent(waits_forever)),
        race(pure(lambda _: 1), agent(waits_forever) >> pure(abs)),
        at_least(1, agent(one), agent(waits_forever), stop_early=True).map(lambda _: 1),
    ],
    ids=str,
)
async def test_what_is_given_up_on_is_freed_without_the_collector(flow: Flow[None, int]) -> None:
    def agents() -> int:
        return sum(type(found) is AgentCell for found in gc.get_objects())

    async with AgentSystem() as system:
        assert await system.run_flow(flow, None) == 1
        gc.collect()
        gc.disable()
        before = agents()
        try:
            assert await system.run_flow(flow, None) == 1
            assert agents() == before
        finally:
            gc.enable()


class TestRace:
    def test_the_first_to_succeed_wins_and_the_others_are_cancelled(self, world: World) -> None:
        outcome = world.run(race(says("a", 1, 3.0), says("b", 2, 1.0), hangs("c")), "x")
        assert (outcome.value, outcome.seconds) == (2, 1.0)
        assert outcome.calls == ["a('x') cancelled", "b('x') completed", "c('x') cancelled"]

    def test_the_method_is_the_constructor(self, world: World) -> None:
        assert world.run(says("a", 1, 3.0).race(says("b", 2, 1.0)), "x").value == 2

    def test_one_that_fails_is_out_of_the_race(self, world: World) -> None:
        flow = race(says("a", OSError(), 1.0), says("b", 2, 2.0), says("c", ValueError()))
        outcome = world.run(flow, "x")
        assert (outcome.value, outcome.seconds) == (2, 2.0)

    def test_if_all_fail_their_errors_are_raised_together_in_flow_order(self, world: World) -> None:
        errors = [OSError("a"), KeyError("b"), ValueError("c")]
        flow = race(*(says("abc"[i], errors[i], (2.0, 1.0, 3.0)[i]) for i in range(3)))
        outcome = world.run(flow, "x")
        assert isinstance(outcome.error, AllFailedError)
        assert list(outcome.error.exceptions) == errors
        assert outcome.seconds == 3.0

    def test_all_failed_is_an_error_like_any_other(self, world: World) -> None:
        flow = race(pure(refuse), pure(refuse)).recover(lambda error: type(error).__name__)
        assert world.run(flow, 1).value == "AllFailedError"

    @pytest.mark.parametrize("after", [0.0, 2.0])
    def test_ties_go_to_the_leftmost(self, world: World, after: float) -> None:
        flow = race(hangs("a"), says("b", 2, after), says("c", 3, after))
        assert world.run(flow, "x").value == 2

    @pytest.mark.parametrize("after", [0.0, 2.0])
    def test_a_failure_loses_a_tie(self, world: World, after: float) -> None:
        assert world.run(race(says("a", OSError(), after), says("b", 2, after)), "x").value == 2

    def test_what_needs_no_time_wins(self, world: World) -> None:
        assert world.run(race(says("a", 1, 0.5), pure(str)), 7).value == "7"

    def test_the_losers_end_in_the_middle_of_a_flow_of_their_own(self, world: World) -> None:
        long = says("a", 1, 1.0) >> says("b", 2, 1.0) >> says("c", 3, 1.0)
        outcome = world.run(race(long, says("d", 4, 1.5)), 0)
        assert outcome.calls == ["a(0) completed", "d(0) completed", "b(1) cancelled"]

    def test_a_race_of_races(self, world: World) -> None:
        inner = race(says("a", 1, 3.0), says("b", OSError(), 1.0))
        outcome = world.run(race(inner, says("c", 3, 2.0).race(hangs("d"))), 0)
        assert (outcome.value, outcome.seconds) == (3, 2.0)

    def test_it_is_cut_short_by_a_timeout_around_it(self, world: World) -> None:
        outcome = world.run(race(hangs("a"), says("b", OSError(), 1.0)).timeout(3.0), 0)
        assert isinstance(outcome.error, TimeoutError)
        assert outcome.calls == ["b(0) failed", "a(0) cancelled"]


class TestFirstCompleted:
    def test_the_first_value_decides(self, world: World) -> None:
        flow = first_completed(says("a", 1, 3.0), says("b", 2, 1.0), says("c", OSError(), 2.0))
        outcome = world.run(flow, "x")
        assert (outcome.value, outcome.seconds) == (2, 1.0)
        assert outcome.calls == ["a('x') cancelled", "b('x') completed", "c('x') cancelled"]

    def test_the_first_error_decides(self, world: World) -> None:
        flow = first_completed(says("a", 1, 3.0), says("b", KeyError("b"), 1.0), hangs("c"))
        outcome = world.run(flow, "x")
        assert type(outcome.error) is KeyError
        assert outcome.seconds == 1.0
        assert outcome.calls == ["a('x') cancelled", "b('x') failed", "c('x') cancelled"]

    @pytest.mark.parametrize("after", [0.0, 2.0])
    def test_ties_go_to_the_leftmost(self, world: World, after: float) -> None:
        value, error = says("v", 1, after), says("e", KeyError("e"), after)
        assert world.run(first_completed(hangs("a"), value, error), "x").value == 1
        assert world.run(first_completed(hangs("a"), error, value), "x").error.args == ("e",)

    def test_what_needs_no_time_decides(self, world: World) -> None:
        assert world.run(first_completed(says("a", 1, 0.5), identity()), 7).value == 7

    def test_its_failure_is_an_error_like_any_other(self, world: World) -> None:
        flow = first_completed(hangs("a"), pure(refuse)).recover(lambda error: error.args)
        assert world.run(flow, 7).value == (7,)

    def test_it_is_cut_short_by_a_timeout_around_it(self, world: World) -> None:
        outcome = world.run(first_completed(hangs("a"), hangs("b")).timeout(3.0), 0)
        assert isinstance(outcome.error, TimeoutError)
        assert outcome.calls == ["a(0) cancelled", "b(0) cancelled"]


class TestLosers:
    """How they go is seen on actors only."""

    world = Actors()
    either = pytest.mark.parametrize("start", [race, first_completed])

    @either
    def test_they_are_gone_before_the_result_is_seen(self, start: Any) -> None:
        gone: list[str] = []

        class Loser:
            async def execute(self, x: int) -> int:
                try:
                    await asyncio.sleep(100.0)
                finally:
                    await asyncio.sleep(2.0)
                    gone.append("execute")
                return x

            async def on_stopped(self) -> None:
                await asyncio.sleep(2.0)
                gone.append("on_stopped")

        flow = start(agent(Loser), says("b", 2, 1.0)).map(lambda value: (value, tuple(gone)))
        outcome = self.world.run(flow, 0)
        assert outcome.value == (2, ("execute", "on_stopped"))
        assert outcome.seconds == 5.0

    @either
    def test_one_that_resists_for_a_while_is_awaited(self, start: Any) -> None:
        outcome = self.world.run(start(hangs("a", resists=4.0), says("b", 2, 1.0)), 0)
        assert (outcome.value, outcome.seconds) == (2, 5.0)

    @either
    def test_what_one_yields_in_spite_of_its_cancellation_is_dropped(self, start: Any) -> None:
        outcome = self.world.run(start(hangs("a", instead="late"), says("b", 2, 1.0)), 0)
        assert outcome.value == 2

    @either
    def test_what_one_raises_while_it_is_cancelled_is_logged(
        self, start: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        outcome = self.world.run(start(hangs("a", instead=OSError("late")), says("b", 2, 1.0)), 0)
        assert outcome.value == 2
        assert "OSError('late')" in caplog.text

    def test_what_one_raises_while_it_is_cancelled_is_a_note_on_the_error_that_decided(
        self,
    ) -> None:
        flow = first_completed(hangs("a", instead=OSError("late")), says("b", KeyError(), 1.0))
        outcome = self.world.run(flow, 0)
        assert type(outcome.error) is KeyError
        assert any("OSError('late')" in note for note in outcome.notes)

    @either
    @pytest.mark.parametrize("fatal", [MemoryError("m"), KeyboardInterrupt("k"), SystemExit(3)])
    def test_a_fatal_error_raised_by_one_goes_through(
        self, start: Any, fatal: BaseException
    ) -> None:
        flow = start(hangs("a", instead=fatal), says("b", 2, 1.0)).recover(str)
        outcome = self.world.run(flow, 0)
        assert type(outcome.error) is type(fatal)

    @either
    def test_one_that_has_not_begun_to_wait_is_not_kept_waiting(self, start: Any) -> None:
        """Interrupted at its next await, although it did not wait when the winner was there."""

        @on_virtual_time
        async def main() -> None:
            async with AgentSystem("test") as system:
                deep = pure(str)
                for _ in range(1000):
                    deep = deep.map(str)
                assert await system.run_flow(start(pure(int), deep), 3) == 3
                nothing_runs(system)

        main()


def test_the_winner_is_no_agent(world: World) -> None:
    flow = race(hangs("a") >> leaf("b", str), says("c", 1, 1.0).map(lambda n: n + 1))
    assert world.run(flow, 0).value == 2
