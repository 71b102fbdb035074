"""What a run has used is freed with it: nothing is left to the cyclic collector."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, override

import pytest

from everything_is_an_actor.agents import AgentActor, AgentSystem, Task
from everything_is_an_actor.flow import Flow, agent, pure, zip_all
from everything_is_an_actor.runtime.span import Tracer
from tests.tracers import Silent

RUNS = 100

type Work = Callable[[AgentSystem], Awaitable[object]]


async def slow(number: int) -> int:
    await asyncio.sleep(0)
    return number + 1


async def eager(number: int) -> int:
    return number + 1


async def fails(number: int) -> int:
    raise ValueError(number)


def nothing(error: Exception) -> int:
    return 0


async def chunks(number: int) -> AsyncIterator[int]:
    for i in range(number):
        yield i


class Parent(AgentActor[int, int]):
    @override
    async def execute(self, number: int, /) -> int:
        results = await self.context.traverse([Task(number)] * 2, slow)
        return sum(result.get_or_raise() for result in results)


def run_flow(flow: Flow[int, Any]) -> Work:
    return lambda system: system.run_flow(flow, 1)


def follow_flow(flow: Flow[int, Any]) -> Work:
    async def followed(system: AgentSystem) -> int:
        return len([event async for event in system.run_flow_stream(flow, 1)])

    return followed


def follow(leaf: Any) -> Work:
    async def followed(system: AgentSystem) -> int:
        return len([event async for event in system.run(leaf, 1)])

    return followed


async def follow_an_ask(system: AgentSystem) -> None:
    ref = await system.spawn(slow, "slow")
    async for _ in ref.ask_stream(Task(1)):
        pass
    await ref.stop()


BOTH = zip_all(agent(slow), agent(eager)).map(sum)

WORK: dict[str, Work] = {
    "a flow": run_flow(BOTH),
    "a flow that does not wait": run_flow(agent(eager).flat_map(pure(str))),
    "a flow that recovers": run_flow(agent(fails).recover(nothing)),
    "a flow that falls back": run_flow(agent(fails).fallback_to(agent(eager))),
    "a flow that tries again": run_flow(agent(fails).retry(2).fallback_to(agent(slow))),
    "a flow with a side flow": run_flow(agent(slow).notify(agent(slow))),
    "a flow that is followed": follow_flow(BOTH),
    "a side flow that is followed": follow_flow(agent(slow).notify(agent(slow))),
    "an agent": follow(slow),
    "an agent that does not wait": follow(eager),
    "an agent that yields chunks": follow(chunks),
    "an agent with children": follow(Parent),
    "an ask that is followed": follow_an_ask,
}


@pytest.mark.parametrize("tracer", [None, Silent()], ids=["untraced", "traced"])
@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
async def test_a_run_that_has_ended_leaves_nothing_to_the_collector(
    work: Work, tracer: Tracer | None
) -> None:
    async with AgentSystem("test", tracer=tracer) as system:

        async def done() -> None:
            _ = await work(system)
            for _turn in range(5):  # for what ends beside it
                await asyncio.sleep(0)

        await done()
        gc.collect()
        gc.disable()
        try:
            for _run in range(RUNS):
                await done()
            assert gc.collect() < RUNS
        finally:
            gc.enable()
