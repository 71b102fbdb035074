"""A bounded first-in, first-out mailbox in memory.

A sender that has to wait leaves its envelope with the mailbox: whoever makes room moves the
envelope in and wakes the sender. So order is kept among those that wait, nobody overtakes them,
and an envelope is always in exactly one place: with its sender, in the queue, or handed out. A
sender that is cancelled while it waits takes its envelope back.
"""

import asyncio
from collections import deque
from typing import Literal

from everything_is_an_actor.runtime.errors import MailboxFullError
from everything_is_an_actor.runtime.letters import Envelope

type Backpressure = Literal["block", "drop_new", "fail"]


class MemoryMailbox:
    """At most `maxsize` messages (0: no bound), and what happens to one more.

    `"block"`: the sender waits; `"drop_new"`: it becomes a dead letter; `"fail"`: the sender gets
    a `MailboxFullError`. Raises `ValueError` for a negative size or an unknown policy.
    """

    __slots__ = ("_items", "_maxsize", "_policy", "_waiting")

    def __init__(self, maxsize: int = 256, *, backpressure_policy: Backpressure = "block") -> None:
        if maxsize < 0:
            raise ValueError(f"maxsize must be at least 0 (0: no bound), got {maxsize}")
        if backpressure_policy not in ("block", "drop_new", "fail"):
            raise ValueError(
                "backpressure_policy must be 'block', 'drop_new' or 'fail', "
                f"got {backpressure_policy!r}"
            )
        self._items: deque[Envelope] = deque()
        self._maxsize = maxsize
        self._policy = backpressure_policy
        self._waiting: deque[tuple[Envelope, asyncio.Future[None]]] = deque()

    @property
    def maxsize(self) -> int:
        """How many messages it holds at most; 0: no bound."""
        return self._maxsize

    def empty(self) -> bool:
        """Whether no message is queued."""
        return not self._items

    def full(self) -> bool:
        """Whether one more message would be too many."""
        return 0 < self._maxsize <= len(self._items)

    async def put(self, envelope: Envelope) -> bool:
        """Queue an envelope, waiting for room if need be; false if it was dropped."""
        if self._policy != "block" or not self.full():
            return self.put_nowait(envelope)
        waiter = asyncio.get_running_loop().create_future()
        entry = (envelope, waiter)
        self._waiting.append(entry)
        try:
            await waiter
        except asyncio.CancelledError:
            self._take_back(entry)
            raise
        return True

    def _take_back(self, entry: tuple[Envelope, asyncio.Future[None]]) -> None:
        """Undo a `put`; too late if the envelope has been handed out."""
        envelope, _ = entry
        if entry in self._waiting:
            self._waiting.remove(entry)
        elif envelope in self._items:  # it was let in while the cancellation was on its way
            self._items.remove(envelope)
            self._admit_one()

    def put_nowait(self, envelope: Envelope) -> bool:
        """Queue an envelope; false if it was dropped. Raises `MailboxFullError`."""
        if self.full():
            if self._policy == "drop_new":
                return False
            raise MailboxFullError(self._maxsize)
        self._items.append(envelope)
        return True

    def get_nowait(self) -> Envelope:
        """The oldest envelope. Raises `IndexError` if there is none."""
        envelope = self._items.popleft()
        if self._waiting:
            self._admit_one()
        return envelope

    def _admit_one(self) -> None:
        while self._waiting:
            envelope, waiter = self._waiting.popleft()
            if not waiter.done():  # else its sender was cancelled, and keeps the envelope
                waiter.set_result(None)
                self._items.append(envelope)
                return

    def close(self) -> list[Envelope]:
        """Everything that is queued or waits, taken out, in order; the senders go on."""
        while self._waiting:
            self._admit_one()
        left = list(self._items)
        self._items.clear()
        return left
