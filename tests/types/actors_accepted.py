"""Right programs with actors, each with the exact type that mypy infers for it."""

from __future__ import annotations

from typing import Any, assert_type, override

from everything_is_an_actor import (
    Actor,
    ActorContext,
    ActorRef,
    ActorSystem,
    AfterIdle,
    DeadLetter,
    MessageContext,
    Middleware,
    Next,
    StopPolicy,
    Terminated,
    Timers,
)
from everything_is_an_actor.runtime.orchestration import Target


class Length(Actor[str, int]):
    @override
    async def on_receive(self, message: str) -> int:
        return len(message)


class Upper(Actor[str, str]):
    """Blocks."""

    @override
    def receive(self, message: str) -> str:
        return message.upper()


class Box[T](Actor[T, list[T]]):
    def __init__(self, size: int = 1) -> None:
        self.size = size

    @override
    async def on_receive(self, message: T) -> list[T]:
        return [message] * self.size


class Wide(Actor[object, bool]):
    @override
    async def on_receive(self, message: object) -> bool:
        return bool(message)

    @override
    def stop_policy(self) -> AfterIdle:  # one of them is enough
        return AfterIdle(1.0)


class Watcher(Actor[str | Terminated, None]):
    @override
    async def on_receive(self, message: str | Terminated) -> None:
        if isinstance(message, Terminated):
            assert_type(message.reason, str | BaseException)

    @override
    def stop_policy(self) -> StopPolicy:
        return super().stop_policy()


async def spawning(system: ActorSystem) -> None:
    length = await system.spawn(Length, "length")
    assert_type(length, ActorRef[str, int])
    assert_type(await system.spawn(Upper, "upper", mailbox_size=0), ActorRef[str, str])
    assert_type(await system.spawn(Box[int], "box"), ActorRef[int, list[int]])
    boxes: ActorRef[bytes, list[bytes]] = await system.spawn(Box, "boxes", kwargs={"size": 2})
    assert_type(boxes, ActorRef[bytes, list[bytes]])


async def asking(length: ActorRef[str, int], wide: ActorRef[object, bool]) -> None:
    assert_type(await length.ask("hello"), int)
    assert_type(await length.ask("hello", timeout=None), int)
    assert_type(await wide.ask(3), bool)
    assert_type(await length.join(), None)
    assert_type(length.path, str)
    assert_type(length.is_alive, bool)
    await length.tell("hello")
    length.tell_nowait("hello")
    await length.stop(drain=True)
    await length.interrupt()


def variance(wide: ActorRef[object, bool]) -> None:
    narrower: ActorRef[str, int] = wide  # it takes a str as well, and a bool is an int
    assert_type(narrower, ActorRef[str, int])


class Leader(Actor[str, int]):
    @override
    async def on_receive(self, message: str) -> int:
        context = self.context
        assert_type(context, ActorContext[str, int])
        assert_type(context.self_ref, ActorRef[str, int])
        assert_type(context.parent, ActorRef[Any, Any] | None)
        assert_type(context.timers, Timers)
        length = await context.spawn(Length, "length")
        assert_type(length, ActorRef[str, int])
        assert_type(await self.spawn(Upper, "upper"), ActorRef[str, str])

        assert_type(await context.ask(Length, message), int)
        assert_type(await context.ask(length, message, timeout=None), int)
        assert_type(await context.ask(Box[str], message, name="box"), list[str])
        assert_type(await self.ask(Upper, message), str)
        await self.tell(Wide, message)
        await self.tell(length, message)

        assert_type(await context.sequence([(Length, "a"), (Length, "b")]), list[int])
        assert_type(await context.sequence([(length, "a"), (length, "b")]), list[int])
        mixed: list[tuple[Target[str, int | str], str]] = [(Length, "a"), (Upper, "b")]
        assert_type(await context.sequence([*mixed, (length, "c")]), list[int | str])
        assert_type(await context.traverse(["a", "b"], Length), list[int])
        assert_type(await context.traverse({"a": 1}, length), list[int])
        assert_type(await context.race([(Length, "a"), (Length, "b")]), int)
        assert_type(await context.race(mixed), int | str)
        assert_type(await context.zip((Length, "a"), (Upper, "b")), tuple[int, str])
        assert_type(await context.zip((length, "a"), (Wide, 3)), tuple[int, bool])
        assert_type(await context.run_in_executor(divmod, 7, 2), tuple[int, int])
        context.timers.every("key", 1.0, "tick")
        context.watch(length)
        return 0


class Shout(Middleware):
    @override
    async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        assert_type(ctx.actor_ref, ActorRef[Any, Any])
        assert_type(ctx.sender, ActorRef[Any, Any] | None)
        if ctx.message_type == "ask":
            return await next_fn(ctx, message)
        return await next_fn(message)

    @override
    async def on_started(self, actor_ref: ActorRef[Any, Any]) -> None: ...

    @override
    async def on_restart(self, actor_ref: ActorRef[Any, Any], error: Exception) -> None: ...


async def system_wide(system: ActorSystem, length: ActorRef[str, int]) -> None:
    assert_type(system.get_actor("/app/length"), ActorRef[Any, Any])
    assert_type(await system.spawn(Length, "name", middlewares=[Shout()]), ActorRef[str, int])
    for letter in system.dead_letters:
        assert_type(letter, DeadLetter)
    async with ActorSystem("other") as other:
        assert_type(other, ActorSystem)
