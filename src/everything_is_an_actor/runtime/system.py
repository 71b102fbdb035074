"""`System`: the root of a tree of actors, on one event loop."""

import asyncio
import logging
from abc import ABC, abstractmethod
from asyncio import events
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from types import TracebackType
from typing import Any, Self, overload, override

from everything_is_an_actor.algebra.arguments import need_count, need_function, need_seconds, shown
from everything_is_an_actor.algebra.fold_map import Step
from everything_is_an_actor.algebra.free import Free
from everything_is_an_actor.algebra.operations import ActorOp
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.dispatcher import Dispatcher, PoolDispatcher
from everything_is_an_actor.runtime.errors import ActorNotFoundError, ActorStoppedError
from everything_is_an_actor.runtime.events import StreamItem
from everything_is_an_actor.runtime.letters import DeadLetter, Request, Terminated, current_message
from everything_is_an_actor.runtime.place import (
    AnyPlace,
    Engine,
    State,
    current_place,
    living,
    roots,
)
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Scheduler
from everything_is_an_actor.runtime.span import Tracer
from everything_is_an_actor.runtime.spawner import Spawner
from everything_is_an_actor.runtime.supervision import OneForOneStrategy, SupervisorStrategy

log = logging.getLogger("everything_is_an_actor")

ATTEMPTS = 10  # at ending what does not want to end


class _Root(Behaviour[Any, Any]):
    """What is at the top: it handles nothing, and supervises."""

    __slots__ = ("_strategy",)

    def __init__(self, strategy: SupervisorStrategy) -> None:
        self._strategy = strategy

    @override
    def supervisor_strategy(self) -> SupervisorStrategy:
        return self._strategy


