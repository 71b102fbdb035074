"""From the first message to the last: waking, closing, and the next mailbox.

Each function takes the mailboxes it is about and raises what is wrong with them; its docstring is
the sentence.
"""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor import Envelope, Mailbox
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.mailboxes.subject import (
    END,
    Subject,
    ending,
    get_nowait,
    policies,
    put_in,
    put_nowait,
    putting,
)
from everything_is_an_actor.testing.sentences import examples, same

EACH = 0.5  # of the examples of the profile, for each of the sentences


def waking(subject: Subject) -> None:
    """Whoever a mailbox was bound to is woken when a message has come, and finds it there."""

    @examples(EACH, subject.configured)
    @given(st.integers(1, 4))
    def holds(count: int) -> None:
        async def main() -> None:
            woken = asyncio.Event()
            async with subject.opened(0, wake=woken.set) as box:
                for number in range(count):
                    await put_in(box, number)
                for number in range(count):
                    while (envelope := box.take()) is None:
                        await woken.wait()
                        woken.clear()
                    same(envelope.message, number)
                    await subject.handled(box, envelope)

        subject.run(main)

    holds()


def closing(subject: Subject) -> None:
    """`close` hands out all that is queued or waits, in order; from then on nothing is taken."""

    @examples(EACH, subject.configured)
    @given(st.integers(0, 4), policies, st.integers(0, 4), st.integers(0, 3))
    def holds(size: int, policy: Backpressure, count: int, waiting: int) -> None:
        async def main() -> None:
            count_in = min(count, size) if size else count
            async with subject.opened(size, policy) as box:
                for number in range(count_in):
                    await put_in(box, number)
                puts = []
                if policy == "block" and 0 < size == count_in:
                    for number in range(size, size + waiting):
                        puts.append(putting(box, number))
                        await subject.settled()
                left = [envelope.message for envelope in box.close()]
                await subject.settled(*puts)
                let_in = [n for n, put in enumerate(puts, size) if ending(put) is True]
                same([ending(put) for put in puts if ending(put) not in (True, False)], [])
                if subject.reopen is None:
                    queued = sorted(range(count_in), key=subject.rank)
                    same([message for message in left if message < count_in], queued)
                    same(sorted(left), [*range(count_in), *let_in])
                same(box.close(), [])
                same(await box.put(Envelope(END)), False)
                if subject.able.put_nowait:
                    same(put_nowait(box, END), False)
                same(box.take(), None)
                same(get_nowait(box), "empty")
                await _get_ends(subject, box)
            async with subject.opened(size, policy) as box:
                get = asyncio.create_task(box.get())
                await subject.settled()
                _ = box.close()
                await subject.settled(get)
                assert ending(get) == "empty", "whoever waits for a message must not wait for ever"

        subject.run(main)

    holds()


async def _get_ends(subject: Subject, box: Mailbox) -> None:
    get = asyncio.create_task(box.get())
    await subject.settled(get)
    same(ending(get), "empty")


def reopening(subject: Subject) -> None:
    """What was not handled when a mailbox closed is there for the next one, in order."""

    @examples(EACH, subject.configured)
    @given(st.integers(0, 6), st.integers(0, 6))
    def holds(count: int, handled: int) -> None:
        async def main() -> None:
            assert subject.reopen is not None
            box = subject.make(0, "block")
            async with subject.bound(box):
                for number in range(count):
                    await put_in(box, number)
                for number in range(min(count, handled)):
                    same(await subject.received(box), number)
            async with subject.bound(subject.reopen(box)) as following:
                same(await subject.rest(following), list(range(min(count, handled), count)))

        subject.run(main)

    holds()
