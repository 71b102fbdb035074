"""Asking several actors at once, with structured concurrency.

Every function here ends only when all that it has started has ended. What is given up on, because
another has failed, has won, or the caller was cancelled, is cancelled and awaited. A target may be
a class or another leaf: its actor then lives for one message.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, Final, get_origin

from everything_is_an_actor.algebra.arguments import callable_name
from everything_is_an_actor.algebra.failure import AllFailedError, is_recoverable
from everything_is_an_actor.runtime.agent import TaskHandler
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.errors import AskTimeoutError
from everything_is_an_actor.runtime.lifting import AnyLeaf
from everything_is_an_actor.runtime.place import AnyPlace, State
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Fatal, Scheduler, all_ended, carried, until
from everything_is_an_actor.runtime.spawning import spawn_for_one_ask, spawn_for_one_tell

type Target[A, B] = ActorRef[A, B] | type[Behaviour[A, B]]
"""Whom to ask: an actor, or a class of which a new one lives for this message."""


type AnyTarget = Target[Any, Any] | AnyLeaf
"""Whom to ask, whatever it takes: what a leaf takes is a `Task`."""


def takes_tasks(target: AnyTarget) -> bool:
    """Whether it is an agent, of whatever kind."""
    if isinstance(target, ActorRef):
        return isinstance(target, Cell) and isinstance(target.behaviour, TaskHandler)
    cls = get_origin(target) or target
    return not (isinstance(cls, type) and issubclass(cls, Behaviour)) or issubclass(
        cls, TaskHandler
    )


def ask(
    parent: AnyPlace,
    target: AnyTarget,
    message: Any,
    timeout: float | None,
    name: str | None = None,
) -> Coroutine[Any, Any, Any]:
    """The reply of an actor, or of a new child of `parent` that is gone when this returns.

    `timeout` bounds the start of the child as well, but not its end.
    """
    if not isinstance(target, type) and isinstance(target, ActorRef):
        return target.ask(message, timeout=timeout)
    starts_at_once = getattr(target, "on_started", _AT_ONCE) is _AT_ONCE
    if timeout is None or starts_at_once:
        return _ask_child(parent, target, message, timeout, name, None)
    return _ask_starting_child(parent, target, message, timeout, name)


async def _ask_starting_child(
    parent: AnyPlace,
    target: type[Behaviour[Any, Any]] | AnyLeaf,
    message: Any,
    timeout: float,
    name: str | None,
) -> Any:
    """As `_ask_child`, of one whose start may take a part of the time."""
    deadline = asyncio.timeout(timeout)
    try:
        async with deadline:
            return await _ask_child(parent, target, message, None, name, deadline)
    except TimeoutError:
        if not deadline.expired():
            raise
    raise AskTimeoutError(f"{parent.path}/{name or callable_name(target)}", timeout)


_AT_ONCE: Final = Behaviour.on_started  # what leaves without a start of their own have as well


async def _ask_child(
    parent: AnyPlace,
    leaf: type[Behaviour[Any, Any]] | AnyLeaf,
    message: Any,
    timeout: float | None,
    name: str | None,
    deadline: asyncio.Timeout | None,
) -> Any:
    child = await spawn_for_one_ask(parent, leaf, name)
    try:
        reply = await child.ask(message, timeout=timeout)
        if deadline is not None:
            deadline.reschedule(None)
    except BaseException as error:
        child.hasten()
        if await child.ended():
            raise asyncio.CancelledError from error
        raise
    _ = child.stop()
    if child.state is not State.STOPPED and await child.ended():
        raise asyncio.CancelledError
    return reply


async def tell_temporary[A, B](parent: AnyPlace, cls: type[Behaviour[A, B]], message: A) -> None:
    """Tell a new child of `parent`, which stops by its own policy.

    Raises `TypeError`, before anything starts, if that policy is `StopMode.NEVER`.
    """
    await (await spawn_for_one_tell(parent, cls)).tell(message)


async def all_of[B](scheduler: Scheduler, jobs: Iterable[Coroutine[Any, Any, B]]) -> list[B]:
    """The results, in order; the first failure is the failure of all."""
    tasks = [scheduler.start(carrying(job)) for job in jobs]
    try:
        await until(scheduler, tasks, _has_failed)
        failed = next((task for task in tasks if task.done() and _has_failed(task)), None)
        if failed is None:
            return [task.result() for task in tasks]
    finally:
        await _give_up(tasks)
    return [_result(failed)]  # raises its error


async def first_of[B](scheduler: Scheduler, jobs: Iterable[Coroutine[Any, Any, B]]) -> B:
    """The first result; `AllFailedError` if there is none, an error past recovery at once."""
    tasks = [scheduler.start(carrying(job)) for job in jobs]
    try:
        await until(scheduler, tasks, _decides_a_race)
        first = next((task for task in tasks if task.done() and _decides_a_race(task)), None)
        if first is not None:
            return _result(first)
    finally:
        await _give_up(tasks)
    errors = [error for task in tasks if isinstance(error := task.exception(), Exception)]
    raise AllFailedError(errors)


async def carrying[B](job: Coroutine[Any, Any, B]) -> B:
    """`job`; an end of the program that it raises reaches the one who waits, past no one."""
    try:
        return await job
    except (KeyboardInterrupt, SystemExit) as error:
        raise Fatal(error) from None


def _result[B](task: asyncio.Task[B]) -> B:
    try:
        return task.result()
    except Fatal as fatal:
        raise carried(fatal) from None


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.cancelled() or task.exception() is not None


def _decides_a_race(task: asyncio.Task[Any]) -> bool:
    """Whether it has won, or ended in a way that is past recovery."""
    error = None if task.cancelled() else task.exception()
    return error is None or not is_recoverable(error)


async def _give_up(tasks: list[asyncio.Task[Any]]) -> None:
    """Cancel what has not ended, but not a second time, and wait for its end."""
    left = [task for task in tasks if not task.done()]
    for task in left:
        if not task.cancelling():
            task.cancel()
    if await all_ended(left):
        raise asyncio.CancelledError
    for task in tasks:
        if not task.cancelled():
            task.exception()  # it has been looked at: nobody needs to be warned of it
