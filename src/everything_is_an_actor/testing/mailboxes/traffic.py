"""Nothing is lost and nothing doubled, however many put and take at the same time.

Everything that was put comes out once, or whoever put it knows that it will not. What a sender that
was cancelled had in hand may have gone either way, but only once.
"""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import override

from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor import Actor, ActorSystem, Envelope, Mailbox, MailboxFullError
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.mailboxes.subject import PATIENCE, Subject, policies
from everything_is_an_actor.testing.sentences import examples, same

FEW = 0.5  # of the examples of the profile
EACH = 10  # messages of one sender

sizes = st.sampled_from([0, 1, 2, 5])
schedules = st.integers(0, 2**32 - 1)
pauses = st.lists(st.integers(0, 3), min_size=1, max_size=5)


@dataclass
class Account:
    """What was sent, and what is known to have become of it."""

    sent: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)  # and the sender knows
    unknown: list[int] = field(default_factory=list)  # the sender was cancelled

    def balances(self) -> None:
        """Raise what is wrong."""
        counts = Counter(self.received + self.refused)
        assert max(counts.values(), default=1) == 1, f"twice: {counts - Counter(set(counts))}"
        assert set(counts) <= set(self.sent), f"never sent: {set(counts) - set(self.sent)}"
        lost = set(self.sent) - set(counts) - set(self.unknown)
        assert not lost, f"lost: {sorted(lost)}"


async def turns(count: int) -> None:
    """Let the others go on for so many turns."""
    for _ in range(count):
        await asyncio.sleep(0)


def conservation(subject: Subject) -> None:
    """Whatever is put comes out exactly once, or its sender knows that it will not."""

    @examples(FEW, subject.configured)
    @given(sizes, policies, pauses, st.integers(1, 4), st.integers(1, 3), schedules)
    def holds(
        size: int,
        policy: Backpressure,
        pauses: list[int],
        senders: int,
        receivers: int,
        schedule: int,
    ) -> None:
        async def main() -> None:
            box = subject.make(size, policy)
            async with subject.bound(box):
                account = Account()
                sending = [
                    asyncio.create_task(_sends(subject, box, account, number, pauses))
                    for number in range(senders)
                ]
                in_hand: list[asyncio.Future[None]] = []
                receiving = [
                    asyncio.create_task(_receives(subject, box, account, in_hand))
                    for _ in range(receivers)
                ]
                for number, pause in enumerate(pauses):
                    await turns(pause)
                    sending[number % senders].cancel()
                    if subject.able.at_once and number % 2:
                        receiving[number % receivers].cancel()
                        receiving.append(
                            asyncio.create_task(_receives(subject, box, account, in_hand))
                        )
                await asyncio.wait(sending)
                await subject.settled()
                if subject.reopen is None:
                    account.received += [envelope.message for envelope in box.close()]
                for receiver in receiving:
                    receiver.cancel()
                await asyncio.gather(*receiving, return_exceptions=True)
                await asyncio.gather(*in_hand)
            if subject.reopen is not None:
                async with subject.bound(subject.reopen(box)) as following:
                    account.received += await subject.rest(following)
            for task in sending:
                if not task.cancelled():  # before its first step
                    task.result()
            account.balances()

        subject.run(main, schedule)

    holds()


async def _sends(
    subject: Subject, box: Mailbox, account: Account, sender: int, pauses: list[int]
) -> None:
    """Sends in each of the ways there are; each cancellation costs it one message."""
    for number in range(EACH):
        message = sender * EACH + number
        account.sent.append(message)
        envelope = Envelope(message)
        try:
            if subject.able.put_nowait and number % 3 == 1:
                queued = box.put_nowait(envelope)
            elif number % 3 == 2:
                queued = box.offer(message, None) or await box.put(envelope)
            else:
                queued = await box.put(envelope)
            if not queued:
                account.refused.append(message)
        except MailboxFullError:
            account.refused.append(message)
        except asyncio.CancelledError:
            account.unknown.append(message)
        try:
            await turns(pauses[message % len(pauses)])
        except asyncio.CancelledError:
            continue


async def _receives(
    subject: Subject, box: Mailbox, account: Account, in_hand: list[asyncio.Future[None]]
) -> None:
    while True:
        envelope = await box.get()
        account.received.append(envelope.message)
        job = asyncio.ensure_future(subject.handled(box, envelope))
        in_hand.append(job)
        await asyncio.shield(job)


class Handles(Actor[int, None]):
    """Notes what it has handled."""

    def __init__(self, account: Account, pauses: list[int]) -> None:
        self.account = account
        self.pauses = pauses

    @override
    async def on_receive(self, message: int) -> None:
        await turns(self.pauses[message % len(self.pauses)])
        self.account.received.append(message)


def delivery(subject: Subject) -> None:
    """Of an actor's: sent = handled + dead letters + refused; from each sender in order."""

    @examples(FEW, subject.configured)
    @given(
        sizes, policies, pauses, st.integers(1, 4), st.sampled_from(["drain", "stop"]), schedules
    )
    def holds(
        size: int, policy: Backpressure, pauses: list[int], senders: int, end: str, schedule: int
    ) -> None:
        async def main() -> None:
            account = Account()
            box = subject.make(size, policy)
            async with ActorSystem() as system:
                ref = await system.spawn(Handles, "handles", mailbox=box, args=(account, pauses))

                async def send(sender: int) -> None:
                    for message in range(sender * EACH, (sender + 1) * EACH):
                        account.sent.append(message)
                        try:
                            await ref.tell(message)
                        except MailboxFullError:
                            account.refused.append(message)
                        await turns(pauses[-1])

                sending = asyncio.gather(*map(send, range(senders)))
                if end == "stop":
                    await turns(sum(pauses))
                    await ref.stop()
                await sending
                await ref.stop(drain=True)
            handled = list(account.received)
            account.received += [letter.message for letter in system.dead_letters]
            if subject.reopen is not None:
                async with subject.bound(subject.reopen(box)) as following:
                    account.received += await subject.rest(following)
            account.balances()
            for sender in range(senders):
                own = [message for message in handled if message // EACH == sender]
                assert subject.in_order(own), f"overtaken: {own}"

        subject.run(main, schedule)

    holds()


def threads(subject: Subject) -> None:
    """Messages put from any thread arrive once each, those of one thread in order."""

    @examples(0.05, subject.configured)
    @given(st.integers(1, 4), st.integers(1, 50))
    def holds(count: int, each: int) -> None:
        async def main() -> None:
            received: list[int] = []
            woken = asyncio.Event()
            loop = asyncio.get_running_loop()
            async with subject.opened(0, wake=woken.set) as box:

                def send(sender: int) -> None:
                    for number in range(each):
                        same(box.put_nowait(Envelope(number * count + sender)), True)

                pool = [threading.Thread(target=send, args=(n,)) for n in range(count)]
                for thread in pool:
                    loop.call_soon(thread.start)  # when the receiver waits
                while len(received) < count * each:
                    envelope = box.take()
                    if envelope is None:
                        async with asyncio.timeout(PATIENCE):
                            await woken.wait()
                        woken.clear()
                        continue
                    received.append(envelope.message)
                    await subject.handled(box, envelope)
                for thread in pool:
                    await loop.run_in_executor(None, thread.join)
            same(sorted(received), list(range(count * each)))
            for sender in range(count):
                own = [n for n in received if n % count == sender]
                assert subject.in_order(own), f"of one sender, out of order: {own}"

        asyncio.run(main())

    holds()
