"""Redis as it is reached: over connections of one's own, again and again, but not for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from redis import exceptions
from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.runtime.errors import ActorError

log = logging.getLogger("everything_is_an_actor.redis")

type Pool = ConnectionPool | Redis
"""What a user gives: a pool, or a client that has one. It stays the user's."""

OUTAGES = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    OSError,
)
"""What passes, if one tries again."""

DELAYS = Backoff(0.02, factor=2.0, maximum=1.0)


class RedisUnavailableError(ActorError, ConnectionError):
    """Redis could not be reached for `patience` seconds, or refused.

    Whether something that was being sent in the last moment has arrived, nobody knows.

    >>> print(RedisUnavailableError("jobs", 2.0, OSError("connection refused")))
    Redis did not serve 'jobs', with a patience of 2 s: connection refused
    """

    def __init__(self, queue: str, patience: float, cause: BaseException | None) -> None:
        super().__init__(queue)  # what an OSError does with more arguments is not meant
        self.queue = queue
        self.patience = patience
        self.cause = cause

    def __str__(self) -> str:
        return (
            f"Redis did not serve {self.queue!r}, with a patience of {self.patience:g} s: "
            f"{self.cause or 'it is silent'}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.queue, self.patience, self.cause)


async def patiently[T](attempt: Callable[[], Awaitable[T]], queue: str, patience: float) -> T:
    """What `attempt` gives, tried again with growing delays through an outage of Redis.

    `attempt` may have been carried out although it failed: it has to be one that can be repeated.
    Raises `RedisUnavailableError` after `patience` seconds, or at once if Redis refuses.
    """
    cause: BaseException | None = None
    attempts = 0
    deadline = asyncio.timeout(patience)
    try:
        async with deadline:
            while True:
                try:
                    return await attempt()
                except OUTAGES as error:
                    cause = error
                except exceptions.RedisError as error:
                    raise RedisUnavailableError(queue, patience, error) from error
                await asyncio.sleep(DELAYS.delay(attempts))
                attempts += 1
    except BaseException as error:
        if isinstance(error, TimeoutError) and deadline.expired():
            raise RedisUnavailableError(queue, patience, cause) from cause
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
