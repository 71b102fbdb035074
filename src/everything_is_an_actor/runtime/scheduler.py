"""Eager tasks, bounded in depth and in number.

What an actor or a flow starts usually ends without ever waiting. An eager task (Python
3.12: `asyncio.Task(eager_start=True)`) runs such a coroutine at once, in the caller's step, and
costs a fifth of a task that goes through the event loop. It has two dangers, and this module is
the one place that knows them:

* Eager tasks nest on the stack: a chain of them overflows at a depth of some hundreds, sooner if
  there is much between two of them. Past `MAX_DEPTH`, or past `SAFE_DEPTH` where the stack is half
  full, a task is started through the loop, where the depth begins anew.
* A caller whose tasks all end at once never gives way to the loop, and timers beside it are late.
  So starts and steps are counted, and whoever finds `tired` true takes a `rest`. Within a nest it
  would suspend everyone above as well: there it waits longer.

Rejected: an eager task factory for the whole loop, which changes the meaning of other people's
`create_task`.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextvars import Context
from functools import partial
from typing import Any, Final, override

SAFE_DEPTH = 32
MAX_DEPTH = 128
STEPS_BETWEEN_RESTS = 256
STEPS_WITHIN_A_NEST = 2048


type AnyTask = asyncio.Task[Any]  # by its name an annotation costs nothing in a function


class Scheduler:
    """Starts tasks on one event loop."""

    __slots__ = ("_begun", "depth", "loop", "spent", "to_cancel")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        # Every keyword of a call is an entry in a dict that is made for it: here one is copied.
        self._begun = partial(asyncio.Task, loop=loop, eager_start=True)
        self.spent = 0
        self.depth = 0
        self.to_cancel: deque[asyncio.Task[Any]] = deque()

    def start[T](
        self, coroutine: Coroutine[Any, Any, T], context: Context | None = None
    ) -> asyncio.Task[T]:
        """A task that has run to its first wait already, unless too many are nested here."""
        self.spent += 1
        depth = self.depth
        if depth >= SAFE_DEPTH and self.deep:
            return asyncio.Task(coroutine, loop=self.loop, context=context)
        self.depth = depth + 1
        try:
            if context is None:
                return self._begun(coroutine)
            return asyncio.Task(coroutine, loop=self.loop, context=context, eager_start=True)
        finally:
            self.depth = depth

    @property
    def deep(self) -> bool:
        """Whether an eager task would be nested too deeply here."""
        depth = self.depth
        return depth >= MAX_DEPTH or (
            depth >= SAFE_DEPTH and depth % 8 == 0 and _stack_is_half_full()
        )

    @property
    def tired(self) -> bool:
        """Whether the loop has waited long enough for its turn."""
        return self.spent >= (STEPS_WITHIN_A_NEST if self.depth else STEPS_BETWEEN_RESTS)

    @property
    def nearly_tired(self) -> bool:
        """Whether it is after one step more: for who must not rest in the middle of something."""
        return self.spent + 1 >= (STEPS_WITHIN_A_NEST if self.depth else STEPS_BETWEEN_RESTS)

    async def rest(self) -> None:
        """Let the loop run everything else that is ready."""
        self.spent = 0
        await asyncio.sleep(0)

    async def step(self) -> None:
        """Count one step of many that do not suspend, and rest if that was enough."""
        self.spent += 1
        if self.tired:
            await self.rest()

    async def rest_now(self) -> None:
        """As `rest`; the next steps of the caller need no other, whatever the others have spent."""
        await self.rest()
        self.spent = 0


def _stack_is_half_full() -> bool:
    """Whether the calls in progress are more than half of what Python allows."""
    try:
        sys._getframe(sys.getrecursionlimit() // 2)
    except ValueError:  # there are not so many
        return False
    return True


ENDS_OF_PROGRAM: Final = (KeyboardInterrupt, SystemExit)


class Fatal(BaseException):
    """Carries a `KeyboardInterrupt` or `SystemExit` from a task to the one who waits for it.

    Raised in a task as they are, these two leave through the event loop at once, past everyone
    who has children to cancel and finalisers to run.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


def carried(error: BaseException) -> BaseException:
    """The error that a `Fatal` carries, or the error itself."""
    return error.error if isinstance(error, Fatal) else error


class Linked(asyncio.Future[None]):
    """What one who waits for several tasks waits on: his cancellation is theirs, in the same step.

    A task that waits for one other passes its cancellation on by a call. So does this, to many; and
    none of these calls is within another, however deep the tree of tasks is.
    """

    __slots__ = ("_scheduler", "_tasks", "passed_on")

    def __init__(self, scheduler: Scheduler, tasks: Sequence[asyncio.Task[Any]]) -> None:
        super().__init__(loop=scheduler.loop)
        self._scheduler = scheduler
        self._tasks = tasks
        self.passed_on: Sequence[int] = ()
        """The numbers of the tasks that were cancelled."""

    @override
    def cancel(self, msg: Any = None) -> bool:
        if not super().cancel(msg):
            return False
        self.passed_on = [i for i, task in enumerate(self._tasks) if not task.done()]
        to_cancel = self._scheduler.to_cancel
        is_within_another = bool(to_cancel)
        to_cancel += [self._tasks[i] for i in self.passed_on]
        while to_cancel and not is_within_another:
            try:
                to_cancel[0].cancel()
            except RecursionError:  # whoever began this is deep in calls himself
                self._scheduler.loop.call_soon(to_cancel[0].cancel)
            to_cancel.popleft()
        return True


async def until[B](
    scheduler: Scheduler,
    tasks: Sequence[asyncio.Task[B]],
    decides: Callable[[asyncio.Task[B]], bool],
) -> None:
    """Wait until one decides, or all have ended; who is cancelled meanwhile cancels them all."""
    pending = [task for task in tasks if not task.done()]
    missing = len(pending)
    if not missing or any(decides(task) for task in tasks if task.done()):
        return
    decision = Linked(scheduler, pending)

    def ended(task: AnyTask) -> None:
        nonlocal missing
        missing -= 1
        if not decision.done() and (not missing or decides(task)):
            decision.set_result(None)

    for task in pending:
        task.add_done_callback(ended)
    try:
        await decision
    finally:
        for task in pending:
            task.remove_done_callback(ended)


async def all_ended(tasks: Collection[asyncio.Task[Any]]) -> bool:
    """Wait until every task has ended, however; true if the caller was cancelled meanwhile.

    The caller's cancellation ends nothing here: who calls this has cancelled the tasks already, or
    lets them finish, and raises `CancelledError` itself.
    """
    missing = 0

    def ended(_: object) -> None:
        nonlocal missing
        missing -= 1
        if not missing and not end.done():
            end.set_result(None)

    cancelled = False
    while True:
        if not missing:  # there may be others by now
            for task in tasks:
                if not task.done():
                    missing += 1
                    task.add_done_callback(ended)
        if not missing:
            return cancelled
        end = asyncio.get_running_loop().create_future()
        try:
            await end
        except asyncio.CancelledError:
            cancelled = True
