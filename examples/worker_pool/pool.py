"""A pool: so many workers do the same to one item after another, and may fail.

A worker does not handle errors. An item that makes it raise fails it, and its supervisor, the pool,
puts a new one in its place, `max_restarts` times a minute at most. A worker that fails more often
is given up, and with the last of them the work.

Back-pressure is a question that is not answered yet: the pool answers who offers it an item when a
worker has taken that. So items come no faster than they are done, and one of them waits at most.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import override

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    OneForOneStrategy,
    PoolDispatcher,
    SupervisorStrategy,
    Terminated,
)


@dataclass(slots=True)
class Report[I, O]:
    """What has come of it; `is_complete` if every item was given to some worker."""

    done: list[O] = field(default_factory=list)
    failed: list[tuple[I, BaseException | str]] = field(default_factory=list)
    restarts: Counter[str] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Offer[I]:
    """To be answered when a worker has taken the item (true), or when none is left (false)."""

    item: I


@dataclass(frozen=True, slots=True)
class Finish:
    """To be answered when every item that was taken is done with."""


@dataclass(frozen=True, slots=True)
class Ready[I]:
    """What a worker says when it can take an item."""

    worker: ActorRef[I, None]


@dataclass(frozen=True, slots=True)
class Done[I, O]:
    """What a worker says when it has done an item."""

    worker: ActorRef[I, None]
    output: O


@dataclass(frozen=True, slots=True)
class Restarted[I]:
    """What a worker says that stands in for one that has failed."""

    worker: ActorRef[I, None]
    error: Exception


type Message[I, O] = Offer[I] | Finish | Ready[I] | Done[I, O] | Restarted[I] | Terminated


class Worker[I, O](Actor[I, None]):
    """Does one item after another, on a thread. What goes wrong is the affair of the pool."""

    def __init__(self, pool: ActorRef[Message[I, O], bool], work: Callable[[I], O]) -> None:
        self.pool = pool
        self.work = work

    @override
    async def on_started(self) -> None:
        await self.pool.tell(Ready(self.context.self_ref))

    @override
    async def on_restart(self, error: Exception) -> None:
        await self.pool.tell(Restarted(self.context.self_ref, error))

    @override
    async def on_receive(self, item: I) -> None:
        output = await self.context.run_in_executor(self.work, item)
        await self.pool.tell(Done(self.context.self_ref, output))
        await self.pool.tell(Ready(self.context.self_ref))


class Pool[I, O](Actor[Message[I, O], bool]):
    """Gives each item to a worker that is idle."""

    def __init__(
        self, work: Callable[[I], O], report: Report[I, O], workers: int, max_restarts: int
    ) -> None:
        self.work = work
        self.report = report
        self.workers = workers
        self.max_restarts = max_restarts
        self.idle: list[ActorRef[I, None]] = []
        self.busy: dict[ActorRef[I, None], I] = {}

    @override
    def supervisor_strategy(self) -> SupervisorStrategy:
        return OneForOneStrategy(max_restarts=self.max_restarts, within_seconds=60.0)

    @override
    async def on_started(self) -> None:
        for number in range(1, self.workers + 1):
            worker = await self.spawn(
                Worker[I, O],
                f"worker-{number}",
                args=(self.context.self_ref, self.work),
                dispatcher="work",
            )
            self.context.watch(worker)

    @override
    async def on_receive(self, message: Message[I, O]) -> bool:
        report = self.report
        match message:
            case Offer(item):
                if self.idle:
                    worker = self.idle.pop()
                    self.busy[worker] = item
                    await worker.tell(item)
                elif len(report.given_up) == self.workers:
                    return False
                else:
                    self.context.stash()  # who asks goes on waiting
            case Finish():
                if self.busy:
                    self.context.stash()
            case Ready(worker):
                self.idle.append(worker)
                self.context.unstash_all()
            case Done(worker, output):
                report.done.append(output)
                del self.busy[worker]
            case Restarted(worker, error):
                report.failed.append((self.busy.pop(worker), error))
                report.restarts[worker.name] += 1
            case Terminated(gone, reason):
                report.failed.append((self.busy.pop(gone), reason))
                report.given_up.append(gone.name)
                self.context.unstash_all()
        return True


async def work_through[I, O](
    items: Iterable[I],
    work: Callable[[I], O],
    report: Report[I, O],
    *,
    workers: int = 4,
    max_restarts: int = 10,
) -> None:
    """Do `work` to every item, on threads, and note in the report what comes of it.

    The report is the caller's, so that it is there also if this is cancelled.
    """
    dispatchers = {"work": PoolDispatcher(pool_size=workers)}
    async with ActorSystem("work", dispatchers=dispatchers) as system:
        pool = await system.spawn(Pool[I, O], "pool", args=(work, report, workers, max_restarts))
        for item in items:
            if not await pool.ask(Offer(item), timeout=None):
                return
        await pool.ask(Finish(), timeout=None)
        report.is_complete = True
