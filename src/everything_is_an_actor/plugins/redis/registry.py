"""`RedisRegistryStore`: which virtual actors there are, for the next process to know."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis

from everything_is_an_actor.algebra.arguments import need_seconds
from everything_is_an_actor.plugins.redis.connection import Pool, pool_of, server_of


class RedisRegistryStore:
    """The identities of virtual actors, as (kind, id), in the Redis set `<prefix>:registry`.

    `kind` is the qualified name of the actor's class, module included. Every method bears with an
    outage for `patience` seconds and then raises `RedisUnavailableError`; each can be repeated. It
    uses the connections of `pool`, and opens none of its own.
    """

    def __init__(self, pool: Pool, *, prefix: str = "actors", patience: float = 10.0) -> None:
        need_seconds("RedisRegistryStore", "patience", patience)
        if not prefix:
            raise ValueError("prefix must not be empty")
        self._key = f"{prefix}:registry"
        self._patience = patience
        self._server = server_of(pool)
        self._client: Any = Redis(connection_pool=pool_of(pool))  # its types are not strict

    async def put(self, kind: str, id: str) -> None:
        """Remember an identity."""
        await self._patiently(lambda: self._client.sadd(self._key, json.dumps([kind, id])))

    async def delete(self, kind: str, id: str) -> None:
        """Forget an identity."""
        await self._patiently(lambda: self._client.srem(self._key, json.dumps([kind, id])))

    async def list_all(self) -> list[tuple[str, str]]:
        """Every identity, sorted."""
        members = await self._patiently(lambda: self._client.smembers(self._key))
        return sorted((kind, id) for kind, id in map(json.loads, members))

    async def _patiently(self, attempt: Callable[[], Awaitable[Any]]) -> Any:
        return await self._server.patiently(attempt, self._key, self._patience)
