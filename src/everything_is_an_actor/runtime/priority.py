"""`PriorityMailbox`: the most urgent message first.

A heap in place of the deque of a `MemoryMailbox`; bound, policies and waiting stay what they were.
A heap alone forgets the order of equals, so each entry has a number as well, which decides where
neither key is less than the other. Putting and taking cost O(log n) comparisons.

The key belongs to whoever sends: it is computed in the sender's own step, before the sender waits
for room, and what goes wrong with it, also a key that does not compare with those in the queue, is
the sender's error. The actor that takes messages never sees one.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush
from typing import Any, Protocol, override

from everything_is_an_actor.algebra.arguments import callable_name, is_async, need_function
from everything_is_an_actor.runtime.letters import Envelope
from everything_is_an_actor.runtime.mailbox import Backpressure, MemoryMailbox

log = logging.getLogger("everything_is_an_actor")


class Sortable(Protocol):
    """What a key is: anything with an order, such as a number, a string or a tuple of these."""

    def __lt__(self, other: Any, /) -> bool: ...


class PriorityMailbox(MemoryMailbox):
    """Lowest `key(message)` first; first come, first served among equals.

    `key` is a plain function of the message. Its argument is `Any`: a mailbox is made before it is
    given to an actor, so that no message type is known here, and `lambda job: job.priority` is to
    be a key of whatever the actor takes. It is called once for each message that is put; whatever
    it raises goes to the sender, and nothing is queued, likewise the `TypeError` of a key that does
    not compare with those that are queued.

    `maxsize` (in messages; 0: no bound) and the policies are those of `MemoryMailbox`. Senders that
    wait for room are let in in the order in which they came: an urgent message overtakes what is
    queued, not what waits before it. Let the mailbox be large, or fail, where that matters.

    Raises `TypeError` if `key` is not a function, or is async.

    >>> box = PriorityMailbox(key=len)
    >>> for word in ("three", "one", "two"):
    ...     _ = box.put_nowait(Envelope(word))
    >>> [box.get_nowait().message for _ in range(3)]
    ['one', 'two', 'three']
    """

    __slots__ = ("_heap",)

    def __init__(
        self,
        key: Callable[[Any], Sortable],
        maxsize: int = 256,
        *,
        backpressure_policy: Backpressure = "block",
    ) -> None:
        hint = ": it says how urgent a message is, as in PriorityMailbox(key=lambda job: job.rank)"
        if callable(key) and is_async(key):
            raise TypeError(
                f"PriorityMailbox: key must be a plain function, but {callable_name(key)} is "
                "async: a message has to find its place at once"
            )
        need_function("PriorityMailbox", "key", key, hint=hint)
        super().__init__(maxsize, backpressure_policy=backpressure_policy)
        self._items = self._heap = _Heap(key)

    @override
    async def put(self, envelope: Envelope) -> bool:
        if self._policy != "block" or not self.full():
            return self.put_nowait(envelope)
        self._heap.rank(envelope)
        try:
            return await super().put(envelope)
        finally:
            self._heap.forget(envelope)

    @override
    async def put_batch(self, envelopes: Iterable[Envelope]) -> int:
        """As `MemoryMailbox.put_batch`; if `key` raises for one, none is queued."""
        batch = list(envelopes)
        try:
            for envelope in batch:
                self._heap.rank(envelope)
            return await super().put_batch(batch)
        finally:
            for envelope in batch:
                self._heap.forget(envelope)


class _Entry:
    """An envelope in the heap: less than another by its rank, then by its number."""

    __slots__ = ("envelope", "number", "rank")

    def __init__(self, rank: Sortable, number: int, envelope: Envelope) -> None:
        self.rank = rank
        self.number = number
        self.envelope = envelope

    def __lt__(self, other: "_Entry") -> bool:
        if self.rank < other.rank:
            return True
        return self.number < other.number and not other.rank < self.rank


class _Heap:
    """The `Line` of a `PriorityMailbox`."""

    __slots__ = ("_entries", "_key", "_number", "_ranks")

    def __init__(self, key: Callable[[Any], Sortable]) -> None:
        self._key = key
        self._entries: list[_Entry] = []
        self._number = 0
        self._ranks: dict[Envelope, Sortable] = {}

    def rank(self, envelope: Envelope) -> None:
        """Compute the key of an envelope that is not in the heap yet."""
        if envelope not in self._ranks:
            self._ranks[envelope] = self._key(envelope.message)

    def forget(self, envelope: Envelope) -> None:
        """Undo `rank`."""
        self._ranks.pop(envelope, None)

    def append(self, envelope: Envelope) -> None:
        rank = self._ranks[envelope] if envelope in self._ranks else self._key(envelope.message)
        self._number += 1
        entry = _Entry(rank, self._number, envelope)
        try:
            heappush(self._entries, entry)
        except BaseException:  # a failed push leaves the entry somewhere in the heap
            self._without(entry)
            raise

    def popleft(self) -> Envelope:
        first = self._entries[0]
        try:
            heappop(self._entries)
        except Exception:  # nothing is lost, only the order of the others
            log.exception("the keys of a PriorityMailbox do not compare with each other")
            self._without(first)
        return first.envelope

    def remove(self, envelope: Envelope) -> None:
        for entry in self._entries:
            if entry.envelope is envelope:
                self._without(entry)
                return
        raise ValueError("the envelope is not in the mailbox")

    def _without(self, gone: _Entry) -> None:
        self._entries[:] = [entry for entry in self._entries if entry is not gone]
        with contextlib.suppress(Exception):  # of keys that do not compare: said where they are met
            heapify(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Envelope]:
        return (entry.envelope for entry in self._entries)
