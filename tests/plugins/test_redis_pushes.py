"""Bounded pushes are atomic, a full queue pushes back, and a cancelled sender has sent nothing."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor import ActorSystem, MailboxFullError
from everything_is_an_actor.plugins.redis import RedisMailbox, RemoteRef
from everything_is_an_actor.runtime.letters import Envelope, Request
from tests.plugins.actors import PATIENCE, Collects, Handled, actor_on, until
from tests.plugins.conftest import keys_of

SENDERS = 16
EACH = 10


@asynccontextmanager
async def watched(pool: ConnectionPool, queue: str) -> AsyncIterator[list[int]]:
    """How many messages the queue held, looked at all the while."""
    lengths: list[int] = []
    client: Any = Redis(connection_pool=pool)

    async def look() -> None:
        while True:
            lengths.append(await client.hlen(f"{queue}:messages"))

    looking = asyncio.create_task(look())
    yield lengths
    looking.cancel()
    await asyncio.wait([looking])
    if not looking.cancelled():
        looking.result()
    await client.aclose()


@pytest.mark.parametrize("maxlen", [1, 10])
async def test_the_bound_holds_against_concurrent_senders_everywhere(
    maxlen: int, pool: ConnectionPool, queue: str
) -> None:
    handled = Handled()
    refs = [RemoteRef[int, Any](pool, queue, maxlen=maxlen) for _ in range(SENDERS)]

    async def send(sender: int) -> None:
        for number in range(EACH):
            await refs[sender].tell(sender * EACH + number)

    async with watched(pool, queue) as lengths, actor_on(pool, queue, handled, maxlen=maxlen):
        async with asyncio.timeout(3 * PATIENCE):
            await asyncio.gather(*map(send, range(SENDERS)))
            await handled.reaches(SENDERS * EACH)
        for ref in refs:
            await ref.aclose()
    assert sorted(handled) == list(range(SENDERS * EACH))
    assert max(lengths) <= maxlen
    for sender in range(SENDERS):
        mine = [number for number in handled if number // EACH == sender]
        assert mine == sorted(mine)
    assert await keys_of(pool, queue) == []


async def test_the_bound_counts_what_is_in_hand(pool: ConnectionPool, queue: str) -> None:
    box = RedisMailbox(pool, queue, maxlen=1, backpressure_policy="fail")
    box.bind(lambda: None)
    await box.put(Envelope("one"))
    envelope = await box.get()
    with pytest.raises(MailboxFullError, match=r"holds 1 message$"):
        await box.put(Envelope("two"))
    assert box.full()
    await box.done(envelope)
    assert await box.put(Envelope("three"))
    assert not box.full()
    await box.release()


async def test_what_is_dropped_is_a_dead_letter(pool: ConnectionPool, queue: str) -> None:
    box = RedisMailbox(pool, queue, maxlen=2, backpressure_policy="drop_new")
    other = RedisMailbox(pool, queue)
    await other.put_batch([Envelope(0), Envelope(1)])
    assert not await box.put(Envelope(2))
    handled = Handled()
    async with ActorSystem("test") as system:
        dead: list[Any] = []
        system.on_dead_letter(lambda letter: dead.append(letter.message))
        ref = await system.spawn(Collects, "actor", mailbox=box, args=(handled,))
        sent = list(range(2, 30))
        for number in sent:
            await ref.tell(number)
        await handled.reaches(2 + len(sent) - len(dead))
    assert Counter([*handled, *dead]) == Counter([0, 1, *sent])
    await other.release()


async def test_a_sender_waits_until_there_is_room(pool: ConnectionPool, queue: str) -> None:
    box = RedisMailbox(pool, queue, maxlen=1)
    box.bind(lambda: None)
    await box.put(Envelope("one"))
    waiting = asyncio.create_task(box.put(Envelope("two")))
    first = await box.get()
    assert not waiting.done()
    await box.done(first)
    async with asyncio.timeout(0.5):  # sooner than the next look that it would take of itself
        assert await waiting
    assert (await box.get()).message == "two"
    await box.release()


async def test_senders_that_are_cancelled_while_they_wait_have_sent_nothing(
    pool: ConnectionPool, queue: str
) -> None:
    box = RedisMailbox(pool, queue, maxlen=1)
    await box.put(Envelope("first"))
    waiting = [asyncio.create_task(box.put(Envelope(number))) for number in range(SENDERS)]
    other = RemoteRef[Any, Any](pool, queue, maxlen=1)
    waiting_elsewhere = asyncio.create_task(other.tell("elsewhere"))
    await until(Redis(connection_pool=pool), box.full)
    for sender in [*waiting[::2], waiting_elsewhere]:
        sender.cancel()
    await asyncio.wait([*waiting[::2], waiting_elsewhere])
    handled = Handled()
    async with actor_on(pool, queue, handled):
        assert await asyncio.gather(*waiting[1::2]) == [True] * (SENDERS // 2)
        await box.put(Envelope("last"))
        await handled.reaches(2 + SENDERS // 2)
    assert handled == ["first", *range(1, SENDERS, 2), "last"]
    await box.release()
    await other.aclose()
    assert await keys_of(pool, queue) == []


async def test_a_sender_that_is_cancelled_at_any_moment_has_sent_nothing_or_all(
    pool: ConnectionPool, queue: str
) -> None:
    box = RedisMailbox(pool, queue)
    await box.put(Envelope("first"))
    for turns in range(30):
        sending = asyncio.create_task(box.put(Envelope(turns)))
        for _ in range(turns):
            await asyncio.sleep(0)
        sending.cancel()
        await asyncio.wait([sending])
        client: Any = Redis(connection_pool=pool)
        stored = await client.llen(f"{queue}:ready")
        if sending.cancelled():
            assert stored == 1
        else:
            assert stored == 2
            break
    await box.put(Envelope("last"))
    await box.release()
    handled = Handled()
    async with actor_on(pool, queue, handled):
        await handled.reaches(2 + (not sending.cancelled()))
    assert handled[0] == "first"
    assert handled[-1] == "last"


async def test_senders_that_wait_when_the_mailbox_closes_are_told_so(
    pool: ConnectionPool, queue: str
) -> None:
    box = RedisMailbox(pool, queue, maxlen=1)
    await box.put(Envelope("first"))
    waiting = [asyncio.create_task(box.put(Envelope(number))) for number in range(3)]
    await until(Redis(connection_pool=pool), box.full)
    assert box.close() == []
    async with asyncio.timeout(0.5):
        assert await asyncio.gather(*waiting) == [False, False, False]
    await box.release()
    client: Any = Redis(connection_pool=pool)
    assert await client.llen(f"{queue}:ready") == 1


async def test_put_nowait_does_not_pretend(pool: ConnectionPool, queue: str) -> None:
    box = RedisMailbox(pool, queue)
    with pytest.raises(RuntimeError, match="await tell"):
        box.put_nowait(Envelope("one"))
    await box.release()
    assert await keys_of(pool, queue) == []


async def test_a_batch_is_stored_in_one_step(pool: ConnectionPool, queue: str) -> None:
    box = RedisMailbox(pool, queue, maxlen=1000)
    client: Any = Redis(connection_pool=pool)
    assert await box.put_batch([Envelope("load the script")]) == 1
    before = (await client.info("commandstats"))["cmdstat_evalsha"]["calls"]
    async with watched(pool, queue) as lengths:
        assert await box.put_batch(Envelope(number) for number in range(500)) == 500
    after = (await client.info("commandstats"))["cmdstat_evalsha"]["calls"]
    assert after - before == 1
    assert set(lengths) <= {1, 501}
    assert await box.put_batch([]) == 0
    await box.release()


async def test_a_batch_that_does_not_fit(pool: ConnectionPool, queue: str) -> None:
    batch = [Envelope(number) for number in range(5)]
    refuses = RedisMailbox(pool, queue, maxlen=3, backpressure_policy="fail")
    with pytest.raises(MailboxFullError):
        await refuses.put_batch(batch)
    assert await keys_of(pool, queue) == []
    drops = RedisMailbox(pool, queue, maxlen=3, backpressure_policy="drop_new")
    assert await drops.put_batch(batch) == 3
    waits = RedisMailbox(pool, queue, maxlen=3)
    waiting = asyncio.create_task(waits.put_batch(batch))
    handled = Handled()
    async with actor_on(pool, queue, handled):
        assert await waiting == 5
        await handled.reaches(8)
    assert handled == [0, 1, 2, 0, 1, 2, 3, 4]
    for box in (refuses, drops, waits):
        await box.release()


async def test_a_dropped_ask_is_not_waited_for(pool: ConnectionPool, queue: str) -> None:
    box = RedisMailbox(pool, queue, maxlen=1, backpressure_policy="drop_new")
    await box.put(Envelope("one"))
    request = Request("two")
    assert not await box.put(request)
    await box.release()
    assert not request.answered


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"maxlen": -1}, ValueError),
        ({"maxlen": True}, ValueError),
        ({"backpressure_policy": "wait"}, ValueError),
        ({"redeliver_after": 0}, ValueError),
        ({"patience": "10"}, TypeError),
        ({"queue_name": ""}, ValueError),
        ({"pool": "redis://localhost"}, TypeError),
    ],
)
def test_arguments_are_checked_at_once(options: dict[str, Any], error: type[Exception]) -> None:
    given: dict[str, Any] = {"pool": ConnectionPool(), "queue_name": "jobs"} | options
    with pytest.raises(error):
        RedisMailbox(**given)
