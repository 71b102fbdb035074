"""Dispatchers: where blocking code runs, so that the event loop does not wait for it.

The problem: a thread cannot be stopped. `asyncio.to_thread` ends when its caller is cancelled, and
leaves the function running behind its back: an actor that was interrupted in the middle of a
blocking handler would restart, or handle its next message, while the old handler still changes
its state. The promise that an actor does one thing at a time would be broken without a trace.

The design: whoever dispatches a call waits until it has ended, however often he is cancelled
meanwhile; then he learns of it (structured concurrency: trio's `to_thread.run_sync` with
`abandon_on_cancel=False`, anyio's likewise). Only a call that has not begun can be withdrawn.
A call begins in its thread and is withdrawn on the loop: both happen under a lock.

What the function returns or raises travels beside the future rather than in it: a future replaces
`StopIteration` and the errors of `concurrent.futures` by others. So the caller gets the very object
that was raised, `KeyboardInterrupt` and `SystemExit` included.

The call goes through `loop.run_in_executor`, whose futures a loop can count: by them the loop on
virtual time knows that a thread works. The threads end when the dispatcher is closed or forgotten.

Rejected: to cancel the future of the executor. It is done at once, while its function runs on; and
nothing else says when that has ended.
"""

import asyncio
import logging
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import count
from types import CoroutineType
from typing import Any, override

from everything_is_an_actor.algebra.arguments import callable_name, need_count, shown

log = logging.getLogger("everything_is_an_actor")

THREADS = "PoolDispatcher-"
_numbers = count(1)


