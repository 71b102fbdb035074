"""Middleware: what is done around the messages and the life of an actor, from outside it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, Protocol, overload

from everything_is_an_actor.runtime.ref import ActorRef


class MessageContext(Protocol):
    """What a middleware knows of a message, besides the message: its envelope, to be read."""

    @property
    def actor_ref(self) -> ActorRef[Any, Any]:
        """The actor that receives it."""
        ...

    @property
    def sender(self) -> ActorRef[Any, Any] | None:
        """The actor that sent it, if it was one."""
        ...

    @property
    def message_type(self) -> Literal["tell", "ask"]:
        """Whether somebody waits for the reply."""
        ...


class Next(Protocol):
    """What a middleware calls to go on, with the message or another one, once, often or never."""

    @overload
    def __call__(self, message: Any, /) -> Awaitable[Any]: ...
    @overload
    def __call__(self, ctx: MessageContext, message: Any, /) -> Awaitable[Any]: ...


class Middleware:
    """Wraps an actor: override what you need. Of several, the first is outermost.

    Messages and replies are those of any actor: hence the `Any`.

    >>> import asyncio
    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> class Echo(Actor[str, str]):
    ...     async def on_receive(self, message: str) -> str:
    ...         return message
    >>> class Quotes(Middleware):
    ...     async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
    ...         return f"{ctx.message_type}: '{await next_fn(message)}'"
    >>> async def main() -> str:
    ...     async with ActorSystem() as system:
    ...         echo = await system.spawn(Echo, "echo", middlewares=(Quotes(),))
    ...         return await echo.ask("hello")
    >>> asyncio.run(main())
    "ask: 'hello'"
    """

    async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        """Handle a message: the reply of `next_fn(message)`, or one of its own.

        What it raises is a failure of the actor, as if its handler had raised it.
        """
        return await next_fn(message)

    async def on_started(self, actor_ref: ActorRef[Any, Any]) -> None:
        """Runs before the actor's own `on_started`; what it raises fails the start.

        It pairs up with `on_stopped`: not at a restart, which is `on_restart`.
        """

    async def on_stopped(self, actor_ref: ActorRef[Any, Any]) -> None:
        """Runs after the actor's own `on_stopped`; what it raises is logged."""

    async def on_restart(self, actor_ref: ActorRef[Any, Any], error: Exception) -> None:
        """Runs before the `on_restart` of the new instance; what it raises fails the restart."""


_nothing = object()  # where `next_fn` is given the message alone

type Handle = Callable[[MessageContext, Any], Awaitable[Any]]


def around(middlewares: Sequence[Middleware], receive: Callable[[Any], Awaitable[Any]]) -> Handle:
    """`receive` within `middlewares`, the first of them outermost."""

    def innermost(first: Any, second: Any = _nothing, /) -> Awaitable[Any]:
        return receive(first if second is _nothing else second)

    layers = [
        middleware.on_receive
        for middleware in middlewares
        if type(middleware).on_receive is not Middleware.on_receive
    ]
    if not layers:
        return innermost
    last = layers.pop()

    def last_layer(ctx: MessageContext, message: Any) -> Awaitable[Any]:
        return last(ctx, message, innermost)

    handle: Handle = last_layer
    for layer in reversed(layers):
        handle = _within(layer, handle)
    return handle


def _within(layer: Callable[..., Awaitable[Any]], inner: Handle) -> Handle:
    def handle(ctx: MessageContext, message: Any) -> Awaitable[Any]:
        def next_fn(*arguments: Any) -> Awaitable[Any]:
            return inner(ctx, arguments[-1])

        return layer(ctx, message, next_fn)

    return handle
