"""The first mistakes that a user makes are told at the line that made them."""

from typing import Any

import pytest

from everything_is_an_actor import ActorStoppedError
from everything_is_an_actor.agents import AgentActor, AgentSystem
from everything_is_an_actor.flow import agent, pure
from everything_is_an_actor.moa import MoASystem


class Echo(AgentActor[int, int]):
    async def execute(self, input: int) -> int:
        return input


async def test_only_a_flow_is_run() -> None:
    not_a_flow: Any = Echo
    async with AgentSystem() as system:
        with pytest.raises(TypeError, match=r"run_flow: flow must be a Flow.*agent\(Echo\)"):
            await system.run_flow(not_a_flow, 1)
        with pytest.raises(TypeError, match="run_flow_stream: flow must be a Flow"):
            await anext(system.run_flow_stream(not_a_flow, 1))


@pytest.mark.parametrize("wrong", [42, object(), ["app"]])
def test_an_agent_system_is_made_of_an_actor_system_or_a_name(wrong: Any) -> None:
    with pytest.raises(TypeError, match="actor_system must be an ActorSystem or a name"):
        AgentSystem(wrong)


@pytest.mark.parametrize(("wrong", "error"), [(-1, ValueError), (None, TypeError)])
async def test_a_shutdown_with_a_wrong_timeout_does_nothing(
    wrong: Any, error: type[Exception]
) -> None:
    async with AgentSystem() as system:
        with pytest.raises(error, match="shutdown: timeout"):
            await system.shutdown(timeout=wrong)
        assert await system.run_flow(agent(Echo), 1) == 1


async def test_a_flow_and_its_input_that_changed_places_are_told_so() -> None:
    flow: Any = pure(len)
    async with AgentSystem() as system, MoASystem() as moa:
        for run in (system.run_flow, system.run_flow_stream, moa.run, moa.run_stream):
            called: Any = run
            text = rf"got 'x' \(str\): the flow comes first, {run.__name__}\(flow, input\)$"
            with pytest.raises(TypeError, match=text):
                await called("x", flow)


async def test_after_the_shutdown_it_is_said_where_a_run_belongs() -> None:
    async with AgentSystem() as system:
        pass
    with pytest.raises(ActorStoppedError, match=r"shut down: run inside its async with$"):
        await system.run_flow(pure(len), "hello")
