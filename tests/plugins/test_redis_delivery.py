"""At least once: a message leaves Redis only after its handler has finished."""

import asyncio
from collections import Counter
from typing import Any, override

import pytest
from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor import Actor, ActorSystem
from everything_is_an_actor.plugins.redis import RedisMailbox, RemoteRef
from everything_is_an_actor.runtime.errors import MailboxEmptyError
from everything_is_an_actor.runtime.letters import Envelope
from tests.plugins.actors import (
    PATIENCE,
    Collects,
    Handled,
    Hangs,
    Process,
    Says,
    Slow,
    actor_on,
)
from tests.plugins.conftest import keys_of


class Gate(Actor[Any, Any]):
    """Notes what it begins, and ends it when it is let through."""

    def __init__(self, begun: list[Any], way: asyncio.Event, seen: asyncio.Event) -> None:
        self.begun = begun
        self.way = way
        self.seen = seen

    @override
    async def on_receive(self, message: Any) -> Any:
        self.begun.append(message)
        self.seen.set()
        await self.way.wait()
        return message


async def test_a_message_is_in_redis_until_its_handler_has_finished(
    pool: ConnectionPool, queue: str
) -> None:
    begun: list[Any] = []
    way, seen = asyncio.Event(), asyncio.Event()
    box = RedisMailbox(pool, queue)
    async with ActorSystem("test") as system:
        ref = await system.spawn(Gate, "gate", mailbox=box, args=(begun, way, seen))
        await ref.tell("one")
        await seen.wait()
        assert "messages" in await keys_of(pool, queue)
        way.set()
        assert await ref.ask("two", timeout=PATIENCE) == "two"
    assert await keys_of(pool, queue) == []


async def test_messages_of_one_sender_are_handled_in_order(
    pool: ConnectionPool, queue: str
) -> None:
    handled = Handled()
    async with (
        actor_on(pool, queue, handled) as ref,
        RemoteRef[Any, Any](pool, queue) as other,
    ):

        async def send(sender: Any, name: str) -> None:
            for number in range(50):
                await sender.tell([name, number])

        await asyncio.gather(send(ref, "a"), send(other, "b"))
        await handled.reaches(100)
    for name in "ab":
        assert [number for sender, number in handled if sender == name] == list(range(50))


async def test_what_a_killed_consumer_had_in_hand_comes_to_the_next_one(
    redis_url: str, pool: ConnectionPool, queue: str
) -> None:
    with Process(redis_url, queue, Hangs) as victim:
        await victim.says("ready")
        async with RemoteRef[str, Any](pool, queue) as ref:
            for message in ("one", "two"):
                await ref.tell(message)
        await victim.says("begins one")
        victim.kill()
    with Process(redis_url, queue, Says) as heir:
        await heir.says("ready")
        said = {await heir.line() for _ in range(4)}
        assert said == {"begins one", "handled one", "begins two", "handled two"}
        assert await heir.stop() == []
    assert await keys_of(pool, queue) == []


async def test_each_message_is_handled_at_least_once_though_consumers_are_killed(
    redis_url: str, pool: ConnectionPool, queue: str
) -> None:
    sent = [str(number) for number in range(200)]
    said: list[str] = []
    async with RemoteRef[str, Any](pool, queue, maxlen=20) as ref:

        async def send() -> None:
            for message in sent:
                await ref.tell(message)

        sending = asyncio.create_task(send())
        for count in (30, 50):
            with Process(redis_url, queue, Says) as victim:
                said += [await victim.line() for _ in range(count)]
                victim.kill()
                said += victim.rest
        with Process(redis_url, queue, Says) as heir:
            while len({line for line in said if line.startswith("handled")}) < len(sent):
                said.append(await heir.line())
            await sending
            said += await heir.stop()
    handled = Counter(line.split()[1] for line in said if line.startswith("handled "))
    assert set(handled) == set(sent)
    # What one of the dead had handled, but not reported, may still be there to be repeated.
    repeated = Handled()
    left: int = await Redis(connection_pool=pool).hlen(f"{queue}:messages")
    async with actor_on(pool, queue, repeated):
        await repeated.reaches(left)
    assert set(repeated) <= set(sent)
    assert sum(handled.values()) + left <= len(sent) + 2  # of each of the dead, the one in its hand
    assert await keys_of(pool, queue) == []


