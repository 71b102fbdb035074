"""What is put comes out: order, bound, policy, batches, for one thing at a time.

Each function takes the mailboxes it is about and raises what is wrong with them; its docstring is
the sentence.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor import Envelope, MailboxFullError
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.mailboxes.subject import (
    Subject,
    ending,
    get_nowait,
    policies,
    put_in,
    put_nowait,
    putting,
    sizes,
)
from everything_is_an_actor.testing.sentences import examples, same

EACH = 0.5  # of the examples of the profile, for each of the sentences


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
                        await put_in(box, number)
                        queued.append(number)
                    elif queued:
                        first = min(queued, key=subject.rank)
                        queued.remove(first)
                        same(await subject.received(box), first)
                for first in sorted(queued, key=subject.rank):
                    same(await subject.received(box), first)

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
                            same(ending(put), False)
                        case "fail":
                            same(ending(put), "full")
                        case "block":
                            same(ending(put), "waiting")
                            if subject.able.put_nowait:
                                same(put_nowait(box, number), "full")
                            first = expected.pop(0)
                            same(await subject.received(box), first)
                            await subject.settled(put)
                            same(ending(put), True)
                            expected = sorted([*expected, number], key=subject.rank)
                same([await subject.received(box) for _ in expected], expected)
                same(await subject.rest(box), [])

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
                    same(box.full(), 0 < size <= held)
                    if is_put:
                        held += await box.put(Envelope(number))
                    elif held:
                        await subject.received(box)
                        held -= 1
                    same(box.full(), 0 < size <= held)

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
                        await put_in(box, number)
                        queued.append(number)
                    if not subject.able.at_once:
                        if step == "put":
                            same(await subject.received(box), queued.pop())
                        same(box.empty(), True)
                    same(box.empty(), not queued)
                    if not queued:
                        same(box.take(), None)
                        same(get_nowait(box), "empty")
                    elif step != "put":
                        envelope = box.take() if step == "take" else box.get_nowait()
                        assert envelope is not None, "nothing is taken of what was put"
                        same(envelope.message, min(queued, key=subject.rank))
                        queued.remove(envelope.message)
                        await subject.handled(box, envelope)

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
                    same(await putting, min(room, count))
                elif policy == "fail":
                    with _raised_full():
                        await putting
                    possible = [prefix[:held]] + [prefix] * (not subject.able.whole_batches)
                else:
                    received = [await subject.received(box) for _ in range(held + count)]
                    same(sorted(received), list(range(held + count)))
                    assert subject.in_order(received), f"out of order: {received}"
                    same(await putting, count)
                    possible = [[]]
                rest = await subject.rest(box, min(map(len, possible)))
                expected = [sorted(each, key=subject.rank) for each in possible]
                assert rest in expected, f"{rest} is left, expected one of {expected}"

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
                taken = [number for number in range(count) if box.offer(number, None)]
                assert not size or len(taken) <= size, "beyond the bound"
                expected = sorted(taken, key=subject.rank)
                same([await subject.received(box) for _ in expected], expected)
                same(await subject.rest(box), [])

        subject.run(main)

    holds()
