"""`ActorSystem`: the root of a tree of actors, on one event loop."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.context import spawn
from everything_is_an_actor.runtime.errors import ActorNotFoundError
from everything_is_an_actor.runtime.letters import DeadLetter
from everything_is_an_actor.runtime.mailbox import Mailbox
from everything_is_an_actor.runtime.place import AnyPlace, Engine, State, current_place
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Scheduler

log = logging.getLogger("everything_is_an_actor")

ATTEMPTS = 10  # at ending what does not want to end


class ActorSystem:
    """A tree of actors with one root, on the event loop that runs when it is first used.

    `max_dead_letters` bounds how many of the latest dead letters are kept. An async context
    manager: leaving it shuts the system down.

    Raises `ValueError` for an empty name or one with a `/`.

    >>> import asyncio
    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> class Greeter(Actor[str, str]):
    ...     async def on_receive(self, message: str) -> str:
    ...         return f"hello, {message}"
    >>> async def main() -> str:
    ...     async with ActorSystem("app") as system:
    ...         greeter = await system.spawn(Greeter, "greeter")
    ...         return await greeter.ask("Ada", timeout=1.0)
    >>> asyncio.run(main())
    'hello, Ada'
    """

    def __init__(self, name: str = "actor-system", *, max_dead_letters: int = 10_000) -> None:
        if not name or "/" in name:
            raise ValueError(f"a system's name must not be empty or contain '/', got {name!r}")
        self.name = name
        self.dead_letters: deque[DeadLetter] = deque(maxlen=max_dead_letters)
        self._listeners: list[Callable[[DeadLetter], None]] = []
        self._root: Cell[Any, Any] | None = None

    @property
    def root(self) -> Cell[Any, Any]:
        """The cell at the top, the parent of all that is spawned here; made on first use.

        Raises `RuntimeError` outside a running event loop, or on another one than before.
        """
        loop = asyncio.get_running_loop()
        root = self._root
        if root is None:
            engine = Engine(Scheduler(loop), self._dead_letter)
            root = self._root = Cell(engine, None, self.name, Behaviour)
            root.behaviour = Behaviour()
            root.state = State.RUNNING
        elif root.engine.scheduler.loop is not loop:
            raise RuntimeError(f"system {self.name!r} belongs to another event loop")
        return root

    def _dead_letter(self, letter: DeadLetter) -> None:
        self.dead_letters.append(letter)
        for listener in self._listeners:
            try:
                listener(letter)
            except Exception:
                log.exception("a listener failed on %r", letter)

    def on_dead_letter(self, callback: Callable[[DeadLetter], None]) -> None:
        """Call `callback` with each dead letter from now on; an error in it is logged."""
        self._listeners.append(callback)

    async def spawn[M, R](
        self,
        cls: type[Behaviour[M, R]],
        name: str,
        *,
        mailbox: Mailbox | None = None,
        mailbox_size: int = 256,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> ActorRef[M, R]:
        """Start an actor; it is running, `on_started` included, when this returns.

        `mailbox_size` is in messages (0: no bound), for the default mailbox; `args` and `kwargs`
        go to the class, whose affair their types are. Raises `NameInUseError`,
        `ActorStoppedError` after a shutdown, or what the actor raises while it starts.
        """
        capacity = mailbox if mailbox is not None else mailbox_size
        return await spawn(self.root, cls, name, capacity, args, kwargs)

    def get_actor(self, path: str) -> ActorRef[Any, Any]:
        """The living actor at `path`, such as `/app/greeter`; what it takes is not known here.

        Raises `ActorNotFoundError`.
        """
        cell: AnyPlace | None = self._root
        top, *names = path.removeprefix("/").split("/")
        if cell is None or top != self.name or not names:
            raise ActorNotFoundError(path)
        for name in names:
            children: dict[Any, AnyPlace] = cell.children or {}
            cell = children.get(name)
            if cell is None or not cell.is_alive:
                raise ActorNotFoundError(path)
        return cell

    @property
    def children(self) -> tuple[ActorRef[Any, Any], ...]:
        """The living actors at the top, in order of start. Each takes messages of its own."""
        return tuple((self._root.children or {}).values()) if self._root is not None else ()

    async def shutdown(self, timeout: float = 10.0) -> None:
        """Stop every actor, children before parents, in reverse order of start.

        What has not stopped within `timeout` seconds is cancelled; what goes on in spite of that
        is cancelled again every second, and given up with an error in the log after ten. Called by
        an actor of this system, it stops the others first, and leaves that actor to stop after its
        message in hand. Harmless when repeated.
        """
        root = self._root
        if root is None or root.state is State.STOPPED:
            return
        root.state = State.STOPPING
        here = current_place.get()
        while here is not None and here.parent is not None and here.parent is not root:
            here = here.parent
        others = [place for place in (root.children or {}).values() if place is not here]
        for place in reversed(others):
            _ = place.stop()
        if not await _all_stopped(others, timeout):
            for _attempt in range(ATTEMPTS):
                for place in others:
                    _ = place.interrupt()
                if await _all_stopped(others, 1.0):
                    break
            else:
                left = ", ".join(place.path for place in others if place.state < State.STOPPED)
                log.error("shutdown gives up on %s: it goes on in spite of being cancelled", left)
        if here is not None and here.parent is root and here.state < State.STOPPED:
            _ = here.stop()
        root.leave()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.shutdown()


async def _all_stopped(places: list[AnyPlace], timeout: float) -> bool:
    try:
        async with asyncio.timeout(timeout):
            for place in reversed(places):
                await place.join()
    except TimeoutError:
        return False
    return True
