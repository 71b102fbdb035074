"""The meaning of a program of operations on actors: what a system of actors does.

An operation is what the method of the same name does. Independent programs run in eager tasks, by
the rule of `children.py`: all are started, the first error in time is the error of all, the others
are cancelled, and the program goes on only when all have ended.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, assert_never, override

from everything_is_an_actor.algebra.fold_map import (
    Interpreter,
    Step,
    fold_map,
    note_only_step,
)
from everything_is_an_actor.algebra.free import Free
from everything_is_an_actor.algebra.operations import (
    ActorOp,
    Ask,
    GetRef,
    Sleep,
    Spawn,
    Stop,
    Tell,
    among_all,
)
from everything_is_an_actor.interpreters.children import error_of, fail_fast, join, start_all
from everything_is_an_actor.runtime.orchestration import carrying
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import carried
from everything_is_an_actor.runtime.system import System


class Live(Interpreter[ActorOp]):
    """Performs operations on the actors of one system."""

    __slots__ = ("_system",)

    def __init__(self, system: System) -> None:
        self._system = system

    @override
    def perform(self, op: ActorOp, /) -> Awaitable[Any]:
        if type(op) is Ask:  # most of all operations: before the others, and by identity
            target: Any = op._ref
            if type(target) is str:
                target = self._system.get_actor(target)
            reply: Awaitable[Any] = target.ask(op._message, timeout=op._timeout)
            return reply
        known = among_all(op)
        match known:
            case Ask():
                raise AssertionError("it has been asked above")
            case Tell():
                told: Awaitable[None] = self._at(known.ref).tell(known.message)
                return told
            case Spawn():
                return self._system.spawn(known.actor_cls, known.name, **dict(known.options))
            case Stop():
                ending: Awaitable[None] = self._at(known.ref).stop()
                return ending
            case GetRef():
                return self._found(known.path)
            case Sleep():
                return asyncio.sleep(known.seconds)
            case _ as unreachable:
                assert_never(unreachable)

    @override
    async def together(self, branches: Sequence[Coroutine[Any, Any, Any]]) -> Sequence[Any]:
        try:
            scheduler = self._system.root.engine.scheduler
            jobs = await start_all(
                scheduler, (scheduler.start(carrying(branch)) for branch in branches)
            )
            joined = await join(scheduler, jobs, fail_fast, "par[{}]")
        finally:
            for branch in branches:
                branch.close()  # which was not started, if this was cancelled meanwhile
        error = error_of(jobs[joined.order[-1]])
        if error is None:
            return [job.result() for job in jobs]
        try:
            raise carried(joined.noted(error))
        finally:
            del error, jobs, joined  # whose traceback leads here, and must not lead back

    @override
    async def pause(self) -> None:
        await self._system.root.engine.scheduler.rest()

    @override
    def is_cancelled(self) -> bool:
        task = asyncio.current_task()
        return task is not None and task.cancelling() > 0

    def _at(self, target: Any) -> Any:
        """The actor that an operation names; a path is looked up now. Its type the builder knew."""
        return self._system.get_actor(target) if isinstance(target, str) else target

    async def _found(self, path: str) -> ActorRef[Any, Any]:
        return self._system.get_actor(path)


async def asked(op: Ask[Any, Any], system: System) -> Any:
    """What `fold_map` does for a program that is one ask, the most frequent of all: less calls."""
    try:
        target: Any = op._ref
        if type(target) is str:
            target = system.get_actor(target)
        return await target.ask(op._message, timeout=op._timeout)
    except Exception as error:
        note_only_step(error, op)
        raise


def run_live[A](
    program: Free[ActorOp, A], system: System, *, trace: list[Step] | None = None
) -> Coroutine[Any, Any, A]:
    """The value of `program` on the actors of `system`; see `ActorSystem.run_free`.

    >>> import asyncio
    >>> from everything_is_an_actor import ActorSystem
    >>> from everything_is_an_actor.free import Pure, sleep
    >>> async def main() -> int:
    ...     async with ActorSystem() as system:
    ...         return await run_live(sleep(0.0).then(Pure(1)), system)
    >>> asyncio.run(main())
    1
    """
    return fold_map(program, Live(system), trace)