class Dispatcher(ABC):
    """Runs blocking code away from the event loop; an `ActorSystem` takes several, by name.

    The extension point: `PoolDispatcher` is one on threads. For a test that wants none:

    >>> class Inline(Dispatcher):
    ...     async def dispatch[*Ts, T](self, fn: Callable[[*Ts], T], *args: *Ts) -> T:
    ...         return fn(*args)
    >>> asyncio.run(Inline().dispatch(sum, [1, 2, 3]))
    6
    """

    __slots__ = ("__weakref__",)

    @abstractmethod
    async def dispatch[*Ts, T](self, fn: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run `fn(*args)` where it may block; return what it returns, raise what it raises.

        A caller that is cancelled must see `CancelledError` only when `fn` no longer runs, and
        will not run: what is dispatched one after the other must never overlap.
        """

    def close(self) -> None:  # noqa: B027  # a dispatcher that holds nothing has nothing to do
        """Give back what it holds, without waiting for calls that run; it may be used again."""


class PoolDispatcher(Dispatcher):
    """Runs blocking code on at most `pool_size` threads, first come, first served.

    The default size is that of `concurrent.futures`: `min(32, cpus + 4)`. Threads are started as
    calls need them, also after `close`. Each call runs in a copy of its caller's context.
    Raises `TypeError` or `ValueError` for a size that is not a number from 1 on.

    >>> async def main() -> int:
    ...     dispatcher = PoolDispatcher(pool_size=2)
    ...     try:
    ...         return await dispatcher.dispatch(sum, [1, 2, 3])
    ...     finally:
    ...         dispatcher.close()
    >>> asyncio.run(main())
    6
    """

    __slots__ = ("_calls", "_lock", "_name", "_pool", "pool_size")

    pool_size: int

    def __init__(self, pool_size: int | None = None) -> None:
        if pool_size is not None:
            need_count("PoolDispatcher", "pool_size", pool_size, least=1)
        self.pool_size = min(32, (os.cpu_count() or 1) + 4) if pool_size is None else pool_size
        self._name = ""  # of the threads of this pool, and of no other
        self._lock = threading.Lock()  # a dispatcher may serve several loops
        self._pool: ThreadPoolExecutor | None = None
        self._calls: dict[_Call[Any], None] = {}  # in order of arrival

    @override
    async def dispatch[*Ts, T](self, fn: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run `fn(*args)` on a thread; return what it returns, raise the exception it raises.

        A caller that is cancelled before the call began withdraws it. Later the thread cannot be
        stopped: the caller waits until it has finished, and then raises `CancelledError`; what `fn`
        returned is dropped, what it raised is the cause of that error. As in every coroutine, a
        `StopIteration` arrives as a `RuntimeError` whose cause it is. Raises `CancelledError` as
        well if the dispatcher is closed before the call began, `TypeError` if `fn` is not a
        function or async.
        """
        if not callable(fn):
            raise TypeError(
                f"dispatch: fn must be a function, got {shown(fn)} ({type(fn).__name__})"
            )
        call = _Call(fn, args, self._lock)
        with self._lock:
            if self._pool is None:
                self._name = f"{THREADS}{next(_numbers)}"
                self._pool = ThreadPoolExecutor(self.pool_size, self._name)
            try:
                future = asyncio.get_running_loop().run_in_executor(self._pool, call.run)
            except RuntimeError:  # no thread could be started, but the call may be in the queue
                call.withdraw(())
                raise
            self._calls[call] = None
        try:
            await call.until_ended(future)
        finally:
            self._calls.pop(call, None)
        return call.outcome()

    @override
    def close(self) -> None:
        """Withdraw the calls that have not begun, and end the threads.

        When this returns, no thread is left but those that run a call: each is named in a warning,
        and ends with its call, whose caller gets the result. Closing twice is harmless.
        """
        with self._lock:
            pool, self._pool = self._pool, None
            if pool is None:
                return
            prefix = f"{self._name}_"
            why = ("the dispatcher was closed before the call began",)
            calls, self._calls = self._calls, {}
            begun = [call for call in calls if not call.withdraw(why)]
            pool.shutdown(wait=False, cancel_futures=True)
        running = {call.thread: callable_name(call.fn) for call in begun if not call.has_ended}
        for name in running.values():
            log.warning("%s still runs: it cannot be stopped, and its thread ends with it", name)
        for thread in threading.enumerate():
            if thread.name.startswith(prefix) and thread not in running:
                thread.join()

    @override
    def __repr__(self) -> str:
        return f"PoolDispatcher(pool_size={self.pool_size})"


class _Call[T]:
    """One call of a function, on its way to a thread and back."""

    __slots__ = (
        "_args",
        "_cancelled",
        "_context",
        "_error",
        "_lock",
        "_value",
        "fn",
        "has_ended",
        "thread",
    )

    _value: T

    def __init__(self, fn: Callable[..., T], args: tuple[Any, ...], lock: threading.Lock) -> None:
        self.fn = fn
        self.thread: threading.Thread | None = None  # once it has begun
        self.has_ended = False
        self._args = args
        self._context = copy_context()
        self._lock = lock
        self._cancelled: tuple[Any, ...] | None = None  # the arguments of the `CancelledError`
        self._error: BaseException | None = None

    def run(self) -> None:
        """Call the function, unless the call is withdrawn, and keep what comes of it."""
        with self._lock:
            if self._cancelled is not None:
                return
            self.thread = threading.current_thread()
        try:
            value: Any = self._context.run(self.fn, *self._args)
            if isinstance(value, CoroutineType):
                value.close()
                raise TypeError(
                    f"dispatch: {callable_name(self.fn)} is async, but a dispatcher runs blocking "
                    "code: await it on the event loop instead"
                )
            self._value = value
        except BaseException as error:
            self._error = error
        self.has_ended = True

    def withdraw(self, why: tuple[Any, ...]) -> bool:
        """Whether the call has not begun: then it never will. To be called under the lock."""
        if self.thread is None and self._cancelled is None:
            self._cancelled = why
            self._args = ()  # the call itself stays in the queue until a thread is free
        return self.thread is None

    async def until_ended(self, future: asyncio.Future[None]) -> None:
        """Wait until the call has ended or is withdrawn; a cancellation is only noted."""
        while True:
            try:
                return await asyncio.shield(future)
            except asyncio.CancelledError as error:
                with self._lock:
                    if self.withdraw(error.args):
                        break
                    self._cancelled = error.args
        future.cancel()

    def outcome(self) -> T:
        """What the function returned or raised, or `CancelledError` for a caller that was."""
        error, self._error = self._error, None
        try:
            if error is not None and (self._cancelled is None or not _may_wait(error)):
                raise error
            if self._cancelled is None:
                return self._value
            if error is not None:
                name = callable_name(self.fn)
                log.debug("%s failed after its caller was cancelled", name, exc_info=error)
            raise asyncio.CancelledError(*self._cancelled) from error
        finally:
            del error  # its traceback holds this frame, and must not lead back to itself


def _may_wait(error: BaseException) -> bool:
    """Whether a cancellation goes before `error`; nothing goes before the end of the program."""
    return isinstance(error, Exception | asyncio.CancelledError)
