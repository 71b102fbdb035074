"""Mailboxes that are wrong about those who wait."""

import asyncio
from collections.abc import Callable
from typing import override

from everything_is_an_actor import Envelope
from laws.wrong_mailboxes import Wrong, mailbox


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


class LeavesWhatWasLetIn(Wrong):
    """A sender that is cancelled as it is let in does not take its envelope back."""

    @override
    def _take_out(self, envelope: Envelope) -> bool:
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


MUTANTS = (
    mailbox(LetsInTheLast),
    mailbox(LetsNobodyIn),
    mailbox(SendsWhatWasCancelled),
    mailbox(LosesWhatAReceiverLeft),
    mailbox(LeavesWhatWasLetIn),
    mailbox(DiscardsNothing),
    mailbox(DiscardsWithoutMakingRoom),
    mailbox(RefusesInSilence),
)
