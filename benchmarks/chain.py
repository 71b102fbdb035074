"""A chain of ten agents, each of which answers at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.harness import AtMost, Workload, microseconds
from everything_is_an_actor.agents import AgentActor, AgentSystem
from everything_is_an_actor.flow import Flow, agent

STEPS, REPEATS = 10, 300


async def increment(n: int) -> int:
    return n + 1


class Increment(AgentActor[int, int]):
    """The same as a class."""

    async def execute(self, n: int, /) -> int:
        return n + 1


def chain(step: Flow[int, int]) -> Flow[int, int]:
    """So many steps, one after the other."""
    flow = step
    for _ in range(STEPS - 1):
        flow = flow >> step
    return flow


async def by_hand_with_tasks() -> int:
    """Ten coroutines awaited, and the cost of ten tasks."""
    loop = asyncio.get_running_loop()
    n = 0
    for _ in range(STEPS):
        n = await increment(n)
    done = 0
    for _ in range(STEPS):
        done = await loop.create_task(increment(done))
    return min(n, done)


async def by_hand_with_eager_tasks() -> int:
    """Ten coroutines awaited, and the cost of ten eager tasks."""
    loop = asyncio.get_running_loop()
    n = 0
    for _ in range(STEPS):
        n = await increment(n)
    done = 0
    for _ in range(STEPS):
        done = asyncio.Task(increment(done), loop=loop, eager_start=True).result()
    return min(n, done)


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Functions and classes as agents, against two floors."""
    functions, classes = chain(agent(increment)), chain(agent(Increment))
    async with AgentSystem() as system:

        async def run_functions() -> int:
            return await system.run_flow(functions, 0)

        async def run_classes() -> int:
            return await system.run_flow(classes, 0)

        tasks = microseconds(by_hand_with_tasks, STEPS, REPEATS)
        eager = microseconds(by_hand_with_eager_tasks, STEPS, REPEATS)
        ours = microseconds(run_functions, STEPS, REPEATS)
        of_classes = microseconds(run_classes, STEPS, REPEATS)
        name = "chain of 10 agents"
        bound = AtMost(3)
        yield [
            Workload(name, "step", ours, tasks, "coroutines + create_task", bound),
            Workload(name, "step", ours, eager, "coroutines + eager tasks", bound),
            Workload(
                "chain of 10 agent classes",
                "step",
                of_classes,
                eager,
                "coroutines + eager tasks",
                bound,
            ),
        ]
