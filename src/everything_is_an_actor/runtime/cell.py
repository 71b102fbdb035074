"""The cell: one incarnation of an actor, and everything the engine does for it.

The problem: an actor handles one message at a time, but an actor that waits for a message must
cost nothing but memory, and a message whose handler never waits must not go through the loop.

The design: a cell holds no task while it is idle. The first message starts a *turn*, an eager task
that handles it and then whatever has been queued meanwhile, and ends when the mailbox is empty.
So "one at a time" needs no lock: there is a turn, or there is none. An `ask` to an idle actor
starts the turn in the asker's own step; a `tell` queues its message and schedules the turn, so that
sending never runs the receiver. The mailbox is made when something has to be queued.

Everything else happens within the turn as well, between two messages: a failed handler is judged
by the parent's strategy, a restart replaces the instance, a stop ends the cell. Only one task ever
touches an actor, hence two incarnations cannot overlap. `interrupt` cancels the turn, which is
cancelled at the handler's next await.

States go one way: starting, running, stopping, stopped. A stopped cell is never revived; a new
actor of the same name is another cell, and an old ref cannot reach it: the cell *is* the ref.

Rejected: a task per actor that waits on a queue (costs 1 KB and a trip through the loop per
message); a task per message (the order of two messages would be the scheduler's affair).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextvars import ContextVar
from enum import IntEnum
from typing import Any, assert_never, override

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.errors import (
    ActorStoppedError,
    AskTimeoutError,
    NameInUseError,
)
from everything_is_an_actor.runtime.letters import DeadLetter, Envelope, Request
from everything_is_an_actor.runtime.mailbox import MemoryMailbox
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.scheduler import Scheduler
from everything_is_an_actor.runtime.supervision import Directive

log = logging.getLogger("everything_is_an_actor")

MESSAGES_PER_TURN = 64  # handled in a row before other actors get their turn

type AnyCell = Cell[Any, Any]  # a cell whose messages the engine does not look at

current_cell: ContextVar[AnyCell | None] = ContextVar("current_cell", default=None)


class State(IntEnum):
    """Where a cell is in its life."""

    STARTING = 0
    RUNNING = 1
    DRAINING = 2
    STOPPING = 3
    STOPPED = 4


class Engine:
    """What the cells of one system share: its loop, and the dead letters."""

    __slots__ = ("__weakref__", "_dead_letter", "late_replies", "scheduler")

    def __init__(self, scheduler: Scheduler, dead_letter: Callable[[DeadLetter], None]) -> None:
        self.scheduler = scheduler
        self.late_replies = 0
        self._dead_letter = dead_letter

    def bury(self, cell: AnyCell, envelope: Envelope, reason: str) -> None:
        """Record that nobody will handle `envelope`; one who waits for the reply is told."""
        if isinstance(envelope, Request):
            envelope.fail(ActorStoppedError(cell.path, reason))
        self._dead_letter(DeadLetter(cell, envelope.message, envelope.sender, reason))


class Ending:
    """What `stop` and `interrupt` return: nothing to be done with it, or awaited for the end."""

    __slots__ = ("_cell",)

    def __init__(self, cell: AnyCell) -> None:
        self._cell = cell

    def __await__(self) -> Generator[Any, None, None]:
        return self._cell.join().__await__()


class Cell[M, R](ActorRef[M, R]):
    """One incarnation of an actor."""

    __slots__ = (
        "_capacity",
        "_failure",
        "_joiners",
        "_mailbox",
        "_make",
        "_name",
        "_restarts",
        "behaviour",
        "children",
        "engine",
        "in_hand",
        "parent",
        "state",
        "turn",
    )

    def __init__(
        self,
        engine: Engine,
        parent: AnyCell | None,
        name: str,
        make: Callable[[], Behaviour[M, R]],
        capacity: int | MemoryMailbox = 256,
    ) -> None:
        self.engine = engine
        self.parent = parent
        self.state = State.STARTING
        self.behaviour: Behaviour[M, R] | None = None
        self.children: dict[str | int, AnyCell] | None = None
        self.turn: asyncio.Task[Any] | None = None
        self.in_hand: Envelope | None = None
        self._name = name
        self._make = make
        self._capacity = capacity
        self._mailbox: MemoryMailbox | None = None
        self._joiners: list[asyncio.Future[None]] | None = None
        self._restarts: list[float] | None = None
        self._failure: Exception | None = None  # that of a child, escalated

    # ------------------------------------------------------------------ identity

    @property
    @override
    def name(self) -> str:
        return self._name

    @property
    def key(self) -> str | int:
        """What the parent finds it under: the name, or the number of an agent that is used once."""
        return self._name

    @property
    @override
    def path(self) -> str:
        return f"{self.parent.path}/{self.name}" if self.parent else f"/{self.name}"

    @property
    @override
    def is_alive(self) -> bool:
        return self.state < State.STOPPING

    # ------------------------------------------------------------------ starting

    async def spawn[A, B](
        self, make: Callable[[], Behaviour[A, B]], name: str, capacity: int | MemoryMailbox = 256
    ) -> "Cell[A, B]":
        """Start a child; it is running, `on_started` included, when this returns.

        Raises `NameInUseError`, `ActorStoppedError` if this cell is stopping, or whatever the
        child's constructor or `on_started` raises: the name is then free again.
        """
        if self.state >= State.STOPPING:
            raise ActorStoppedError(self.path, f"it can no longer spawn {name!r}")
        children = self.children
        if children is None:
            children = self.children = {}
        elif name in children:
            raise NameInUseError(f"{self.path}/{name}")
        cell = children[name] = Cell(self.engine, self, name, make, capacity)
        try:
            behaviour = cell._incarnate()
            if type(behaviour).on_started is not Behaviour.on_started:
                cell.turn = self.engine.scheduler.start(cell._begin(behaviour))
                await cell.turn
        except BaseException as error:
            await cell._stop_children()
            cell._close(f"it failed to start: {error!r}")
            raise
        cell.turn = None
        if cell.state is State.STARTING:
            cell.state = State.RUNNING
        cell._go_on()
        return cell

    def _incarnate(self) -> Behaviour[M, R]:
        behaviour = self._make()
        behaviour._attach(self)
        self.behaviour = behaviour
        return behaviour

    async def _begin(self, behaviour: Behaviour[M, R]) -> None:
        current_cell.set(self)
        await behaviour.on_started()

    # ------------------------------------------------------------------ sending

    @override
    async def tell(self, message: M) -> None:
        sender = current_cell.get()
        envelope = Envelope(message, sender)
        if self.state > State.RUNNING:
            self.engine.bury(self, envelope, "the recipient has stopped")
        elif sender is self:
            self._take(envelope, self._box().put_nowait(envelope))
        else:
            self._take(envelope, await self._box().put(envelope))

    @override
    def tell_nowait(self, message: M) -> None:
        envelope = Envelope(message, current_cell.get())
        if self.state > State.RUNNING:
            self.engine.bury(self, envelope, "the recipient has stopped")
        else:
            self._take(envelope, self._box().put_nowait(envelope))

    @override
    async def ask(self, message: M, *, timeout: float | None = 5.0) -> R:
        request = Request(message, current_cell.get())
        scheduler = self.engine.scheduler
        if self.state > State.RUNNING:
            self.engine.bury(self, request, "the recipient has stopped")
        elif self.turn is None and self.state is State.RUNNING:
            self._start_turn(request)
            if not request.answered:
                await self._wait(request, timeout, queued=True)
        else:
            await self._wait(request, timeout, queued=False)
        if scheduler.tired:
            await scheduler.rest()
        reply: R = request.result()
        return reply

    async def _wait(self, request: Request, timeout: float | None, *, queued: bool) -> None:
        try:
            async with asyncio.timeout(timeout):
                if not queued:
                    self._take(request, await self._box().put(request))
                await request.wait(self.engine.scheduler.loop)
        except TimeoutError:
            request.withdrawn = True
            raise AskTimeoutError(self.path, timeout or 0.0) from None

    def _box(self) -> MemoryMailbox:
        box = self._mailbox
        if box is None:
            capacity = self._capacity
            box = capacity if isinstance(capacity, MemoryMailbox) else MemoryMailbox(capacity)
            self._mailbox = box
        return box

    def _take(self, envelope: Envelope, queued: bool) -> None:
        """See to it that a queued envelope is handled; a dropped one is a dead letter."""
        if not queued:
            self.engine.bury(self, envelope, "the mailbox was full")
        elif self.turn is None:
            self._go_on()

    def _go_on(self) -> None:
        """Schedule a turn, if there is anything to do in one."""
        box = self._mailbox
        if self.turn is None and (
            self.state is not State.RUNNING
            or (box is not None and not box.empty())
            or self._failure is not None
        ):
            scheduler = self.engine.scheduler
            self.turn = asyncio.Task(self._turn(None), loop=scheduler.loop)

    # ------------------------------------------------------------------ the turn

    def _start_turn(self, envelope: Envelope) -> None:
        task = self.engine.scheduler.start(self._turn(envelope))
        if not task.done():
            self.turn = task

    async def _turn(self, envelope: Envelope | None) -> None:
        """Handle `envelope` and whatever is queued, one message after the other."""
        current_cell.set(self)
        self.turn = asyncio.current_task()
        handled = 0
        while self.state < State.STOPPING:
            if self._failure is not None:
                error, self._failure = self._failure, None
                await self._judge(error)
                continue
            if envelope is None:
                envelope = self._next()
                if envelope is None:
                    break
            self.in_hand = envelope
            try:
                reply = await self._behaviour().on_receive(envelope.message)
            except BaseException as error:
                self.in_hand = None
                await self._failed(envelope, error)
            else:
                self.in_hand = None
                if isinstance(envelope, Request):
                    self._answer(envelope, reply)
            envelope = None
            handled += 1
            if handled % MESSAGES_PER_TURN == 0:
                await asyncio.sleep(0)
        if envelope is not None:  # stopped before it could begin
            self.engine.bury(self, envelope, "the recipient has stopped")
        if self.state > State.RUNNING:
            await self._terminate("it was stopped")
        self.turn = None

    def _behaviour(self) -> Behaviour[M, R]:
        assert self.behaviour is not None  # only a stopped cell has none, and it has no turn
        return self.behaviour

    def _next(self) -> Envelope | None:
        box = self._mailbox
        while box is not None and not box.empty():
            envelope = box.get_nowait()
            if not (isinstance(envelope, Request) and envelope.withdrawn):
                return envelope
            self.engine.bury(self, envelope, "the asker gave up before it began")
        return None

    def _answer(self, request: Request, reply: R) -> None:
        if request.withdrawn:
            self.engine.late_replies += 1
        request.reply(reply)

    # ------------------------------------------------------------------ failure

    async def _failed(self, envelope: Envelope, error: BaseException) -> None:
        """Tell the asker and the supervisor, and do what the supervisor says."""
        asked = isinstance(envelope, Request)
        if isinstance(error, asyncio.CancelledError):
            _uncancel()
            reason = "the message in hand was cancelled"
            if isinstance(envelope, Request):
                envelope.fail(ActorStoppedError(self.path, reason))
            self.state = State.STOPPING
            return
        if isinstance(envelope, Request):
            envelope.fail(error)
        if not isinstance(error, Exception):
            await self._terminate(f"its handler raised {error!r}")
            raise error
        log.warning("%s failed: %r", self.path, error, exc_info=None if asked else error)
        await self._judge(error)

    async def _judge(self, error: Exception) -> None:
        """Apply the supervisor's directive; a restart that fails is judged again."""
        failure: Exception | None = error
        while failure is not None and self.state < State.STOPPING:
            error, failure = failure, None
            match self._directive(error):
                case Directive.resume:
                    pass
                case Directive.restart:
                    failure = await self._restart(error)
                case Directive.stop:
                    log.error("%s is stopped after %r", self.path, error)
                    self.state = State.STOPPING
                case Directive.escalate:
                    self.state = State.STOPPING
                    self._escalate(error)
                case _ as unreachable:
                    assert_never(unreachable)

    def _directive(self, error: Exception) -> Directive:
        if self.parent is None:
            return Directive.stop
        if self._restarts is None:
            self._restarts = []
        now = self.engine.scheduler.loop.time()
        try:
            strategy = self.parent._behaviour().supervisor_strategy()
            return strategy.decide(error, self._restarts, now)
        except Exception:
            log.exception("the supervisor of %s failed to decide about %r", self.path, error)
            return Directive.stop

    def _escalate(self, error: Exception) -> None:
        parent = self.parent
        if parent is None or parent.parent is None:
            log.error("%s is stopped: nobody above it handles %r", self.path, error)
        elif parent.state < State.STOPPING:
            parent._failure = error
            parent._go_on()

    async def _restart(self, error: Exception) -> Exception | None:
        """Replace the instance; yields the exception that the new one starts with, if any."""
        await self._stop_children()
        try:
            behaviour = self._incarnate()
            await behaviour.on_restart(error)
            await behaviour.on_started()
        except Exception as failure:
            log.warning("%s failed to restart: %r", self.path, failure)
            return failure
        return None

    # ------------------------------------------------------------------ stopping

    @override
    def stop(self, *, drain: bool = False) -> Awaitable[None]:
        if self.state < State.DRAINING or (self.state is State.DRAINING and not drain):
            started = self.state is not State.STARTING
            self.state = State.DRAINING if drain else State.STOPPING
            if self.turn is None and started:
                if self._ends_at_once():
                    self._close("it was stopped")
                else:
                    self._go_on()
        return Ending(self)

    def _ends_at_once(self) -> bool:
        return not self.children and (
            self.behaviour is None or type(self.behaviour).on_stopped is Behaviour.on_stopped
        )

    @override
    def interrupt(self) -> Awaitable[None]:
        ending = self.stop()
        if self.turn is not None and self.in_hand is not None:
            self.turn.cancel()
        return ending

    @override
    async def join(self) -> None:
        if self.state is State.STOPPED:
            return
        if self.turn is not None and self.turn is asyncio.current_task():
            raise RuntimeError(f"actor {self.path} cannot join itself: it would wait for ever")
        joiner = self.engine.scheduler.loop.create_future()
        if self._joiners is None:
            self._joiners = []
        self._joiners.append(joiner)
        await joiner

    async def _terminate(self, reason: str) -> None:
        """Children first, then `on_stopped`, then the name is free."""
        self.state = State.STOPPING
        self._empty(reason)
        try:
            await self._stop_children()
            if self.behaviour is not None:
                await self.behaviour.on_stopped()
        except asyncio.CancelledError:
            _uncancel()
            log.warning("%s was cancelled while it stopped", self.path)
        except Exception:
            log.exception("on_stopped of %s failed", self.path)
        finally:
            self._close(reason)

    async def _stop_children(self) -> None:
        while self.children:
            children = list(self.children.values())
            for child in reversed(children):
                child.stop()
            for child in reversed(children):
                await child.join()

    def _empty(self, reason: str) -> None:
        if self._mailbox is not None:
            for envelope in self._mailbox.close():
                self.engine.bury(self, envelope, reason)

    def _close(self, reason: str) -> None:
        self.state = State.STOPPED
        self._empty(reason)
        self.behaviour = None
        self.turn = None
        parent = self.parent
        if parent is not None and parent.children is not None:
            parent.children.pop(self.key, None)
        for joiner in self._joiners or ():
            if not joiner.done():
                joiner.set_result(None)
        self._joiners = None


def _uncancel() -> None:
    """Forget that the current task was cancelled: the cell has taken note, and goes on."""
    task = asyncio.current_task()
    while task is not None and task.uncancel() > 0:
        pass
