"""Mailboxes of which something comes out that was not put in, or not in order."""

from collections.abc import Iterable
from typing import Any, override

from everything_is_an_actor import (
    ActorRef,
    Envelope,
    Mailbox,
    MailboxFullError,
    PriorityMailbox,
)
from everything_is_an_actor.runtime.mailbox import Backpressure
from laws.parts import by_urgency
from laws.wrong_mailboxes import Wrong, mailbox


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


class EqualsTurnAround(PriorityMailbox):
    """The most urgent first, but the latest of equals."""

    def __init__(self, size: int, policy: Backpressure) -> None:
        super().__init__(lambda n: (by_urgency(n), -n), size, backpressure_policy=policy)


class TakesTheLast(Wrong):
    """What an actor takes is not what `get` would."""

    @override
    def take(self) -> Envelope | None:
        if not self._items or self._senders:
            return super().take()
        last = list(self._items)[-1]
        self._items.remove(last)
        return last


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


class HandsOutTwice(Wrong):
    """What is taken while a sender waits comes once more, at the end."""

    @override
    def get_nowait(self) -> Envelope:
        had_senders = bool(self._senders)
        envelope = super().get_nowait()
        if had_senders:
            self._items.append(envelope)
        return envelope


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
    def offer(self, message: object, sender: ActorRef[Any, Any] | None) -> bool:
        self._items.append(Envelope(message, sender))
        return True


class OffersTwice(Wrong):
    """Queues what it is offered, and says that it did not."""

    @override
    def offer(self, message: object, sender: ActorRef[Any, Any] | None) -> bool:
        super().offer(message, sender)
        return False


MUTANTS = (
    mailbox(LastInFirstOut),
    mailbox(EqualsTurnAround, rank=by_urgency),
    mailbox(TakesTheLast),
    mailbox(OneTooMany),
    mailbox(OneTooFew),
    mailbox(FullTooLate),
    mailbox(EmptyWhenOneIsLeft),
    mailbox(NothingIsAnError),
    mailbox(DropsTheOldest),
    mailbox(DropsInSilence),
    mailbox(DropsInsteadOfFailing),
    mailbox(FailsInsteadOfWaiting),
    mailbox(HandsOutTwice),
    mailbox(CountsWhatItDropped),
    mailbox(PutsBatchesBackwards),
    mailbox(HalfABatch),
    mailbox(OffersBeyondItsBound),
    mailbox(OffersTwice),
)
