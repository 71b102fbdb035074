"""Asks under way: who waits for which reply, and the listener that brings it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from redis.exceptions import RedisError

from everything_is_an_actor.plugins.redis import wire
from everything_is_an_actor.plugins.redis.codec import Codec
from everything_is_an_actor.plugins.redis.connection import DELAYS, Link, end, log
from everything_is_an_actor.runtime.letters import Request

ROUND = 1.0  # seconds: how soon an asker that has given up is noticed


class Replies:
    """The requests of one mailbox that are yet to be answered.

    While there are any, a task reads their replies; so there is none while there are none. A
    reply to a request that is not here, because it was answered or given up, is dropped. What
    was given up is `withdraw`n: perhaps it has not begun.
    """

    def __init__(
        self,
        link: Link,
        key: str,
        codec: Codec,
        withdraw: Callable[[list[str]], Awaitable[None]],
    ) -> None:
        self.key = key
        self._link = link
        self._codec = codec
        self._withdraw = withdraw
        self._pending: dict[str, Request] = {}
        self._listener: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._pending)

    def expect(self, id: str, request: Request) -> None:
        """Wait for the reply to `request`."""
        self._pending[id] = request
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen(), name=f"replies {self.key}")

    def expected(self, id: str) -> Request | None:
        """The request whose reply is expected here, if it is."""
        return self._pending.get(id)

    def forget(self, id: str) -> None:
        """Expect no reply any more: the request was not sent."""
        self._pending.pop(id, None)

    async def close(self, error: Callable[[], Exception]) -> None:
        """Fail what is pending, and listen no more."""
        pending, self._pending = self._pending, {}
        for request in pending.values():
            request.fail(error())
        await end(self._listener)
        self._listener = None

    async def _listen(self) -> None:
        failures = 0
        clock = asyncio.get_running_loop()
        swept = clock.time()
        while self._pending:
            try:
                # From the beginning: what was read is deleted, or else known to be answered.
                entries = await self._link.read_stream(self.key, "0", int(ROUND * 1000))
                for _, fields in entries:
                    self._resolve(fields)
                if entries:
                    await self._link.command("XDEL", self.key, *(entry for entry, _ in entries))
                if clock.time() >= swept + ROUND:
                    await self._sweep()
                    swept = clock.time()
                self._link.server.serves()
                failures = 0
            except (RedisError, OSError) as error:
                self._drop_withdrawn()
                self._link.server.fails(error)
                if failures == 0:
                    log.info("replies on %s wait until Redis is back: %s", self.key, error)
                await asyncio.sleep(DELAYS.delay(failures))
                failures += 1

    def _resolve(self, fields: dict[bytes, bytes]) -> None:
        request = self._pending.pop(fields.get(b"id", b"").decode(errors="replace"), None)
        if request is None:
            return
        try:
            value: Any = wire.result(fields, self._codec)
        except Exception as error:
            request.fail(error)
        else:
            request.reply(value)

    def _drop_withdrawn(self) -> list[str]:
        dropped = [id for id, request in self._pending.items() if request.withdrawn]
        for id in dropped:
            del self._pending[id]
        return dropped

    async def _sweep(self) -> None:
        if dropped := self._drop_withdrawn():
            await self._withdraw(dropped)
