"""Programs of operations: what running one costs, beside doing the same by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Never

from benchmarks.harness import AtMost, Total, Workload, microseconds
from benchmarks.messages import ASKED, Echo
from benchmarks.middlewares import asking
from everything_is_an_actor import ActorRef, ActorSystem
from everything_is_an_actor.free import Free, Pure

DEEP = 100_000


def running(system: ActorSystem, actor: ActorRef[int, int]) -> Callable[[], Awaitable[int]]:
    """Programs of one ask, built beforehand; how many have the right reply."""
    programs = [actor.free_ask(i) for i in range(ASKED)]

    async def run() -> int:
        replies = 0
        for i, program in enumerate(programs):
            replies += await system.run_free(program) == i
        return replies

    return run


def building(system: ActorSystem, actor: ActorRef[int, int]) -> Callable[[], Awaitable[int]]:
    """Programs of one ask, each built, run and dropped; how many have the right reply."""

    async def run() -> int:
        replies = 0
        for i in range(ASKED):
            replies += await system.run_free(actor.free_ask(i)) == i
        return replies

    return run


def nested_to_the_left() -> Free[Never, int]:
    program: Free[Never, int] = Pure(0)
    for _ in range(DEEP):
        program = program.flat_map(following)
    return program


def following(n: int) -> Free[Never, int]:
    return Pure(n + 1)


def counting(n: int) -> Free[Never, int]:
    return Pure(n) if n == DEEP else Pure(n + 1).flat_map(counting)


async def by_hand() -> int:
    """The same additions in a loop."""
    n = 0
    for _ in range(DEEP):
        n += 1
    return n


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """A program of one ask against the ask; binds, deep to either side."""
    async with ActorSystem("bench") as system:
        actor = await system.spawn(Echo, "echo")
        by_asking = microseconds(asking(actor), ASKED)
        left = nested_to_the_left()
        yield [
            Workload(
                "run_free of an ask",
                "program",
                microseconds(running(system, actor), ASKED),
                by_asking,
                "ref.ask",
                AtMost(1.25),
            ),
            Workload(
                "run_free of an ask, built anew",
                "program",
                microseconds(building(system, actor), ASKED),
                by_asking,
                "ref.ask",
                AtMost(1.25),
            ),
            Workload(
                "bind, 100,000 to the left",
                "bind",
                microseconds(lambda: system.run_free(left), DEEP),
                microseconds(by_hand, DEEP),
                "a loop",
                Total(0.6),
            ),
            Workload(
                "bind, 100,000 by recursion",
                "bind",
                microseconds(lambda: system.run_free(counting(0)), DEEP),
                microseconds(by_hand, DEEP),
                "a loop",
                Total(0.6),
            ),
        ]
