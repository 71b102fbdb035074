"""Mailboxes that break a promise each, and the check that is to notice."""

import asyncio
from collections.abc import Callable, Iterable
from typing import override

from everything_is_an_actor import (
    Envelope,
    Mailbox,
    MailboxFullError,
    MemoryMailbox,
    PriorityMailbox,
)
from everything_is_an_actor.runtime.mailbox import Backpressure


class Wrong(MemoryMailbox):
    """What is right, until something is overridden."""

    def __init__(self, size: int, policy: Backpressure) -> None:
        super().__init__(size, backpressure_policy=policy)

    def following(self) -> Mailbox:
        """The next mailbox on what this one has left."""
        raise NotImplementedError


# ---------------------------------------------------------------------- order


class LastInFirstOut(Wrong):
    @override
    def get_nowait(self) -> Envelope:
        if self._items and not self._senders:
            last = list(self._items)[-1]
            self._items.remove(last)
            return last
        return super().get_nowait()

    @override
    def take(self) -> Envelope | None:
        return None if self.empty() else self.get_nowait()


def by_urgency(message: int) -> int:
    return -message % 3


class EqualsTurnAround(PriorityMailbox):
    """The most urgent first, but the latest of equals."""

    def __init__(self, size: int, policy: Backpressure) -> None:
        super().__init__(lambda n: (by_urgency(n), -n), size, backpressure_policy=policy)


class TakesTheLast(Wrong):
    """What an actor takes is not what `get` would."""

    @override
    def take(self) -> Envelope | None:
        if self.empty() or self._senders:
            return super().take()
        last = list(self._items)[-1]
        self._items.remove(last)
        return last


# ---------------------------------------------------------------------- the bound


class OneTooMany(Wrong):
    def __init__(self, size: int, policy: Backpressure) -> None:
        super().__init__(size + 1 if size else 0, policy)


class OneTooFew(Wrong):
    def __init__(self, size: int, policy: Backpressure) -> None:
        super().__init__(size - 1 if size > 1 else size, policy)


class FullTooLate(Wrong):
    """Says so only when somebody waits."""

    @override
    def full(self) -> bool:
        return super().full() and bool(self._senders)

    @override
    async def put(self, envelope: Envelope) -> bool:
        if self._policy != "block" or not super().full():
            return self.put_nowait(envelope)
        return await self._wait_in_line(envelope)


class EmptyWhenOneIsLeft(Wrong):
    @override
    def empty(self) -> bool:
        return len(self._items) <= 1


class NothingIsAnError(Wrong):
    @override
    def take(self) -> Envelope | None:
        return self.get_nowait()


class DropsTheOldest(Wrong):
    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        if self.full() and self._policy == "drop_new" and not self._closed:
            self._items.popleft()
        return super().put_nowait(envelope)


class DropsInSilence(Wrong):
    """Says of what it drops that it is queued."""

    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        return super().put_nowait(envelope) or not self._closed


class DropsInsteadOfFailing(Wrong):
    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        try:
            return super().put_nowait(envelope)
        except MailboxFullError:
            return False


class FailsInsteadOfWaiting(Wrong):
    @override
    async def put(self, envelope: Envelope) -> bool:
        return self.put_nowait(envelope)


class LetsInTheLast(Wrong):
    """Of those who wait for room."""

    @override
    def _admit_one(self) -> None:
        if self._senders:
            self._senders.move_to_end(next(reversed(self._senders)), last=False)
        super()._admit_one()


class LetsNobodyIn(Wrong):
    @override
    def _admit_one(self) -> None:
        if self._closed:
            super()._admit_one()


class SendsWhatWasCancelled(Wrong):
    """A sender that is cancelled leaves its envelope with it."""

    @override
    async def put(self, envelope: Envelope) -> bool:
        if self._policy != "block" or not self.full():
            return self.put_nowait(envelope)
        return await asyncio.shield(self._wait_in_line(envelope))


class LosesWhatAReceiverLeft(Wrong):
    """A receiver is handed the envelope itself, also if it is cancelled in the same step."""

    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        handed = bool(self._receivers) and not self._closed
        queued = super().put_nowait(envelope)
        if handed and queued:
            self._items.remove(envelope)
            self._handed = envelope
        return queued

    @override
    async def get(self) -> Envelope:
        if self._items or self._closed:
            return self.get_nowait()
        await self._await_one()
        return self._handed if not self._closed else self.get_nowait()


class CountsWhatItDropped(Wrong):
    @override
    async def put_batch(self, envelopes: Iterable[Envelope]) -> int:
        batch = list(envelopes)
        await super().put_batch(batch)
        return 0 if self._closed else len(batch)


