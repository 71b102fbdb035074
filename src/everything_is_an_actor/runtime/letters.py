"""What travels between actors: envelopes, requests that wait for a reply, dead letters."""

import asyncio
from dataclasses import dataclass
from typing import Any

from everything_is_an_actor.runtime.events import Span
from everything_is_an_actor.runtime.ref import ActorRef


class Envelope:
    """A message on its way: whom it is for, who sent it, and in the course of which task.

    What a mailbox holds. The span travels here, so that a long-lived actor works for the task that
    sent the message, not for the one that happened to start the actor.

    >>> Envelope("hello").message
    'hello'
    """

    __slots__ = ("message", "recipient", "sender", "span")

    def __init__(
        self,
        message: Any,
        sender: ActorRef[Any, Any] | None = None,
        recipient: ActorRef[Any, Any] | None = None,
        span: Span | None = None,
    ) -> None:
        self.message = message
        self.sender = sender
        self.recipient = recipient
        self.span = span


class Signal(Envelope):
    """An envelope from the runtime itself, which has never been in a mailbox."""

    __slots__ = ()


class Request(Envelope):
    """A message whose sender waits: it is answered once, and later answers are dropped.

    A handler that does not suspend answers before anyone has had to wait, so the future on which
    the asker waits is made only when it is needed. `within` is the message that the asker was
    handling when it asked: the link by which a cycle of asks is found.
    """

    __slots__ = ("answered", "error", "future", "value", "withdrawn", "within")

    def __init__(
        self,
        message: Any,
        sender: ActorRef[Any, Any] | None = None,
        recipient: ActorRef[Any, Any] | None = None,
        span: Span | None = None,
        within: Envelope | None = None,
    ) -> None:
        self.message = message
        self.sender = sender
        self.recipient = recipient
        self.span = span
        self.within = within
        self.answered = False
        self.withdrawn = False
        self.value: Any = None
        self.error: BaseException | None = None
        self.future: asyncio.Future[None] | None = None

    def reply(self, value: Any) -> None:
        """Answer with a value."""
        if not self.answered:
            self.answered = True
            self.value = value
            self._wake()

    def fail(self, error: BaseException) -> None:
        """Answer with an error."""
        if not self.answered:
            self.answered = True
            self.error = error
            self._wake()

    def _wake(self) -> None:
        if self.future is not None and not self.future.done():
            self.future.set_result(None)

    def result(self) -> Any:
        """The answer: returned if it is a value, raised if it is an error."""
        error = self.error
        if error is None:
            return self.value
        self.error = None
        try:
            raise error
        finally:
            del error  # the traceback holds this frame, and must not lead back to itself


class Hooks(Request):
    """In hand while an actor starts, restarts or retires: its hooks run, and no message.

    `within` is the message whose handler waits for that, if there is one.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that no actor handled, and why."""

    recipient: ActorRef[Any, Any]
    message: Any
    sender: ActorRef[Any, Any] | None
    reason: str


@dataclass(frozen=True, slots=True)
class Terminated:
    """What a watcher receives, once, after `ref` has stopped (Erlang's `DOWN`, Akka's likewise).

    `reason` is `"stopped"`, `"idle"`, or the exception with which it failed.
    """

    ref: ActorRef[Any, Any]
    reason: str | BaseException
