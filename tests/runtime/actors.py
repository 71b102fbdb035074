"""The actors of these tests, and what they wait for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, override

from everything_is_an_actor import Actor, ActorRef, ActorSystem, Directive, OneForOneStrategy
from everything_is_an_actor.runtime.place import Engine, Place

type Ref = ActorRef[Any, Any]


class Echo(Actor[Any, Any]):
    """Answers with the message; raises an exception."""

    @override
    async def on_receive(self, message: Any) -> Any:
        if isinstance(message, BaseException):
            raise message
        return message


class Does(Actor[Any, Any]):
    """Does what it is sent: a function of the actor that may have to be awaited."""

    @override
    async def on_receive(self, message: Callable[["Does"], Any]) -> Any:
        result = message(self)
        return await result if isinstance(result, Awaitable) else result


class Gate:
    """Where an actor waits until a test lets it go on; it says that it is there."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def wait(self) -> None:
        self.reached.set()
        await self.opened.wait()


class Slow(Actor[Any, Any]):
    """Notes each message, and waits at the gate while it handles it."""

    def __init__(self, gate: Gate, seen: list[Any] | None = None) -> None:
        self.gate = gate
        self.seen = [] if seen is None else seen

    @override
    async def on_receive(self, message: Any) -> Any:
        self.seen.append(message)
        await self.gate.wait()
        return message


class Hooked(Actor[Any, Any]):
    """Notes what happens to it; a hook of which a function is given calls it."""

    def __init__(self, notes: list[str], **hooks: Callable[[Actor[Any, Any]], Any]) -> None:
        self.notes = notes
        self.hooks = hooks

    async def _run(self, hook: str, note: str) -> Any:
        self.notes.append(note)
        result = self.hooks[hook](self) if hook in self.hooks else None
        return await result if isinstance(result, Awaitable) else result

    @override
    async def on_started(self) -> None:
        await self._run("on_started", "started")

    @override
    async def on_receive(self, message: Any) -> Any:
        if isinstance(message, BaseException):
            self.notes.append(repr(message))
            raise message
        return await self._run("on_receive", f"received {message}")

    @override
    async def on_restart(self, error: Exception) -> None:
        await self._run("on_restart", f"restarted after {error!r}")

    @override
    async def on_stopped(self) -> None:
        await self._run("on_stopped", "stopped")


class Parent(Does):
    """Judges the failures of its children by `strategy`."""

    def __init__(self, strategy: OneForOneStrategy | None = None) -> None:
        self.strategy = strategy or OneForOneStrategy()

    @override
    def supervisor_strategy(self) -> OneForOneStrategy:
        return self.strategy


def always(directive: Directive, max_restarts: int = 3) -> OneForOneStrategy:
    return OneForOneStrategy(max_restarts, decider=lambda error: directive)


async def child_of(parent: Ref, cls: type[Any], name: str, *args: Any, **kwargs: Any) -> Ref:
    """A child of an actor that `Does`."""
    child: Ref = await parent.ask(
        lambda actor: actor.context.spawn(cls, name, args=args, kwargs=kwargs), timeout=None
    )
    return child


async def turns(count: int = 10) -> None:
    """Let the loop run what is ready, so many times."""
    for _ in range(count):
        await asyncio.sleep(0)


def engine_of(system: ActorSystem) -> Engine:
    return system.root.engine


def place_of(ref: Ref) -> Place[Any, Any]:
    assert isinstance(ref, Place)
    return ref


def now() -> float:
    return asyncio.get_running_loop().time()
