"""What an idle actor weighs: as Python counts it, and as the system counts it.

The system's count is taken in a process of its own, `python -m benchmarks.weights KIND COUNT`,
which prints by how many bytes its resident memory has grown.
"""

import asyncio
import gc
import sys
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from resource import getpagesize

from benchmarks.harness import Amount, Total, Workload, need_all
from benchmarks.lives import Start, Stop, started, started_by_hand, stopped, stopped_by_hand
from everything_is_an_actor import ActorRef, ActorSystem

TRACED = 2_000
RESIDENT, RESIDENT_BY_HAND = 1_000_000, 100_000


def traced[X](start: Start[X], stop: Stop[X]) -> Amount:
    """The bytes that one keeps allocated while it waits, its name included."""

    async def amount() -> float:
        gc.collect()
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            alive = await start(TRACED)
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        need_all(await stop(alive), TRACED)
        return (after - before) / TRACED

    return amount


def resident(kind: str, count: int) -> Amount:
    """The bytes by which a process grows for one of so many, measured in a new process."""

    async def amount() -> float:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.weights", kind, str(count)),
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
        alive, grown = map(int, output.split())
        need_all(alive, count)
        return grown / count

    return amount


def resident_now() -> int:
    """The bytes of this process that are in memory (Linux)."""
    _, pages, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(pages) * getpagesize()


async def grow(kind: str, count: int) -> None:
    """Start so many, and print how many are alive and by how much this process has grown."""
    before = resident_now()
    if kind == "actors":
        async with ActorSystem("bench") as system:
            actors = await started(system, count)
            print(sum(actor.is_alive for actor in actors), resident_now() - before)
    else:
        waiters = await started_by_hand(count)
        print(sum(not waiter.task.done() for waiter in waiters), resident_now() - before)
        await stopped_by_hand(waiters)


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Actors against tasks."""
    async with ActorSystem("bench") as system:

        async def start(count: int) -> list[ActorRef[int, int]]:
            return await started(system, count)

        yield [
            Workload(
                "memory of an idle actor",
                "actor",
                traced(start, stopped),
                traced(started_by_hand, stopped_by_hand),
                "a deque and a task",
                Total(400),
                unit="bytes",
            ),
            Workload(
                f"resident memory of {RESIDENT:,} actors",
                "actor",
                resident("actors", RESIDENT),
                resident("tasks", RESIDENT_BY_HAND),
                f"a deque and a task, {RESIDENT_BY_HAND:,}",
                Total(600),
                unit="bytes",
                only_if_named=True,
            ),
        ]


if __name__ == "__main__":
    asyncio.run(grow(sys.argv[1], int(sys.argv[2])))
