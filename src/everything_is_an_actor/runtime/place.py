"""A place in the tree of actors: who is above, who is below, and whether it is alive.

Long-lived actors (`cell.py`) and agents that are used once (`agent.py`) have this in common. States
go one way; a stopped place is never revived. A new actor of the same name is another place, and an
old ref cannot reach it, because the place *is* the ref.
"""

import asyncio
import logging
from abc import abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import suppress
from enum import IntEnum
from typing import Any, ClassVar, Final, Never, Protocol, override
from urllib.parse import unquote
from weakref import WeakSet

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cycles import Waits
from everything_is_an_actor.runtime.deadlines import Deadlines
from everything_is_an_actor.runtime.dispatcher import Dispatcher
from everything_is_an_actor.runtime.errors import ActorNotFoundError, ActorStoppedError
from everything_is_an_actor.runtime.events import StreamItem, StreamResult
from everything_is_an_actor.runtime.letters import (
    DeadLetter,
    Envelope,
    Request,
    Terminated,
    current_message,
)
from everything_is_an_actor.runtime.paths import escaped
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Scheduler
from everything_is_an_actor.runtime.span import Tracer

log = logging.getLogger("everything_is_an_actor")

type AnyPlace = Place[Any, Any]  # one whose messages the engine does not look at

roots: WeakSet[AnyPlace] = WeakSet()
"""The tops of the systems of this process."""


class State(IntEnum):
    """Where a place is in its life: it takes messages before `DRAINING`, handles them before
    `STOPPING`. `RETIRING` is idle for too long, and on its way to stop unless a message comes.
    """

    STARTING = 0
    RUNNING = 1
    RETIRING = 2
    DRAINING = 3
    STOPPING = 4
    STOPPED = 5


# An enum finds its members through its metaclass: too long for what every agent does.
STARTING: Final = State.STARTING
RUNNING: Final = State.RUNNING
STOPPED: Final = State.STOPPED


class Engine:
    """What the places of one system share: its loop, the deadlines of asks, the dead letters.

    `dispatcher` finds one by the name that it has in the system. Raises `LookupError`.
    """

    __slots__ = (
        "__weakref__",
        "_dead_letter",
        "_failure",
        "deadlines",
        "default_dispatcher",
        "dispatcher",
        "late_replies",
        "scheduler",
        "system",
        "tracer",
        "waits",
    )

    def __init__(
        self,
        scheduler: Scheduler,
        system: object,
        default_dispatcher: Dispatcher,
        dispatcher: Callable[[str], Dispatcher],
        dead_letter: Callable[[DeadLetter], None],
        failure: Callable[[Terminated], None],
        tracer: Tracer | None = None,
    ) -> None:
        self.scheduler = scheduler
        self.deadlines = Deadlines(scheduler.loop)
        self.late_replies = 0
        self.waits = Waits()
        self.system = system
        self.default_dispatcher = default_dispatcher
        self.dispatcher = dispatcher
        self.tracer = tracer
        self._dead_letter = dead_letter
        self._failure = failure

    def here(self) -> Any:
        """Where the tracer says that the code is that runs; its own, hence the `Any`."""
        return None if self.tracer is None else self.tracer.here()

    def bury(self, recipient: AnyPlace, envelope: Envelope, reason: str) -> None:
        """Record that nobody will handle `envelope`; one who waits for the reply is told."""
        if isinstance(envelope, Request):
            envelope.fail(ActorStoppedError(recipient.path, reason))
        self._dead_letter(DeadLetter(recipient, envelope.message, envelope.sender, reason))

    def publish_failure(self, place: AnyPlace, error: Exception) -> None:
        """Tell who wants to know that `place`, at the top, is stopped for `error`."""
        self._failure(Terminated(place, error))


class Watcher(Protocol):
    """What is told, once, that a place has ended."""

    def told(self, terminated: Terminated, /) -> None:
        """Take note of the end."""


class Ending:
    """What `stop` and `interrupt` return: to be ignored, or awaited for the end."""

    __slots__ = ("_place",)

    def __init__(self, place: AnyPlace) -> None:
        self._place = place

    def __await__(self) -> Generator[Any, None, None]:
        return self._place.join().__await__()


