"""Virtual actors: an identity is asked, and whether an actor is there is the runtime's affair.

The model is Orleans' (Bernstein et al., "Orleans: Distributed Virtual Actors", 2014): a virtual
actor exists always. It is activated by the first message, deactivated when it has been idle for
long, and activated again by the next message; who asks does not notice.

The problem: between "there is an actor" and "there is none" lie two stretches of time, in which the
actor starts and in which it stops, and messages come in both. A message must not start a second
actor beside the one that starts or stops, must not be lost with the one that stops, and must not
overtake what that one has left.

The design: each identity is a `Grain` (`activation.py`) that is either active, and then messages go
straight to its cell, or collects them, and then exactly one task or one ending cell is going to
take them over. An activation belongs to the grain, not to the asker that caused it: an asker that
is cancelled or out of time withdraws its own request, and the actor starts all the same, for the
others or, if there is nobody left, to idle out later. An actor that stops leaves what it has not
handled to its grain, and the next actor is given that first. So a request may pass through several
incarnations, with one deadline and one future.

The store is written after `on_started` and before the first message of the registry is handled.
So whoever has answered is listed, nobody is who has never started, and a start that fails has
nothing to undo: an undo could not tell an identity of an earlier process from one of its own.

Rejected: a lock around "look up, or spawn" (a cancelled holder, and a queue of askers that knows
nothing of their order with the messages of the actor); stopping and retrying on `ActorStoppedError`
(it cannot tell a message that was lost from one that was handled); a proxy actor for each identity
(twice the memory, and one more hop for each message).
"""

import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from everything_is_an_actor.algebra.arguments import (
    callable_name,
    need_function,
    need_label,
    need_seconds,
    shown,
)
from everything_is_an_actor.runtime.activation import ClassGuardian, Grain, Kind
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.runtime.events import StreamItem
from everything_is_an_actor.runtime.guardian import Guardian
from everything_is_an_actor.runtime.listening import ask_stream
from everything_is_an_actor.runtime.mailbox import Mailbox
from everything_is_an_actor.runtime.middleware import Middleware
from everything_is_an_actor.runtime.place import AnyPlace, State, current_place
from everything_is_an_actor.runtime.policy import AfterIdle
from everything_is_an_actor.runtime.spawning import (
    constructor,
    default_capacity,
    need_actor_class,
    need_capacity,
    need_middlewares,
)
from everything_is_an_actor.runtime.store import Ledger, MemoryRegistryStore, RegistryStore
from everything_is_an_actor.runtime.system import System

log = logging.getLogger("everything_is_an_actor")

_serials: WeakKeyDictionary[System, "count[int]"] = WeakKeyDictionary()


