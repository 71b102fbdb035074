"""Redis as it is reached: over connections of one's own, again and again, but not for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

from redis import exceptions
from redis.asyncio import (
    ConnectionPool,
    Redis,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.asyncio.sentinel import SentinelConnectionPool

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.runtime.errors import ActorError

log = logging.getLogger("everything_is_an_actor.redis")

type Pool = ConnectionPool | Redis
"""What a user gives: a pool, or a client that has one. It stays the user's."""

_OUTAGES = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    OSError,
)
# Which redis-py counts among the errors of connections.
_REFUSALS = (exceptions.AuthenticationError, exceptions.AuthorizationError)

ADVICE = "(does it run, and is that its address?)"

DELAYS = Backoff(0.02, factor=2.0, maximum=1.0)


def is_outage(error: BaseException) -> bool:
    """Whether it passes, if one tries again."""
    return isinstance(error, _OUTAGES) and not isinstance(error, _REFUSALS)


class RedisUnavailableError(ActorError, ConnectionError):
    """Redis could not be reached for `patience` seconds, or refused.

    Whether something that was being sent in the last moment has arrived, nobody knows. `url` is
    where it was looked for, without a password.

    >>> print(RedisUnavailableError("jobs", 2.0, OSError("connection refused")))
    Redis did not serve 'jobs', with a patience of 2 s: connection refused
    """

    def __init__(
        self, queue: str, patience: float, cause: BaseException | None, url: str = ""
    ) -> None:
        super().__init__(queue)  # what an OSError does with more arguments is not meant
        self.queue = queue
        self.patience = patience
        self.cause = cause
        self.url = url

    def __str__(self) -> str:
        refused = isinstance(self.cause, exceptions.RedisError) and not is_outage(self.cause)
        advice = "" if refused or not self.url else f" {ADVICE}"
        cause = str(self.cause or "it is silent").rstrip(".")
        return (
            f"Redis{f' at {self.url}' if self.url else ''} did not serve {self.queue!r}, "
            f"with a patience of {self.patience:g} s: {cause}{advice}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.queue, self.patience, self.cause, self.url)


class Server:
    """The Redis of a pool: where it is, and whether it is away, which is logged once for all."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_away = False

    def fails(self, error: Exception) -> None:
        """It was tried in vain."""
        if not self.is_away:
            self.is_away = True
            log.warning(
                "Redis at %s is away, and is tried again: %s %s",
                self.url,
                str(error).rstrip("."),
                ADVICE,
            )

    def serves(self) -> None:
        """It has answered."""
        if self.is_away:
            self.is_away = False
            log.info("Redis at %s is back", self.url)

    async def patiently[T](
        self, attempt: Callable[[], Awaitable[T]], queue: str, patience: float
    ) -> T:
        """What `attempt` gives, tried again with growing delays through an outage of Redis.

        `attempt` may have been carried out although it failed: it has to be one that can be
        repeated. Raises `RedisUnavailableError` after `patience` seconds, or at once if Redis
        refuses.
        """
        cause: Exception | None = None
        attempts = 0
        deadline = asyncio.timeout(patience)
        try:
            async with deadline:
                while True:
                    try:
                        result = await attempt()
                    except (exceptions.RedisError, OSError) as error:
                        if not is_outage(error):
                            raise RedisUnavailableError(queue, patience, error, self.url) from error
                        cause = error
                    else:
                        self.serves()
                        return result
                    if attempts:  # else it was only a connection that was cut
                        self.fails(cause)
                    await asyncio.sleep(DELAYS.delay(attempts))
                    attempts += 1
        except BaseException as error:
            if isinstance(error, TimeoutError) and deadline.expired():
                raise RedisUnavailableError(queue, patience, cause, self.url) from cause
            raise


async def end(task: asyncio.Task[Any] | None) -> None:
    """Cancel a task of one's own, and wait until it has ended."""
    if task is not None:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s ended in %r", task.get_name(), error)


class Link:
    """Connections of one's own to the Redis of somebody's pool; opened when used.

    They are like those of the pool, but their replies are bytes, and they never retry by
    themselves. `silence` is how many seconds Redis may take to answer.
    """

    def __init__(self, pool: Pool, *, silence: float = 5.0) -> None:
        theirs = pool_of(pool)
        self.server = server_of(theirs)
        settings = {
            name: value
            for name, value in theirs.connection_kwargs.items()
            if not name.startswith(_NOT_OURS)
        }
        settings |= {"decode_responses": False, "protocol": 2, "socket_timeout": silence}
        self._pool = ConnectionPool(connection_class=theirs.connection_class, **settings)
        self._client: Any = Redis(connection_pool=self._pool)  # its types are not strict
        self._scripts: dict[str, Any] = {}
        self._closed = False

    async def command(self, *words: str | int | float | bytes) -> Any:
        """Send one command and return the reply."""
        self._check()
        return await self._client.execute_command(*words)

    async def read_stream(self, key: str, since: str | bytes, wait: int) -> Any:
        """The entries of a stream after an id; waits up to `wait` milliseconds for one."""
        self._check()
        streams = await self._client.xread({key: since}, block=wait)
        return streams[0][1] if streams else []

    async def run(
        self, script: str, keys: tuple[str, ...], arguments: tuple[str | int | bytes, ...]
    ) -> Any:
        """Run a Lua script, which Redis remembers until it is restarted."""
        self._check()
        prepared = self._scripts.get(script)
        if prepared is None:
            prepared = self._scripts[script] = self._client.register_script(script)
        try:
            return await prepared(keys=keys, args=arguments)
        except (
            exceptions.NoScriptError
        ) as error:  # restarted in this very moment: as good as a cut connection
            raise exceptions.ConnectionError("Redis lost its scripts") from error

    async def close(self) -> None:
        """Close the connections; none is opened again."""
        self._closed = True
        await self._pool.disconnect()

    def _check(self) -> None:
        if self._closed:
            raise exceptions.ConnectionError("the connections to Redis have been closed")


_NOT_OURS = (
    "retry",  # what is sent again is decided here
    "maint_notifications",  # bound to their pool
    "oss_cluster",
    "orig_",
    "maintenance_",
    "event_dispatcher",
    "himport_registry",
    "legacy_responses",
    "parser_class",
    "encod",  # UTF-8, whatever they read
)


def pool_of(pool: Pool) -> ConnectionPool:
    """The pool, or the client's pool. Raises `TypeError` for anything else."""
    found = pool.connection_pool if isinstance(pool, Redis) else pool
    if not isinstance(found, ConnectionPool):
        raise TypeError(
            "a redis.asyncio.ConnectionPool or redis.asyncio.Redis is needed, "
            f"got {type(pool).__name__}"
        )
    return found


_servers: WeakKeyDictionary[ConnectionPool, Server] = WeakKeyDictionary()


def server_of(pool: Pool) -> Server:
    """The Redis that a pool leads to: one object for all that use the pool."""
    theirs = pool_of(pool)
    server = _servers.get(theirs)
    if server is None:
        server = _servers[theirs] = Server(_url(theirs))
    return server


def _url(pool: ConnectionPool) -> str:
    """Where a pool leads to. No user, no password: it is for logs."""
    if isinstance(pool, SentinelConnectionPool):
        return f"sentinel://{pool.service_name}"  # which server that is changes
    settings = pool.connection_kwargs
    if issubclass(pool.connection_class, UnixDomainSocketConnection):
        return f"unix://{settings.get('path', '')}"
    scheme = "rediss" if issubclass(pool.connection_class, SSLConnection) else "redis"
    host, port = settings.get("host", "localhost"), settings.get("port", 6379)
    if ":" in str(host):  # IPv6
        host = f"[{host}]"
    return f"{scheme}://{host}:{port}/{settings.get('db') or 0}"
