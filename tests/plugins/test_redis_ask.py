"""`ask` works across processes: the reply comes back over Redis, errors as `RemoteActorError`."""

import asyncio
import os
import pickle
from typing import Any, override

import pytest
from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor import Actor, ActorStoppedError, AskTimeoutError
from everything_is_an_actor.plugins.redis import RemoteActorError, RemoteRef
from tests.plugins.actors import PATIENCE, Handled, Hangs, Process, Says, actor_on, until
from tests.plugins.conftest import keys_of


async def test_an_ask_is_answered_by_another_process(
    redis_url: str, pool: ConnectionPool, queue: str
) -> None:
    with Process(redis_url, queue, Says) as other:
        await other.says("ready")
        async with RemoteRef[str, list[Any]](pool, queue) as ref:
            assert await ref.ask("one", timeout=PATIENCE) == ["one", other.pid]
            asks = [ref.ask(str(number), timeout=PATIENCE) for number in range(50)]
            assert await asyncio.gather(*asks) == [[str(n), other.pid] for n in range(50)]
        await other.stop()
    assert other.pid != os.getpid()
    assert await keys_of(pool, queue) == []


async def test_an_error_comes_back_with_its_type_and_traceback(
    redis_url: str, pool: ConnectionPool, queue: str
) -> None:
    with Process(redis_url, queue, Says) as other:
        async with RemoteRef[str, Any](pool, queue) as ref:
            with pytest.raises(RemoteActorError) as caught:
                await ref.ask("fail", timeout=PATIENCE)
            error = caught.value
            assert (error.remote_type, error.remote_message) == ("ValueError", "no such word")
            assert "in on_receive" in error.remote_traceback
            assert "ValueError: no such word" in str(error)
            assert "remote traceback" in str(error)
            assert await ref.ask("after", timeout=PATIENCE) == ["after", other.pid]
        await other.stop()


async def test_a_reply_that_cannot_be_encoded_is_an_error(
    redis_url: str, pool: ConnectionPool, queue: str
) -> None:
    with Process(redis_url, queue, Says) as other:
        async with RemoteRef[str, Any](pool, queue) as ref:
            with pytest.raises(RemoteActorError, match="TypeError: JSON cannot carry <object"):
                await ref.ask("unsayable", timeout=PATIENCE)
        await other.stop()


async def test_an_ask_whose_consumer_dies_is_answered_by_the_next(
    redis_url: str, pool: ConnectionPool, queue: str
) -> None:
    with Process(redis_url, queue, Hangs) as victim:
        async with RemoteRef[str, Any](pool, queue) as ref:
            asking = asyncio.create_task(ref.ask("one", timeout=PATIENCE))
            await victim.says("ready")
            await victim.says("begins one")
            victim.kill()
            with Process(redis_url, queue, Says) as heir:
                assert await asking == ["one", heir.pid]
                await heir.stop()
    assert await keys_of(pool, queue) == []


