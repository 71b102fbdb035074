"""The receiving side of a queue: one message in hand, under a lease, until it is done."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from redis.exceptions import RedisError

from everything_is_an_actor.plugins.redis import scripts, wire
from everything_is_an_actor.plugins.redis.codec import Codec
from everything_is_an_actor.plugins.redis.connection import DELAYS, Link, end, log
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.runtime.letters import Envelope, Request


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in hand: its id, its envelope, and where its answer goes."""

    id: str
    envelope: Envelope
    reply_to: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """A message that Redis is yet to forget, and what to write with that.

    `fields` is the entry for the stream `key`, which expires `kept` milliseconds after it.
    """

    id: str
    key: str
    fields: wire.Fields = ()
    kept: int = scripts.REPLIES_KEPT


class Receiver:
    """Takes messages out of a queue, the next one in the step in which the last one is done.

    Nothing is taken in advance: while one consumer works, what waits is there for the others.
    One task does it all, from `start` to `close`: it takes, renews the lease, and hands back what
    dead consumers left. It goes on through an outage of Redis, which is logged once for all.
    """

    def __init__(
        self,
        link: Link,
        keys: scripts.Keys,
        instance: str,
        codec: Codec,
        lease: float,
        asked_here: Callable[[str], Request | None],
    ) -> None:
        self.taken: Taken | None = None
        self.begun = False  # whether what is taken has been handed to the actor
        self._link = link
        self._keys = keys
        self._owner = instance
        self._codec = codec
        self._asked_here = asked_here
        self._lease = int(lease * 1000)
        self._round = min(1.0, max(0.01, lease / 3))  # seconds between two looks after the leases
        self._looked = float("-inf")
        self._finished: list[Finished] = []
        self._finishing = False  # and perhaps taking the next one
        self._step = asyncio.Lock()  # one script at a time: each knows what is in hand
        self._freed = asyncio.Event()
        self._wake: Callable[[], None] = lambda: None
        self._task: asyncio.Task[None] | None = None
        self.closed = False

    def start(self, wake: Callable[[], None]) -> None:
        """Begin to take; `wake` is called whenever there is a message."""
        self._wake = wake
        self._task = asyncio.create_task(self._receive(), name=f"receive {self._keys.queue}")

    @property
    def started(self) -> bool:
        """Whether it takes messages, or did."""
        return self._task is not None

    @property
    def waiting(self) -> Envelope | None:
        """The message that has come and has not begun."""
        return None if self.taken is None or self.begun else self.taken.envelope

    def close(self) -> None:
        """Take no more. What has begun keeps its lease until it is finished, or `stop`."""
        self.closed = True
        if not self.begun:
            self.taken = None
            if self._task is not None:
                self._task.cancel()

    async def finish(self, envelope: Envelope) -> None:
        """Let Redis forget the message in hand, and send its answer with that.

        Returns when that is done, or at the first failure: then it is done before the next take.
        """
        taken = self.taken
        if taken is None or taken.envelope is not envelope:
            return
        self._finished.append(self._answered(taken))
        self.taken = None
        self.begun = False
        self._finishing = True
        try:
            following = await self._flush(take=not self.closed)
            if following is not None and not self.closed:  # else it is handed back by `stop`
                id, payload = following
                self._open(id.decode(), payload)
        except (RedisError, OSError) as error:
            log.info("what %s has handled is done when Redis is back: %s", self._keys.queue, error)
        finally:
            self._finishing = False
            self._freed.set()

    async def stop(self) -> None:
        """End the task; hand back what was not finished. Raises what Redis raises."""
        self.closed = True
        await end(self._task)
        if self._task is None:
            return
        taken, self.taken = self.taken, None
        if taken is not None and self.begun and _is_over(taken.envelope):
            self._finished.append(self._answered(taken))
        await self._flush()
        await self._look_after_leases()

    def _answered(self, taken: Taken) -> Finished:
        request = taken.envelope
        if taken.reply_to is None or not isinstance(request, Request):
            return Finished(taken.id, self._keys.poison)
        fields = wire.answer(taken.id, self._codec, request.value, request.error)
        return Finished(taken.id, taken.reply_to, fields)

    async def _receive(self) -> None:
        failures = 0
        while not (self.closed and self.taken is None):
            try:
                await self._flush()
                looks = self._looked + self._round <= asyncio.get_running_loop().time()
                if looks:
                    await self._look_after_leases()
                if self.taken is not None or self._finishing:
                    if looks:  # the wait that follows asks Redis nothing
                        self._link.server.serves()
                    await self._work()
                elif not self.closed:
                    await self._take()
                    self._link.server.serves()
                failures = 0
            except Exception as error:
                if not isinstance(error, RedisError | OSError):
                    log.exception("%s goes on in spite of this", self._keys.queue)
                else:
                    self._link.server.fails(error)
                    if failures == 0:
                        log.info("%s waits until Redis is back: %s", self._keys.queue, error)
                await asyncio.sleep(DELAYS.delay(failures))
                failures += 1
                self._looked = float("-inf")  # what was on its way here may be lost

    async def _work(self) -> None:
        """Wait until the message in hand is done, but not longer than its lease allows."""
        self._freed.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._round):
                await self._freed.wait()

    async def _look_after_leases(self) -> None:
        keys = (self._keys.messages, self._keys.ready, self._keys.hand, self._keys.leases)
        async with self._step:
            started = asyncio.get_running_loop().time()
            held = [one.id for one in self._finished]
            if self.taken is not None:
                held.append(self.taken.id)
            await self._link.run(scripts.TEND, keys, (self._owner, self._lease, *held))
            self._looked = started

    async def _take(self) -> None:
        """Take the next message, waiting for it until it is time for another look."""
        keys = self._keys
        wait = f"{self._round:.3f}"
        id = await self._link.command("BLMOVE", keys.ready, keys.hand, "LEFT", "RIGHT", wait)
        if id is None:
            return
        leased = (keys.messages, keys.hand, keys.leases)
        async with self._step:
            payload = await self._link.run(scripts.TAKE, leased, (id, self._owner, self._lease))
        if payload is not None:
            self._open(id.decode(), payload)

    def _open(self, id: str, payload: bytes) -> None:
        header = wire.Header()
        try:
            header, body = wire.unpack(payload)
            message = self._codec.decode(body)
        except Exception as error:
            log.exception(
                "a message in %s cannot be decoded, and is moved to %s (id %s, sent by %s)",
                self._keys.queue,
                self._keys.poison,
                id,
                header.sender,
            )
            self._reject(id, header, payload, error)
            return
        made = Envelope(message) if header.reply_to is None else Request(message)
        asked = self._asked_here(id)
        if asked is not None:  # so that its task is that of the sender
            made.span = asked.span
            made.sent_from = asked.sent_from
        self.taken = Taken(id, made, header.reply_to)
        self.begun = False
        self._freed.clear()
        self._wake()

    def _reject(self, id: str, header: wire.Header, payload: bytes, error: Exception) -> None:
        if header.reply_to is not None:
            fields = wire.answer(id, self._codec, None, error)
            self._finished.append(Finished("", header.reply_to, fields))  # nothing is forgotten yet
        fields = ("id", id, "payload", payload, "error", repr(error).encode("utf-8", "replace"))
        self._finished.append(Finished(id, self._keys.poison, fields, kept=0))

    async def _flush(self, *, take: bool = False) -> tuple[bytes, bytes] | None:
        """Tell Redis what is finished; with the last of it, `take` the next id and payload."""
        keys = self._keys
        following = None
        async with self._step:
            while self._finished:
                one = self._finished[0]
                lease = self._lease if take and len(self._finished) == 1 else 0
                following = await self._link.run(
                    scripts.DONE,
                    (keys.messages, keys.ready, keys.hand, keys.leases, keys.room, one.key),
                    (one.id, self._owner, lease, one.kept, *one.fields),
                )
                self._finished.pop(0)
        return following


def _is_over(envelope: Envelope) -> bool:
    """Whether the handler of an ask has ended by itself, so that nobody need repeat it."""
    return (
        isinstance(envelope, Request)
        and envelope.answered
        and (envelope.error is None or isinstance(envelope.error, Exception))
        and not isinstance(envelope.error, ActorStoppedError)
    )
