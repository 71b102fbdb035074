"""The registry of virtual actors lists what was put, for the next process too."""

import pytest
from redis.asyncio import ConnectionPool

from everything_is_an_actor.plugins.redis import RedisRegistryStore
from tests.plugins.conftest import Server, keys_of


async def test_the_store_lists_what_was_put_and_not_deleted(
    pool: ConnectionPool, queue: str
) -> None:
    store = RedisRegistryStore(pool, prefix=queue)
    assert await store.list_all() == []
    for kind, id in [("app.Greeter", "ada"), ("app.Greeter", "ada"), ("app.Other", "ada")]:
        await store.put(kind, id)
    assert await RedisRegistryStore(pool, prefix=queue).list_all() == [
        ("app.Greeter", "ada"),
        ("app.Other", "ada"),
    ]
    for _ in range(2):
        await store.delete("app.Greeter", "ada")
    assert await store.list_all() == [("app.Other", "ada")]
    await store.delete("app.Other", "ada")
    assert await keys_of(pool, queue) == []


async def test_any_text_is_an_identity(pool: ConnectionPool, queue: str) -> None:
    store = RedisRegistryStore(pool, prefix=queue)
    identities = sorted([("a:b", "c"), ("a", "b:c"), ("", ""), ("ä", '"x\n'), ("app.A", "\udc80")])
    for kind, id in identities:
        await store.put(kind, id)
    assert await store.list_all() == identities
    for kind, id in identities:
        await store.delete(kind, id)


async def test_the_store_outlives_redis(
    server: Server, fragile: ConnectionPool, queue: str
) -> None:
    store = RedisRegistryStore(fragile, prefix=queue)
    await store.put("app.Greeter", "ada")
    server.kill()
    server.start()
    assert await store.list_all() == [("app.Greeter", "ada")]


def test_arguments_are_checked_at_once() -> None:
    with pytest.raises(ValueError, match="prefix"):
        RedisRegistryStore(ConnectionPool(), prefix="")
    with pytest.raises(ValueError, match="patience"):
        RedisRegistryStore(ConnectionPool(), patience=0)
