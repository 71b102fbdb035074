"""`RemoteRef`: what a process holds of an actor that another one runs."""

import asyncio
from types import TracebackType
from typing import Generic, Self, TypeVar

from everything_is_an_actor.plugins.redis.codec import Codec
from everything_is_an_actor.plugins.redis.connection import Pool
from everything_is_an_actor.plugins.redis.mailbox import RedisMailbox
from everything_is_an_actor.runtime.errors import ActorStoppedError, AskTimeoutError
from everything_is_an_actor.runtime.letters import Envelope, Request
from everything_is_an_actor.runtime.place import current_place

M = TypeVar("M", contravariant=True)
R = TypeVar("R", covariant=True)


class RemoteRef(Generic[M, R]):
    """Where to send to the actor whose `RedisMailbox` has this queue, wherever it runs.

    It takes messages `M` and waits for replies `R`: those of that actor, which nobody checks, as
    in `RemoteRef[str, int](pool, "counter")`. `maxlen` and `codec` are to be those of the mailbox;
    a full queue lets the sender wait. An outage is borne with for `patience` seconds. It has
    connections of its own, hence is an async context manager.
    """

    def __init__(
        self,
        pool: Pool,
        queue_name: str,
        *,
        maxlen: int = 0,
        codec: Codec | None = None,
        patience: float = 10.0,
    ) -> None:
        self._mailbox = RedisMailbox(
            pool, queue_name, maxlen=maxlen, codec=codec, patience=patience
        )
        self._queue = queue_name

    async def tell(self, message: M) -> None:
        """Send a message; it is in Redis when this returns, and will be handled at least once.

        Raises as `RedisMailbox.put`, and `ActorStoppedError` once this is closed.
        """
        await self._send(Envelope(message, current_place()))

    async def ask(self, message: M, *, timeout: float | None = 5.0) -> R:
        """Send a message and wait for the reply, at most `timeout` seconds (`None`: no bound).

        Raises `RemoteActorError` if the handler failed, `AskTimeoutError`, or as `tell`.
        """
        request = Request(message, current_place())
        deadline = asyncio.timeout(timeout)
        try:
            async with deadline:
                await self._send(request)
                if not request.answered:
                    request.future = asyncio.get_running_loop().create_future()
                    await request.future
        except BaseException as error:
            request.withdrawn = True
            if not (isinstance(error, TimeoutError) and deadline.expired()):
                raise
            if not request.answered:
                raise AskTimeoutError(self._queue, timeout or 0.0) from None
        reply: R = request.result()
        return reply

    async def _send(self, envelope: Envelope) -> None:
        if not await self._mailbox.put(envelope):
            raise ActorStoppedError(self._queue, "this ref to it was closed")

    async def aclose(self) -> None:
        """Send no more; asks that wait fail with `ActorStoppedError`. Repeatable."""
        await self._mailbox.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"RemoteRef({self._queue!r})"


def remote_ref[A, B](
    pool: Pool,
    queue_name: str,
    *,
    maxlen: int = 0,
    codec: Codec | None = None,
    patience: float = 10.0,
) -> RemoteRef[A, B]:
    """A `RemoteRef`, with its types from where it goes. Nothing is opened before it is used.

    >>> from redis.asyncio import ConnectionPool
    >>> counter: RemoteRef[str, int] = remote_ref(ConnectionPool(), "counter")
    >>> counter
    RemoteRef('counter')
    """
    return RemoteRef(pool, queue_name, maxlen=maxlen, codec=codec, patience=patience)
