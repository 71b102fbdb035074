"""A lost connection is retried with backoff; a `put` that could not be stored raises."""

import asyncio
import logging
import pickle
from collections.abc import Generator
from contextlib import aclosing
from typing import Any, override

import pytest
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.sentinel import Sentinel

from everything_is_an_actor import Actor, ActorError, ActorSystem, VirtualActorRegistry
from everything_is_an_actor.plugins.redis import (
    RedisMailbox,
    RedisRegistryStore,
    RedisUnavailableError,
    RemoteRef,
)
from everything_is_an_actor.plugins.redis.connection import server_of
from everything_is_an_actor.runtime.letters import Envelope
from tests.plugins.actors import PATIENCE, REDELIVER_AFTER, Handled, actor_on, until
from tests.plugins.conftest import Server, keys_of
from tests.plugins.proxy import Proxy


class Log(logging.Handler):
    """What the plugin logs, to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self._more = asyncio.Event()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
        self._more.set()

    @property
    def warnings(self) -> list[str]:
        return [each.getMessage() for each in self.records if each.levelno >= logging.WARNING]

    def has(self, text: str) -> bool:
        return any(text in each.getMessage() for each in self.records)

    async def says(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.has(text):
                self._more.clear()
                await self._more.wait()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Generator[Log]:
    one = Log()
    logger = logging.getLogger("everything_is_an_actor.redis")
    with caplog.at_level(logging.INFO, logger.name):
        logger.addHandler(one)
        yield one
        logger.removeHandler(one)


class Echo(Actor[str, str]):
    @override
    async def on_receive(self, message: str) -> str:
        return message


async def test_connections_that_are_cut_cost_nothing(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    handled = Handled()
    async with (
        Redis(port=server.port) as administrator,
        actor_on(fragile, queue, handled) as actor,
        RemoteRef[int, int](fragile, queue, maxlen=5) as ref,
    ):
        cutter: Any = administrator

        async def tell() -> None:
            for number in range(100):
                await ref.tell(number)

        async def ask() -> None:
            for number in range(100, 200):
                assert await actor.ask(number, timeout=PATIENCE) == number

        async def cut() -> None:
            for count in range(10, 200, 10):
                await handled.reaches(count)
                await cutter.client_kill_filter(_type="normal", skipme=True)

        await asyncio.gather(tell(), ask(), cut())
        await until(cutter, lambda: set(handled) == set(range(200)))
    assert await keys_of(fragile, queue) == []


async def test_a_put_whose_answer_is_lost_is_stored_once(server: Server, queue: str) -> None:
    async with Proxy(server.port) as proxy:
        box = RedisMailbox(proxy.pool, queue, maxlen=2)
        assert await box.put(Envelope("one"))
        proxy.cut_after = b'"two"'
        assert await box.put(Envelope("two"))
        assert proxy.cuts == 1
        await box.release()
        client: Any = Redis(connection_pool=proxy.pool)
        assert await client.llen(f"{queue}:ready") == 2


async def test_a_batch_whose_answer_is_lost_is_stored_once(server: Server, queue: str) -> None:
    async with Proxy(server.port) as proxy:
        box = RedisMailbox(proxy.pool, queue, maxlen=3, backpressure_policy="drop_new")
        await box.put(Envelope("load the script"))
        proxy.cut_after = b'"two"'
        assert await box.put_batch([Envelope("two"), Envelope("three"), Envelope("four")]) == 2
        assert proxy.cuts == 1
        await box.release()
        client: Any = Redis(connection_pool=proxy.pool)
        assert await client.llen(f"{queue}:ready") == 3


async def test_a_message_whose_delivery_is_lost_is_delivered(server: Server, queue: str) -> None:
    """Without waiting for the end of a lease."""
    handled = Handled()
    async with Proxy(server.port) as proxy, aclosing(ConnectionPool(port=server.port)) as direct:
        client: Any = Redis(connection_pool=direct)
        async with RemoteRef[int, Any](direct, queue) as ref:
            await ref.tell(0)
            (id,) = await client.hkeys(f"{queue}:messages")
            proxy.cut_after = id  # the lease on it
            async with actor_on(proxy.pool, queue, handled, redeliver_after=3600.0):
                await handled.reaches(1)
                assert proxy.cuts == 1
                await until(client, lambda: _is_gone(client, f"{queue}:messages"))
                proxy.cut_after = b"BLMOVE"
                await ref.tell(1)
                await handled.reaches(2)
                assert proxy.cuts == 2
    assert handled == [0, 1]


async def _is_gone(client: Any, key: str) -> bool:
    return not await client.exists(key)


async def test_what_is_done_stays_done_though_the_answer_is_lost(
    server: Server, queue: str
) -> None:
    class Cuts(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            handled.append(message)
            if message == 0:
                proxy.cut_after = first

    handled = Handled()
    async with Proxy(server.port) as proxy, aclosing(ConnectionPool(port=server.port)) as direct:
        client: Any = Redis(connection_pool=direct)
        async with RemoteRef[int, Any](direct, queue) as ref:
            await ref.tell(0)
            (first,) = await client.hkeys(f"{queue}:messages")
            await ref.tell(1)
            async with actor_on(proxy.pool, queue, actor=Cuts, redeliver_after=3600.0):
                await handled.reaches(2)
                assert proxy.cuts == 1
    assert handled == [0, 1]


async def test_redis_may_be_killed_and_come_back(
    server: Server, fragile: ConnectionPool, queue: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Also while a message is in hand, a sender waits for room, and an ask for its reply."""

    class Waits(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            if not handled:
                begun.set()
                await way.wait()
            handled.append(message)
            return message

    handled = Handled()
    begun, way = asyncio.Event(), asyncio.Event()
    async with (
        actor_on(fragile, queue, actor=Waits),
        RemoteRef[Any, Any](fragile, queue, maxlen=2) as ref,
    ):
        asking = asyncio.create_task(ref.ask("asked", timeout=3 * PATIENCE))
        await begun.wait()
        await ref.tell("waits")
        telling = asyncio.create_task(ref.tell("has no room"))
        server.kill()
        way.set()
        await handled.reaches(1)
        server.start()
        assert await asking == "asked"
        await telling
        await handled.reaches(3)
    assert set(handled) == {"asked", "waits", "has no room"}
    warnings = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert 0 < len(warnings) < 10


async def test_what_redis_has_acknowledged_survives_its_death(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    handled = Handled()
    acknowledged: list[int] = []
    async with RemoteRef[int, Any](fragile, queue) as ref:

        async def send() -> None:
            for number in range(300):
                await ref.tell(number)
                acknowledged.append(number)

        sending = asyncio.create_task(send())
        await until(Redis(connection_pool=fragile), lambda: len(acknowledged) >= 100)
        server.kill()
        server.start()
        async with actor_on(fragile, queue, handled):
            await sending
            await handled.reaches(300)
    assert handled == list(range(300))


async def test_redis_may_come_back_empty(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    handled = Handled()
    async with actor_on(fragile, queue, handled) as ref:
        await ref.ask("before", timeout=PATIENCE)
        server.kill()
        server.forget()
        server.start()
        assert await ref.ask("after", timeout=PATIENCE) == "after"
    assert handled == ["before", "after"]


async def test_a_put_that_cannot_be_stored_raises_when_patience_ends(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    server.kill()
    box = RedisMailbox(fragile, queue, patience=0.3)
    store = RedisRegistryStore(fragile, patience=0.3)
    clock = asyncio.get_running_loop()
    started = clock.time()
    with pytest.raises(RedisUnavailableError, match=r"patience of 0\.3 s: .*onnect") as caught:
        await box.put(Envelope("one"))
    assert isinstance(caught.value, ActorError)
    assert isinstance(caught.value, ConnectionError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert 0.3 <= clock.time() - started < 2.0
    with pytest.raises(RedisUnavailableError):
        await box.put_batch([Envelope("two")])
    with pytest.raises(RedisUnavailableError):
        await store.put("Greeter", "ada")
    server.start()
    assert await box.put(Envelope("three"))
    await box.release()
    async with actor_on(fragile, queue, handled := Handled()):
        await handled.reaches(1)
    assert handled == ["three"]


async def test_a_redis_that_is_silent_is_away(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    box = RedisMailbox(fragile, queue, patience=0.3)
    await box.put(Envelope("one"))
    server.freeze()
    with pytest.raises(RedisUnavailableError):
        await box.put(Envelope("two"))
    sending = asyncio.create_task(box.put(Envelope("three")))
    await asyncio.sleep(0)
    sending.cancel()
    await asyncio.wait([sending])
    assert sending.cancelled()
    server.thaw()
    await box.release()


async def test_a_put_that_is_on_its_way_when_the_mailbox_is_released_ends(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    box = RedisMailbox(fragile, queue, patience=3600.0)
    await box.put(Envelope("one"))
    server.freeze()
    sending = [asyncio.create_task(box.put(Envelope(name))) for name in ("two", "three")]
    await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        await box.release()
        with pytest.raises(RedisUnavailableError):
            await sending[0]
        assert not await sending[1]
    server.thaw()


async def test_a_redis_without_memory_refuses_and_loses_nothing(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    client: Any = Redis(connection_pool=fragile)
    handled = Handled()
    async with RemoteRef[str, str](fragile, queue) as ref:
        asking = asyncio.create_task(ref.ask("one", timeout=3 * PATIENCE))
        await until(client, lambda: client.exists(f"{queue}:messages"))
        await client.config_set("maxmemory", "1")
        with pytest.raises(RedisUnavailableError, match="maxmemory"):
            await ref.tell("two")
        await client.config_set("maxmemory", "0")
        async with actor_on(fragile, queue, handled):
            assert await asking == "one"
    assert handled == ["one"]


async def test_an_actor_stops_in_time_though_redis_is_away(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    handled = Handled()
    box = RedisMailbox(fragile, queue, redeliver_after=REDELIVER_AFTER)
    system = ActorSystem("test")

    class Keeps(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            server.kill()
            handled.append(message)

    ref = await system.spawn(Keeps, "actor", mailbox=box)
    await ref.tell("one")
    await handled.reaches(1)
    async with asyncio.timeout(PATIENCE):
        await system.shutdown(timeout=PATIENCE)
    server.start()
    async with actor_on(fragile, queue, handled):
        await handled.reaches(2)  # Redis never knew that it was done
    assert handled == ["one", "one"]


async def test_redis_that_refuses_is_an_error_at_once(pool: ConnectionPool, queue: str) -> None:
    client: Any = Redis(connection_pool=pool)
    await client.set(f"{queue}:messages", "not a hash")
    box = RedisMailbox(pool, queue)
    with pytest.raises(RedisUnavailableError, match="WRONGTYPE"):
        await box.put(Envelope("one"))
    await box.release()
    await client.delete(f"{queue}:messages")


async def test_that_redis_is_away_is_said_once_and_at_once_with_its_address(
    server: Server, fragile: ConnectionPool, queue: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.kill()
    caplog.set_level(logging.INFO, "everything_is_an_actor.redis")
    where = f"{server.url}/0"
    async with ActorSystem("test") as system:
        for name in ("a", "b"):
            await system.spawn(Echo, name, mailbox=RedisMailbox(fragile, f"{queue}:{name}"))
        registry = VirtualActorRegistry(system, store=RedisRegistryStore(fragile, patience=0.3))
        with pytest.raises(RedisUnavailableError, match=where) as caught:
            await registry.ask(Echo, "ada", "hello")
        assert caught.value.url == where
        assert "does it run, and is that its address?" in str(caught.value)
        (said,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
        assert f"Redis at {where} is away, and is tried again: " in said.getMessage()
        server.start()
        assert await registry.ask(Echo, "ada", "hello", timeout=PATIENCE) == "hello"
        assert f"Redis at {where} is back" in caplog.messages


def waiting(begun: asyncio.Event, way: asyncio.Event) -> type[Actor[str, None]]:
    """An actor that says that it has begun, and goes on when the way is free."""

    class Waits(Actor[str, None]):
        @override
        async def on_receive(self, message: str) -> None:
            begun.set()
            await way.wait()

    return Waits


async def test_a_handler_that_ends_while_redis_is_away_does_not_bring_it_back(
    server: Server, fragile: ConnectionPool, queue: str, log: Log
) -> None:
    begun, way = asyncio.Event(), asyncio.Event()
    busy, idle = f"{queue}:busy", f"{queue}:idle"
    where = f"Redis at {server.url}/0"
    async with (
        actor_on(fragile, busy, actor=waiting(begun, way), redeliver_after=3600.0) as ref,
        actor_on(fragile, idle, actor=Echo),
    ):
        await ref.tell("in hand")
        await begun.wait()
        server.kill()
        await log.says(f"{idle} waits until Redis is back")
        way.set()
        await log.says(f"what {busy} has handled is done when Redis is back")
        await log.says(f"{busy} waits until Redis is back")
        assert len(log.warnings) == 1
        assert log.warnings[0].startswith(f"{where} is away")
        assert not log.has(f"{where} is back")
        server.start()
        await log.says(f"{where} is back")


async def test_that_redis_is_back_is_said_though_a_handler_goes_on(
    server: Server, fragile: ConnectionPool, queue: str, log: Log
) -> None:
    begun, way = asyncio.Event(), asyncio.Event()
    async with actor_on(fragile, queue, actor=waiting(begun, way)) as ref:
        await ref.tell("in hand")
        await begun.wait()
        server.kill()
        await log.says(f"{queue} waits until Redis is back")
        server.start()
        await log.says(f"Redis at {server.url}/0 is back")
        way.set()


async def test_a_queue_that_redis_refuses_to_read_is_told_once(
    server: Server, fragile: ConnectionPool, queue: str, log: Log
) -> None:
    """Although Redis answers all else that its actor asks it."""
    where = f"Redis at {server.url}/0"
    client: Any = Redis(connection_pool=fragile)
    await client.set(f"{queue}:ready", "not a list")

    async def refused_again() -> bool:
        commands = await client.info("commandstats")
        return bool(commands.get("cmdstat_blmove", {}).get("failed_calls", 0) >= 4)

    async with actor_on(fragile, queue, actor=Echo):
        await until(client, refused_again)
        assert len(log.warnings) == 1
        assert "WRONGTYPE" in log.warnings[0]
        assert not log.has(f"{where} is back")
        await client.delete(f"{queue}:ready")
        await log.says(f"{where} is back")


async def test_a_wrong_password_is_an_error_at_once_and_is_not_told(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    client: Any = Redis(connection_pool=fragile)
    await client.config_set("requirepass", "right")
    url = server.url.replace("//", "//:wrong@")
    async with aclosing(ConnectionPool.from_url(url)) as pool:
        box = RedisMailbox(pool, queue, patience=3600.0)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(RedisUnavailableError, match="password") as caught:
                await box.put(Envelope("one"))
            await box.release()
    assert "wrong" not in str(caught.value)
    await client.config_set("requirepass", "")


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("redis://ada:secret@db.example:6380/2", "redis://db.example:6380/2"),
        ("rediss://:secret@db.example", "rediss://db.example:6379/0"),
        ("redis://:secret@[2001:db8::1]:6380/2", "redis://[2001:db8::1]:6380/2"),
        ("unix:///run/redis.sock?db=1", "unix:///run/redis.sock"),
    ],
)
def test_the_address_of_redis_has_no_password(url: str, where: str) -> None:
    assert server_of(ConnectionPool.from_url(url)).url == where


def test_the_address_behind_sentinels_is_the_name_of_the_service() -> None:
    untyped: Any = Sentinel  # redis-py says nothing of its arguments
    sentinel = untyped([("sentinel.example", 26379)])
    assert server_of(sentinel.master_for("jobs", password="secret")).url == "sentinel://jobs"


def test_all_that_use_a_pool_have_the_same_redis() -> None:
    pool = ConnectionPool()
    assert server_of(pool) is server_of(Redis(connection_pool=pool))
    assert server_of(pool).url == "redis://localhost:6379/0"
