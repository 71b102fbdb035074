"""A mailbox and a store in the Redis of the session, whose address is set while they are used."""

import uuid
from typing import ClassVar, Self

from redis.asyncio import ConnectionPool

from everything_is_an_actor.plugins.redis import RedisMailbox, RedisRegistryStore
from everything_is_an_actor.runtime.mailbox import Backpressure


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


class Shelf(RedisRegistryStore):
    """A store in the Redis of the session."""

    url: ClassVar[str]

    def __init__(self, prefix: str) -> None:
        self.pool = ConnectionPool.from_url(self.url)
        self.prefix = prefix
        super().__init__(self.pool, prefix=prefix)

    @classmethod
    def fresh(cls) -> Self:
        return cls(f"laws:{uuid.uuid4().hex}")

    def following(self) -> Self:
        return type(self)(self.prefix)

    async def close(self) -> None:
        await self.pool.aclose()