class PutsBatchesBackwards(Wrong):
    @override
    async def put_batch(self, envelopes: Iterable[Envelope]) -> int:
        return await super().put_batch(reversed(list(envelopes)))


class HalfABatch(Wrong):
    @override
    async def put_batch(self, envelopes: Iterable[Envelope]) -> int:
        return await Mailbox.put_batch(self, envelopes)


class OffersBeyondItsBound(Wrong):
    @override
    def offer(self, envelope: Envelope) -> bool:
        self._items.append(envelope)
        return True


class OffersTwice(Wrong):
    """Queues what it is offered, and says that it did not."""

    @override
    def offer(self, envelope: Envelope) -> bool:
        super().offer(envelope)
        return False


class DiscardsNothing(Wrong):
    @override
    def discard(self, envelope: Envelope) -> bool:
        return envelope in list(self._items)


class DiscardsWithoutMakingRoom(Wrong):
    @override
    def discard(self, envelope: Envelope) -> bool:
        if envelope in list(self._items):
            self._items.remove(envelope)
            return True
        return False


class RefusesInSilence(Wrong):
    """Forgets the envelope that was refused, and tells its sender that it was queued."""

    @override
    def refuse(self, why: Callable[[Envelope, bool], Exception | None]) -> None:
        for waiter, envelope in list((self._senders or {}).items()):
            if why(envelope, True) is not None and self._senders is not None:
                del self._senders[waiter]
                self._answer(waiter, True)


class LosesTheLast(Wrong):
    @override
    def close(self) -> list[Envelope]:
        return super().close()[:-1]


class ClosesBackwards(Wrong):
    @override
    def close(self) -> list[Envelope]:
        return super().close()[::-1]


class TakesWhenClosed(Wrong):
    @override
    def close(self) -> list[Envelope]:
        left = super().close()
        self._closed = False
        return left


class LeavesReceiversWaiting(Wrong):
    @override
    def close(self) -> list[Envelope]:
        self._receivers = None
        return super().close()


class HandsOutTwice(Wrong):
    """What is taken while a sender waits comes once more, at the end."""

    @override
    def get_nowait(self) -> Envelope:
        had_senders = bool(self._senders)
        envelope = super().get_nowait()
        if had_senders:
            self._items.append(envelope)
        return envelope


class LeavesWhatWasLetIn(Wrong):
    """A sender that is cancelled as it is let in does not take its envelope back."""

    @override
    def _take_out(self, envelope: Envelope) -> bool:
        return False


# ---------------------------------------------------------------------- elsewhere


class NeverWakesTheLoop(Wrong):
    """Says that it takes messages from any thread; its actor does not notice."""

    any_thread = True


class ArrivesUnnoticed(Wrong):
    """What is put arrives a little later, and nobody is woken."""

    @override
    async def put(self, envelope: Envelope) -> bool:
        asyncio.get_running_loop().call_later(0.01, super().put_nowait, envelope)
        return True


class KeepsNothing(Wrong):
    """Says that the next one finds what it left."""

    @override
    def close(self) -> list[Envelope]:
        super().close()
        return []

    @override
    def following(self) -> Mailbox:
        return MemoryMailbox()


WRONG: dict[type[Mailbox], str] = {
    LastInFirstOut: "order",
    EqualsTurnAround: "order",
    TakesTheLast: "delivery",
    OneTooMany: "bound",
    OneTooFew: "bound",
    FullTooLate: "fullness",
    EmptyWhenOneIsLeft: "emptiness",
    NothingIsAnError: "emptiness",
    DropsTheOldest: "policy",
    DropsInSilence: "policy",
    DropsInsteadOfFailing: "policy",
    FailsInsteadOfWaiting: "policy",
    LetsInTheLast: "waiting",
    LetsNobodyIn: "waiting",
    SendsWhatWasCancelled: "cancelled_senders",
    LosesWhatAReceiverLeft: "cancelled_receivers",
    CountsWhatItDropped: "batches",
    PutsBatchesBackwards: "batches",
    HalfABatch: "batches",
    OffersBeyondItsBound: "offers",
    OffersTwice: "offers",
    DiscardsNothing: "discards",
    DiscardsWithoutMakingRoom: "discards",
    RefusesInSilence: "refusals",
    LosesTheLast: "closing",
    ClosesBackwards: "closing",
    TakesWhenClosed: "closing",
    LeavesReceiversWaiting: "closing",
    HandsOutTwice: "conservation",
    LeavesWhatWasLetIn: "model",
    NeverWakesTheLoop: "threads",
    ArrivesUnnoticed: "waking",
    KeepsNothing: "reopening",
}
"""By which check each is caught; by others as well, most of them."""
