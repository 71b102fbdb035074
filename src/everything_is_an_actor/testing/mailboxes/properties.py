"""What every mailbox promises, sentence by sentence, for one thing at a time.

Each function takes the mailboxes it is about and raises what is wrong with them; its docstring is
the sentence.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor import Envelope, Mailbox, MailboxFullError
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.mailboxes.subject import (
    END,
    Subject,
    ending,
    get_nowait,
    put_nowait,
    putting,
)
from everything_is_an_actor.testing.sentences import examples

EACH = 0.5  # of the examples of the profile, for each of the sentences

sizes = st.integers(1, 4)
policies = st.sampled_from(["block", "drop_new", "fail"])
numbers = st.integers(0, 6)


def order(subject: Subject) -> None:
    """Messages come out in the order put, or by rank, and in the order put among equals."""

    @examples(EACH, subject.configured)
    @given(st.sampled_from([1, 2, 5, 0]), st.lists(st.booleans(), max_size=30))
    def holds(size: int, puts: list[bool]) -> None:
        async def main() -> None:
            queued: list[int] = []
            async with subject.opened(size) as box:
                for number, is_put in enumerate(puts):
                    if is_put and not 0 < size <= len(queued):
                        assert await box.put(Envelope(number))
                        queued.append(number)
                    elif queued:
                        first = min(queued, key=subject.rank)
                        queued.remove(first)
                        assert await subject.received(box) == first
                for first in sorted(queued, key=subject.rank):
                    assert await subject.received(box) == first

        subject.run(main)

    holds()


def bound(subject: Subject) -> None:
    """It takes as many messages as its size without a wait, and not one more; 0 is no bound."""

    @examples(EACH, subject.configured)
    @given(st.integers(0, 4), policies)
    def holds(size: int, policy: Backpressure) -> None:
        async def main() -> None:
            async with subject.opened(size, policy) as box:
                for number in range(size or 300):
                    put = putting(box, number)
                    await subject.settled(put)
                    assert ending(put) is True, f"{number} of {size} messages, and no room"
                if size and (subject.able.at_once or policy != "block"):
                    put = putting(box, size)
                    await subject.settled(put)
                    assert ending(put) is not True, f"more than {size} messages"
                    put.cancel()
                    await asyncio.wait([put])

        subject.run(main)

    holds()


def policy(subject: Subject) -> None:
    """One message too many waits for room, is dropped, or fails; what was queued stays."""

    @examples(EACH, subject.configured)
    @given(sizes, policies, st.integers(1, 4))
    def holds(size: int, policy: Backpressure, extra: int) -> None:
        async def main() -> None:
            async with subject.opened(size, policy) as box:
                for number in range(size):
                    await box.put(Envelope(number))
                expected = sorted(range(size), key=subject.rank)
                for number in range(size, size + extra):
                    put = putting(box, number)
                    await subject.settled(*([] if policy == "block" else [put]))
                    match policy:
                        case "drop_new":
                            assert ending(put) is False
                        case "fail":
                            assert ending(put) == "full"
                        case "block":
                            assert ending(put) == "waiting"
                            if subject.able.put_nowait:
                                assert put_nowait(box, number) == "full"
                            first = expected.pop(0)
                            assert await subject.received(box) == first
                            await subject.settled(put)
                            assert ending(put) is True
                            expected = sorted([*expected, number], key=subject.rank)
                assert [await subject.received(box) for _ in expected] == expected
                assert await subject.rest(box) == []

        subject.run(main)

    holds()


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
                        assert sum(put.done() for put in puts) == min(size + taken, total)
                    if subject.able.fair:
                        assert all(put.done() for put in puts[: size + taken])
                    received.append(await subject.received(box))
                assert sorted(received) == list(range(total))
                await subject.settled(*puts)
                assert all(ending(put) is True for put in puts)

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
                assert all(ending(put) == "cancelled" for put in gone)
                expected = [*range(size), *kept]
                received = [await subject.received(box) for _ in expected]
                assert sorted(received) == expected
                assert await subject.rest(box) == []

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
                        assert put_nowait(box, number) is True
                gone = [each for each, is_gone in zip(gets, cancelled, strict=True) if is_gone]
                for each in gone:
                    each.cancel()
                await subject.settled(*gone)
                assert all(ending(each) == "cancelled" for each in gone)
                kept = [each for each in gets if each not in gone]
                for number in range(early if subject.able.put_nowait else 0, early + len(kept)):
                    assert await box.put(Envelope(number))
                await subject.settled(*kept)
                assert all(each.done() for each in kept), "a message came, a receiver still waits"
                received = [await kept_one for kept_one in kept]
                received += [await subject.received(box) for _ in range(early)]
                assert sorted(received) == list(range(early + len(kept)))

        subject.run(main)

    holds()


def emptiness(subject: Subject) -> None:
    """`empty` says whether `get_nowait` would fail; `take` and `get_nowait` take the same."""

    @examples(EACH, subject.configured)
    @given(st.lists(st.sampled_from(["put", "take", "get"]), max_size=20))
    def holds(steps: list[str]) -> None:
        async def main() -> None:
            queued: list[int] = []
            async with subject.opened(0) as box:
                for number, step in enumerate(steps):
                    if step == "put":
                        assert await box.put(Envelope(number))
                        queued.append(number)
                    if not subject.able.at_once:
                        if step == "put":
                            assert await subject.received(box) == queued.pop()
                        assert box.empty()
                    assert box.empty() == (not queued)
                    if not queued:
                        assert box.take() is None
                        assert get_nowait(box) == "empty"
                    elif step != "put":
                        envelope = box.take() if step == "take" else box.get_nowait()
                        assert envelope is not None
                        assert envelope.message == min(queued, key=subject.rank)
                        queued.remove(envelope.message)
                        await subject.handled(box, envelope)

        subject.run(main)

    holds()


def fullness(subject: Subject) -> None:
    """`full` says whether one more message would be too many."""

    @examples(EACH, subject.configured)
    @given(st.integers(0, 3), st.lists(st.booleans(), max_size=20))
    def holds(size: int, puts: list[bool]) -> None:
        async def main() -> None:
            async with subject.opened(size, "drop_new") as box:
                held = 0
                for number, is_put in enumerate(puts):
                    assert box.full() == (0 < size <= held)
                    if is_put:
                        held += await box.put(Envelope(number))
                    elif held:
                        await subject.received(box)
                        held -= 1
                    assert box.full() == (0 < size <= held)

        subject.run(main)

    holds()


def batches(subject: Subject) -> None:
    """`put_batch` queues in order until one is dropped, and says how many it queued."""

    @examples(EACH, subject.configured)
    @given(sizes | st.just(0), policies, st.integers(0, 4), st.integers(0, 6))
    def holds(size: int, policy: Backpressure, before: int, count: int) -> None:
        async def main() -> None:
            held = min(before, size) if size else before
            room = size - held if size else count
            async with subject.opened(size, policy) as box:
                for number in range(held):
                    await box.put(Envelope(number))
                batch = list(range(held, held + count))
                putting = asyncio.create_task(box.put_batch(map(Envelope, batch)))
                prefix = [*range(held), *batch[: min(room, count)]]
                possible = [prefix]
                if count <= room or policy == "drop_new":
                    assert await putting == min(room, count)
                elif policy == "fail":
                    with _raised_full():
                        await putting
                    possible = [prefix[:held]] + [prefix] * (not subject.able.whole_batches)
                else:
                    received = [await subject.received(box) for _ in range(held + count)]
                    assert sorted(received) == list(range(held + count))
                    assert subject.in_order(received)
                    assert await putting == count
                    possible = [[]]
                rest = await subject.rest(box, min(map(len, possible)))
                assert rest in [sorted(each, key=subject.rank) for each in possible]

        subject.run(main)

    holds()


@contextmanager
def _raised_full() -> Generator[None]:
    try:
        yield
    except MailboxFullError:
        return
    raise AssertionError("a MailboxFullError was expected")


def offers(subject: Subject) -> None:
    """What `offer` takes is queued as by a `put`; what it does not take is not queued."""

    @examples(EACH, subject.configured)
    @given(st.integers(0, 3), policies, st.integers(0, 8))
    def holds(size: int, policy: Backpressure, count: int) -> None:
        async def main() -> None:
            async with subject.opened(size, policy) as box:
                taken = [number for number in range(count) if box.offer(Envelope(number))]
                assert not size or len(taken) <= size, "beyond the bound"
                expected = sorted(taken, key=subject.rank)
                assert [await subject.received(box) for _ in expected] == expected
                assert await subject.rest(box) == []

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
                assert sorted(received) == expected
                assert await subject.rest(box) == []
                await subject.settled(*puts)
                assert all(ending(put) is True for put in puts)

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
                assert all(waits == (message >= size) for message, waits in shown)
                gone = [n for n, waits in shown if waits and refused[n - size]]
                await subject.settled(*(puts[n - size] for n in gone))
                for number in gone:
                    error = puts[number - size].exception()
                    assert isinstance(error, _Refused), error
                    assert error.args == (number,)
                expected = [n for n in range(size + len(refused)) if n not in gone]
                received = [await subject.received(box) for _ in expected]
                assert sorted(received) == expected
                assert await subject.rest(box) == []

        subject.run(main)

    holds()


class _Refused(Exception):
    """Why a sender need not wait any more."""


def closing(subject: Subject) -> None:
    """`close` hands out all that is queued or waits, in order; from then on nothing is taken."""

    @examples(EACH, subject.configured)
    @given(st.integers(0, 4), policies, st.integers(0, 4), st.integers(0, 3))
    def holds(size: int, policy: Backpressure, count: int, waiting: int) -> None:
        async def main() -> None:
            count_in = min(count, size) if size else count
            async with subject.opened(size, policy) as box:
                for number in range(count_in):
                    assert await box.put(Envelope(number))
                puts = []
                if policy == "block" and 0 < size == count_in:
                    for number in range(size, size + waiting):
                        puts.append(putting(box, number))
                        await subject.settled()
                left = [envelope.message for envelope in box.close()]
                await subject.settled(*puts)
                let_in = [n for n, put in enumerate(puts, size) if ending(put) is True]
                assert all(ending(put) in (True, False) for put in puts)
                if subject.reopen is None:
                    queued = sorted(range(count_in), key=subject.rank)
                    assert [message for message in left if message < count_in] == queued
                    assert sorted(left) == [*range(count_in), *let_in]
                assert box.close() == []
                assert await box.put(Envelope(END)) is False
                if subject.able.put_nowait:
                    assert put_nowait(box, END) is False
                assert box.take() is None
                assert get_nowait(box) == "empty"
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
    assert ending(get) == "empty"


def reopening(subject: Subject) -> None:
    """What was not handled when a mailbox closed is there for the next one, in order."""

    @examples(EACH, subject.configured)
    @given(numbers, numbers)
    def holds(count: int, handled: int) -> None:
        async def main() -> None:
            assert subject.reopen is not None
            box = subject.make(0, "block")
            async with subject.bound(box):
                for number in range(count):
                    assert await box.put(Envelope(number))
                for number in range(min(count, handled)):
                    assert await subject.received(box) == number
            async with subject.bound(subject.reopen(box)) as following:
                assert await subject.rest(following) == list(range(min(count, handled), count))

        subject.run(main)

    holds()


def waking(subject: Subject) -> None:
    """Whoever a mailbox was bound to is woken when a message has come, and finds it there."""

    @examples(EACH, subject.configured)
    @given(st.integers(1, 4))
    def holds(count: int) -> None:
        async def main() -> None:
            woken = asyncio.Event()
            async with subject.opened(0, wake=woken.set) as box:
                for number in range(count):
                    assert await box.put(Envelope(number))
                for number in range(count):
                    while (envelope := box.take()) is None:
                        await woken.wait()
                        woken.clear()
                    assert envelope.message == number
                    await subject.handled(box, envelope)

        subject.run(main)

    holds()
