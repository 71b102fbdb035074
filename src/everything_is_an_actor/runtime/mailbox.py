"""Mailboxes: where the messages of one actor wait, and what happens to one too many.

`Mailbox` is the extension point. An actor takes from it what is there, without waiting: it has no
task while it is idle. It looks whenever it has put something in itself, and whenever the mailbox
calls the `wake` that it was bound to; so a mailbox that is filled from elsewhere (a thread, a
server) calls `wake`, and any other does not need to.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from typing import ClassVar, Literal, Protocol, override

from everything_is_an_actor.runtime.errors import MailboxEmptyError, MailboxFullError
from everything_is_an_actor.runtime.letters import Envelope

type Backpressure = Literal["block", "drop_new", "fail"]


class Mailbox(ABC):
    """The queue of one actor.

    Whatever is put into it comes out of `get`, `get_nowait` or `close` exactly once, or the one who
    put it knows that it will not: `put` and `put_nowait` are false, or raise.
    """

    __slots__ = ()

    in_memory: ClassVar[bool] = False
    """Whether a message may go past it to an idle actor, and nothing has to be told afterwards."""

    any_thread: ClassVar[bool] = False
    """Whether `put_nowait` may be called from any thread: it then calls `wake` by itself."""

    def bind(self, wake: Callable[[], None]) -> None:  # noqa: B027  # most have no use for it
        """Belong to an actor, from before its first message; called once, on its event loop.

        `wake` is to be called there too, whenever a message has come by another way than a `put`
        of this actor's own.
        """

    @abstractmethod
    async def put(self, envelope: Envelope) -> bool:
        """Queue an envelope, waiting for room if need be; false if it was dropped.

        Raises `MailboxFullError` if the policy is to fail.
        """

    @abstractmethod
    def put_nowait(self, envelope: Envelope) -> bool:
        """Queue an envelope at once; false if it was dropped. Raises `MailboxFullError`."""

    async def put_batch(self, envelopes: Iterable[Envelope]) -> int:
        """Queue envelopes in order, until one is dropped: how many of them were queued."""
        count = 0
        for envelope in envelopes:
            if not await self.put(envelope):
                break
            count += 1
        return count

    @abstractmethod
    async def get(self) -> Envelope:
        """The next envelope, waiting for one if need be."""

    @abstractmethod
    def get_nowait(self) -> Envelope:
        """The next envelope. Raises `MailboxEmptyError` if there is none."""

    @abstractmethod
    def empty(self) -> bool:
        """Whether `get_nowait` would find nothing."""

    @abstractmethod
    def full(self) -> bool:
        """Whether one more message would be too many."""

    @abstractmethod
    def close(self) -> list[Envelope]:
        """Take no more: everything that is queued or waits, taken out, in order."""

    async def done(self, envelope: Envelope) -> None:  # noqa: B027  # most have no use for it
        """The handler of an envelope has ended: a durable mailbox forgets the message only now.

        An envelope whose handler was cut short is never `done`. For an answered `Request` this is
        also the time to pass on its answer. Not called if `in_memory`.
        """

    async def release(self) -> None:  # noqa: B027  # most have no use for it
        """The last call, after `close`: let go of connections, tasks, and what is not `done`."""


class _Line(Protocol):
    """What holds the envelopes: a deque, or what orders them otherwise."""

    def append(self, envelope: Envelope, /) -> None: ...
    def popleft(self) -> Envelope: ...
    def remove(self, envelope: Envelope, /) -> None: ...
    def __len__(self) -> int: ...
    def __contains__(self, envelope: object, /) -> bool: ...


class MemoryMailbox(Mailbox):
    """First in, first out, in memory: at most `maxsize` messages (0: no bound).

    What happens to one more is the policy: `"block"`: the sender waits; `"drop_new"`: it becomes a
    dead letter; `"fail"`: the sender gets a `MailboxFullError`. Raises `ValueError` for a negative
    size or an unknown policy.

    A sender that has to wait leaves its envelope with the mailbox: whoever makes room moves the
    envelope in and wakes the sender. So order is kept among those that wait, nobody overtakes them,
    and an envelope is always in exactly one place: with its sender, in the queue, or handed out. A
    sender that is cancelled while it waits takes its envelope back.

    >>> box = MemoryMailbox(1, backpressure_policy="drop_new")
    >>> box.put_nowait(Envelope("first")), box.put_nowait(Envelope("second"))
    (True, False)
    >>> box.get_nowait().message
    'first'
    """

    __slots__ = ("_bound", "_closed", "_items", "_maxsize", "_policy", "_receivers", "_senders")

    in_memory = True

    def __init__(self, maxsize: int = 256, *, backpressure_policy: Backpressure = "block") -> None:
        if maxsize < 0:
            raise ValueError(f"maxsize must be at least 0 (0: no bound), got {maxsize}")
        if backpressure_policy not in ("block", "drop_new", "fail"):
            raise ValueError(
                "backpressure_policy must be 'block', 'drop_new' or 'fail', "
                f"got {backpressure_policy!r}"
            )
        self._items: _Line = deque()
        self._maxsize = maxsize
        self._policy = backpressure_policy
        self._senders: deque[tuple[Envelope, asyncio.Future[bool]]] = deque()
        self._receivers: deque[asyncio.Future[None]] = deque()
        self._bound = False
        self._closed = False

    @property
    def maxsize(self) -> int:
        """How many messages it holds at most; 0: no bound."""
        return self._maxsize

    @override
    def bind(self, wake: Callable[[], None]) -> None:
        """Belong to an actor. Raises `ValueError` if it belongs to one already."""
        if self._bound:
            raise ValueError("a mailbox belongs to one actor: make a new one for each")
        self._bound = True

    @override
    def empty(self) -> bool:
        return not self._items

    @override
    def full(self) -> bool:
        return 0 < self._maxsize <= len(self._items)

    @override
    async def put(self, envelope: Envelope) -> bool:
        if self._policy != "block" or not self.full():
            return self.put_nowait(envelope)
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        entry = (envelope, waiter)
        self._senders.append(entry)
        try:
            return await waiter
        except asyncio.CancelledError:
            self._take_back(entry)
            raise

    def _take_back(self, entry: tuple[Envelope, asyncio.Future[bool]]) -> None:
        """Undo a `put`; too late if the envelope has been handed out."""
        envelope, _ = entry
        if entry in self._senders:
            self._senders.remove(entry)
        elif envelope in self._items:  # it was let in while the cancellation was on its way
            self._items.remove(envelope)
            self._admit_one()

    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        if self._closed:
            return False
        if 0 < self._maxsize <= len(self._items):
            if self._policy == "drop_new":
                return False
            raise MailboxFullError(self._maxsize)
        self._items.append(envelope)
        if self._receivers:
            self._wake_one()
        return True

    @override
    async def put_batch(self, envelopes: Iterable[Envelope]) -> int:
        """As `Mailbox.put_batch`; with the policy to fail, all are queued or none."""
        batch = list(envelopes)
        if self._policy == "fail" and 0 < self._maxsize < len(self._items) + len(batch):
            raise MailboxFullError(self._maxsize)
        return await super().put_batch(batch)

    @override
    async def get(self) -> Envelope:
        """The next envelope, waiting for one if need be. Raises `MailboxEmptyError` once closed."""
        while not self._items and not self._closed:
            receiver: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._receivers.append(receiver)
            try:
                await receiver
            except asyncio.CancelledError:
                if receiver.cancelled():
                    self._receivers.remove(receiver)
                else:
                    self._wake_one()  # what has come is for another receiver
                raise
        return self.get_nowait()

    @override
    def get_nowait(self) -> Envelope:
        try:
            envelope = self._items.popleft()
        except IndexError:
            raise MailboxEmptyError from None
        if self._senders:
            self._admit_one()
        return envelope

    def _admit_one(self) -> None:
        while self._senders:
            envelope, waiter = self._senders.popleft()
            if not waiter.done():  # else its sender was cancelled, and keeps the envelope
                waiter.set_result(True)
                self._items.append(envelope)
                self._wake_one()
                return

    def _wake_one(self) -> None:
        while self._receivers:
            receiver = self._receivers.popleft()
            if not receiver.done():
                receiver.set_result(None)
                return

    @override
    def close(self) -> list[Envelope]:
        self._closed = True
        while self._senders:
            self._admit_one()
        left = [self._items.popleft() for _ in range(len(self._items))]
        while self._receivers:
            self._wake_one()
        return left


class FastMailbox(MemoryMailbox):
    """A deque: a `MemoryMailbox` that has no bound unless it is given one, so that no sender waits.

    >>> box = FastMailbox()
    >>> all(box.put_nowait(Envelope(number)) for number in range(100_000))
    True
    """

    __slots__ = ()

    def __init__(self, maxsize: int = 0, *, backpressure_policy: Backpressure = "block") -> None:
        super().__init__(maxsize, backpressure_policy=backpressure_policy)
