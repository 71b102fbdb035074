"""Wrong programs with actors: mypy rejects each at the line that is wrong.

As in `rejected.py`: every expected error is pinned by an ignore, which is an error itself once it
is not needed; nobody runs them.
"""

from __future__ import annotations

from typing import Any, Literal, override

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    AfterIdle,
    MessageContext,
    Middleware,
    Next,
)
from tests.types.actors_accepted import Box, Leader, Length, Upper, Wide


class OfAnotherMessage(Actor[str, int]):
    @override
    async def on_receive(self, message: int) -> int:  # type: ignore[override]  # it takes str
        return message


class OfAnotherReply(Actor[str, int]):
    @override
    async def on_receive(self, message: str) -> str:  # type: ignore[override]  # it gives int
        return message


class BlockingWithAnotherReply(Actor[str, int]):
    @override
    def receive(self, message: str) -> str:  # type: ignore[override]  # it gives int
        return message


class NotAsynchronous(Actor[str, int]):
    @override
    def on_receive(self, message: str) -> int:  # type: ignore[override]  # that is receive
        return len(message)


class NoPolicy(Actor[str, int]):
    @override
    def stop_policy(self) -> float:  # type: ignore[override]  # AfterIdle(seconds=…)
        return 3.0


class WrongHooks(Middleware):
    @override
    async def on_receive(self, message: Any, next_fn: Next) -> Any:  # type: ignore[override]  # no ctx
        return await next_fn(message)

    @override
    async def on_restart(self, actor_ref: ActorRef[Any, Any]) -> None: ...  # type: ignore[override]  # no error


class WrongUse(Middleware):
    @override
    async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        next_fn()  # type: ignore[call-overload]  # no message
        _kind: Literal["stream"] = ctx.message_type  # type: ignore[assignment]  # tell or ask


async def wrong_spawns(system: ActorSystem) -> None:
    _text: ActorRef[str, str] = await system.spawn(Length, "length")  # type: ignore[arg-type]  # it gives int
    await system.spawn(Length)  # type: ignore[call-overload]  # no name
    await system.spawn(Length(), "length")  # type: ignore[call-overload]  # an instance
    await system.spawn(str, "text")  # type: ignore[arg-type]  # no actor
    await system.spawn(Length, "length", mailbox_size="1")  # type: ignore[call-overload]  # a string
    await system.spawn(Length, "length", middlewares=[Shouts])  # type: ignore[list-item]  # a class


class Shouts(Middleware): ...


async def wrong_messages(length: ActorRef[str, int], wide: ActorRef[object, bool]) -> None:
    await length.ask(3)  # type: ignore[arg-type]  # it takes str
    await length.tell(b"x")  # type: ignore[arg-type]  # it takes str
    length.tell_nowait(None)  # type: ignore[arg-type]  # it takes str
    _text: str = await length.ask("x")  # type: ignore[assignment]  # it gives int
    await length.ask("x", timeout="5")  # type: ignore[arg-type]  # a string for seconds
    await length.ask("x", 5)  # type: ignore[call-arg]  # a timeout without its name
    _wide: ActorRef[object, int] = length  # type: ignore[assignment]  # it takes str only
    _bool: ActorRef[str, bool] = length  # type: ignore[assignment]  # an int is no bool
    AfterIdle("3")  # type: ignore[arg-type]  # a string for seconds


class WrongLeader(Leader):
    @override
    async def on_receive(self, message: str) -> int:
        context = self.context
        await context.ask(Length, 3)  # type: ignore[misc]  # it takes str
        await context.ask(context.self_ref, 3)  # type: ignore[misc]  # it takes str
        await context.ask(Box[str], 3)  # type: ignore[misc]  # it takes str
        await self.tell(Upper, 3)  # type: ignore[misc]  # it takes str
        _text: str = await self.ask(Length, message)  # type: ignore[arg-type]  # it gives int
        await context.sequence([(Length, "a"), (Upper, "b")])  # type: ignore[arg-type]  # int and str
        await context.sequence([(Length, 3)])  # type: ignore[misc]  # it takes str
        await context.traverse([1, 2], Length)  # type: ignore[misc]  # it takes str
        await context.race([(Length, 3)])  # type: ignore[misc]  # it takes str
        await context.zip((Length, "a"), (Upper, 3))  # type: ignore[misc]  # it takes str
        _pair: tuple[int, int] = await context.zip((Length, "a"), (Upper, "b"))  # type: ignore[arg-type]  # int and str
        await context.zip((Length, "a"), (Wide, "b"), (Upper, "c"))  # type: ignore[call-overload]  # three
        await context.run_in_executor(len, 3)  # type: ignore[arg-type]  # no length
        context.timers.every("key", "1", "tick")  # type: ignore[arg-type]  # a string for seconds
        context.watch("/app/length")  # type: ignore[arg-type]  # a path
        return "0"  # type: ignore[return-value]  # it gives int