async def test_an_interrupted_ask_is_answered_by_the_next(pool: ConnectionPool, queue: str) -> None:
    class Waits(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            begun.set()
            await asyncio.Event().wait()

    begun = asyncio.Event()
    async with RemoteRef[str, Any](pool, queue) as ref:
        asking = asyncio.create_task(ref.ask("one", timeout=PATIENCE))
        async with actor_on(pool, queue, actor=Waits, redeliver_after=3600.0) as waits:
            await begun.wait()
            await waits.interrupt()
        async with actor_on(pool, queue, redeliver_after=3600.0):
            assert await asking == "one"


async def test_the_first_of_two_answers_counts(pool: ConnectionPool, queue: str) -> None:
    """A consumer that was taken for dead, and ends after all, answers what another answered."""

    class Late(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            begun.set()
            await way.wait()
            return "second"

    begun, way = asyncio.Event(), asyncio.Event()
    client: Any = Redis(connection_pool=pool)
    async with RemoteRef[str, Any](pool, queue) as ref:
        asking = asyncio.create_task(ref.ask("one", timeout=PATIENCE))
        async with actor_on(pool, queue, actor=Late) as late:
            await begun.wait()
            await client.delete(f"{queue}:leases")  # as if it had not renewed its lease in time
            handled = Handled()
            async with actor_on(pool, queue, handled):
                assert await asking == "one"
                way.set()
                assert await ref.ask("two", timeout=PATIENCE) in ("two", "second")
            await late.stop()
    assert await keys_of(pool, queue) == []


async def test_an_ask_that_nobody_answers_ends_in_time_and_is_withdrawn(
    pool: ConnectionPool, queue: str
) -> None:
    client: Any = Redis(connection_pool=pool)
    before = len(asyncio.all_tasks())
    async with RemoteRef[str, Any](pool, queue) as ref:
        with pytest.raises(AskTimeoutError):
            await ref.ask("one", timeout=0.05)
        await until(client, lambda: len(asyncio.all_tasks()) == before)
        assert await keys_of(pool, queue) == []
    assert await keys_of(pool, queue) == []


async def test_a_late_reply_is_dropped_and_leaves_nothing_that_lasts(
    pool: ConnectionPool, queue: str
) -> None:
    class Late(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            begun.set()
            await way.wait()
            return message

    begun, way = asyncio.Event(), asyncio.Event()
    async with actor_on(pool, queue, actor=Late), RemoteRef[str, Any](pool, queue) as ref:
        asking = asyncio.create_task(ref.ask("one", timeout=PATIENCE))
        await begun.wait()
        asking.cancel()
        await asyncio.wait([asking])
        way.set()
        assert await ref.ask("two", timeout=PATIENCE) == "two"
    assert await keys_of(pool, queue) == []


async def test_an_ask_that_waits_when_the_ref_is_closed_fails_at_once(
    pool: ConnectionPool, queue: str
) -> None:
    ref = RemoteRef[str, Any](pool, queue)
    asking = asyncio.create_task(ref.ask("one", timeout=None))
    client: Any = Redis(connection_pool=pool)
    await until(client, lambda: client.exists(f"{queue}:messages"))
    await ref.aclose()
    with pytest.raises(ActorStoppedError, match="released"):
        await asking
    with pytest.raises(ActorStoppedError, match="closed"):
        await ref.tell("two")
    await ref.aclose()


async def test_an_ask_of_an_actor_that_stops_fails_at_once(
    pool: ConnectionPool, queue: str
) -> None:
    class Waits(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            begun.set()
            await asyncio.Event().wait()

    begun = asyncio.Event()
    async with actor_on(pool, queue, actor=Waits) as ref:
        asking = [asyncio.create_task(ref.ask(name, timeout=None)) for name in ("one", "two")]
        await begun.wait()
        await ref.interrupt()
        for ask in asking:
            with pytest.raises(ActorStoppedError):
                await ask


async def test_the_sender_s_path_travels_along(pool: ConnectionPool, queue: str) -> None:
    class Sends(Actor[str, None]):
        @override
        async def on_receive(self, message: str) -> None:
            await ref.tell(message)

    client: Any = Redis(connection_pool=pool)
    async with actor_on(pool, f"{queue}:sends", actor=Sends) as sends:
        async with RemoteRef[str, Any](pool, queue) as ref:
            await sends.ask("hello", timeout=PATIENCE)
        (payload,) = await client.hvals(f"{queue}:messages")
    assert payload == b'{"from":"/test/actor","reply_to":null}\n"hello"'


def test_a_remote_error_survives_a_pickle() -> None:
    error = pickle.loads(pickle.dumps(RemoteActorError("ValueError", "no", "Traceback")))
    assert (error.remote_type, error.remote_message, error.remote_traceback) == (
        "ValueError",
        "no",
        "Traceback",
    )
