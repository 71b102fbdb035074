"""A `PriorityMailbox`: lowest key first, first come first served, and a bad key is the sender's."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import (
    ActorSystem,
    Envelope,
    MailboxFullError,
    PriorityMailbox,
)
from everything_is_an_actor.runtime.mailbox import Backpressure
from tests.runtime.actors import Gate, Slow, turns
from tests.runtime.mailboxes import POLICIES


def rank(message: Any) -> Any:
    """The first of a pair."""
    first, _ = message
    return first


def taken(box: PriorityMailbox) -> list[Any]:
    return [envelope.message for envelope in box.close()]


@settings(deadline=None, derandomize=True)
@given(messages=st.lists(st.tuples(st.integers(0, 5), st.integers())))
def test_messages_come_out_by_key_and_by_arrival_among_equals(
    messages: list[tuple[int, int]],
) -> None:
    box = PriorityMailbox(rank, 0)
    for message in messages:
        box.put_nowait(Envelope(message))
    assert [box.get_nowait().message for _ in messages] == sorted(messages, key=rank)


async def test_an_actor_handles_the_most_urgent_first() -> None:
    async with ActorSystem() as system:
        gate, seen = Gate(), list[Any]()
        box = PriorityMailbox(key=lambda job: job[0], maxsize=10)
        ref = await system.spawn(Slow, "slow", mailbox=box, args=(gate, seen))
        await ref.tell((9, "in hand"))
        await gate.reached.wait()
        for job in [(2, "a"), (1, "b"), (2, "c"), (0, "d")]:
            await ref.tell(job)
        gate.opened.set()
        await ref.stop(drain=True)
        assert seen == [(9, "in hand"), (0, "d"), (1, "b"), (2, "a"), (2, "c")]


async def test_those_who_wait_are_let_in_by_arrival_and_served_by_key() -> None:
    box = PriorityMailbox(rank, 2)
    putting = [asyncio.create_task(box.put(Envelope((urgency, "")))) for urgency in (5, 4, 3, 0, 1)]
    await turns(1)
    assert [box.get_nowait().message[0] for _ in range(5)] == [4, 3, 0, 1, 5]
    assert await asyncio.gather(*putting) == [True] * 5


@dataclass(frozen=True, eq=False)
class Later:
    """A key with an order, and nothing else."""

    hours: int

    def __lt__(self, other: "Later") -> bool:
        return self.hours < other.hours


def test_keys_need_an_order_and_no_equality() -> None:
    box = PriorityMailbox(lambda message: Later(message % 2), 0)
    for message in range(10):
        box.put_nowait(Envelope(message))
    assert taken(box) == [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]


@pytest.mark.parametrize("policy", POLICIES)
async def test_an_error_in_the_key_is_the_senders_and_nothing_is_queued(
    policy: Backpressure,
) -> None:
    box = PriorityMailbox(rank, 3, backpressure_policy=policy)
    with pytest.raises(TypeError, match="cannot unpack"):
        box.put_nowait(Envelope(None))
    with pytest.raises(TypeError, match="cannot unpack"):
        await box.put(Envelope(None))
    with pytest.raises(TypeError, match="cannot unpack"):
        await box.put_batch(map(Envelope, [(1, 2), None]))
    assert box.empty()


async def test_an_error_in_the_key_is_raised_before_the_sender_waits() -> None:
    box = PriorityMailbox(rank, 1)
    box.put_nowait(Envelope((1, 1)))
    with pytest.raises(TypeError, match="cannot unpack"):
        await box.put(Envelope(None))
    assert taken(box) == [(1, 1)]


async def test_the_key_of_a_message_is_computed_once() -> None:
    asked: list[int] = []

    def key(message: int) -> int:
        asked.append(message)
        return message

    box = PriorityMailbox(key, 1)
    putting = asyncio.create_task(box.put_batch(map(Envelope, range(5))))
    assert [(await box.get()).message for _ in range(5)] == [0, 1, 2, 3, 4]
    assert await putting == 5
    assert asked == [0, 1, 2, 3, 4]


def test_a_key_that_does_not_compare_is_the_senders_error() -> None:
    box = PriorityMailbox(rank, 0)
    for message in [(1, "a"), (3, "b"), (2, "c")]:
        box.put_nowait(Envelope(message))
    with pytest.raises(TypeError, match="not supported"):
        box.put_nowait(Envelope((None, "d")))
    assert taken(box) == [(1, "a"), (2, "c"), (3, "b")]


async def test_a_key_that_does_not_compare_once_there_is_room_is_the_senders_error() -> None:
    box = PriorityMailbox(rank, 2)
    await box.put_batch(map(Envelope, [(1, "a"), (2, "b")]))
    putting = [asyncio.create_task(box.put(Envelope(m))) for m in [("?", "c"), (0, "d")]]
    await turns(1)
    assert box.get_nowait().message == (1, "a")
    with pytest.raises(TypeError, match="not supported"):
        await putting[0]
    assert await putting[1]
    assert taken(box) == [(0, "d"), (2, "b")]


def test_keys_that_turn_out_not_to_compare_lose_nothing(caplog: pytest.LogCaptureFixture) -> None:
    box = PriorityMailbox(lambda message: message, 0)
    messages = [(0, 0), (1, None), (1, 1), (2, 0)]  # each compares with the first
    for message in messages:
        box.put_nowait(Envelope(message))
    assert box.get_nowait().message == (0, 0)
    assert set(taken(box)) == set(messages[1:])
    assert "do not compare" in caplog.text


async def test_a_full_mailbox_refuses_the_most_urgent_message_too() -> None:
    box = PriorityMailbox(rank, 1, backpressure_policy="fail")
    box.put_nowait(Envelope((5, "")))
    with pytest.raises(MailboxFullError):
        box.put_nowait(Envelope((0, "")))


def test_the_key_is_checked() -> None:
    size: Any = 256
    with pytest.raises(TypeError, match=r"key must be a function, got 256 \(int\): it says how"):
        PriorityMailbox(size)

    async def key(message: Any) -> int:
        return 0

    asynchronous: Any = key
    with pytest.raises(TypeError, match="key must be a plain function, but key is async"):
        PriorityMailbox(key=asynchronous)
