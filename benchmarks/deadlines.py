"""What it costs that an ask has to wait no longer than its timeout."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.crowds import EchoLater
from benchmarks.harness import AtMost, Workload, microseconds
from everything_is_an_actor import ActorSystem

ASKED = 5_000


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Asks that have to wait, with the default timeout against the same without one."""
    async with ActorSystem("bench") as system:
        later = await system.spawn(EchoLater, "later")

        async def with_timeout() -> int:
            replies = 0
            for i in range(ASKED):
                replies += await later.ask(i) == i
            return replies

        async def without() -> int:
            replies = 0
            for i in range(ASKED):
                replies += await later.ask(i, timeout=None) == i
            return replies

        yield [
            Workload(
                "ask that waits, with its timeout",
                "message",
                microseconds(with_timeout, ASKED),
                microseconds(without, ASKED),
                "timeout=None",
                AtMost(1.2),
            )
        ]
