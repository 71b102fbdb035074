"""What travels between actors: envelopes, requests that wait for a reply, dead letters."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.span import Span


class Envelope:
    """A message on its way: whom it is for, who sent it, and in the course of which task.

    What a mailbox holds. While it is handled it is also what the code that runs is told of where it
    is: which actor it is part of (`recipient`), for which task it works (`span`), and on behalf of
    what (`within`: what the asker was handling when it asked, the link by which a cycle of asks is
    found). So a long-lived actor works for the task that sent the message, not for the one that
    happened to start the actor. `sent_from` is where a tracer, if there is one, says that it was
    sent: hence its `Any`.

    >>> Envelope("hello").message
    'hello'
    """

    __slots__ = ("message", "recipient", "sender", "sent_from", "span", "within")

    def __init__(
        self,
        message: Any,
        sender: ActorRef[Any, Any] | None = None,
        recipient: ActorRef[Any, Any] | None = None,
        span: Span | None = None,
        within: "Envelope | None" = None,
        sent_from: Any = None,
    ) -> None:
        self.message = message
        self.sender = sender
        self.recipient = recipient
        self.span = span
        self.within = within
        self.sent_from = sent_from

    @property
    def actor_ref(self) -> ActorRef[Any, Any]:
        """The actor that receives it. Raises `RuntimeError` if it has not been sent."""
        if self.recipient is None:
            raise RuntimeError("this envelope has not been sent to an actor")
        return self.recipient

    @property
    def message_type(self) -> Literal["tell", "ask"]:
        """Whether somebody waits for the reply."""
        return "ask" if isinstance(self, Request) else "tell"


current_message: ContextVar[Envelope | None] = ContextVar("current_message", default=None)


class Told(Envelope):
    """An envelope that whoever makes it fills in: that is quicker than arguments are."""

    __slots__ = ()

    __init__ = object.__init__


class Signal(Envelope):
    """An envelope from the runtime itself, which has never been in a mailbox."""

    __slots__ = ()


class Hooks(Envelope):
    """In hand while an actor starts, restarts, retires or stops."""

    __slots__ = ("awaits_children",)

    def __init__(
        self,
        recipient: ActorRef[Any, Any] | None,
        span: Span | None = None,
        within: Envelope | None = None,
    ) -> None:
        super().__init__(None, None, recipient, span, within)
        self.awaits_children = False  # if so, it goes on when they have ended


class Part(Envelope):
    """In hand, so to speak, while a flow runs, or a leaf of it: part of what `within` is about."""

    __slots__ = ("over",)

    def __init__(
        self,
        recipient: ActorRef[Any, Any] | None,
        span: Span | None = None,
        within: Envelope | None = None,
    ) -> None:
        super().__init__(None, None, recipient, span, within)
        self.over = False


class Request(Envelope):
    """A message whose sender waits: it is answered once, and later answers are dropped.

    A handler that does not suspend answers before anyone has had to wait, so the future on which
    the asker waits is made only when it is needed.

    >>> request = Request("1 + 1")
    >>> request.reply(2)
    >>> request.reply(3)
    >>> request.answered, request.result()
    (True, 2)
    """

    __slots__ = ("answered", "error", "future", "value", "withdrawn")

    def __init__(
        self,
        message: Any,
        sender: ActorRef[Any, Any] | None = None,
        recipient: ActorRef[Any, Any] | None = None,
        span: Span | None = None,
        within: Envelope | None = None,
        sent_from: Any = None,
    ) -> None:
        self.message = message
        self.sender = sender
        self.recipient = recipient
        self.span = span
        self.within = within
        self.sent_from = sent_from
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


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that no actor handled, and why (Akka's dead letters).

    `sender` is the actor that sent it, if it was one; `reason` is for people to read.

    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> class Echo(Actor[str, str]):
    ...     async def on_receive(self, message: str) -> str:
    ...         return message
    >>> async def main() -> None:
    ...     async with ActorSystem("app") as system:
    ...         echo = await system.spawn(Echo, "echo")
    ...         await echo.stop()
    ...         await echo.tell("too late")
    ...         letter = system.dead_letters.pop()
    ...         print(f"{letter.message} for {letter.recipient}: {letter.reason}")
    >>> asyncio.run(main())
    too late for /app/echo: the message came too late
    """

    recipient: ActorRef[Any, Any]
    message: Any
    sender: ActorRef[Any, Any] | None
    reason: str


@dataclass(frozen=True, slots=True)
class Terminated:
    """What a watcher receives, once, after `ref` has stopped (Erlang's `DOWN`, Akka's likewise).

    `reason` is `"stopped"`, `"idle"`, or the exception with which it failed.

    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> class Watcher(Actor[ActorRef[Any, Any] | Terminated, None]):
    ...     async def on_receive(self, message: ActorRef[Any, Any] | Terminated) -> None:
    ...         if isinstance(message, Terminated):
    ...             print(message.ref, message.reason)
    ...         else:
    ...             self.context.watch(message)
    >>> async def main() -> None:
    ...     async with ActorSystem("app") as system:
    ...         watcher = await system.spawn(Watcher, "watcher")
    ...         other = await system.spawn(Watcher, "other")
    ...         await watcher.ask(other)
    ...         await other.stop()
    ...         await watcher.stop(drain=True)
    >>> asyncio.run(main())
    /app/other stopped
    """

    ref: ActorRef[Any, Any]
    reason: str | BaseException
