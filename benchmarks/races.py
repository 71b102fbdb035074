"""Races and quorums, with losers that have to be cancelled and without."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.harness import AtMost, Workload, microseconds
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Flow, QuorumResult, agent, at_least, race

REPEATS = 500


async def win(_: object) -> int:
    return 1


async def lose(_: object) -> int:
    """Waits until it is cancelled."""
    await asyncio.get_running_loop().create_future()
    return 0


def successes(result: QuorumResult[int]) -> int:
    """Whether there are two, as a count."""
    return int(len(result.succeeded) >= 2)


def by_hand(
    *racers: Callable[[object], Coroutine[Any, Any, int]], needed: int
) -> Callable[[], Awaitable[int]]:
    """A task for each; once enough have succeeded, the others are cancelled and awaited."""

    async def run() -> int:
        loop = asyncio.get_running_loop()
        pending = {loop.create_task(racer(None)) for racer in racers}
        succeeded = 0
        while pending and succeeded < needed:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            succeeded += sum(task.result() for task in done)
        for task in pending:
            task.cancel()
        if pending:
            await asyncio.wait(pending)
        return int(succeeded >= needed)

    return run


@asynccontextmanager
async def workloads() -> AsyncIterator[list[Workload]]:
    """Each against bare tasks, losers awaited."""
    async with AgentSystem() as system:

        def workload(
            name: str, flow: Flow[object, int], hand: Callable[[], Awaitable[int]]
        ) -> Workload:
            async def run() -> int:
                return await system.run_flow(flow, None)

            return Workload(
                name,
                "run",
                microseconds(run, 1, REPEATS),
                microseconds(hand, 1, REPEATS),
                "bare tasks",
                AtMost(2),
            )

        winner, loser = agent(win), agent(lose)
        yield [
            workload("race of 2", race(winner, winner), by_hand(win, win, needed=1)),
            workload(
                "race of 2, one cancelled",
                race(winner, loser),
                by_hand(win, lose, needed=1),
            ),
            workload(
                "at_least(2) of 3",
                at_least(2, winner, winner, winner).map(successes),
                by_hand(win, win, win, needed=2),
            ),
            workload(
                "at_least(2) of 3, one cancelled",
                at_least(2, winner, winner, loser, stop_early=True).map(successes),
                by_hand(win, win, lose, needed=2),
            ),
        ]
