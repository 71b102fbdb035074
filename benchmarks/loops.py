"""A loop whose body is a plain function."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.harness import Above, Workload, microseconds
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Continue, Done, loop, pure

ITERATIONS, REPEATS = 100, 300


def step(n: int) -> Continue[int] | Done[int]:
    return Continue(n + 1) if n < ITERATIONS - 1 else Done(n + 1)


async def by_hand() -> int:
    """A while loop."""
    n = 0
    while True:
        match step(n):
            case Continue(n):
                pass
            case Done(result):
                return result


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """`loop` against a while loop."""
    flow = loop(pure(step), max_iter=ITERATIONS)
    async with AgentSystem() as system:

        async def run() -> int:
            return await system.run_flow(flow, 0)

        yield [
            Workload(
                f"loop of {ITERATIONS}",
                "iteration",
                microseconds(run, ITERATIONS, REPEATS),
                microseconds(by_hand, ITERATIONS, REPEATS),
                "a while loop",
                Above(1.2),
            )
        ]
