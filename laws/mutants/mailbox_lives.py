"""Mailboxes that end otherwise than they say, or do not wake who is to look."""

import asyncio
from dataclasses import replace
from typing import override

from everything_is_an_actor import Envelope, MemoryMailbox
from laws.wrong_mailboxes import ABLE, Wrong, mailbox


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


MUTANTS = (
    mailbox(LosesTheLast),
    mailbox(ClosesBackwards),
    mailbox(TakesWhenClosed),
    mailbox(LeavesReceiversWaiting),
    mailbox(NeverWakesTheLoop, able=replace(ABLE, any_thread=True)),
    mailbox(ArrivesUnnoticed, able=replace(ABLE, at_once=False)),
    mailbox(KeepsNothing, reopen=lambda _: MemoryMailbox()),
)
