"""A mailbox that is only what is abstract of one."""

import asyncio
from typing import override

from everything_is_an_actor import Envelope, Mailbox, MailboxEmptyError, MailboxFullError
from everything_is_an_actor.runtime.mailbox import Backpressure


class Plain(Mailbox):
    """What is abstract, and nothing else; whoever waits looks again after every change."""

    def __init__(self, size: int, policy: Backpressure) -> None:
        self.size, self.policy = size, policy
        self.queue: list[Envelope] = []
        self.closed = False
        self.change = asyncio.Event()

    def changed(self) -> None:
        self.change.set()
        self.change = asyncio.Event()

    @override
    def empty(self) -> bool:
        return not self.queue

    @override
    def full(self) -> bool:
        return 0 < self.size <= len(self.queue)

    @override
    async def put(self, envelope: Envelope) -> bool:
        while self.policy == "block" and self.full():
            await self.change.wait()
        return self.put_nowait(envelope)

    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        if self.closed or (self.full() and self.policy == "drop_new"):
            return False
        if self.full():
            raise MailboxFullError(self.size)
        self.queue.append(envelope)
        self.changed()
        return True

    @override
    async def get(self) -> Envelope:
        while self.empty() and not self.closed:
            await self.change.wait()
        return self.get_nowait()

    @override
    def get_nowait(self) -> Envelope:
        if self.empty():
            raise MailboxEmptyError
        self.changed()
        return self.queue.pop(0)

    @override
    def close(self) -> list[Envelope]:
        self.closed = True
        left, self.queue = self.queue, []
        self.changed()
        return left
