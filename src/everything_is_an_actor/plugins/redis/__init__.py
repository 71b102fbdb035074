"""Actors over Redis: durable mailboxes, asks across processes, the registry of virtual actors.

Needs the extra `everything-is-an-actor[redis]`, and Redis 6.2 or newer.

>>> import asyncio
>>> from contextlib import aclosing
>>> from redis.asyncio import ConnectionPool
>>> from everything_is_an_actor import Actor, ActorSystem
>>> from everything_is_an_actor.plugins.redis import RedisMailbox, RemoteRef
>>> class Greeter(Actor[str, str]):
...     async def on_receive(self, message: str) -> str:
...         return f"hello, {message}"
>>> async def main(url: str) -> str:
...     async with aclosing(ConnectionPool.from_url(url)) as pool, ActorSystem() as system:
...         await system.spawn(Greeter, "greeter", mailbox=RedisMailbox(pool, "greeter"))
...         async with RemoteRef[str, str](pool, "greeter") as elsewhere:
...             return await elsewhere.ask("Ada", timeout=5.0)
>>> asyncio.run(main("redis://localhost"))  # doctest: +SKIP
'hello, Ada'
"""

try:
    import redis.asyncio  # noqa: F401  # only to say what is missing
except ModuleNotFoundError as error:
    raise ImportError(
        "everything_is_an_actor.plugins.redis needs the package redis: "
        "pip install 'everything-is-an-actor[redis]'"
    ) from error

from everything_is_an_actor.plugins.redis.codec import Codec, JsonCodec
from everything_is_an_actor.plugins.redis.connection import RedisUnavailableError
from everything_is_an_actor.plugins.redis.mailbox import RedisMailbox
from everything_is_an_actor.plugins.redis.registry import RedisRegistryStore
from everything_is_an_actor.plugins.redis.remote import RemoteRef, remote_ref
from everything_is_an_actor.plugins.redis.wire import RemoteActorError

__all__ = [
    "Codec",
    "JsonCodec",
    "RedisMailbox",
    "RedisRegistryStore",
    "RedisUnavailableError",
    "RemoteActorError",
    "RemoteRef",
    "remote_ref",
]
