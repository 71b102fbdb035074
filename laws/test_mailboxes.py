"""Every mailbox keeps what a mailbox promises; every wrong one is caught."""

import asyncio
import uuid
from typing import Any, ClassVar, Self, override

import pytest
from redis.asyncio import ConnectionPool

from everything_is_an_actor import (
    Envelope,
    FastMailbox,
    Mailbox,
    MailboxEmptyError,
    MailboxFullError,
    MemoryMailbox,
    PriorityMailbox,
    ThreadedMailbox,
)
from everything_is_an_actor.plugins.redis import RedisMailbox
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.mailboxes import Capabilities, mailbox_suite
from laws.effort import ENOUGH, FEW
from laws.wrong_mailboxes import WRONG, EqualsTurnAround, by_urgency

IN_MEMORY = Capabilities(fair=True, whole_batches=True)
OF_ANY_THREAD = Capabilities(fair=True, whole_batches=True, any_thread=True)
IN_REDIS = Capabilities(put_nowait=False, at_once=False, fair=True, whole_batches=True)


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


@pytest.mark.parametrize("check", mailbox_suite(Plain), ids=str)
def test_one_that_is_only_what_is_abstract(check: Check) -> None:
    check()


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
    "check",
    mailbox_suite(Queue.fresh, able=IN_REDIS, reopen=Queue.following, configured=FEW),
    ids=str,
)
def test_redis(check: Check, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Queue, "url", redis_url, raising=False)
    check()


# ---------------------------------------------------------------------- what is wrong is caught


def suite_of(wrong: Any) -> dict[str, Check]:
    expected = WRONG[wrong]
    able = Capabilities(
        at_once=expected != "waking",
        fair=True,
        whole_batches=True,
        any_thread=expected == "threads",
    )
    reopen = wrong.following if expected == "reopening" else None
    rank = by_urgency if wrong is EqualsTurnAround else None
    return {
        check.name.removeprefix("mailbox."): check
        for check in mailbox_suite(wrong, able=able, reopen=reopen, rank=rank, configured=ENOUGH)
    }


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_a_wrong_mailbox_is_caught(wrong: type[Mailbox], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("everything_is_an_actor.testing.mailboxes.subject.PATIENCE", 0.2)
    monkeypatch.setattr("everything_is_an_actor.testing.mailboxes.traffic.PATIENCE", 0.2)
    with pytest.raises(BaseException) as caught:  # noqa: PT011  # it may be a group
        suite_of(wrong)[WRONG[wrong]]()
    assert caught.value.__notes__[-1].startswith(f"mailbox.{WRONG[wrong]} does not hold")


def test_every_check_catches_something() -> None:
    checks = {check.name for wrong in WRONG for check in suite_of(wrong).values()}
    assert checks == {f"mailbox.{check}" for check in WRONG.values()}


def test_an_order_of_its_own_needs_messages_that_are_there() -> None:
    with pytest.raises(ValueError, match="there at once"):
        mailbox_suite(Plain, rank=by_urgency, able=IN_REDIS)