class Place[M, R](ActorRef[M, R]):
    """One incarnation of an actor or agent, as its parent and its children know it."""

    __slots__ = (
        "_joiners",
        "behaviour",
        "children",
        "engine",
        "in_hand",
        "parent",
        "reason",
        "state",
        "turn",
        "watchers",
    )

    engine: Engine
    parent: AnyPlace | None
    state: State
    children: dict[str | int, AnyPlace] | None
    behaviour: Behaviour[Any, Any] | None
    turn: asyncio.Task[Any] | asyncio.Handle | None  # what it is doing, or is about to do
    in_hand: Envelope | None  # the message that is being handled
    reason: str | BaseException  # why it has stopped, or is about to
    watchers: dict[Watcher, None] | None
    _joiners: dict[asyncio.Future[None], None] | None  # in order of arrival

    def __init__(self, engine: Engine, parent: AnyPlace | None) -> None:
        self.engine = engine
        self.parent = parent
        self.state = STARTING
        self.children = None
        self.behaviour = None
        self.turn = None
        self.in_hand = None
        self.reason = "stopped"
        self.watchers = None
        self._joiners = None

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
            names.append(escaped(place.name))
            place = place.parent
        return "/" + "/".join(reversed(names))

    @property
    def works_as(self) -> object:
        """The class of its instance."""
        return type(self.behaviour)

    @property
    @override
    def is_alive(self) -> bool:
        return self.state < State.DRAINING

    @property
    def is_used_once(self) -> bool:
        """Whether it is there for one message, whose end is also its own."""
        return False

    @property
    def is_being_cancelled(self) -> bool:
        """Whether what it has in hand was cancelled, and has not come to its end."""
        return isinstance(self.turn, asyncio.Task) and self.turn.cancelling() > 0

    def is_below(self, place: AnyPlace) -> bool:
        """Whether this is a child of `place`, or of one below it."""
        above = self.parent
        while above is not None and above is not place:
            above = above.parent
        return above is not None

    @override
    def __reduce__(self) -> tuple[Callable[[str], ActorRef[Any, Any]], tuple[str]]:
        return find, (self.path,)

    def adopt(self, child: AnyPlace, key: str | int) -> None:
        """Make `child` one of the children. Raises `ActorStoppedError` when stopping."""
        if self.state is not RUNNING and self.state not in (State.STARTING, State.DRAINING):
            raise ActorStoppedError(self.path, f"it can no longer start {child.name}")
        if self.children is None:
            self.children = {}
        self.children[key] = child

    @override
    async def join(self) -> None:
        if self.state is State.STOPPED:
            return
        task, here = asyncio.current_task(), current_place()
        if self.turn is not None and self.turn is task:
            raise RuntimeError(f"actor {self.path} cannot join itself: it would wait for ever")
        if here is not None and task is not None and here.turn is task and here.is_below(self):
            raise RuntimeError(
                f"actor {here.path} cannot join {self.path}, which waits for its children to end: "
                "stop it, and do not wait"
            )
        joiner = self.engine.scheduler.loop.create_future()
        if self._joiners is None:
            self._joiners = {}
        self._joiners[joiner] = None
        try:
            await joiner
        finally:
            if self._joiners is not None:
                self._joiners.pop(joiner, None)

    async def ended(self) -> bool:
        """Wait for the end; true if the caller was cancelled meanwhile, which interrupts it."""
        cancelled = False
        while self.state < State.STOPPED:
            try:
                await self.join()
            except asyncio.CancelledError:
                cancelled = True
                _ = self.stop() if self.is_being_cancelled else self.interrupt()
        return cancelled

    def hasten(self) -> None:
        """Have it end: what it has in hand is cancelled, once, and none of its finalisers."""
        _ = self.stop() if self.is_being_cancelled or self._is_finalising else self.interrupt()

    @property
    @abstractmethod
    def _is_finalising(self) -> bool:
        """Whether what it does is the last that it does, its `on_stopped`."""

    @abstractmethod
    def give_up(self, message: Any) -> None:
        """Cancel the work on `message`, if it is in hand, and nothing else; once.

        Of whom the message is, only the place knows: hence the `Any`.
        """

    def interrupt_children(self) -> None:
        """Cancel what the children have in hand, last started first; not its finalisers."""
        for child in reversed(list((self.children or {}).values())):
            _ = child.stop() if child.is_being_cancelled else child.interrupt()

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
                    await self.engine.scheduler.step()
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
        self.state = STOPPED
        self.behaviour = None
        self.turn = None
        self.in_hand = None
        parent = self.parent
        if parent is not None and parent.children is not None:
            parent.children.pop(self.key, None)
        if self._joiners is not None:
            for joiner in self._joiners:
                if not joiner.done():
                    joiner.set_result(None)
            self._joiners = None
        if self.watchers is not None:
            terminated = Terminated(self, self.reason)
            for watcher in self.watchers:
                watcher.told(terminated)
            self.watchers = None


class Mute(Place[Never, Never]):
    """A place that takes no messages: whatever is sent to it is a dead letter."""

    __slots__ = ()

    @override
    def give_up(self, message: Any) -> None:
        """Nothing to do: it works on no message."""

    @property
    @override
    def _is_finalising(self) -> bool:
        return False

    what: ClassVar[str]
    """What it is, with its article."""

    @override
    async def tell(self, message: Never) -> None:
        self.tell_nowait(message)

    @override
    def tell_nowait(self, message: Never) -> None:
        self.engine.bury(self, Envelope(message, current_place()), f"{self.what} takes no messages")

    @override
    async def ask(self, message: Never, *, timeout: float | None = 5.0) -> Never:
        self.tell_nowait(message)
        raise ActorStoppedError(self.path, f"{self.what} takes no messages")

    @override
    async def ask_stream(
        self, message: Never, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[Never], None]:
        yield StreamResult(await self.ask(message))


def current_place() -> AnyPlace | None:
    """The actor or agent that the running code is part of, if it is."""
    message = current_message.get()
    return None if message is None else message.recipient  # type: ignore[return-value]  # whoever handles a message is a place


def uncancel() -> None:
    """Forget that the current task was cancelled: it has taken note, and goes on."""
    task = asyncio.current_task()
    while task is not None and task.uncancel() > 0:
        pass


def living(root: AnyPlace, path: str) -> AnyPlace:
    """The living actor at `path`, below `root`. Raises `ActorNotFoundError`."""
    top, *names = path.removeprefix("/").split("/")
    place: AnyPlace | None = root if names and top == root.name else None
    for name in names:
        children: dict[Any, AnyPlace] = (place.children if place is not None else None) or {}
        place = children.get(unquote(name)) or children.get(name)
        if place is None or not place.is_alive:
            break
    if place is None or not place.is_alive:
        raise ActorNotFoundError(path)
    return place


def find(path: str) -> ActorRef[Any, Any]:
    """The living actor at `path`, in the system of the caller before others of this process.

    What a pickled ref is made of again. Raises `ActorNotFoundError`.
    """
    here = current_place()
    own = None if here is None else here.engine
    for root in sorted(roots, key=lambda root: root.engine is not own):
        with suppress(ActorNotFoundError):
            return living(root, path)
    raise ActorNotFoundError(path)
