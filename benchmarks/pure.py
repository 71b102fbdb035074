"""A chain of plain functions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.harness import Above, Workload, microseconds
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Flow, pure

OPERATIONS = 30_000  # steps a round


def increment(n: int) -> int:
    return n + 1


def chain(steps: int) -> Flow[int, int]:
    """So many functions, half of them mapped and half of them composed as flows."""
    flow = pure(increment)
    for i in range(steps - 1):
        flow = flow.map(increment) if i % 2 else flow >> pure(increment)
    return flow


def workload(system: AgentSystem, steps: int) -> Workload:
    """A chain of so many steps against a loop that calls the functions."""
    flow, functions = chain(steps), [increment] * steps

    async def run() -> int:
        return await system.run_flow(flow, 0)

    async def call() -> int:
        n = 0
        for function in functions:
            n = function(n)
        return n

    return Workload(
        f"chain of {steps:,} functions",
        "step",
        microseconds(run, steps, OPERATIONS // steps),
        microseconds(call, steps, OPERATIONS // steps),
        "a loop over them",
        Above(0.6),
    )


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Short and long chains."""
    async with AgentSystem() as system:
        yield [workload(system, steps) for steps in (10, 1_000)]