async def test_a_handler_that_takes_longer_than_a_lease_is_not_repeated(
    redis_url: str, pool: ConnectionPool, queue: str
) -> None:
    handled = Handled()
    with Process(redis_url, queue, Slow) as slow:
        await slow.says("ready")
        async with RemoteRef[str, Any](pool, queue) as ref:
            await ref.tell("one")
            await slow.says("begins one")
            async with actor_on(pool, queue, handled):
                await slow.says("handled one")
                assert await slow.stop() == []
    assert handled == []
    assert await keys_of(pool, queue) == []


async def test_what_a_stopped_consumer_had_in_hand_comes_back_at_once_and_first(
    pool: ConnectionPool, queue: str
) -> None:
    begun: list[Any] = []
    handled = Handled()
    seen = asyncio.Event()
    box = RedisMailbox(pool, queue, redeliver_after=3600.0)
    async with ActorSystem("test") as system:
        ref = await system.spawn(Gate, "gate", mailbox=box, args=(begun, asyncio.Event(), seen))
        for number in range(3):
            await ref.tell(number)
        await seen.wait()
        await ref.interrupt()
        assert not system.dead_letters
    assert begun == [0]
    async with actor_on(pool, queue, handled, redeliver_after=3600.0):
        await handled.reaches(3)
    assert handled == [0, 1, 2]


async def test_a_waiting_consumer_takes_over_at_once_what_another_hands_back(
    pool: ConnectionPool, queue: str
) -> None:
    handled = Handled()
    async with RemoteRef[int, Any](pool, queue) as ref:
        first = RedisMailbox(pool, queue, redeliver_after=3600.0)
        first.bind(lambda: None)
        await ref.tell(1)
        assert (await first.get()).message == 1
        async with actor_on(pool, queue, handled, redeliver_after=3600.0):
            await first.release()
            await handled.reaches(1)
    assert handled == [1]


async def test_what_came_but_did_not_begin_is_handed_back(pool: ConnectionPool, queue: str) -> None:
    came = asyncio.Event()
    first = RedisMailbox(pool, queue, redeliver_after=3600.0)
    first.bind(came.set)
    await first.put(Envelope("one"))
    await came.wait()
    assert not first.empty()
    assert first.close() == []
    assert first.empty()
    await first.release()
    second = RedisMailbox(pool, queue)
    second.bind(lambda: None)
    envelope = await second.get()
    assert (envelope.message, envelope.sender) == ("one", None)
    await second.done(envelope)
    await second.release()
    assert await keys_of(pool, queue) == []


async def test_consumers_share_a_queue_and_none_takes_more_than_it_handles(
    pool: ConnectionPool, queue: str
) -> None:
    way, seen = asyncio.Event(), asyncio.Event()
    begun: list[Any] = []
    handled = Handled()
    busy = RedisMailbox(pool, queue)
    async with ActorSystem("test") as system, RemoteRef[int, Any](pool, queue) as ref:
        _ = await system.spawn(Gate, "busy", mailbox=busy, args=(begun, way, seen))
        await ref.tell(0)
        await seen.wait()
        async with actor_on(pool, queue, handled):
            for number in range(1, 10):
                await ref.tell(number)
            await handled.reaches(9)
        way.set()
    assert begun == [0]
    assert handled == list(range(1, 10))


async def test_a_failed_handler_has_finished(pool: ConnectionPool, queue: str) -> None:
    class Fails(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            handled.append(message)
            if message == "fail":
                raise ValueError(message)

    handled = Handled()
    async with actor_on(pool, queue, actor=Fails) as ref:
        await ref.tell("fail")
        await ref.ask("after", timeout=PATIENCE)
    assert handled == ["fail", "after"]
    assert await keys_of(pool, queue) == []


async def test_an_unbound_mailbox_takes_nothing(pool: ConnectionPool, queue: str) -> None:
    sender = RedisMailbox(pool, queue)
    await sender.put(Envelope("one"))
    assert sender.empty()
    with pytest.raises(RuntimeError, match="not bound takes nothing"):
        await sender.get()
    with pytest.raises(MailboxEmptyError):
        sender.get_nowait()
    await sender.release()
    assert await keys_of(pool, queue) == ["messages", "ready"]
    assert not await sender.put(Envelope("two"))


async def test_a_mailbox_belongs_to_one_actor(pool: ConnectionPool, queue: str) -> None:
    box = RedisMailbox(pool, queue)
    async with ActorSystem("test") as system:
        await system.spawn(Collects, "one", mailbox=box, args=(Handled(),))
        with pytest.raises(ValueError, match="belongs to one actor"):
            await system.spawn(Collects, "two", mailbox=box, args=(Handled(),))
