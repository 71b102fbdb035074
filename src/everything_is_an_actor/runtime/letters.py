"""What travels between actors: envelopes, requests that wait for a reply, dead letters."""

import asyncio
from dataclasses import dataclass
from typing import Any

from everything_is_an_actor.runtime.ref import ActorRef


class Envelope:
    """A message and its sender."""

    __slots__ = ("message", "sender")

    def __init__(self, message: Any, sender: ActorRef[Any, Any] | None) -> None:
        self.message = message
        self.sender = sender


class Request(Envelope):
    """A message whose sender waits: it is answered once, and later answers are dropped.

    A handler that does not suspend answers before anyone has had to wait, so the future on which
    the asker waits is made only when it is needed.
    """

    __slots__ = ("_error", "_future", "_value", "answered", "withdrawn")

    def __init__(self, message: Any, sender: ActorRef[Any, Any] | None) -> None:
        self.message = message
        self.sender = sender
        self.answered = False
        self.withdrawn = False
        self._value: Any = None
        self._error: BaseException | None = None
        self._future: asyncio.Future[None] | None = None

    def reply(self, value: Any) -> None:
        """Answer with a value."""
        if not self.answered:
            self.answered = True
            self._value = value
            self._wake()

    def fail(self, error: BaseException) -> None:
        """Answer with an error."""
        if not self.answered:
            self.answered = True
            self._error = error
            self._wake()

    def _wake(self) -> None:
        if self._future is not None and not self._future.done():
            self._future.set_result(None)

    async def wait(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the answer."""
        if not self.answered:
            self._future = loop.create_future()
            await self._future

    def result(self) -> Any:
        """The answer: returned if it is a value, raised if it is an error."""
        error = self._error
        if error is None:
            return self._value
        self._error = None
        try:
            raise error
        finally:
            del error  # the traceback holds this frame, and must not lead back to itself


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that no actor handled, and why."""

    recipient: ActorRef[Any, Any]
    message: Any
    sender: ActorRef[Any, Any] | None
    reason: str