class System(Spawner, ABC):
    """What an actor sees of the system that it is in, `context.system`; an `ActorSystem` is one.

    A tree of actors with one root, on the event loop that runs when it is first used.

    >>> import asyncio
    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> from everything_is_an_actor.free import get_ref
    >>> async def is_there(path: str, system: System) -> bool:
    ...     return (await system.run_free(get_ref(path))).is_alive
    >>> class Watchman(Actor[str, bool]):
    ...     async def on_receive(self, message: str) -> bool:
    ...         return await is_there(message, self.context.system)
    >>> async def main() -> bool:
    ...     async with ActorSystem("app") as system:
    ...         watchman = await system.spawn(Watchman, "watchman")
    ...         return await watchman.ask("/app/watchman")
    >>> asyncio.run(main())
    True
    """

    def __init__(
        self,
        name: str = "actor-system",
        *,
        dispatchers: Mapping[str, Dispatcher] | None = None,
        max_dead_letters: int = 10_000,
        supervisor_strategy: SupervisorStrategy | None = None,
        tracer: Tracer | None = None,
    ) -> None:
        if not isinstance(name, str) or not name or "/" in name:
            raise ValueError(f"a system's name must not be empty or contain '/', got {name!r}")
        need_count("ActorSystem", "max_dead_letters", max_dead_letters, least=0)
        if dispatchers is not None and not isinstance(dispatchers, Mapping):
            raise TypeError(
                "dispatchers must map names to Dispatchers, as in {'io': PoolDispatcher()}, "
                f"got {dispatchers!r}"
            )
        for key, dispatcher in (dispatchers or {}).items():
            if not isinstance(dispatcher, Dispatcher):
                raise TypeError(f"dispatchers[{key!r}] must be a Dispatcher, got {dispatcher!r}")
        strategy = OneForOneStrategy() if supervisor_strategy is None else supervisor_strategy
        if not isinstance(strategy, SupervisorStrategy):
            raise TypeError(f"supervisor_strategy must be a SupervisorStrategy, got {strategy!r}")
        if tracer is not None and not isinstance(tracer, Tracer):
            raise TypeError(f"tracer must be a Tracer, got {shown(tracer)}")
        self.name = name
        self.dead_letters: deque[DeadLetter] = deque(maxlen=max_dead_letters)
        self._dead_letter_listeners: list[Callable[[DeadLetter], None]] = []
        self._failure_listeners: list[Callable[[Terminated], None]] = []
        self._strategy = strategy
        self.tracer = tracer
        self._buried = 0  # dead letters so far
        self._default_dispatcher = PoolDispatcher()
        self._dispatchers = dict(dispatchers or {})
        self._root: Cell[Any, Any] | None = None

    @property
    def root(self) -> Cell[Any, Any]:
        """The cell at the top, the parent of all that is spawned here; made on first use.

        Raises `RuntimeError` outside a running event loop, or on another one than before.
        """
        loop = asyncio.get_running_loop()
        root = self._root
        if root is None:
            engine = Engine(
                Scheduler(loop),
                self,
                self._default_dispatcher,
                self.dispatcher,
                self._dead_letter,
                self._failed,
                self.tracer,
            )
            root = self._root = Cell(engine, None, self.name, lambda: _Root(self._strategy))
            root.behaviour = _Root(self._strategy)
            root.state = State.RUNNING
            roots.add(root)
        elif root.engine.scheduler.loop is not loop:
            raise RuntimeError(f"system {self.name!r} belongs to another event loop")
        return root

    @abstractmethod
    def run_free[A](
        self, program: Free[ActorOp, A], *, trace: list[Step] | None = None
    ) -> Coroutine[Any, Any, A]:
        """Run a program of operations on actors; see `ActorSystem.run_free`."""

    def _dead_letter(self, letter: DeadLetter) -> None:
        self._buried += 1
        self.dead_letters.append(letter)
        _call(self._dead_letter_listeners, letter)

    def _failed(self, terminated: Terminated) -> None:
        _call(self._failure_listeners, terminated)

    def on_dead_letter(self, callback: Callable[[DeadLetter], None]) -> None:
        """Call `callback` with each dead letter from now on; an error in it is logged."""
        need_function("on_dead_letter", "callback", callback)
        self._dead_letter_listeners.append(callback)

    def on_failure(self, callback: Callable[[Terminated], None]) -> None:
        """Call `callback` when an actor at the top is stopped for a failure, with its error.

        That is: it has failed too often, its strategy said so, or the error was escalated past it.
        An error in the callback is logged.
        """
        need_function("on_failure", "callback", callback)
        self._failure_listeners.append(callback)

    @override
    def _nursery(self) -> AnyPlace:
        root = self._root
        if root is not None and root.engine.scheduler.loop is events._get_running_loop():
            return root
        return self.root

    def dispatcher(self, name: str) -> Dispatcher:
        """The dispatcher of that name. Raises `LookupError`."""
        try:
            return self._dispatchers[name]
        except KeyError:
            known = ", ".join(map(repr, self._dispatchers)) or "none"
            raise LookupError(
                f"spawn: system {self.name!r} has no dispatcher {name!r}; it has {known}"
            ) from None

    def get_actor(self, path: str) -> ActorRef[Any, Any]:
        """The living actor at `path`, such as `/app/greeter`; what it takes is not known here.

        Raises `ActorNotFoundError`, `TypeError` for what is no path.
        """
        if not isinstance(path, str):
            raise TypeError(f"get_actor: path must be a str, as in '/app/name', got {shown(path)}")
        if self._root is None:
            raise ActorNotFoundError(path)
        return living(self._root, path)

    @overload
    async def ask[M, R](
        self, target: ActorRef[M, R], message: M, *, timeout: float | None = 5.0
    ) -> R: ...
    @overload
    async def ask(self, target: str, message: Any, *, timeout: float | None = 5.0) -> Any: ...
    async def ask(
        self, target: ActorRef[Any, Any] | str, message: Any, *, timeout: float | None = 5.0
    ) -> Any:
        """Ask an actor, by ref or path; as `ActorRef.ask`.

        What is at a path is not known here: hence the `Any`. Raises `ActorNotFoundError` for an
        unknown path.
        """
        return await self._ref(target).ask(message, timeout=timeout)

    @overload
    def ask_stream[M, R](
        self, target: ActorRef[M, R], message: M, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[R], None]: ...
    @overload
    def ask_stream(
        self, target: str, message: Any, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[Any], None]: ...
    def ask_stream(
        self, target: ActorRef[Any, Any] | str, message: Any, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[Any], None]:
        """Ask an actor, by ref or path; as `ActorRef.ask_stream`.

        What is at a path is not known here: hence the `Any`. Raises `ActorNotFoundError` for an
        unknown path.
        """
        return self._ref(target).ask_stream(message, timeout=timeout)

    @overload
    async def tell[M](self, target: ActorRef[M, Any], message: M) -> None: ...
    @overload
    async def tell(self, target: str, message: Any) -> None: ...
    async def tell(self, target: ActorRef[Any, Any] | str, message: Any) -> None:
        """Tell an actor, by ref or path; as `ActorRef.tell`.

        Raises `ActorNotFoundError` for an unknown path.
        """
        await self._ref(target).tell(message)

    def _ref(self, target: ActorRef[Any, Any] | str) -> ActorRef[Any, Any]:
        if isinstance(target, ActorRef):
            return target
        if not isinstance(target, str):
            raise TypeError(f"the target must be an ActorRef or a path, got {shown(target)}")
        return self.get_actor(target)

    @property
    def late_replies(self) -> int:
        """How many replies came after their asker had given up, and were dropped."""
        return 0 if self._root is None else self._root.engine.late_replies

    @property
    def children(self) -> tuple[ActorRef[Any, Any], ...]:
        """The living actors at the top, in order of start. Each takes messages of its own."""
        return tuple((self._root.children or {}).values()) if self._root is not None else ()

    async def shutdown(self, timeout: float = 10.0) -> None:
        """Stop every actor, children before parents, in reverse order of start.

        Each of those at the top has an equal share of what is left of `timeout` seconds; what has
        not stopped by then is cancelled; what goes on in spite of that is cancelled again every
        second, and given up with an error in the log after ten. Called by an actor of this system,
        it stops the others first, of which those that wait for its reply get an error instead, and
        leaves that actor to stop after its message in hand.
        Harmless when repeated, also after it was cancelled half-way. Raises `TypeError` or
        `ValueError` if `timeout` is not a number of seconds.
        """
        need_seconds("shutdown", "timeout", timeout, zero=True)
        root = self._root or self.root  # one that was never used is closed as well
        if root.state is State.STOPPED:
            self._let_go()
            return
        if root.engine.scheduler.loop is not asyncio.get_running_loop():
            raise RuntimeError(f"system {self.name!r} belongs to another event loop")
        root.state = State.STOPPING
        buried = self._buried
        here = current_place()
        while here is not None and here.parent is not None and here.parent is not root:
            here = here.parent
        others = [place for place in (root.children or {}).values() if place is not here]
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        _tell_those_who_wait()
        while others:
            place = others.pop()
            share = max(deadline - loop.time(), 0.0) / (len(others) + 1)
            await _stop(place, share)
            await root.engine.scheduler.step()
        if here is not None and here.parent is root and here.state < State.STOPPED:
            _ = here.stop()
        root.leave()
        self._let_go()
        if self._buried > buried:
            left = self._buried - buried
            log.warning(
                "%d %s not handled before the shutdown of %s: see its dead letters; "
                "ask, or stop(drain=True), waits for them",
                left,
                "message was" if left == 1 else "messages were",
                self.name,
            )

    def _let_go(self) -> None:
        """Close what is not an actor."""
        if self._root is not None:
            self._root.engine.deadlines.close()
        for dispatcher in (self._default_dispatcher, *self._dispatchers.values()):
            dispatcher.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.shutdown()


def _call[L](listeners: list[Callable[[L], None]], news: L) -> None:
    for listener in listeners:
        try:
            listener(news)
        except Exception:
            log.exception("a listener failed on %r", news)


def _tell_those_who_wait() -> None:
    """Fail the asks of actors that wait for the caller: it will wait for their end."""
    link = current_message.get()
    while link is not None:
        if isinstance(link, Request) and link.sender is not None and link.recipient is not None:
            link.fail(ActorStoppedError(link.recipient.path, "it shuts down the system"))
        link = link.within


async def _stop(place: AnyPlace, share: float) -> None:
    """Stop one actor within its share of the time, then cancel it."""
    _ = place.stop()
    if place.state is State.STOPPED or await _has_stopped(place, share):
        return
    for _attempt in range(ATTEMPTS):
        _ = place.interrupt()
        if await _has_stopped(place, 1.0):
            return
    log.error("shutdown gives up on %s: it goes on in spite of being cancelled", place.path)


async def _has_stopped(place: AnyPlace, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await place.join()
    except TimeoutError:
        return False
    return True
