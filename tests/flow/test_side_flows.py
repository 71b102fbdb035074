"""`notify` and `divert_to`: flows in the background of the system, not of the caller."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Continue, Done, agent, identity, loop, pure, race
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import (
    ENOUGH,
    AnyFlow,
    World,
    hangs,
    journal,
    leaf,
    nothing_runs,
    says,
)

same: AnyFlow = identity()


def is_even(n: int) -> bool:
    return n % 2 == 0


def notified(source: AnyFlow, side: AnyFlow) -> AnyFlow:
    return source.notify(side)


def diverted(source: AnyFlow, side: AnyFlow) -> AnyFlow:
    return source.divert_to(side, lambda _: True)


beside = pytest.mark.parametrize("beside", [notified, diverted])

type Beside = Callable[[AnyFlow, AnyFlow], AnyFlow]


class TestTheMainFlow:
    @beside
    def test_its_value_passes_and_never_waits(self, world: World, beside: Beside) -> None:
        outcome = world.run(beside(says("a", 7, 1.0), says("side", 0, 5.0)).map(str), 0)
        assert (outcome.value, outcome.seconds) == ("7", 1.0)
        assert outcome.calls == ["a(0) completed", "side(7) completed"]

    @beside
    def test_the_side_flow_begins_when_the_value_is_there(
        self, world: World, beside: Beside
    ) -> None:
        outcome = world.run(beside(says("a", 7, 1.0), says("side", 0, 5.0)), 0)
        assert [(call.start, call.end) for call in outcome.called] == [(0.0, 1.0), (1.0, 6.0)]

    @beside
    @pytest.mark.parametrize("after", [0.0, 2.0])
    def test_a_failure_beside_it_never_reaches_it(
        self, world: World, beside: Beside, after: float
    ) -> None:
        flow = beside(same, says("side", OSError(), after)) >> says("b", 1, 5.0)
        outcome = world.run(flow, 7)
        assert (outcome.value, outcome.seconds) == (1, 5.0)

    @beside
    @pytest.mark.parametrize("after", [0.0, 2.0])
    @pytest.mark.parametrize(
        "fatal", [MemoryError(), asyncio.CancelledError(), KeyboardInterrupt(), SystemExit(3)]
    )
    def test_nor_does_a_fatal_error(
        self, world: World, beside: Beside, after: float, fatal: BaseException
    ) -> None:
        flow = beside(same, says("side", fatal, after)) >> says("b", 1, 5.0)
        assert world.run(flow, 7).value == 1

    @beside
    def test_when_its_source_fails_there_is_no_side_flow(
        self, world: World, beside: Beside
    ) -> None:
        outcome = world.run(beside(says("a", OSError()), says("side", 0)), 7)
        assert type(outcome.error) is OSError
        assert outcome.calls == ["a(7) failed"]

    @beside
    def test_its_own_failure_afterwards_leaves_the_side_flow_alone(
        self, world: World, beside: Beside
    ) -> None:
        flow = beside(same, says("side", 0, 5.0)) >> says("b", OSError(), 1.0)
        outcome = world.run(flow, 7)
        assert type(outcome.error) is OSError
        assert outcome.calls == ["b(7) failed", "side(7) completed"]

    @beside
    def test_a_side_flow_of_a_side_flow(self, world: World, beside: Beside) -> None:
        inner = beside(says("a", 1, 2.0), says("inner", 0, 5.0)) >> says("b", 0, 1.0)
        outcome = world.run(beside(same, inner), 7)
        assert outcome.seconds == 0.0
        assert [(str(call), call.start) for call in outcome.called] == [
            ("a(7) completed", 0.0),
            ("b(1) completed", 2.0),
            ("inner(1) completed", 2.0),
        ]

    def test_divert_to_starts_one_where_the_predicate_holds(self, world: World) -> None:
        flow = same.divert_to(says("side", 0), is_even)
        assert world.run(flow, 2).calls == ["side(2) completed"]
        assert world.run(flow, 3).calls == []
        assert world.run(flow, 3).value == 3

    def test_what_the_predicate_of_divert_to_raises_is_the_failure(self, world: World) -> None:
        def refuse(n: int) -> bool:
            raise ValueError(n)

        outcome = world.run(same.divert_to(says("side", 0), refuse), 7)
        assert outcome.error.args == (7,)

    @beside
    def test_a_racer_that_has_lost_leaves_its_side_flow_behind(
        self, world: World, beside: Beside
    ) -> None:
        loser = beside(same, says("side", 0, 5.0)) >> hangs("loser")
        outcome = world.run(race(loser, says("b", 1, 2.0)), 7)
        assert (outcome.value, outcome.seconds) == (1, 2.0)
        assert "side(7) completed" in outcome.calls

    @beside
    def test_a_side_flow_that_had_not_begun_never_begins(
        self, world: World, beside: Beside
    ) -> None:
        loser = beside(says("a", 1, 3.0), says("side", 0))
        outcome = world.run(race(loser, says("b", 1, 2.0)), 7)
        assert outcome.calls == ["a(7) cancelled", "b(7) completed"]

    @beside
    def test_each_iteration_of_a_loop_has_its_own(self, world: World, beside: Beside) -> None:
        def step(n: int) -> Continue[int] | Done[int]:
            return Continue(n - 1) if n else Done(n)

        outcome = world.run(loop(beside(same, says("side", 0, 9.0)).map(step)), 2)
        assert outcome.calls == ["side(0) completed", "side(1) completed", "side(2) completed"]


class TestInTheBackground:
    """Of the system, on actors."""

    @on_virtual_time
    async def test_it_goes_on_after_the_run_has_ended(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                assert await system.run_flow(same.notify(says("side", 0, 5.0)), 7) == 7
                await asyncio.sleep(4.0)
                assert calls == []
                await asyncio.sleep(1.5)
                assert list(map(str, calls)) == ["side(7) completed"]
                nothing_runs(system)

    @on_virtual_time
    async def test_it_goes_on_after_the_caller_was_cancelled(self) -> None:
        flow = same.notify(says("side", 0, 5.0)) >> hangs("main")
        with journal() as calls:
            async with AgentSystem("test") as system:
                running = asyncio.create_task(system.run_flow(flow, 7))
                await asyncio.sleep(1.0)
                running.cancel()
                await asyncio.wait([running])
                assert running.cancelled()
                assert list(map(str, calls)) == ["main(7) cancelled"]
                assert await system.shutdown(timeout=ENOUGH) == 0
        assert list(map(str, calls)) == ["main(7) cancelled", "side(7) completed"]

    @on_virtual_time
    async def test_it_goes_on_after_the_agent_that_ran_the_flow_has_stopped(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:

                async def runs_a_flow(x: int) -> int:
                    return await system.run_flow(same.notify(says("side", 0, 5.0)), x)

                assert await system.run_flow(agent(runs_a_flow), 7) == 7
                assert asyncio.get_running_loop().time() == 0.0
                assert await system.shutdown(timeout=ENOUGH) == 0
        assert list(map(str, calls)) == ["side(7) completed"]

    @pytest.mark.parametrize("after", [0.0, 2.0])
    @pytest.mark.parametrize(
        "error", [OSError("s"), MemoryError("s"), KeyboardInterrupt("s"), SystemExit("s")]
    )
    @on_virtual_time
    async def test_a_failure_is_logged(
        self, caplog: pytest.LogCaptureFixture, after: float, error: BaseException
    ) -> None:
        with journal():
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(says("side", error, after)), 7)
                assert await system.shutdown(timeout=ENOUGH) == 0
        assert f"a side flow failed: {error!r}" in caplog.text

    @on_virtual_time
    async def test_one_that_an_agent_of_it_cancelled_is_logged(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        side = says("side", asyncio.CancelledError(), 1.0)
        with journal():
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(side), 7)
                assert await system.shutdown(timeout=ENOUGH) == 0
        assert "a side flow failed: CancelledError()" in caplog.text

    @on_virtual_time
    async def test_the_path_in_its_error_is_that_in_the_flow(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        error = OSError("s")
        side = pure(str) >> says("side", error)
        with journal():
            async with AgentSystem("test") as system:
                await system.run_flow(same.map(abs) >> same.notify(side), 7)
        assert error.__notes__ == [
            "in flow at steps[2].notify.side.steps[1]: agent(side, timeout=None)"
        ]


class TestShutdown:
    @on_virtual_time
    async def test_it_waits_for_side_flows_up_to_the_timeout(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(says("side", 0, 5.0)), 7)
                assert await system.shutdown(timeout=6.0) == 0
                assert asyncio.get_running_loop().time() == 5.0
                nothing_runs(system)
        assert list(map(str, calls)) == ["side(7) completed"]

    @on_virtual_time
    async def test_then_it_cancels_them_and_reports_how_many(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                for seconds in (1.0, 5.0, 7.0):
                    await system.run_flow(same.notify(says("side", 0, seconds)), 7)
                assert await system.shutdown(timeout=2.0) == 2
                assert asyncio.get_running_loop().time() == 2.0
                nothing_runs(system)
        assert [call.ending for call in calls] == ["completed", "cancelled", "cancelled"]
        assert "cancelled 2 side flows" in caplog.text

    @on_virtual_time
    async def test_a_side_flow_that_another_starts_meanwhile_is_waited_for_too(self) -> None:
        inner = says("a", 1, 2.0).notify(says("inner", 0, 3.0))
        with journal() as calls:
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(inner), 7)
                assert await system.shutdown(timeout=9.0) == 0
                assert asyncio.get_running_loop().time() == 5.0
        assert list(map(str, calls)) == ["a(7) completed", "inner(1) completed"]

    @on_virtual_time
    async def test_one_that_resists_for_a_while_is_awaited(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(hangs("side", resists=3.0)), 7)
                assert await system.shutdown(timeout=4.0) == 1
                assert asyncio.get_running_loop().time() == 7.0
                nothing_runs(system)
        assert list(map(str, calls)) == ["side(7) cancelled"]

    @on_virtual_time
    async def test_without_side_flows_it_waits_for_nothing(self) -> None:
        async with AgentSystem("test") as system:
            assert await system.run_flow(same, 7) == 7
            assert await system.shutdown() == 0
            assert asyncio.get_running_loop().time() == 0.0

    @on_virtual_time
    async def test_leaving_the_system_is_a_shutdown(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(says("side", 0, 5.0)), 7)
            assert list(map(str, calls)) == ["side(7) completed"]
            assert await system.shutdown() == 0

    @on_virtual_time
    async def test_a_thousand_side_flows(self) -> None:
        side = leaf("side", lambda n: n)
        with journal() as calls:
            async with AgentSystem("test") as system:
                for n in range(1000):
                    await system.run_flow(same.notify(side), n)
        assert len(calls) == 1000
