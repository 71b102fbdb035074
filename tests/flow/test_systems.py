"""`AgentSystem`: flows in agents, several systems, shutdown."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from everything_is_an_actor import ActorSystem
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import agent, identity, race
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import AnyFlow, hangs, journal, leaf, nothing_runs, result_of, says

same: AnyFlow = identity()


class TestNestedRuns:
    @on_virtual_time
    async def test_an_agent_may_run_a_flow(self) -> None:
        async with AgentSystem("test") as system:

            async def outer(x: int) -> Any:
                flow = leaf("a", lambda n: n + 1).zip(says("b", "b", 2.0))
                return await system.run_flow(flow, x)

            with journal() as calls:
                assert await system.run_flow(same.map(abs) >> agent(outer), -3) == (4, "b")
            assert sorted(map(str, calls)) == ["a(3) completed", "b(3) completed"]
            nothing_runs(system)

    @on_virtual_time
    async def test_its_agents_are_children_of_that_agent(self) -> None:
        paths: list[str] = []
        async with AgentSystem("test") as system:

            async def outer(x: int) -> Any:
                running = asyncio.create_task(system.run_flow(hangs("inner").timeout(1.0), x))
                await asyncio.sleep(0.5)
                (top,) = system.actors.children
                paths.append(top.path)
                paths.extend(child.path for child in (system.actors.root.children or {}).values())
                return await asyncio.wait([running])

            with journal():
                await system.run_flow(agent(outer), 0)
            assert paths[0].startswith("/test/outer-")
            nothing_runs(system)

    @on_virtual_time
    async def test_cancelling_the_outer_run_cancels_the_inner_one(self) -> None:
        async with AgentSystem("test") as system:

            async def outer(x: int) -> Any:
                return await system.run_flow(same >> hangs("inner", resists=2.0), x)

            with journal() as calls:
                result = await result_of(system.run_flow(agent(outer).timeout(1.0), 0))
            assert isinstance(result.failure(), TimeoutError)
            assert asyncio.get_running_loop().time() == 3.0
            assert list(map(str, calls)) == ["inner(0) cancelled"]
            nothing_runs(system)

    @pytest.mark.parametrize("fatal", [MemoryError("m"), KeyboardInterrupt("k"), SystemExit(3)])
    @pytest.mark.parametrize("after", [0.0, 1.0])
    @on_virtual_time
    async def test_a_fatal_error_goes_through_both(
        self, fatal: BaseException, after: float
    ) -> None:
        async with AgentSystem("test") as system:

            async def outer(x: int) -> Any:
                return await system.run_flow(says("a", fatal, after).recover(str), x)

            with journal():
                result = await result_of(system.run_flow(agent(outer).recover(str), 0))
            assert result.failure() is fatal
            nothing_runs(system)

    @pytest.mark.parametrize("given_up", [False, True])
    @pytest.mark.parametrize("after", [0.0, 1.0])
    @on_virtual_time
    async def test_a_thousand_deep(self, after: float, given_up: bool) -> None:
        async with AgentSystem("test") as system:

            async def down(n: int) -> int:
                if n == 0:
                    await asyncio.sleep(1e6 if given_up else after)
                    return 0
                return 1 + await system.run_flow(agent(down, timeout=None), n - 1)

            flow = agent(down, timeout=None).timeout(5.0)
            result = await result_of(system.run_flow(flow, 1000))
            assert isinstance(result.failure(), TimeoutError) if given_up else result.unwrap()
            nothing_runs(system)

    @on_virtual_time
    async def test_a_run_that_its_agent_does_not_wait_for_ends_with_it(self) -> None:
        """Nothing that an agent has started outlives it."""
        left: list[asyncio.Task[Any]] = []
        async with AgentSystem("test") as system:

            async def careless(x: int) -> int:
                flow = says("a", 1, 1.0) >> says("b", 1, 5.0)
                left.append(asyncio.create_task(system.run_flow(flow, x)))
                await asyncio.sleep(0.5)
                return x

            with journal() as calls:
                assert await system.run_flow(agent(careless), 7) == 7
                assert not system.actors.root.children
                await asyncio.wait(left)
            assert "b(1) completed" not in map(str, calls)
            assert isinstance(left[0].exception(), ActorStoppedError)
            nothing_runs(system)


class TestSeveralSystems:
    @on_virtual_time
    async def test_two_systems_run_side_by_side(self) -> None:
        flow = leaf("a", lambda n: n + 1) >> says("b", "done", 1.0)
        with journal() as calls:
            async with AgentSystem("one") as one, AgentSystem("two") as two:
                both = await asyncio.gather(one.run_flow(flow, 1), two.run_flow(flow, 2))
                assert list(both) == ["done", "done"]
                nothing_runs(one)
                nothing_runs(two)
        assert len(calls) == 4

    @on_virtual_time
    async def test_an_agent_of_one_may_run_a_flow_on_the_other(self) -> None:
        paths: list[str] = []
        async with AgentSystem("one") as one, AgentSystem("two") as two:

            async def inner(x: int) -> int:
                paths.extend(child.path for child in two.actors.children)
                return x + 1

            async def outer(x: int) -> int:
                return await two.run_flow(agent(inner), x)

            assert await one.run_flow(agent(outer), 1) == 2
            assert paths[0].startswith("/two/inner-")

    @on_virtual_time
    async def test_shutting_one_down_leaves_the_other_alone(self) -> None:
        with journal():
            async with AgentSystem("one") as one, AgentSystem("two") as two:
                a = asyncio.create_task(one.run_flow(says("a", 1, 5.0), 0))
                b = asyncio.create_task(two.run_flow(says("b", 2, 5.0), 0))
                await asyncio.sleep(1.0)
                await one.shutdown()
                await asyncio.wait([a, b])
                assert a.cancelled()
                assert b.result() == 2

    @on_virtual_time
    async def test_two_may_share_an_actor_system_which_is_not_theirs_to_shut_down(self) -> None:
        async with ActorSystem("shared") as actors:
            async with AgentSystem(actors) as one, AgentSystem(actors) as two:
                with journal():
                    b = asyncio.create_task(two.run_flow(says("b", 2, 5.0), 0))
                    assert await one.run_flow(says("a", 1, 1.0), 0) == 1
                    await one.shutdown()
                    assert await b == 2
            assert actors.root.is_alive

    @on_virtual_time
    async def test_when_a_shared_actor_system_is_shut_down_its_flows_end(self) -> None:
        async with ActorSystem("shared") as actors, AgentSystem(actors) as system:
            flow = says("a", 1, 1.0) >> says("b", 2, 1.0) >> says("c", 3, 1.0)
            with journal() as calls:
                running = asyncio.create_task(system.run_flow(flow, 0))
                await asyncio.sleep(1.5)
                await actors.shutdown()
                await asyncio.wait([running])
            assert isinstance(running.exception(), ActorStoppedError)
            assert [call.agent for call in calls] == ["a", "b"]
            with pytest.raises(ActorStoppedError):
                await system.run_flow(same, 0)


class TestShutdown:
    @on_virtual_time
    async def test_after_it_nothing_runs(self) -> None:
        async with AgentSystem("test") as system:
            await system.shutdown()
            for running in (system.run_flow(same, 0), anext(system.run_flow_stream(same, 0))):
                with pytest.raises(ActorStoppedError, match="/test has stopped"):
                    await running

    @on_virtual_time
    async def test_it_cancels_the_flows_that_run_and_awaits_their_clean_up(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                flow = race(hangs("a", resists=3.0), hangs("b"))
                running = asyncio.create_task(system.run_flow(flow, 0))
                await asyncio.sleep(1.0)
                assert await system.shutdown() == 0
                assert asyncio.get_running_loop().time() == 4.0
                await asyncio.wait([running])
                assert running.cancelled()
                nothing_runs(system)
        assert [call.ending for call in calls] == ["cancelled", "cancelled"]

    @on_virtual_time
    async def test_no_flow_starts_while_it_goes_on(self) -> None:
        with journal():
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(says("side", 0, 5.0)), 0)
                closing = asyncio.create_task(system.shutdown())
                await asyncio.sleep(1.0)
                with pytest.raises(ActorStoppedError):
                    await system.run_flow(same, 0)
                assert await closing == 0

    @on_virtual_time
    async def test_repeating_it_is_harmless(self) -> None:
        with journal():
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(hangs("side")), 0)
                both = await asyncio.gather(system.shutdown(1.0), system.shutdown(1.0))
                assert max(both) == 1
                assert await system.shutdown() == 0

    @on_virtual_time
    async def test_clean_up_that_hangs_is_interrupted(self) -> None:
        seen: list[str] = []

        class Hangs:
            async def execute(self, x: int) -> None:
                await asyncio.sleep(1e9)

            async def on_stopped(self) -> None:
                try:
                    await asyncio.sleep(1e9)
                finally:
                    seen.append("interrupted")

        async with AgentSystem("test") as system:
            running = asyncio.create_task(system.run_flow(agent(Hangs, timeout=None), 0))
            await asyncio.sleep(1.0)
            await system.shutdown(timeout=5.0)
            assert asyncio.get_running_loop().time() < 60.0
            await asyncio.wait([running])
            assert running.cancelled()
            assert seen == ["interrupted"]
            nothing_runs(system)

    @pytest.mark.parametrize("beside", [False, True])
    @on_virtual_time
    async def test_an_agent_may_ask_for_it(self, beside: bool) -> None:
        """The others are stopped; the agent goes on to the end of what it does."""
        seen: list[Any] = []
        with journal() as calls:
            async with AgentSystem("test") as system:

                async def closes(x: int) -> int:
                    await asyncio.sleep(1.0)
                    seen.append(await system.shutdown())
                    seen.append("goes on")
                    return x

                others = asyncio.create_task(system.run_flow(hangs("a"), 0))
                last = agent(closes) >> says("never", 1)
                flow = same.notify(last) if beside else last
                mine = asyncio.create_task(system.run_flow(flow, 0))
                await asyncio.wait([others, mine])
                await asyncio.sleep(2.0)
                assert others.cancelled()
                assert beside or isinstance(mine.exception(), ActorStoppedError)
                nothing_runs(system)
        assert seen == [0, "goes on"]
        assert list(map(str, calls)) == ["a(0) cancelled"]

    @on_virtual_time
    async def test_cancelling_it_does_not_keep_it_from_cleaning_up(self) -> None:
        with journal() as calls:
            async with AgentSystem("test") as system:
                await system.run_flow(same.notify(hangs("side")), 0)
                closing = asyncio.create_task(system.shutdown(timeout=100.0))
                await asyncio.sleep(1.0)
                closing.cancel()
                await asyncio.wait([closing])
                assert closing.cancelled()
                nothing_runs(system)
        assert list(map(str, calls)) == ["side(0) cancelled"]


@on_virtual_time
async def test_a_thousand_runs_at_once() -> None:
    flow = leaf("a", lambda n: n + 1) >> says("wait", 0, 1.0).zip(same)
    with journal() as calls:
        async with AgentSystem("test") as system:
            results = await asyncio.gather(*(system.run_flow(flow, i) for i in range(1000)))
            assert results == [(0, i + 1) for i in range(1000)]
            assert asyncio.get_running_loop().time() == 1.0
            nothing_runs(system)
    assert len(calls) == 2000


@on_virtual_time
async def test_what_is_at_the_top_is_listed_in_order_of_start() -> None:
    actors = ActorSystem("test")
    async with actors, AgentSystem(actors) as system:
        assert not system.children

        async def listing(_: int) -> list[str]:
            return [child.name.partition("-")[0] for child in system.children]

        first = await system.spawn(listing, "first")
        assert system.children == actors.children == (first,)
        assert await system.run_flow(agent(listing), 0) == ["first", "listing"]
        await first.stop()
        assert not system.children
