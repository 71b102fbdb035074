"""A mailbox loses nothing: what was sent was handled, is a dead letter, or was refused."""

import asyncio
from collections import Counter
from typing import Any, override

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    MailboxFullError,
    MemoryMailbox,
)
from everything_is_an_actor.runtime.letters import Envelope
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing import run
from tests.runtime.actors import turns

SIZES = [0, 1, 2, 256]
POLICIES: list[Backpressure] = ["block", "drop_new", "fail"]
SENDERS = 16
EACH = 100


class Handles(Actor[int, None]):
    """Notes what it begins to handle; suspends now and then, fails now and then."""

    def __init__(self, handled: list[int], fails_every: int = 0) -> None:
        self.handled = handled
        self.fails_every = fails_every

    @override
    async def on_receive(self, message: int) -> None:
        self.handled.append(message)
        await turns(message % 3)
        if self.fails_every and message % self.fails_every == self.fails_every - 1:
            raise ValueError(message)


class Traffic:
    """What sixteen senders sent, and what became of it."""

    def __init__(self, system: ActorSystem) -> None:
        self.sent: list[int] = []
        self.handled: list[int] = []
        self.refused: list[int] = []
        self.system = system

    async def send(self, ref: ActorRef[int, None], sender: int) -> None:
        for number in range(sender * EACH, (sender + 1) * EACH):
            self.sent.append(number)
            try:
                await ref.tell(number)
            except (MailboxFullError, asyncio.CancelledError):
                self.refused.append(number)
            await turns(number % 2)

    def start(self, ref: ActorRef[int, None]) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.send(ref, sender)) for sender in range(SENDERS)]

    def is_conserved(self) -> None:
        dead = [letter.message for letter in self.system.dead_letters]
        assert Counter(self.handled + dead + self.refused) == Counter(self.sent)
        assert len(self.sent) == SENDERS * EACH


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("policy", POLICIES)
async def test_what_was_sent_was_handled_dropped_or_refused(
    size: int, policy: Backpressure
) -> None:
    async with ActorSystem() as system:
        traffic = Traffic(system)
        box = MemoryMailbox(size, backpressure_policy=policy)
        ref = await system.spawn(Handles, "handles", mailbox=box, args=(traffic.handled,))
        await asyncio.gather(*traffic.start(ref))
        await ref.stop(drain=True)
        traffic.is_conserved()
        dropped, refused = bool(system.dead_letters), bool(traffic.refused)
        assert not dropped or policy == "drop_new"
        assert not refused or policy == "fail"


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_is_lost_or_doubled_when_senders_are_cancelled(size: int) -> None:
    async with ActorSystem() as system:
        traffic = Traffic(system)
        ref = await system.spawn(Handles, "handles", mailbox_size=size, args=(traffic.handled,))
        senders = traffic.start(ref)
        step = 0
        while not all(sender.done() for sender in senders):
            step += 1
            senders[step % SENDERS].cancel()
            await turns(step % 4)
        await ref.stop(drain=True)
        assert max(Counter(traffic.handled).values()) == 1
        assert set(traffic.handled + traffic.refused) == set(traffic.sent)
        assert not system.dead_letters


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("policy", POLICIES)
async def test_nothing_is_lost_when_the_receiver_dies(size: int, policy: Backpressure) -> None:
    async with ActorSystem() as system:
        traffic = Traffic(system)
        box = MemoryMailbox(size, backpressure_policy=policy)
        ref = await system.spawn(Handles, "handles", mailbox=box, args=(traffic.handled, 40))
        await asyncio.gather(*traffic.start(ref))
        await ref.stop(drain=True)
        traffic.is_conserved()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("end", ["stop", "drain", "interrupt"])
@pytest.mark.parametrize("after", [0, 1, 50])
async def test_nothing_is_lost_when_the_receiver_is_stopped(
    size: int, end: str, after: int
) -> None:
    async with ActorSystem() as system:
        traffic = Traffic(system)
        ref = await system.spawn(Handles, "handles", mailbox_size=size, args=(traffic.handled,))
        senders = traffic.start(ref)
        await turns(after)
        await (ref.interrupt() if end == "interrupt" else ref.stop(drain=end == "drain"))
        await asyncio.gather(*senders)
        traffic.is_conserved()


@pytest.mark.parametrize("size", [1, 2, 256])
async def test_a_bounded_mailbox_holds_no_more_than_its_size(size: int) -> None:
    box = MemoryMailbox(size)
    for number in range(size):
        assert not box.full()
        assert await box.put(Envelope(number, None))
    assert box.full()
    with pytest.raises(MailboxFullError, match=f"it holds {size} messages"):
        box.put_nowait(Envelope(size, None))


