"""What is given up on is interrupted, children included, and what it raises is never lost."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from everything_is_an_actor import Actor
from everything_is_an_actor.agents import AgentActor, AgentSystem
from everything_is_an_actor.flow import Flow, FlowTimeoutError, agent, pure, race, traverse
from everything_is_an_actor.interpreters.reference import evaluate
from everything_is_an_actor.testing import on_virtual_time


class Sleeper(Actor[float, str]):
    async def on_receive(self, message: float) -> str:
        await asyncio.sleep(message)
        return "slept"


class Boss(AgentActor[float, str]):
    async def execute(self, input: float) -> str:
        child = await self.context.spawn(Sleeper, "sleeper")
        return await child.ask(input, timeout=None)


async def at_once(x: object) -> str:
    return "at once"


async def soon(x: object) -> str:
    await asyncio.sleep(0.01)
    raise ValueError("first")


async def late(x: object) -> str:
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        raise KeyError("late") from None
    return "never"


async def calm(x: object) -> str:
    await asyncio.sleep(5)
    return "never"


@on_virtual_time
async def test_the_children_of_an_agent_that_is_given_up_on_are_interrupted() -> None:
    loop = asyncio.get_running_loop()
    async with AgentSystem() as system:
        with pytest.raises(FlowTimeoutError):
            await system.run_flow(agent(Boss, timeout=1.0), 3600.0)
        assert loop.time() == 1.0
        with pytest.raises(FlowTimeoutError):
            await system.run_flow(agent(Boss, timeout=None).timeout(1.0), 3600.0)
        assert loop.time() == 2.0
        assert await system.run_flow(race(agent(Boss), agent(at_once)), 3600.0) == "at once"
        assert loop.time() == 2.0


@pytest.mark.parametrize(
    "given_up",
    [
        agent(late),
        agent(late).zip(agent(calm)),
        agent(late).zip(agent(calm)).zip(agent(calm)),
        race(agent(late), agent(calm)).map(str),
        agent(late).timeout(3.0),
        agent(late).zip(agent(calm)).timeout(3.0),
    ],
    ids=repr,
)
def test_an_error_raised_during_cancellation_is_noted_however_deep(
    given_up: Flow[Any, Any],
) -> None:
    @on_virtual_time
    async def noted() -> None:
        async with AgentSystem() as system:
            with pytest.raises(ValueError, match="first") as caught:
                await system.run_flow(given_up.zip(agent(soon)), 0)
        assert any("KeyError('late')" in note for note in caught.value.__notes__)

    noted()


@on_virtual_time
async def test_a_timeout_notes_what_was_raised_in_spite_of_it() -> None:
    async with AgentSystem() as system:
        with pytest.raises(FlowTimeoutError) as caught:
            await system.run_flow(agent(late).zip(agent(calm)).timeout(0.5), 0)
    assert any("KeyError('late')" in note for note in caught.value.__notes__)


@dataclass(frozen=True)
class FrozenError(Exception):
    code: int


async def breaks(x: int) -> int:
    raise FrozenError(x)


async def test_an_error_that_takes_no_notes_is_handled_like_any_other() -> None:
    flow = agent(breaks).recover(repr)
    async with AgentSystem() as system:
        assert await system.run_flow(flow, 3) == "FrozenError(code=3)"

    def script(x: int) -> int:
        raise FrozenError(x)

    assert evaluate(flow, 3, {breaks: script}).result.unwrap() == "FrozenError(code=3)"


def first(items: list[int]) -> int:
    return next(iter(items))


@pytest.mark.parametrize(
    "flow",
    [pure(first).recover(repr), pure(first).zip(pure(len)).recover(repr)],
    ids=["by itself", "in a branch"],
)
async def test_a_stop_iteration_reaches_handlers_as_a_runtime_error(flow: Flow[Any, Any]) -> None:
    said = "RuntimeError('a function in the flow raised StopIteration')"
    async with AgentSystem() as system:
        assert await system.run_flow(flow, []) == said
    assert evaluate(flow, [], {}).result.unwrap() == said


@pytest.mark.parametrize("bound", [1, 2, 3])
async def test_a_bounded_traverse_starts_no_element_after_one_has_failed(bound: int) -> None:
    started: list[int] = []

    def fail_first(x: int) -> int:
        started.append(x)
        if x == 0:
            raise ValueError(x)
        return x

    flow = traverse(pure(fail_first), max_concurrency=bound)
    async with AgentSystem() as system:
        with pytest.raises(ValueError, match="0"):
            await system.run_flow(flow, range(10))
    assert started == list(range(bound))
    started.clear()
    evaluate(flow, range(10), {})
    assert started == list(range(bound))
