"""Asking again: bounded attempts with backoff and jitter, and actors that handle a request once.

An ask that timed out says nothing of what became of the message: it may never have been handled, be
handled just now, or only its reply be late. So to ask again is safe for an actor that does the same
thing twice without harm, and for one that recognises the second time. Hence two halves:

* `ask_with_retry` asks up to `attempts` times. Before new attempt `i` it waits
  `backoff.delay(i) * (1 - jitter * u)`, where `u` is uniform on [0, 1): `jitter=1.0` is the "full
  jitter" and `jitter=0.5` the "equal jitter" of the AWS Architecture Blog, "Exponential Backoff And
  Jitter". One layer only should retry: layers multiply (Amazon Builders' Library, "Timeouts,
  retries, and backoff with jitter").
* `IdempotentActorMixin` replies to a key that it has answered already with the recorded reply, and
  does not handle the message again (the IETF draft "The Idempotency-Key HTTP Header Field"). A
  failure is not recorded: whoever asks again after one has it tried again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Literal, final, overload, override
from uuid import uuid4

from everything_is_an_actor import Actor, ActorRef, AskTimeoutError, MailboxFullError
from everything_is_an_actor.algebra.arguments import (
    is_async,
    need_count,
    need_label,
    need_number,
    need_seconds,
    shown,
)
from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.subscripted import subscriptable

__all__ = ["Idempotent", "IdempotentActorMixin", "Replies", "Reply", "ask_with_retry"]

type RetryOn = type[Exception] | tuple[type[Exception], ...] | Callable[[Exception], bool]

_TRANSIENT = (AskTimeoutError, MailboxFullError)
_BACKOFF = Backoff(0.1, maximum=5.0)
_random = Random()


@subscriptable
@dataclass(frozen=True, slots=True)
class Idempotent[M]:
    """A message and the key by which an `IdempotentActorMixin` knows it again.

    Raises `TypeError` or `ValueError` for a key that is not a string, or is empty.

    >>> Idempotent("order-17", "pay")
    Idempotent(key='order-17', message='pay')
    """

    key: str
    message: M

    def __post_init__(self) -> None:
        need_label("Idempotent", "key", self.key)


@overload
async def ask_with_retry[M, R](
    ref: ActorRef[M, R],
    message: M,
    *,
    attempts: int = ...,
    backoff: Backoff = ...,
    jitter: float = ...,
    timeout: float | None = ...,
    retry_on: RetryOn = ...,
    idempotency_key: None = ...,
    random: Random = ...,
) -> R: ...
@overload
async def ask_with_retry[M, R](
    ref: ActorRef[Idempotent[M], R],
    message: M,
    *,
    attempts: int = ...,
    backoff: Backoff = ...,
    jitter: float = ...,
    timeout: float | None = ...,
    retry_on: RetryOn = ...,
    idempotency_key: str | Literal[True],
    random: Random = ...,
) -> R: ...
async def ask_with_retry(
    ref: ActorRef[Any, Any],
    message: Any,
    *,
    attempts: int = 3,
    backoff: Backoff = _BACKOFF,
    jitter: float = 0.1,
    timeout: float | None = 5.0,
    retry_on: RetryOn = _TRANSIENT,
    idempotency_key: str | Literal[True] | None = None,
    random: Random = _random,
) -> Any:
    """Ask up to `attempts` times, each for at most `timeout` seconds; the first reply is returned.

    `retry_on` says after which errors to ask again: classes, or a predicate. By default these are
    a timeout and a full mailbox, also where the handler itself failed with one; not its other
    errors, not `ActorStoppedError`, since a stopped actor stays stopped. A cancellation ends it all
    at once. The last error is raised, with a note of those before it. What the handler raises goes
    to its supervisor as well, each time: that bounds the attempts too.

    With an `idempotency_key` every attempt sends `Idempotent(key, message)`, the same each time;
    `True` makes a key for this call.

    Raises `TypeError` or `ValueError` for arguments that are not what they should be.

    >>> from everything_is_an_actor import ActorSystem
    >>> class Flaky(Actor[str, str]):
    ...     failures = 2
    ...
    ...     async def on_receive(self, message: str) -> str:
    ...         if self.failures:
    ...             Flaky.failures -= 1
    ...             raise ConnectionError("the line is bad")
    ...         return message.upper()
    >>> async def main() -> str:
    ...     async with ActorSystem("app") as system:
    ...         ref = await system.spawn(Flaky, "flaky")
    ...         schedule = Backoff(0.001)
    ...         return await ask_with_retry(ref, "hi", backoff=schedule, retry_on=ConnectionError)
    >>> asyncio.run(main())
    'HI'
    """
    need_count("ask_with_retry", "attempts", attempts, least=1)
    if not isinstance(backoff, Backoff):
        raise TypeError(f"ask_with_retry: backoff must be a Backoff, got {shown(backoff)}")
    need_number("ask_with_retry", "jitter", jitter, least=0)
    if jitter > 1:
        raise ValueError(f"ask_with_retry: jitter must be at most 1 (full jitter), got {jitter!r}")
    if timeout is not None:
        need_seconds("ask_with_retry", "timeout", timeout)
    is_worth_it = _predicate(retry_on)
    if idempotency_key is not None:
        key = uuid4().hex if idempotency_key is True else idempotency_key
        message = Idempotent(key, message)

    before: list[str] = []
    while True:
        try:
            return await ref.ask(message, timeout=timeout)
        except Exception as error:
            if len(before) + 1 >= attempts or not is_worth_it(error):
                if before:
                    error.add_note(
                        f"attempt {len(before) + 1} of {attempts} to ask {ref}, after "
                        + ", ".join(before)
                    )
                raise
            before.append(shown(error))
        delay = backoff.delay(len(before) - 1)
        await asyncio.sleep(delay * (1 - jitter * random.random()))


def _predicate(retry_on: object) -> Callable[[Exception], bool]:
    classes = retry_on if isinstance(retry_on, tuple) else (retry_on,)
    if all(isinstance(cls, type) and issubclass(cls, Exception) for cls in classes):
        return lambda error: isinstance(error, classes)
    if isinstance(retry_on, tuple | type) or not callable(retry_on) or is_async(retry_on):
        raise TypeError(
            "ask_with_retry: retry_on must be a class of exceptions, a tuple of them, or a plain "
            f"function of the exception, got {shown(retry_on)}"
        )
    return retry_on


class Replies[R]:
    """The replies to the last `max_keys` keys, each for `key_ttl` seconds (`None`: no bound).

    The seconds are those of the event loop's clock, from the reply on. A key belongs to one
    message: whoever uses it for another one gets the reply to the first. Raises `TypeError` or
    `ValueError` for a `max_keys` below 1 and a `key_ttl` that is not above 0.

    >>> async def main() -> None:
    ...     replies = Replies[str](max_keys=2)
    ...     for key in "abc":
    ...         replies.record(key, key.upper())
    ...     print(replies.get("a"), replies.get("c"))
    >>> asyncio.run(main())
    None Reply(value='C')
    """

    __slots__ = ("_key_ttl", "_max_keys", "_recorded")

    def __init__(self, *, max_keys: int = 1024, key_ttl: float | None = None) -> None:
        need_count("Replies", "max_keys", max_keys, least=1)
        if key_ttl is not None:
            need_seconds("Replies", "key_ttl", key_ttl)
        self._max_keys = max_keys
        self._key_ttl = key_ttl
        self._recorded: dict[str, tuple[Reply[R], float]] = {}  # the oldest first

    def get(self, key: str) -> "Reply[R] | None":
        """What was replied to `key`, if that is still known."""
        self._forget_the_expired()
        recorded = self._recorded.get(key)
        return None if recorded is None else recorded[0]

    def record(self, key: str, value: R) -> None:
        """Remember that `value` was the reply to `key`; the oldest key may be forgotten for it."""
        self._forget_the_expired()
        self._recorded.pop(key, None)
        if len(self._recorded) >= self._max_keys:
            del self._recorded[next(iter(self._recorded))]
        self._recorded[key] = (Reply(value), asyncio.get_running_loop().time())

    def __len__(self) -> int:
        return len(self._recorded)

    def _forget_the_expired(self) -> None:
        if self._key_ttl is None:
            return
        now = asyncio.get_running_loop().time()
        while self._recorded:
            key, (_, since) = next(iter(self._recorded.items()))
            if now < since + self._key_ttl:
                break
            del self._recorded[key]


@dataclass(frozen=True, slots=True)
class Reply[R]:
    """A recorded reply, which may be `None`: hence what holds it.

    >>> Reply(None) is not None
    True
    """

    value: R


class IdempotentActorMixin[M, R](Actor[M | Idempotent[M], R]):
    """An actor that handles each `Idempotent` message once: a key seen before gets the same reply.

    Override `handle` instead of `on_receive`, or put the mixin before an actor that there is
    already: `class Once(IdempotentActorMixin[M, R], Existing): ...`. A message without a key is
    handled each time. A handler that raises leaves no record: its key is handled again.

    An actor handles one message at a time, so an attempt that comes while the first one is still
    handled waits for it in the mailbox, and is then answered from the record. Nothing is recorded
    for an asker alone: a key that was told is known as well.

    `replies` holds the record. As all state of an actor it goes with the instance, so that a
    restart forgets every key. To keep it over restarts, or to set its bounds, take a `Replies` in
    the constructor: its arguments are the same objects for each instance.

    >>> from everything_is_an_actor import ActorSystem
    >>> class Till(IdempotentActorMixin[int, str]):
    ...     def __init__(self, replies: Replies[str]) -> None:
    ...         self.replies = replies
    ...         self.total = 0
    ...
    ...     async def handle(self, message: int) -> str:
    ...         self.total += message
    ...         return f"total {self.total}"
    >>> async def main() -> None:
    ...     async with ActorSystem("app") as system:
    ...         till = await system.spawn(Till, "till", args=(Replies(key_ttl=86_400.0),))
    ...         print(await ask_with_retry(till, 5, idempotency_key="order-1"))
    ...         print(await ask_with_retry(till, 5, idempotency_key="order-1"))
    ...         print(await till.ask(5))
    >>> asyncio.run(main())
    total 5
    total 5
    total 10
    """

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.on_receive is not IdempotentActorMixin.on_receive:
            raise TypeError(
                f"{cls.__name__} would handle a key twice, because its on_receive goes before that "
                "of IdempotentActorMixin: override handle instead, or name the mixin first"
            )

    @cached_property
    def replies(self) -> Replies[R]:
        """The replies to the keys seen so far."""
        return Replies()

    async def handle(self, message: M) -> R:
        """Handle one message, without its key; what is returned is the reply."""
        return await super().on_receive(message)

    @final
    @override
    async def on_receive(self, message: M | Idempotent[M]) -> R:
        """Reply from the record, or handle the message and record the reply."""
        if not isinstance(message, Idempotent):
            return await self.handle(message)
        recorded = self.replies.get(message.key)
        if recorded is not None:
            return recorded.value
        reply = await self.handle(message.message)
        if not self.context.has_stashed:
            self.replies.record(message.key, reply)
        return reply
