"""Mailboxes: where the messages of one actor wait, and what happens to one too many.

`Mailbox` is the extension point. An actor takes from it what is there, without waiting: it has no
task while it is idle. It looks whenever it has put something in itself, and whenever the mailbox
calls the `wake` that it was bound to; so a mailbox that is filled from elsewhere (a thread, a
server) calls `wake`, and any other does not need to.
"""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Final, Literal, Protocol, override

from everything_is_an_actor.runtime.errors import MailboxEmptyError, MailboxFullError
from everything_is_an_actor.runtime.letters import Envelope, Told
from everything_is_an_actor.runtime.ref import ActorRef

type Backpressure = Literal["block", "drop_new", "fail"]


class Mailbox(ABC):
    """The queue of one actor.

    Whatever is put into it comes out of `get`, `get_nowait` or `close` exactly once, or the one who
    put it knows that it will not: `put` and `put_nowait` are false, or raise. To make one of your
    own, override what is abstract, or a mailbox that there is; a mailbox belongs to one actor.

    >>> class Counts(MemoryMailbox):
    ...     count = 0
    ...
    ...     def put_nowait(self, envelope: Envelope) -> bool:
    ...         self.count += 1
    ...         return super().put_nowait(envelope)
    >>> box = Counts()
    >>> box.put_nowait(Envelope("hello")), box.count, box.get_nowait().message
    (True, 1, 'hello')
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

    def offer(self, message: Any, sender: ActorRef[Any, Any] | None) -> bool:
        """Queue a message if there is nothing to it; false says no more than that `put` decides.

        What an actor tries first: of the type of its messages nothing is known here, hence the
        `Any`. A mailbox may leave it at this.
        """
        return False

    def take(self) -> Envelope | None:
        """The next envelope, if there is one: `get_nowait` of a mailbox that is not `empty`."""
        return None if self.empty() else self.get_nowait()

    @abstractmethod
    async def get(self) -> Envelope:
        """The next envelope, waiting for one if need be. Raises `MailboxEmptyError` once closed."""

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

    def discard(self, envelope: Envelope) -> bool:
        """Take out an envelope that need not be handled any more; false if it is not worth it."""
        return False

    def refuse(self, why: Callable[[Envelope, bool], Exception | None]) -> None:  # noqa: B027
        """Show `why` every envelope: first those that are queued, then those that wait for room.

        Its second argument is whether the envelope waits. The sender of one that does is raised the
        error that `why` returns, if it returns one. A mailbox that holds nothing in memory has
        nothing to show.
        """

    async def done(self, envelope: Envelope) -> None:  # noqa: B027  # most have no use for it
        """The handler of an envelope has ended: a durable mailbox forgets the message only now.

        An envelope whose handler was cut short is never `done`. For an answered `Request` this is
        also the time to pass on its answer. Not called if `in_memory`.
        """

    async def release(self) -> None:  # noqa: B027  # most have no use for it
        """The last call, after `close`: let go of connections, tasks, and what is not `done`."""


class Line(Protocol):
    """What holds the envelopes of a `MemoryMailbox`: a deque, or what orders them otherwise."""

    def append(self, envelope: Envelope, /) -> None:
        """Add an envelope; if this raises, it has not been added."""

    def popleft(self) -> Envelope:
        """Take the next one out. Raises `IndexError` if there is none."""
        ...

    def remove(self, envelope: Envelope, /) -> None:
        """Take this one out. Raises `ValueError` if it is not there."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Envelope]: ...


