"""Those who wait: they are let in, may be cancelled, discarded and refused.

Each function takes the mailboxes it is about and raises what is wrong with them; its docstring is
the sentence.
"""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor import Envelope
from everything_is_an_actor.testing.mailboxes.subject import (
    Subject,
    ending,
    put_in,
    put_nowait,
    putting,
    sizes,
)
from everything_is_an_actor.testing.sentences import examples, same

EACH = 0.5  # of the examples of the profile, for each of the sentences


def waiting(subject: Subject) -> None:
    """Those who wait for room are let in, in the order in which they came if that is fair."""

    @examples(EACH, subject.configured)
    @given(sizes, st.integers(1, 8))
    def holds(size: int, count: int) -> None:
        async def main() -> None:
            total = size + count
            async with subject.opened(size) as box:
                puts = [putting(box, number) for number in range(total)]
                received = []
                for taken in range(total):
                    await subject.settled(*puts[: size + taken] if subject.able.fair else [])
                    if subject.able.at_once:
                        same(sum(put.done() for put in puts), min(size + taken, total))
                    if subject.able.fair:
                        same([ending(put) for put in puts[: size + taken] if not put.done()], [])
                    received.append(await subject.received(box))
                same(sorted(received), list(range(total)))
                await subject.settled(*puts)
                same([ending(put) for put in puts], [True] * len(puts))

        subject.run(main)

    holds()


def cancelled_senders(subject: Subject) -> None:
    """A sender that is cancelled while it waits keeps its message; the others are let in."""

    @examples(EACH, subject.configured)
    @given(sizes, st.lists(st.booleans(), min_size=1, max_size=6))
    def holds(size: int, cancelled: list[bool]) -> None:
        async def main() -> None:
            async with subject.opened(size) as box:
                for number in range(size):
                    await box.put(Envelope(number))
                puts = []
                for number in range(len(cancelled)):
                    puts.append(putting(box, size + number))
                    await subject.settled()
                gone = [put for put, is_gone in zip(puts, cancelled, strict=True) if is_gone]
                kept = [n for n, is_gone in enumerate(cancelled, size) if not is_gone]
                for put in gone:
                    put.cancel()
                await subject.settled(*gone)
                same([ending(put) for put in gone], ["cancelled"] * len(gone))
                expected = [*range(size), *kept]
                received = [await subject.received(box) for _ in expected]
                same(sorted(received), expected)
                same(await subject.rest(box), [])

        subject.run(main)

    holds()


def cancelled_receivers(subject: Subject) -> None:
    """A receiver that is cancelled takes no message with it, also as one comes."""

    @examples(EACH, subject.configured)
    @given(st.lists(st.booleans(), min_size=1, max_size=5), st.integers(0, 6))
    def holds(cancelled: list[bool], early: int) -> None:
        async def main() -> None:
            async with subject.opened(0) as box:
                gets = [asyncio.create_task(subject.received(box)) for _ in cancelled]
                await subject.settled()
                if subject.able.put_nowait:
                    for number in range(early):
                        same(put_nowait(box, number), True)
                gone = [each for each, is_gone in zip(gets, cancelled, strict=True) if is_gone]
                for each in gone:
                    each.cancel()
                await subject.settled(*gone)
                same([ending(each) for each in gone], ["cancelled"] * len(gone))
                kept = [each for each in gets if each not in gone]
                for number in range(early if subject.able.put_nowait else 0, early + len(kept)):
                    await put_in(box, number)
                await subject.settled(*kept)
                assert all(each.done() for each in kept), "a message came, a receiver still waits"
                received = [await kept_one for kept_one in kept]
                received += [await subject.received(box) for _ in range(early)]
                same(sorted(received), list(range(early + len(kept))))

        subject.run(main)

    holds()


def discards(subject: Subject) -> None:
    """What `discard` takes out never comes out, and makes room; what it does not take does."""

    @examples(EACH, subject.configured)
    @given(st.integers(1, 5), st.integers(0, 4), st.integers(0, 3), st.booleans())
    def holds(count: int, index: int, waiting: int, is_bounded: bool) -> None:
        async def main() -> None:
            async with subject.opened(count if is_bounded else 0) as box:
                envelopes = [Envelope(number) for number in range(count)]
                for envelope in envelopes:
                    await box.put(envelope)
                puts = [putting(box, count + number) for number in range(waiting)]
                await subject.settled(*([] if is_bounded else puts))
                unwanted = envelopes[index % count]
                expected = list(range(count + waiting))
                if box.discard(unwanted):
                    expected.remove(unwanted.message)
                    await subject.settled(*puts[:1])
                    assert all(put.done() for put in puts[:1]), "it made room"
                    assert not box.discard(unwanted), "it is not there any more"
                received = [await subject.received(box) for _ in expected]
                same(sorted(received), expected)
                same(await subject.rest(box), [])
                await subject.settled(*puts)
                same([ending(put) for put in puts], [True] * len(puts))

        subject.run(main)

    holds()


def refusals(subject: Subject) -> None:
    """`refuse` shows each envelope once; one that waits and is refused is its sender's again."""

    @examples(EACH, subject.configured)
    @given(sizes, st.lists(st.booleans(), max_size=5))
    def holds(size: int, refused: list[bool]) -> None:
        async def main() -> None:
            shown: list[tuple[int, bool]] = []

            def why(envelope: Envelope, waits: bool) -> Exception | None:
                message: int = envelope.message
                shown.append((message, waits))
                return _Refused(message) if waits and refused[message - size] else None

            async with subject.opened(size) as box:
                for number in range(size):
                    await box.put(Envelope(number))
                puts = []
                for number in range(len(refused)):
                    puts.append(putting(box, size + number))
                    await subject.settled()
                box.refuse(why)
                assert len(dict(shown)) == len(shown), "shown twice"
                same([waits for _, waits in shown], [message >= size for message, _ in shown])
                gone = [n for n, waits in shown if waits and refused[n - size]]
                await subject.settled(*(puts[n - size] for n in gone))
                for number in gone:
                    error = puts[number - size].exception()
                    assert isinstance(error, _Refused), error
                    same(error.args, (number,))
                expected = [n for n in range(size + len(refused)) if n not in gone]
                received = [await subject.received(box) for _ in expected]
                same(sorted(received), expected)
                same(await subject.rest(box), [])

        subject.run(main)

    holds()


class _Refused(Exception):
    """Why a sender need not wait any more."""
