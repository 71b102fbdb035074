"""Every mailbox keeps what a mailbox promises; every wrong one is caught."""

import uuid
from typing import ClassVar, Self

import pytest
from redis.asyncio import ConnectionPool

from everything_is_an_actor import FastMailbox, MemoryMailbox, PriorityMailbox, ThreadedMailbox
from everything_is_an_actor.plugins.redis import RedisMailbox
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.mailboxes import Capabilities, mailbox_suite

IN_MEMORY = Capabilities(fair=True, whole_batches=True)
OF_ANY_THREAD = Capabilities(fair=True, whole_batches=True, any_thread=True)
IN_REDIS = Capabilities(put_nowait=False, at_once=False, fair=True, whole_batches=True)


def by_urgency(message: int) -> int:
    return -message % 3


class Queue(RedisMailbox):
    """A mailbox in the Redis of the session."""

    url: ClassVar[str]

    def __init__(self, name: str, size: int, policy: Backpressure) -> None:
        pool = ConnectionPool.from_url(self.url)
        super().__init__(pool, name, maxlen=size, backpressure_policy=policy)
        self.name = name

    @classmethod
    def fresh(cls, size: int, policy: Backpressure) -> Self:
        return cls(f"laws:{uuid.uuid4().hex}", size, policy)

    def following(self) -> Self:
        return type(self)(self.name, 0, "block")


@pytest.mark.parametrize(
    "check",
    mailbox_suite(
        lambda size, policy: MemoryMailbox(size, backpressure_policy=policy), able=IN_MEMORY
    ),
    ids=str,
)
def test_memory(check: Check) -> None:
    check()


@pytest.mark.parametrize(
    "check",
    mailbox_suite(
        lambda size, policy: FastMailbox(size, backpressure_policy=policy), able=IN_MEMORY
    ),
    ids=str,
)
def test_fast(check: Check) -> None:
    check()


@pytest.mark.parametrize(
    "check",
    mailbox_suite(
        lambda size, policy: ThreadedMailbox(size, backpressure_policy=policy), able=OF_ANY_THREAD
    ),
    ids=str,
)
def test_threaded(check: Check) -> None:
    check()


@pytest.mark.parametrize(
    "check",
    mailbox_suite(
        lambda size, policy: PriorityMailbox(by_urgency, size, backpressure_policy=policy),
        rank=by_urgency,
        able=IN_MEMORY,
    ),
    ids=str,
)
def test_priority(check: Check) -> None:
    check()


@pytest.mark.parametrize(
    "check", mailbox_suite(Queue.fresh, able=IN_REDIS, reopen=Queue.following), ids=str
)
def test_redis(check: Check, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Queue, "url", redis_url, raising=False)
    check()
