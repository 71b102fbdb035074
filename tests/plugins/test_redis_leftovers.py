"""After a shutdown nothing is left: no task, no connection, no key that lasts."""

import asyncio
from collections.abc import Callable
from typing import Any, override

import pytest
from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor import Actor, ActorSystem
from everything_is_an_actor.plugins.redis import RedisMailbox, RemoteRef
from tests.plugins.actors import PATIENCE, Handled, Hangs, actor_on, until
from tests.plugins.conftest import Server, keys_of


async def test_nothing_is_left_after_a_shutdown(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    client: Any = Redis(connection_pool=fragile)
    tasks = asyncio.all_tasks()
    handled = Handled()
    async with (
        actor_on(fragile, queue, handled, maxlen=2) as actor,
        RemoteRef[int, int](fragile, queue, maxlen=2) as ref,
    ):
        await asyncio.gather(
            *(ref.tell(number) for number in range(20)),
            *(ref.ask(number, timeout=PATIENCE) for number in range(20)),
            *(actor.ask(number, timeout=PATIENCE) for number in range(20)),
        )
        assert len(await client.client_list()) > 1
    assert asyncio.all_tasks() == tasks
    await until(client, lambda: _alone(client))
    assert await keys_of(fragile, queue) == []
    for key in await client.keys("*"):
        assert 0 < await client.ttl(key) <= 120


async def _alone(client: Any) -> bool:
    return len(await client.client_list()) == 1


async def test_an_idle_actor_costs_one_task_and_an_idle_ref_none(
    pool: ConnectionPool, queue: str
) -> None:
    tasks = len(asyncio.all_tasks())
    async with RemoteRef[int, int](pool, queue) as ref:
        async with actor_on(pool, queue):
            assert await ref.ask(1, timeout=PATIENCE) == 1
            await until(Redis(connection_pool=pool), lambda: len(asyncio.all_tasks()) == tasks + 1)
        assert len(asyncio.all_tasks()) == tasks


async def test_an_actor_that_does_not_start_leaves_its_messages_to_others(
    pool: ConnectionPool, queue: str
) -> None:
    class Fails(Actor[Any, Any]):
        @override
        async def on_started(self) -> None:
            await came.wait()
            raise ValueError("not today")

    came = asyncio.Event()

    class Box(RedisMailbox):
        @override
        def bind(self, wake: Callable[[], None]) -> None:
            def both() -> None:
                came.set()
                wake()

            super().bind(both)

    async with RemoteRef[int, int](pool, queue) as ref, ActorSystem("test") as system:
        await ref.tell(1)
        box = Box(pool, queue, redeliver_after=0.6)
        with pytest.raises(ValueError, match="not today"):
            await system.spawn(Fails, "fails", mailbox=box)
        handled = Handled()
        async with actor_on(pool, queue, handled):
            await handled.reaches(1)
        await box.release()
    assert await keys_of(pool, queue) == []


async def test_a_shutdown_that_cancels_hands_back_what_is_in_hand(
    pool: ConnectionPool, queue: str
) -> None:
    class Begins(Hangs):
        @override
        async def on_receive(self, message: Any) -> Any:
            begun.set()
            await asyncio.Event().wait()

    begun = asyncio.Event()
    system = ActorSystem("test")
    box = RedisMailbox(pool, queue, redeliver_after=3600.0)
    ref = await system.spawn(Begins, "begins", mailbox=box)
    await ref.tell("one")
    await begun.wait()
    await system.shutdown(timeout=0.05)
    async with actor_on(pool, queue, handled := Handled(), redeliver_after=3600.0):
        await handled.reaches(1)
    assert await keys_of(pool, queue) == []
