"""`ThreadedMailbox`: the way into an actor from other threads.

The problem: an event loop belongs to one thread. A thread that reads a device, or a callback of a C
library, cannot touch an actor, whose state has no lock because only the loop ever runs it. And a
loop that sleeps does not notice that a queue has been filled: it has to be woken, by a byte written
to a pipe that it watches, which is a system call.

The design: the mailbox is the one thing that both sides touch, so it alone has a lock, held for the
few steps in which an envelope changes hands and never across an await. A `put_nowait` decides at
once, in the sender's thread: queued, dropped or refused. What it queues on an idle mailbox asks the
loop to call `wake`, by `call_soon_threadsafe`, and sets a flag that says so; while the flag is set,
more envelopes need no other wake-up. The callback resets the flag before it wakes the actor. So a
wake-up is never lost: an envelope that came before the reset is seen by the wake that follows it,
and one that came after has asked anew. And a burst costs one system call. Where the loop is closed
there is nobody to wake, and the envelope is not queued.

One that waits, a sender for room or a receiver for a message, does so on an event loop of its own
thread. Its future only passes the news on, by way of its own loop; what is true is where its
envelope is, and that changes under the lock. So a sender that is cancelled on one thread while
another makes room for it finds its envelope in exactly one place, as in a `MemoryMailbox`.

The lock is one that its holder may take again: a signal handler, or a finaliser that the garbage
collector runs in the middle of a `put_nowait`, may send as well, and does not deadlock. It may then
find the bound not yet counted, and exceed it by one.

Rejected: `loop.call_soon_threadsafe(box.put_nowait, envelope)`, which costs a system call a
message, holds messages beyond the bound in the loop, and cannot tell the sender that its message
was refused; `queue.Queue` with a thread that carries its messages over, a thread for each actor; a
deque without a lock, whose bound nobody keeps.
"""

import asyncio
import threading
from asyncio import events
from collections.abc import Callable
from typing import override

from everything_is_an_actor.runtime.letters import Envelope
from everything_is_an_actor.runtime.mailbox import Backpressure, MemoryMailbox, settle


class ThreadedMailbox(MemoryMailbox):
    """A `MemoryMailbox` that takes messages from any thread: give it to an actor at spawn.

    Then `tell_nowait` on the actor may be called from any thread, and `tell` on an event loop in
    any other: it waits there if the policy is to block. What one thread sends arrives in the order
    sent; each message is handled on the actor's own loop, which is woken at once. A thread that has
    no event loop and would rather wait than get a `MailboxFullError` has the actor's loop wait:
    `asyncio.run_coroutine_threadsafe(ref.tell(message), loop).result()`.

    After `close`, or once the loop of its actor is closed, a put from any thread is false: not
    queued. Sizes (in messages), policies and errors are those of `MemoryMailbox`.

    >>> import asyncio, threading
    >>> from everything_is_an_actor import Actor, ActorSystem, ThreadedMailbox
    >>> class Adds(Actor[int, int]):
    ...     total = 0
    ...
    ...     async def on_receive(self, message: int) -> int:
    ...         self.total += message
    ...         return self.total
    >>> async def main() -> int:
    ...     async with ActorSystem() as system:
    ...         adds = await system.spawn(Adds, "adds", mailbox=ThreadedMailbox())
    ...         thread = threading.Thread(target=adds.tell_nowait, args=(40,))
    ...         thread.start()
    ...         await asyncio.to_thread(thread.join)
    ...         return await adds.ask(2)
    >>> asyncio.run(main())
    42
    """

    __slots__ = ("_lock", "_loop", "_wake", "_waking")

    any_thread = True

    def __init__(self, maxsize: int = 256, *, backpressure_policy: Backpressure = "block") -> None:
        super().__init__(maxsize, backpressure_policy=backpressure_policy)
        self._lock = threading.RLock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: Callable[[], None] | None = None
        self._waking = False  # the loop has been asked to wake the actor, and has not done so yet

    @override
    def bind(self, wake: Callable[[], None]) -> None:
        """Belong to an actor on the running event loop. Raises `ValueError` if it does already."""
        loop = asyncio.get_running_loop()
        with self._lock:
            super().bind(wake)
            self._wake = wake
            self._loop = loop

    # ------------------------------------------------------------------ putting

    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        with self._lock:
            if not self._reaches_its_owner():
                return False
            queued = super().put_nowait(envelope)
            wake = self._ask_to_be_woken() if queued else None
        if wake is not None:
            wake()
        return queued

    def _reaches_its_owner(self) -> bool:
        return self._loop is None or not self._loop.is_closed()

    def _ask_to_be_woken(self) -> Callable[[], None] | None:
        """See to it that the owner looks; on its own loop by the function that is returned."""
        loop = self._loop
        if loop is None or self._waking:
            return None
        if events._get_running_loop() is loop:
            return self._wake
        loop.call_soon_threadsafe(self._wake_owner)
        self._waking = True
        return None

    def _wake_owner(self) -> None:
        with self._lock:
            self._waking = False
        assert self._wake is not None  # it was asked for by one that found the loop
        self._wake()

    @override
    async def put(self, envelope: Envelope) -> bool:
        with self._lock:
            if self._policy != "block" or not self.full():
                return self.put_nowait(envelope)
            waiter = self._wait_in_line(envelope)
        try:
            return await waiter
        except asyncio.CancelledError:
            self._take_back(waiter, envelope)
            raise

    @override
    def _take_back(self, waiter: asyncio.Future[bool], envelope: Envelope) -> None:
        with self._lock:
            if self._senders and waiter in self._senders:
                del self._senders[waiter]
            else:  # whether it was let in cannot be seen by the future: the news may be on its way
                self._take_out(envelope)

    @override
    def _put_batch_nowait(self, batch: list[Envelope]) -> int:
        with self._lock:
            return super()._put_batch_nowait(batch)

    # ------------------------------------------------------------------ getting

    @override
    async def get(self) -> Envelope:
        while True:
            with self._lock:
                if self._items or self._closed:
                    return super().get_nowait()
                receiver = self._await_one()
            try:
                await receiver
            except asyncio.CancelledError:
                with self._lock:
                    self._await_no_more(receiver)
                raise

    @override
    def get_nowait(self) -> Envelope:
        with self._lock:
            return super().get_nowait()

    @override
    def discard(self, envelope: Envelope) -> bool:
        with self._lock:
            return super().discard(envelope)

    @override
    def refuse(self, why: Callable[[Envelope, bool], Exception | None]) -> None:
        with self._lock:
            super().refuse(why)

    @override
    def close(self) -> list[Envelope]:
        with self._lock:
            return super().close()

    # ------------------------------------------------------------------ those who wait

    @override
    def _answer(self, waiter: asyncio.Future[bool], answer: bool | Exception) -> bool:
        loop = waiter.get_loop()
        try:
            if events._get_running_loop() is loop:
                settle(waiter, answer)
            else:
                loop.call_soon_threadsafe(settle, waiter, answer)
        except RuntimeError:  # its loop was closed, and it is gone
            return False
        return True
