"""What stands between a client and Redis, and cuts the connection at the worst moment."""

import asyncio
from types import TracebackType
from typing import Self

from redis.asyncio import ConnectionPool


class Proxy:
    """Passes everything on, until it sees `cut_after` in a command.

    Then Redis gets the command, and the client gets, instead of the answer, the end of its
    connection: this once.
    """

    def __init__(self, port: int) -> None:
        self._redis = port
        self.cut_after: bytes | None = None
        self.cuts = 0
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.pool = ConnectionPool(port=self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.pool.aclose()
        self._server.close()
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        redis, to_redis = await asyncio.open_connection("127.0.0.1", self._redis)
        try:
            await self._pass_on(client, to_client, redis, to_redis)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._running.discard(task)
            to_client.close()
            to_redis.close()

    async def _pass_on(
        self,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        redis: asyncio.StreamReader,
        to_redis: asyncio.StreamWriter,
    ) -> None:
        while command := await client.read(65536):
            to_redis.write(command)
            answer = await redis.read(65536)  # commands come one at a time
            if self.cut_after is not None and self.cut_after in command:
                self.cut_after = None
                self.cuts += 1
                return
            to_client.write(answer)