async def test_an_unbounded_mailbox_is_never_full() -> None:
    box = MemoryMailbox(0)
    for number in range(10_000):
        box.put_nowait(Envelope(number, None))
    assert not box.full()


async def test_those_who_wait_are_let_in_in_the_order_in_which_they_came() -> None:
    box = MemoryMailbox(1)
    putting = [asyncio.create_task(box.put(Envelope(number, None))) for number in range(5)]
    await turns(1)
    assert [box.get_nowait().message for _ in range(5)] == [0, 1, 2, 3, 4]
    assert await asyncio.gather(*putting) == [True] * 5


async def test_nobody_overtakes_those_who_wait() -> None:
    box = MemoryMailbox(1)
    box.put_nowait(Envelope("first", None))
    waiting = asyncio.create_task(box.put(Envelope("second", None)))
    await turns(1)
    assert box.get_nowait().message == "first"
    with pytest.raises(MailboxFullError):
        box.put_nowait(Envelope("third", None))
    assert box.get_nowait().message == "second"
    await waiting


async def test_a_sender_that_is_cancelled_as_it_is_let_in_takes_its_envelope_back() -> None:
    box = MemoryMailbox(1)
    box.put_nowait(Envelope("first", None))
    putting = [asyncio.create_task(box.put(Envelope(name, None))) for name in ("back", "next")]
    await turns(1)
    assert box.get_nowait().message == "first"
    putting[0].cancel()
    await turns(1)
    assert putting[0].cancelled()
    assert box.get_nowait().message == "next"
    assert await putting[1]
    assert box.empty()


async def test_a_sender_that_is_cancelled_too_late_has_sent() -> None:
    box = MemoryMailbox(1)
    box.put_nowait(Envelope("first", None))
    putting = asyncio.create_task(box.put(Envelope("second", None)))
    await turns(1)
    assert [box.get_nowait().message for _ in range(2)] == ["first", "second"]
    putting.cancel()
    await asyncio.wait([putting])
    assert box.empty()


async def test_close_hands_out_what_is_queued_and_what_waits() -> None:
    box = MemoryMailbox(2)
    putting = [asyncio.create_task(box.put(Envelope(number, None))) for number in range(5)]
    await turns(1)
    putting[3].cancel()
    await turns(1)
    assert [envelope.message for envelope in box.close()] == [0, 1, 2, 4]
    assert box.empty()
    await asyncio.wait(putting)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"maxsize": -1}, "maxsize must be at least 0"),
        ({"backpressure_policy": "drop_old"}, "must be 'block', 'drop_new' or 'fail'"),
    ],
)
def test_the_arguments_of_a_mailbox_are_checked(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MemoryMailbox(**arguments)


async def test_a_mailbox_that_is_slow_to_take_a_message_loses_it_to_nobody() -> None:
    class Slow(MemoryMailbox):
        @override
        async def put(self, envelope: Envelope) -> bool:
            await turns(5)
            return await super().put(envelope)

    async with ActorSystem() as system:
        ref = await system.spawn(Handles, "handles", mailbox=Slow(), args=([],))
        telling = asyncio.create_task(ref.tell(1))
        await turns(1)
        await ref.stop()
        await telling
        assert [letter.message for letter in system.dead_letters] == [1]


@example(size=1, steps=["put", "put", "get", "cancel"])
@given(
    size=st.integers(0, 3),
    steps=st.lists(st.sampled_from(["put", "get", "cancel", "turn"]), max_size=40),
)
def test_an_envelope_is_always_in_exactly_one_place(size: int, steps: list[str]) -> None:
    async def main() -> None:
        box, got, putting = MemoryMailbox(size), list[int](), list[asyncio.Task[bool]]()
        for step in steps:
            match step:
                case "put":
                    putting.append(asyncio.create_task(box.put(Envelope(len(putting), None))))
                    await turns(1)
                case "get" if not box.empty():
                    got.append(box.get_nowait().message)
                case "cancel":
                    waiting = [put for put in putting if not put.done()]
                    for put in waiting[:1]:
                        put.cancel()
                case _:
                    await turns(1)
        await turns(1)
        left = [envelope.message for envelope in box.close()]
        await asyncio.gather(*putting, return_exceptions=True)
        kept = [number for number, put in enumerate(putting) if not put.cancelled()]
        assert sorted(got + left) == got + left  # in the order sent
        assert set(kept) <= set(got + left)  # a put that returned is there
        late = set(got + left) - set(kept)
        assert late <= set(got)  # a put that was cancelled is not, unless it was handed out

    run(main())
