"""The sending side of a queue: bounded, in order, and never twice."""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.exceptions import RedisError

from everything_is_an_actor.plugins.redis import scripts
from everything_is_an_actor.plugins.redis.connection import (
    DELAYS,
    Link,
    RedisUnavailableError,
)
from everything_is_an_actor.runtime.errors import MailboxFullError
from everything_is_an_actor.runtime.mailbox import Backpressure

type Item = tuple[str, bytes]  # id and payload

LAST_WORD = 1.0  # seconds that a cancelled sender spends at most on taking its message back


class Sender:
    """Puts messages into a queue, one batch after the other, in the order of the calls.

    Each batch has a number, and Redis remembers the last one: what is sent again, because the
    answer was lost with the connection, is not stored again, and a batch that was given up is not
    stored once there is a later one.
    """

    def __init__(
        self,
        link: Link,
        keys: scripts.Keys,
        instance: str,
        *,
        maxlen: int,
        policy: Backpressure,
        patience: float,
    ) -> None:
        self.closed = False
        self.found_full = False
        self._link = link
        self._keys = keys
        self._sent = keys.sent(instance)
        self._maxlen = maxlen
        self._policy = policy
        self._patience = patience
        self._turn = asyncio.Lock()  # fair: whoever came first sends first
        self._batch = 0
        self._attempt: asyncio.Task[Any] | None = None
        self._wait_for_room: asyncio.Task[object] | None = None

    async def send(self, items: Sequence[Item]) -> int:
        """Store `items`, in order; how many of them are stored: fewer if dropped or closed.

        Raises `MailboxFullError` or `RedisUnavailableError`.
        """
        stored = 0
        async with self._turn:
            while stored < len(items) and not self.closed:
                count, since = await self._store(items[stored:])
                stored += count
                self.found_full = stored < len(items)
                if stored == len(items) or self._policy == "drop_new":
                    break
                if self._policy == "fail":
                    raise MailboxFullError(self._maxlen)
                await self._room(since)
        return stored

    def close(self) -> None:
        """Send no more, and wake whoever waits for room."""
        self.closed = True
        if self._wait_for_room is not None:
            self._wait_for_room.cancel()

    async def stop(self) -> None:
        """As `close`, and wait a little for what is on its way."""
        self.close()
        attempt = self._attempt
        if attempt is not None:
            await asyncio.wait([attempt], timeout=LAST_WORD)
            attempt.cancel()
            await asyncio.wait([attempt])

    async def forget(self, ids: Sequence[str]) -> None:
        """Take back those of the messages that nobody has begun to handle."""
        keys = self._keys
        await self._link.run(scripts.WITHDRAW, (keys.messages, keys.ready, keys.room), tuple(ids))

    async def _store(self, items: Sequence[Item]) -> tuple[int, str]:
        """One batch, atomically; how much of it fits, and since when there has been no room."""
        self._batch += 1
        keys = (self._keys.messages, self._keys.ready, self._sent, self._keys.room)
        arguments = (
            self._maxlen,
            int(self._policy == "fail"),
            int(self._policy == "block"),
            self._batch,
            int((self._patience + 60.0) * 1000),
            *(part for item in items for part in item),
        )
        attempt = self._attempt = asyncio.create_task(
            self._link.server.patiently(
                lambda: self._link.run(scripts.PUT, keys, arguments),
                self._keys.queue,
                self._patience,
            ),
            name=f"put into {self._keys.queue}",
        )
        try:
            await asyncio.wait([attempt])
        except asyncio.CancelledError:
            await self._take_back(attempt, items)
            raise
        finally:
            self._attempt = None
        if attempt.cancelled():  # by `stop`
            url = self._link.server.url
            raise RedisUnavailableError(self._keys.queue, self._patience, None, url)
        count, since = attempt.result()
        return int(count), since.decode()

    async def _take_back(self, attempt: asyncio.Task[Any], items: Sequence[Item]) -> None:
        """Undo a batch whose sender was cancelled; too late for what is being handled."""
        try:
            async with asyncio.timeout(LAST_WORD):
                await asyncio.wait([attempt])
                if not attempt.cancelled() and attempt.exception() is None:
                    await self.forget([id for id, _ in items])
        except (TimeoutError, RedisError, OSError):
            pass  # it may be stored, and its sender knows only that it was cancelled
        finally:
            attempt.cancel()
            await asyncio.wait([attempt])

    async def _room(self, since: str) -> None:
        """Wait until a message has left the queue after `since`, or `close`, or a second."""
        waiting = self._wait_for_room = asyncio.create_task(
            self._link.read_stream(self._keys.room, since, 1000),
            name=f"room in {self._keys.queue}",
        )
        try:
            await asyncio.wait([waiting])
        finally:
            self._wait_for_room = None
            waiting.cancel()
            await asyncio.wait([waiting])
        if not waiting.cancelled() and waiting.exception() is not None:
            await asyncio.sleep(DELAYS.delay(2))  # the next attempt has the patience, and says why