class MemoryMailbox(Mailbox):
    """First in, first out, in memory: at most `maxsize` messages (0: no bound).

    What happens to one more is the policy: `"block"`: the sender waits; `"drop_new"`: it becomes a
    dead letter; `"fail"`: the sender gets a `MailboxFullError`. Raises `TypeError` or `ValueError`
    for a size that is not a whole number from 0 on, `ValueError` for an unknown policy.

    A sender that has to wait leaves its envelope with the mailbox: whoever makes room moves the
    envelope in and wakes the sender. So order is kept among those that wait, nobody overtakes them,
    and an envelope is always in exactly one place: with its sender, in the queue, or handed out. A
    sender that is cancelled while it waits takes its envelope back.

    A subclass that overrides `put`, `put_nowait`, `get`, `get_nowait` or `full` sees every message:
    no `offer` or `take` goes past it.

    >>> box = MemoryMailbox(1, backpressure_policy="drop_new")
    >>> box.put_nowait(Envelope("first")), box.put_nowait(Envelope("second"))
    (True, False)
    >>> box.get_nowait().message
    'first'
    """

    __slots__ = (
        "_bound",
        "_closed",
        "_items",
        "_maxsize",
        "_policy",
        "_receivers",
        "_room",
        "_senders",
    )

    in_memory = True
    _is_overridden: ClassVar[bool] = False
    """Whether messages come or go by a way of a subclass: then none may pass it by."""

    @override
    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._is_overridden = any(getattr(cls, name) is not way for name, way in _WAYS.items())

    def __init__(self, maxsize: int = 256, *, backpressure_policy: Backpressure = "block") -> None:
        if isinstance(maxsize, bool) or not isinstance(maxsize, int):
            raise TypeError(
                f"maxsize must be a whole number of messages (0: no bound), got {maxsize!r}"
            )
        if maxsize < 0:
            raise ValueError(f"maxsize must be at least 0 (0: no bound), got {maxsize}")
        if backpressure_policy not in ("block", "drop_new", "fail"):
            raise ValueError(
                "backpressure_policy must be 'block', 'drop_new' or 'fail', "
                f"got {backpressure_policy!r}"
            )
        self._items: Line = deque()
        self._maxsize = maxsize
        self._room = 0 if self._is_overridden else maxsize or sys.maxsize  # for what is offered
        self._policy = backpressure_policy
        # Those that wait, in order of arrival; few mailboxes ever have any. A dict that is ordered
        # by links: each may leave at any time, and must not cost a search.
        self._senders: OrderedDict[asyncio.Future[bool], Envelope] | None = None
        self._receivers: OrderedDict[asyncio.Future[bool], None] | None = None
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
        waiter = self._wait_in_line(envelope)
        try:
            return await waiter
        except asyncio.CancelledError:
            self._take_back(waiter, envelope)
            raise

    def _wait_in_line(self, envelope: Envelope) -> asyncio.Future[bool]:
        """Leave an envelope with the mailbox: the future is true once it has been let in."""
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if self._senders is None:
            self._senders = OrderedDict()
        self._senders[waiter] = envelope
        return waiter

    def _take_back(self, waiter: asyncio.Future[bool], envelope: Envelope) -> None:
        """Undo a `put`; too late if the envelope has been handed out."""
        if self._senders and waiter in self._senders:
            del self._senders[waiter]
        elif not waiter.cancelled():  # else it was passed over, hence never let in
            self._take_out(envelope)

    def _take_out(self, envelope: Envelope) -> bool:
        """Remove what has been let in; false if it has been handed out already."""
        try:
            self._items.remove(envelope)
        except ValueError:
            return False
        self._admit_one()
        return True

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
    def offer(self, message: Any, sender: ActorRef[Any, Any] | None) -> bool:
        items = self._items
        if len(items) >= self._room or self._receivers:
            return False
        told = Told()
        told.message = message
        told.sender = sender
        told.recipient = told.span = told.within = told.sent_from = None
        items.append(told)
        return True

    @override
    def take(self) -> Envelope | None:
        items = self._items
        if not items:
            return None
        return self.get_nowait() if self._senders or self._is_overridden else items.popleft()

    @property
    def is_unused(self) -> bool:
        """Whether nothing is in it, and nobody waits."""
        return not (self._items or self._senders or self._receivers)

    @override
    async def put_batch(self, envelopes: Iterable[Envelope]) -> int:
        """As `Mailbox.put_batch`; with the policy to fail, all are queued or none."""
        if self._policy == "block":
            return await super().put_batch(envelopes)
        return self._put_batch_nowait(list(envelopes))

    def _put_batch_nowait(self, batch: list[Envelope]) -> int:
        needed = len(self._items) + len(batch)
        if self._policy == "fail" and 0 < self._maxsize < needed and not self._closed:
            raise MailboxFullError(self._maxsize)
        for count, envelope in enumerate(batch):
            if not self.put_nowait(envelope):
                return count
        return len(batch)

    @override
    async def get(self) -> Envelope:
        """The next envelope, waiting for one if need be. Raises `MailboxEmptyError` once closed."""
        while not self._items and not self._closed:
            receiver = self._await_one()
            try:
                await receiver
            except asyncio.CancelledError:
                self._await_no_more(receiver)
                raise
        return self.get_nowait()

    def _await_one(self) -> asyncio.Future[bool]:
        """A future that is done when it is worth looking again."""
        receiver: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if self._receivers is None:
            self._receivers = OrderedDict()
        self._receivers[receiver] = None
        return receiver

    def _await_no_more(self, receiver: asyncio.Future[bool]) -> None:
        if self._receivers and receiver in self._receivers:
            del self._receivers[receiver]
        elif self._items:
            self._wake_one()  # what it was woken for is for another one

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
            waiter, envelope = self._senders.popitem(last=False)
            if waiter.done():  # its sender was cancelled, and keeps the envelope
                continue
            try:
                self._items.append(envelope)
            except Exception as error:  # a matter between the line and the sender
                self._answer(waiter, error)
            else:
                self._answer(waiter, True)
                self._wake_one()
                return

    def _wake_one(self) -> None:
        while self._receivers:
            receiver, _ = self._receivers.popitem(last=False)
            if not receiver.done() and self._answer(receiver, True):
                return

    def _answer(self, waiter: asyncio.Future[bool], answer: bool | Exception) -> bool:
        """Tell one who waits; false if it cannot be reached."""
        settle(waiter, answer)
        return True

    @override
    def discard(self, envelope: Envelope) -> bool:
        """As `Mailbox.discard`; it is worth it where there is a bound, for it makes room."""
        return self._maxsize > 0 and self._take_out(envelope)

    @override
    def refuse(self, why: Callable[[Envelope, bool], Exception | None]) -> None:
        for envelope in list(self._items):
            _ = why(envelope, False)
        for waiter, envelope in list((self._senders or {}).items()):
            error = why(envelope, True)
            if error is not None and self._senders is not None:
                del self._senders[waiter]
                self._answer(waiter, error)

    @override
    def close(self) -> list[Envelope]:
        self._closed = True
        self._room = 0
        while self._senders:
            self._admit_one()
        left = [self._items.popleft() for _ in range(len(self._items))]
        while self._receivers:
            self._wake_one()
        return left


_WAYS: Final = {
    name: getattr(MemoryMailbox, name)
    for name in ("full", "get", "get_nowait", "put", "put_nowait")
}
"""By which messages come and go, if nothing else is made of them."""


def settle(waiter: asyncio.Future[bool], answer: bool | Exception) -> None:
    """Give a future its result or its exception, unless it has been cancelled."""
    if waiter.done():
        return
    if isinstance(answer, Exception):
        waiter.set_exception(answer)
    else:
        waiter.set_result(answer)


class FastMailbox(MemoryMailbox):
    """A deque: a `MemoryMailbox` that has no bound unless it is given one, so that no sender waits.

    >>> box = FastMailbox()
    >>> all(box.put_nowait(Envelope(number)) for number in range(100_000))
    True
    """

    __slots__ = ()

    def __init__(self, maxsize: int = 0, *, backpressure_policy: Backpressure = "block") -> None:
        super().__init__(maxsize, backpressure_policy=backpressure_policy)
