"""A place in the tree of actors: who is above, who is below, and whether it is alive.

Long-lived actors (`cell.py`) and agents that are used once (`agent.py`) have this in common. States
go one way; a stopped place is never revived. A new actor of the same name is another place, and an
old ref cannot reach it, because the place *is* the ref.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextvars import ContextVar
from enum import IntEnum
from typing import Any, override

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.runtime.letters import DeadLetter, Envelope, Request
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Scheduler

log = logging.getLogger("everything_is_an_actor")

type AnyPlace = Place[Any, Any]  # one whose messages the engine does not look at

current_place: ContextVar[AnyPlace | None] = ContextVar("current_place", default=None)


class State(IntEnum):
    """Where a place is in its life."""

    STARTING = 0
    RUNNING = 1
    DRAINING = 2
    STOPPING = 3
    STOPPED = 4


class Engine:
    """What the places of one system share: its loop, and the dead letters."""

    __slots__ = ("__weakref__", "_dead_letter", "late_replies", "scheduler")

    def __init__(self, scheduler: Scheduler, dead_letter: Callable[[DeadLetter], None]) -> None:
        self.scheduler = scheduler
        self.late_replies = 0
        self._dead_letter = dead_letter

    def bury(self, recipient: AnyPlace, envelope: Envelope, reason: str) -> None:
        """Record that nobody will handle `envelope`; one who waits for the reply is told."""
        if isinstance(envelope, Request):
            envelope.fail(ActorStoppedError(recipient.path, reason))
        self._dead_letter(DeadLetter(recipient, envelope.message, envelope.sender, reason))


class Ending:
    """What `stop` and `interrupt` return: to be ignored, or awaited for the end."""

    __slots__ = ("_place",)

    def __init__(self, place: AnyPlace) -> None:
        self._place = place

    def __await__(self) -> Generator[Any, None, None]:
        return self._place.join().__await__()


class Place[M, R](ActorRef[M, R]):
    """One incarnation of an actor or agent, as its parent and its children know it."""

    __slots__ = ("_joiners", "behaviour", "children", "engine", "parent", "state", "turn")

    engine: Engine
    parent: AnyPlace | None
    state: State
    children: dict[str | int, AnyPlace] | None
    behaviour: Behaviour[Any, Any] | None
    turn: asyncio.Task[Any] | asyncio.Handle | None  # what it is doing, or is about to do
    _joiners: dict[asyncio.Future[None], None] | None  # in order of arrival

    @property
    def key(self) -> str | int:
        """What the parent finds it under: the name, or the number of an agent that is used once."""
        return self.name

    @property
    @override
    def path(self) -> str:
        names: list[str] = []
        place: AnyPlace | None = self
        while place is not None:
            names.append(place.name)
            place = place.parent
        return "/" + "/".join(reversed(names))

    @property
    @override
    def is_alive(self) -> bool:
        return self.state < State.STOPPING

    def adopt(self, child: AnyPlace) -> None:
        """Make `child` one of the children. Raises `ActorStoppedError` when stopping."""
        if self.state >= State.STOPPING:
            raise ActorStoppedError(self.path, f"it can no longer start {child.name}")
        if self.children is None:
            self.children = {}
        self.children[child.key] = child

    @override
    async def join(self) -> None:
        if self.state is State.STOPPED:
            return
        if self.turn is not None and self.turn is asyncio.current_task():
            raise RuntimeError(f"actor {self.path} cannot join itself: it would wait for ever")
        joiner = self.engine.scheduler.loop.create_future()
        if self._joiners is None:
            self._joiners = {}
        self._joiners[joiner] = None
        try:
            await joiner
        finally:
            if self._joiners is not None:
                self._joiners.pop(joiner, None)

    def interrupt_children(self) -> None:
        """Cancel what the children have in hand, last started first."""
        for child in reversed(list((self.children or {}).values())):
            _ = child.interrupt()

    async def stop_children(self) -> bool:
        """Stop the children, last started first, and wait for them; true if cancelled meanwhile.

        If the caller is cancelled, the children are interrupted; it waits for them all the same.
        """
        cancelled = False
        while self.children:
            children = list(reversed(self.children.values()))
            try:
                for child in children:
                    _ = child.stop()
                for child in children:
                    await child.join()
            except asyncio.CancelledError:
                cancelled = True
                self.interrupt_children()
        return cancelled

    async def stop_behaviour(self, on_stopped: Callable[[], Awaitable[None]] | None) -> None:
        """Children first, then the actor's own hook; what it raises is logged."""
        if await self.stop_children():
            uncancel()
        try:
            if on_stopped is not None:
                await on_stopped()
        except asyncio.CancelledError:
            uncancel()
            log.warning("%s was interrupted while it stopped", self.path)
        except Exception:
            log.exception("on_stopped of %s failed", self.path)

    def leave(self) -> None:
        """The end: the name is free, and whoever waits for it goes on."""
        self.state = State.STOPPED
        self.behaviour = None
        self.turn = None
        parent = self.parent
        if parent is not None and parent.children is not None:
            parent.children.pop(self.key, None)
        if self._joiners is not None:
            for joiner in self._joiners:
                if not joiner.done():
                    joiner.set_result(None)
            self._joiners = None


def uncancel() -> None:
    """Forget that the current task was cancelled: it has taken note, and goes on."""
    task = asyncio.current_task()
    while task is not None and task.uncancel() > 0:
        pass
