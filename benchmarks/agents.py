"""Agents: tasks asked of one that lives on, of children that are used once, and of whole runs.

The totals to keep are fractions of what an earlier implementation of these ideas took.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from statistics import median
from time import perf_counter
from typing import Any, override

from benchmarks.harness import Amount, AtMost, Total, Workload, microseconds, need_all
from everything_is_an_actor import Actor, ActorRef
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskEvent, TaskResult
from everything_is_an_actor.flow import agent

ASKED, CHILDREN, ITEMS, RUNS = 20_000, 50, 100, 300
FEW, MANY = 10, 1_000


class Increment(AgentActor[int, int]):
    """The least of an agent."""

    @override
    async def execute(self, n: int, /) -> int:
        return n + 1


class Silent(Actor[Task[int], TaskResult[int]]):
    """The same without a thought of events."""

    @override
    async def on_receive(self, message: Task[int]) -> TaskResult[int]:
        if not isinstance(message, Task):
            raise TypeError
        return TaskResult(message.id, await self.execute(message.input))

    async def execute(self, n: int) -> int:
        return n + 1


class Sequence(AgentActor[int, float]):
    """Asks so many children at once, as often as it is told; the time of one child."""

    @override
    async def execute(self, times: int, /) -> float:
        asks = [(Increment, Task(i)) for i in range(CHILDREN)]
        return await _per(self.context.sequence(asks) for _ in range(times))


class Traverse(AgentActor[int, float]):
    """The same with one class for many inputs."""

    @override
    async def execute(self, times: int, /) -> float:
        inputs = [Task(i) for i in range(ITEMS)]
        return await _per(self.context.traverse(inputs, Increment) for _ in range(times))


async def _per(rounds: Any) -> float:
    begun, results = perf_counter(), 0
    for running in rounds:
        results += sum(result.is_success for result in await running)
    return (perf_counter() - begun) / results * 1e6


class Tree(AgentActor[int, int]):
    """Three levels of agents, two below each; how many they are."""

    @override
    async def execute(self, depth: int, /) -> int:
        if not depth:
            await asyncio.sleep(0)
            return 1
        below = await self.context.traverse([Task(depth - 1)] * 2, Tree)
        return 1 + sum(result.get_or_raise() for result in below)


TASKS = 7
"""In such a tree."""


async def increment(n: int) -> int:
    return n + 1


async def eager() -> int:
    """An eager task for each."""
    loop = asyncio.get_running_loop()
    tasks = [asyncio.Task(increment(n), loop=loop, eager_start=True) for n in range(ITEMS)]
    return sum(task.result() > 0 for task in tasks)


async def run_by_hand() -> int:
    """A task, and a queue through which it tells of its start and its end."""
    queue: asyncio.Queue[object] = asyncio.Queue()

    async def work() -> None:
        await queue.put("started")
        await queue.put(await increment(1))

    task = asyncio.create_task(work())
    events = [await queue.get() for _ in range(2)]
    await task
    return len(events) // 2


def inside(system: AgentSystem, cls: type[AgentActor[int, float]], times: int) -> Amount:
    """What an agent has measured of itself."""

    async def amount() -> float:
        gc.collect()
        return await system.run_flow(agent(cls), times)

    return amount


def typical(run: Any) -> Amount:
    """The time that half of the runs do not exceed."""

    async def amount() -> float:
        gc.collect()
        seconds, counted = [], 0
        for _ in range(RUNS):
            begun = perf_counter()
            counted += await run()
            seconds.append(perf_counter() - begun)
        need_all(counted, RUNS)
        return median(seconds) * 1e6

    return amount


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Asks, children, runs, and what it costs that somebody could listen."""
    async with AgentSystem() as system:
        incrementing = await system.spawn(Increment, "increment")
        silent = await system.spawn(Silent, "silent")

        async def asking(ref: ActorRef[Task[int], TaskResult[int]]) -> int:
            replies = 0
            for i in range(ASKED):
                replies += (await ref.ask(Task(i))).output == i + 1
            return replies

        async def run() -> int:
            events: list[TaskEvent] = [event async for event in system.run(Increment, 1)]
            return len(events) // 2

        async def trees(at_once: int) -> int:
            async def tree() -> int:
                return len([event async for event in system.run(Tree, 2)]) // 2

            running: list[Awaitable[int]] = [tree() for _ in range(at_once)]
            return sum(await asyncio.gather(*running))

        async def many() -> int:
            return await trees(MANY)

        async def few() -> int:
            return sum([await trees(FEW) for _ in range(MANY // FEW)])

        yield [
            Workload(
                "ask an agent",
                "task",
                microseconds(lambda: asking(incrementing), ASKED),
                microseconds(eager, ITEMS, 50),
                "an eager task each",
                Total(41 / 8),
            ),
            Workload(
                "events with nobody listening",
                "task",
                microseconds(lambda: asking(incrementing), ASKED),
                microseconds(lambda: asking(silent), ASKED),
                "an actor without events",
                AtMost(1.03),
            ),
            Workload(
                f"context.sequence of {CHILDREN}",
                "child",
                inside(system, Sequence, 40),
                microseconds(eager, ITEMS, 50),
                "an eager task each",
                Total(120 / 12),
            ),
            Workload(
                f"context.traverse over {ITEMS}",
                "item",
                inside(system, Traverse, 20),
                microseconds(eager, ITEMS, 50),
                "an eager task each",
                Total(160 / 15),
            ),
            Workload(
                "run, p50",
                "run",
                typical(run),
                typical(run_by_hand),
                "a task and a queue",
                Total(300 / 6),
            ),
            Workload(
                f"{MANY:,} runs of trees at once",
                "task",
                microseconds(many, MANY * TASKS),
                microseconds(few, MANY * TASKS),
                f"{FEW} at once",
                AtMost(1.25),
            ),
        ]