class VirtualActorRegistry:
    """The virtual actors of a system: `(class, id)` is one actor, active or not.

    A class without a `stop_policy` of its own is deactivated after `default_idle_seconds` without a
    message (`None`: never). `store` keeps the identities; what it is called with is
    `module.qualname` of the class, so it cannot tell apart two classes of the same name that were
    made by a function. One store belongs to one registry at a time. Errors are judged by the
    system's own strategy. Raises `TypeError` or `ValueError` for wrong arguments.

    >>> import asyncio
    >>> from everything_is_an_actor import Actor, ActorSystem, VirtualActorRegistry
    >>> class Counter(Actor[int, str]):
    ...     total = 0
    ...
    ...     async def on_receive(self, message: int) -> str:
    ...         self.total += message
    ...         return f"{self.context.self_ref.name}: {self.total}"
    >>> async def main() -> list[str]:
    ...     async with ActorSystem() as system:
    ...         registry = VirtualActorRegistry(system, default_idle_seconds=60.0)
    ...         await registry.tell(Counter, "ada", 40)
    ...         return [await registry.ask(Counter, name, 2) for name in ("ada", "bob")]
    >>> asyncio.run(main())
    ['ada: 42', 'bob: 2']
    """

    def __init__(
        self,
        system: System,
        *,
        store: RegistryStore | None = None,
        default_idle_seconds: float | None = 300.0,
    ) -> None:
        name = type(self).__name__
        if not isinstance(system, System):
            raise TypeError(f"{name}: system must be an ActorSystem, got {shown(system)}")
        if store is not None and not isinstance(store, RegistryStore):
            raise TypeError(
                f"{name}: store must have put, delete and list_all (a RegistryStore), "
                f"got {shown(store)}"
            )
        if default_idle_seconds is not None:
            need_seconds(name, "default_idle_seconds", default_idle_seconds)
        self._system = system
        self._ledger = Ledger(MemoryRegistryStore() if store is None else store)
        self._policy = None if default_idle_seconds is None else AfterIdle(default_idle_seconds)
        self._serial = _serials.setdefault(system, count(1))
        self._name = f"virtual-{next(self._serial)}"
        self._top: Guardian | None = None
        self._guardians: dict[type[Behaviour[Any, Any]], ClassGuardian] = {}
        self._registered: dict[type[Behaviour[Any, Any]], Kind] = {}
        self._labels: WeakKeyDictionary[type[Behaviour[Any, Any]], str] = WeakKeyDictionary()
        self._namesakes: Counter[str] = Counter()
        self._listeners: list[Callable[[type[Behaviour[Any, Any]], str], object]] = []

    def register(
        self,
        cls: type[Behaviour[Any, Any]],
        *,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
        mailbox: Callable[[], Mailbox] | None = None,
        mailbox_size: int | None = None,
        middlewares: Sequence[Middleware] = (),
    ) -> None:
        """Say how actors of `cls` are made; a class that is not registered is made as `cls()`.

        The options are those of `ActorSystem.spawn` (`mailbox_size=None`: 256, or what the class
        says by `__actor__`), but `mailbox` makes one, for each activation anew, as in
        `mailbox=lambda: PriorityMailbox(key=urgency)`. What came before the start is handled first,
        in order of arrival, and bounded by `mailbox_size`. They hold from the next activation on.
        Raises `TypeError` or `ValueError`.

        >>> import asyncio
        >>> from everything_is_an_actor import Actor, ActorSystem, VirtualActorRegistry
        >>> class Greeter(Actor[str, str]):
        ...     def __init__(self, greeting: str) -> None:
        ...         self.greeting = greeting
        ...
        ...     async def on_receive(self, message: str) -> str:
        ...         return f"{self.greeting}, {message}"
        >>> async def main() -> str:
        ...     async with ActorSystem() as system:
        ...         registry = VirtualActorRegistry(system)
        ...         registry.register(Greeter, args=("hello",))
        ...         return await registry.ask(Greeter, "polite", "Ada")
        >>> asyncio.run(main())
        'hello, Ada'
        """
        need_actor_class("register", cls)
        size = default_capacity("register", cls) if mailbox_size is None else mailbox_size
        need_capacity("register", size)
        need_middlewares("register", middlewares)
        if isinstance(mailbox, Mailbox):
            raise TypeError(
                "register: mailbox must be a function that makes a new one for each activation, "
                f"as in lambda: {type(mailbox).__name__}(...), got {shown(mailbox)}"
            )
        if mailbox is not None:
            need_function("register", "mailbox", mailbox)
        make = constructor(cls, args, kwargs)
        name = _kind_name(cls)
        self._registered[cls] = Kind(name, make, size, tuple(middlewares), self._policy, mailbox)

    # ------------------------------------------------------------------ messages

    async def ask[M, R](
        self, cls: type[Behaviour[M, R]], id: str, msg: M, *, timeout: float | None = 30.0
    ) -> R:
        """Send a message and wait for the reply, at most `timeout` seconds (`None`: no bound).

        The activation, and the end of an actor that is going down, are part of that time. Raises
        what the handler, the constructor or `on_started` raises, the store's error,
        `AskTimeoutError`, `AskCycleError`, `ActorStoppedError` once the system is shutting down, or
        `TypeError` and `ValueError` for a wrong `cls` or `id`.
        """
        cell = self._active(cls, id)
        if cell is not None and cell.engine.scheduler.nearly_tired:
            await cell.engine.scheduler.rest_now()  # after the look-up, the actor could be gone
            cell = self._active(cls, id)
        if cell is not None:
            reply: R = await cell.ask(msg, timeout=timeout)
        else:
            reply = await self._grain("ask", cls, id).ask(msg, timeout)
        return reply

    def ask_stream[M, R](
        self, cls: type[Behaviour[M, R]], id: str, msg: M, *, timeout: float | None = 30.0
    ) -> AsyncGenerator[StreamItem[R], None]:
        """As `ask`; a `StreamEvent` for each event of the tasks on the way, then a `StreamResult`.

        Nothing is sent before the first item is asked for. Leaving early gives the ask up. Raises
        what `ask` raises, after the last event.
        """
        engine = self._system.root.engine
        return ask_stream(engine, lambda: self.ask(cls, id, msg, timeout=timeout))

    async def tell[M](self, cls: type[Behaviour[M, Any]], id: str, msg: M) -> None:
        """Send a message; wait only if the mailbox, or the line before a start, is full.

        If the actor fails to start, the message becomes a dead letter. Raises `ActorStoppedError`
        once the system is shutting down, `MailboxFullError` as `ActorRef.tell`, `TypeError` and
        `ValueError` for a wrong `cls` or `id`.
        """
        cell = self._active(cls, id)
        if cell is not None and cell.engine.scheduler.nearly_tired:
            await cell.engine.scheduler.rest_now()  # after the look-up, the actor could be gone
            cell = self._active(cls, id)
        if cell is not None:
            await cell.tell(msg)
        else:
            await self._grain("tell", cls, id).tell(msg)

    # ------------------------------------------------------------------ ends

    async def deactivate(self, cls: type[Behaviour[Any, Any]], id: str) -> None:
        """Have the actor handle what is queued and stop; wait until it has.

        It stays known, and the next message activates it again: also one that comes meanwhile,
        which waits for the end. Harmless if it is not active; one that is starting is waited for.
        An actor that deactivates itself does not wait for its own end. Raises `TypeError` and
        `ValueError` for a wrong `cls` or `id`.
        """
        grain = self._present("deactivate", cls, id)
        if grain is not None:
            await grain.deactivate()

    async def deactivate_all(self) -> None:
        """As `deactivate`, for all that are active or starting now, all at once."""
        guardians = list(self._guardians.values())
        grains = [grain for guardian in guardians for grain in guardian.grains.values()]
        here = current_place()
        cells = [grain.cell for grain in grains if grain.cell is not None]
        starting = [grain for grain in grains if grain.cell is None]
        for cell in cells:
            _ = cell.stop(drain=True)
            await cell.engine.scheduler.step()
        for cell in cells:
            if cell is not here:
                await cell.join()
        for grain in starting:
            if grain.task is not None:
                await grain.deactivate()

    async def forget(self, cls: type[Behaviour[Any, Any]], id: str) -> None:
        """Deactivate an actor and delete its identity from the store.

        A later message activates it, and makes it known, again. Raises what the store raises, or
        `TypeError` and `ValueError` for a wrong `cls` or `id`.
        """
        grain = self._present("forget", cls, id)
        former = None if grain is None else grain.cell

        def is_back() -> bool:
            grain = self._present("forget", cls, id)
            return grain is not None and grain.cell is not None and grain.cell is not former

        await self.deactivate(cls, id)
        await self._ledger.delete(_kind_name(cls), id, is_back)

    def on_deactivate(self, callback: Callable[[type[Behaviour[Any, Any]], str], object]) -> None:
        """Call `callback` with class and id whenever an actor has ended, however it did.

        Once for each time that it was active, after `on_stopped`; an error in it is logged. An
        actor that failed to start has not been active.
        """
        self._listeners.append(callback)

    # ------------------------------------------------------------------ who there is

    def is_active(self, cls: type[Behaviour[Any, Any]], id: str) -> bool:
        """Whether an actor has started and has not ended; it may be going down already."""
        grain = self._present("is_active", cls, id)
        return grain is not None and grain.cell is not None

    def active_ids(self, cls: type[Behaviour[Any, Any]]) -> tuple[str, ...]:
        """The ids of the active actors of a class."""
        need_actor_class("active_ids", cls)
        guardian = self._guardians.get(cls)
        grains = {} if guardian is None else guardian.grains
        return tuple(id for id, grain in grains.items() if grain.cell is not None)

    @property
    def active_count(self) -> int:
        """How many actors of all classes are active."""
        return sum(guardian.active for guardian in self._guardians.values())

    async def known_ids(self, cls: type[Behaviour[Any, Any]]) -> tuple[str, ...]:
        """The ids that the store keeps for a class, active or not, of this process or an earlier.

        Raises what the store raises.
        """
        need_actor_class("known_ids", cls)
        return await self._ledger.ids(_kind_name(cls))

    # ------------------------------------------------------------------ grains and guardians

    def _active(self, cls: type[Behaviour[Any, Any]], id: str) -> Cell[Any, Any] | None:
        """The actor, if it takes messages; what is wrong with `cls` and `id` is said elsewhere."""
        try:
            cell = self._guardians[cls].grains[id].cell
        except (KeyError, TypeError):
            return None
        return cell if cell is not None and cell.state <= State.RETIRING else None

    def _present(self, where: str, cls: type[Behaviour[Any, Any]], id: str) -> Grain | None:
        need_actor_class(where, cls)
        need_label(where, "id", id)
        guardian = self._guardians.get(cls)
        return None if guardian is None else guardian.grains.get(id)

    def _grain(self, where: str, cls: type[Behaviour[Any, Any]], id: str) -> Grain:
        """The grain of an identity, made if there is none. Raises `ActorStoppedError`."""
        grain = self._present(where, cls, id)
        root = self._system.root
        if not root.is_alive:
            raise ActorStoppedError(root.path, f"it can no longer activate {id!r}")
        guardian = self._guardian(where, cls, root)
        if not guardian.is_open:
            raise ActorStoppedError(guardian.path, f"it can no longer activate {id!r}")
        if grain is None:
            grain = guardian.grains[id] = Grain(guardian, id)
        return grain

    def _kind(self, cls: type[Behaviour[Any, Any]], size: int) -> Kind:
        kind = self._registered.get(cls)
        return Kind(_kind_name(cls), cls, size, (), self._policy) if kind is None else kind

    def _guardian(
        self, where: str, cls: type[Behaviour[Any, Any]], root: AnyPlace
    ) -> ClassGuardian:
        guardian = self._guardians.get(cls)
        if guardian is not None:
            return guardian
        size = default_capacity(where, cls)
        if self._top is None:
            while root.children is not None and self._name in root.children:
                self._name = f"virtual-{next(self._serial)}"
            self._top = Guardian(root, self._name, root.behaviour, self._top_left)
        guardian = self._guardians[cls] = ClassGuardian(
            self._top,
            self._label(cls),
            root.behaviour,
            lambda: self._guardian_left(cls),
            lambda: self._kind(cls, size),
            self._ledger,
            lambda id: self._ended(cls, id),
        )
        return guardian

    def _label(self, cls: type[Behaviour[Any, Any]]) -> str:
        """A name for the guardian of a class: that of the class, numbered from the second on."""
        label = self._labels.get(cls)
        if label is None:
            name = callable_name(cls)
            self._namesakes[name] += 1
            number = self._namesakes[name]
            label = self._labels[cls] = name if number == 1 else f"{name}-{number}"
        return label

    def _guardian_left(self, cls: type[Behaviour[Any, Any]]) -> None:
        del self._guardians[cls]
        if not self._guardians and self._top is not None:
            _ = self._top.stop()

    def _top_left(self) -> None:
        self._top = None

    def _ended(self, cls: type[Behaviour[Any, Any]], id: str) -> None:
        for listener in self._listeners:
            try:
                listener(cls, id)
            except Exception:
                log.exception("a listener failed on the deactivation of %r %r", cls, id)


def _kind_name(cls: type[Behaviour[Any, Any]]) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
