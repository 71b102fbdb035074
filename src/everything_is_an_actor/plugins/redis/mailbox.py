"""`RedisMailbox`: the queue of an actor that outlives its process."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import override

from redis.exceptions import RedisError

from everything_is_an_actor.algebra.arguments import need_seconds
from everything_is_an_actor.plugins.redis import scripts, wire
from everything_is_an_actor.plugins.redis.codec import Codec, JsonCodec
from everything_is_an_actor.plugins.redis.connection import Link, Pool, log
from everything_is_an_actor.plugins.redis.receiving import Receiver
from everything_is_an_actor.plugins.redis.replies import Replies
from everything_is_an_actor.plugins.redis.sending import Item, Sender
from everything_is_an_actor.runtime.errors import ActorStoppedError, MailboxEmptyError
from everything_is_an_actor.runtime.letters import Envelope, Request
from everything_is_an_actor.runtime.mailbox import Backpressure, Mailbox

GOODBYE = 2.0  # seconds that `release` spends at most on what it has to tell Redis


class RedisMailbox(Mailbox):
    """A queue in Redis: at least once, for any number of senders and consumers anywhere.

    A message leaves Redis only after its handler has ended. What a consumer had in hand when it
    died comes to the next one, at the head of the queue, `redeliver_after` seconds later; what it
    had when it stopped, at once. In between it keeps order: first in, first out, per sender.

    `maxlen` bounds the messages in Redis, those in hand included (0: no bound). One more waits,
    is dropped, or is a `MailboxFullError`, by `backpressure_policy`, as with `MemoryMailbox`.
    Messages and replies are JSON, or what `codec` makes of them. An outage is borne with for
    `patience` seconds by senders, by an actor for ever.

    An `ask` is answered over Redis, whichever process handles it; a handler's exception arrives as
    a `RemoteActorError`. It may be handled twice, if a consumer dies; the first answer counts. An
    asker that gives up withdraws its message, within a second, unless that has begun.

    `pool` remains the user's: the connections are the mailbox's own, made like those of the pool.
    An actor that stops, also with `drain`, leaves what waits in Redis to the next one.
    Bound to an actor it takes messages; unbound it only sends, and whoever made it releases it.
    The `sender` of what arrives is `None`, since it may be in another process; its path is in
    Redis, and in the log if the message cannot be decoded.

    Raises `TypeError` or `ValueError` for arguments that are not as described.
    """

    __slots__ = (
        "_arrival",
        "_closed",
        "_codec",
        "_instance",
        "_link",
        "_maxlen",
        "_queue",
        "_receiver",
        "_released",
        "_replies",
        "_sender",
        "_sent",
    )

    def __init__(
        self,
        pool: Pool,
        queue_name: str,
        *,
        maxlen: int = 0,
        backpressure_policy: Backpressure = "block",
        codec: Codec | None = None,
        redeliver_after: float = 5.0,
        patience: float = 10.0,
    ) -> None:
        if not isinstance(queue_name, str) or not queue_name:
            raise ValueError(f"queue_name must be a str that is not empty, got {queue_name!r}")
        if isinstance(maxlen, bool) or not isinstance(maxlen, int) or maxlen < 0:
            raise ValueError(f"maxlen must be an int of at least 0 (0: no bound), got {maxlen!r}")
        if backpressure_policy not in ("block", "drop_new", "fail"):
            raise ValueError(
                "backpressure_policy must be 'block', 'drop_new' or 'fail', "
                f"got {backpressure_policy!r}"
            )
        need_seconds("RedisMailbox", "redeliver_after", redeliver_after)
        need_seconds("RedisMailbox", "patience", patience)
        self._queue = queue_name
        self._maxlen = maxlen
        self._codec: Codec = JsonCodec() if codec is None else codec
        self._instance = uuid.uuid4().hex
        self._link = Link(pool)
        keys = scripts.Keys(queue_name)
        self._sender = Sender(
            self._link,
            keys,
            self._instance,
            maxlen=maxlen,
            policy=backpressure_policy,
            patience=patience,
        )
        self._replies = Replies(
            self._link, keys.replies(self._instance), self._codec, self._sender.forget
        )
        self._receiver = Receiver(
            self._link,
            keys,
            self._instance,
            self._codec,
            float(redeliver_after),
            self._replies.expected,
        )
        self._arrival = asyncio.Event()
        self._closed = False
        self._released = False
        self._sent = 0

    @property
    def maxsize(self) -> int:
        """How many messages it holds at most, those in hand included; 0: no bound."""
        return self._maxlen

    @override
    def bind(self, wake: Callable[[], None]) -> None:
        """Belong to an actor, and begin to take. Raises `ValueError` if it belongs to one."""
        if self._receiver.started or self._closed:
            raise ValueError("a mailbox belongs to one actor: make a new one for each")

        def arrived() -> None:
            self._arrival.set()
            wake()

        self._receiver.start(arrived)

    @override
    async def put(self, envelope: Envelope) -> bool:
        """Store a message; true once Redis has it. False if it was dropped, or this is closed.

        Raises `TypeError` if it cannot be encoded, `MailboxFullError` if the policy is to fail,
        `RedisUnavailableError` if it could not be stored: whether it arrived in the very last
        moment, nobody knows. Cancelled, it takes back what nobody has begun to handle.
        """
        return await self._put([envelope]) == 1

    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        """Not possible. Raises `RuntimeError`."""
        raise RuntimeError(
            f"what Redis has stored in {self._queue!r} is known only after waiting for it, which "
            "tell_nowait, or an actor's tell to itself, cannot: await tell, or put, from elsewhere"
        )

    @override
    async def put_batch(self, envelopes: Iterable[Envelope]) -> int:
        """Store messages in order, in one step; how many of them were stored.

        If there is no room for all of them: with the policy to fail, none is stored, to drop, as
        many as fit; with the policy to block, as many as fit, and then the rest. Raises as `put`.
        """
        return await self._put(list(envelopes))

    async def _put(self, envelopes: Sequence[Envelope]) -> int:
        items = [self._packed(envelope) for envelope in envelopes]
        asked = [
            (id, envelope)
            for (id, _), envelope in zip(items, envelopes, strict=True)
            if isinstance(envelope, Request)
        ]
        stored = 0
        if self._closed or not items:
            return stored
        for id, request in asked:
            self._replies.expect(id, request)
        try:
            stored = await self._sender.send(items)
        finally:
            for id, _ in items[stored:]:
                self._replies.forget(id)
        return stored

    def _packed(self, envelope: Envelope) -> Item:
        self._sent += 1
        header = wire.Header(
            sender=None if envelope.sender is None else envelope.sender.path,
            reply_to=self._replies.key if isinstance(envelope, Request) else None,
        )
        body = wire.encode(self._codec, envelope.message)
        return f"{self._instance}:{self._sent}", wire.pack(header, body)

    @override
    async def get(self) -> Envelope:
        """The next envelope, waiting for one if need be.

        Raises `RuntimeError` if this is not bound, `MailboxEmptyError` once it is closed.
        """
        if not self._receiver.started:
            raise RuntimeError(f"a mailbox that is not bound takes nothing from {self._queue!r}")
        while self.empty() and not self._closed:
            self._arrival.clear()
            await self._arrival.wait()
        return self.get_nowait()

    @override
    def get_nowait(self) -> Envelope:
        envelope = self._receiver.waiting
        if envelope is None:
            raise MailboxEmptyError
        self._receiver.begun = True
        return envelope

    @override
    def empty(self) -> bool:
        """Whether no message has come that has not begun; what waits in Redis does not count."""
        return self._receiver.waiting is None

    @override
    def full(self) -> bool:
        """Whether the last `put` from here found it full."""
        return self._sender.found_full

    @override
    def close(self) -> list[Envelope]:
        """Take no more, and accept no more: always empty, since what is in Redis stays there.

        A `put` that waits for room is false.
        """
        self._closed = True
        self._sender.close()
        self._receiver.close()
        self._arrival.set()
        return []

    @override
    async def done(self, envelope: Envelope) -> None:
        """Let Redis forget a message, and send the answer of an ask with that, in one step.

        During an outage that is put off until Redis is back; if it took longer than
        `redeliver_after`, another consumer may have begun it by then.
        """
        await self._receiver.finish(envelope)

    @override
    async def release(self) -> None:
        """Hand back what is not done, fail pending asks, close the connections; repeatable.

        Takes some three seconds if Redis does not answer; then what was in hand comes back after
        `redeliver_after` seconds.
        """
        self.close()
        if self._released:
            return
        self._released = True
        try:
            await self._replies.close(
                lambda: ActorStoppedError(self._queue, "its mailbox here was released")
            )
            await self._sender.stop()
            await self._leave()
        finally:
            await self._link.close()

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(GOODBYE):
                await self._receiver.stop()
                if self._sent:
                    keys = scripts.Keys(self._queue)
                    await self._link.command("DEL", keys.sent(self._instance), self._replies.key)
        except (TimeoutError, RedisError, OSError) as error:
            level = logging.INFO if self._link.server.is_away else logging.WARNING
            reason = str(error) or type(error).__name__
            log.log(
                level, "Redis does not know that a consumer of %s left: %s", self._queue, reason
            )
