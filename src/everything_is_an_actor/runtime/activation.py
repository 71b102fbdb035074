"""Grains: the identities of virtual actors, each with one actor behind it at most.

A `Grain` is kept while its identity has an actor, or messages. It has at any time one of

    nothing in hand     no actor, no message: it is dropped
    a task (or handle)  an activation is under way; messages wait in the grain
    a cell              the actor is active; messages go to the cell, past the grain
    a cell that ends    messages wait in the grain until the cell has told it of its end

and it leaves each by one function: `_begin`, `_hand_over` or `_give_up`, `told`. The whole of
"single activation" is that `_begin` is called only where there is neither task nor cell; the whole
of "no message is lost" is that a cell leaves what it has not handled to the grain (`Options.heir`)
before it tells of its end, and that the next one is given first that, then what has waited.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Any, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.errors import (
    ActorStoppedError,
    AskCycleError,
    MailboxFullError,
)
from everything_is_an_actor.runtime.guardian import Guardian
from everything_is_an_actor.runtime.incarnation import Options
from everything_is_an_actor.runtime.letters import Envelope, Request, Terminated, current_message
from everything_is_an_actor.runtime.mailbox import Mailbox
from everything_is_an_actor.runtime.middleware import Middleware
from everything_is_an_actor.runtime.place import (
    AnyPlace,
    Ending,
    State,
    current_place,
    log,
)
from everything_is_an_actor.runtime.policy import StopPolicy
from everything_is_an_actor.runtime.store import Ledger


@dataclass(frozen=True, slots=True)
class Kind:
    """How the actors of one class are made, and by which name the store knows the class."""

    name: str
    make: Callable[[], Behaviour[Any, Any]]
    mailbox_size: int
    middlewares: tuple[Middleware, ...]
    policy: StopPolicy | None
    mailbox: Callable[[], Mailbox] | None = None

    def capacity(self) -> int | Mailbox:
        """A new mailbox, or the size of the usual one. Raises what the user's function raises."""
        if self.mailbox is None:
            return self.mailbox_size
        box: object = self.mailbox()
        if not isinstance(box, Mailbox):
            raise TypeError(f"{self.name}: mailbox must make a Mailbox, got {shown(box)}")
        return box


class ClassGuardian(Guardian):
    """The parent of the virtual actors of one class. It is gone when there is no grain left.

    `kind` says how they are made; `deactivated` is called with the id of one that has ended.
    """

    __slots__ = ("active", "deactivated", "grains", "kind", "ledger")

    def __init__(
        self,
        parent: AnyPlace,
        name: str,
        supervisor: Behaviour[Any, Any] | None,
        left: Callable[[], None],
        kind: Callable[[], Kind],
        ledger: Ledger,
        deactivated: Callable[[str], None],
    ) -> None:
        super().__init__(parent, name, supervisor, left)
        self.kind = kind
        self.ledger = ledger
        self.deactivated = deactivated
        self.grains: dict[str, Grain] = {}
        self.active = 0

    @property
    @override
    def activations(self) -> list[asyncio.Task[Any]]:
        tasks = (grain.task for grain in self.grains.values())
        return [task for task in tasks if isinstance(task, asyncio.Task)]

    @override
    def stop(self, *, drain: bool = False) -> Ending:
        if self.state < State.STOPPING:
            for grain in list(self.grains.values()):
                grain.close()
        return super().stop()

    def drop(self, grain: "Grain") -> None:
        """There is neither an actor nor a message for an identity."""
        if self.grains.get(grain.id) is grain:
            del self.grains[grain.id]
        if not self.grains:
            _ = self.stop()


class Grain:
    """One identity: its actor, or the messages for the next one."""

    __slots__ = (
        "__weakref__",
        "_inherited",
        "_settled",
        "_waiting",
        "cell",
        "guardian",
        "id",
        "task",
    )

    def __init__(self, guardian: ClassGuardian, id: str) -> None:
        self.guardian = guardian
        self.id = id
        self.cell: Cell[Any, Any] | None = None  # while it is active, until its very end
        self.task: asyncio.Task[Any] | asyncio.Handle | None = None  # activates it
        self._inherited: list[Envelope] = []  # from the former actor
        self._waiting: dict[Envelope, None] = {}  # since then, in order of arrival
        self._settled: asyncio.Event | None = None  # when the activation has an outcome

    # ------------------------------------------------------------------ messages that have to wait

    async def ask(self, message: Any, timeout: float | None) -> Any:
        """Ask the next actor of this identity: its activation is part of the time."""
        place, within = self._place(), current_message.get()
        if place is not None:
            if place.turn is asyncio.current_task():
                raise AskCycleError([place.path, place.path])
            if within is not None and place.in_hand is not None and isinstance(place, Cell):
                place.check_for_cycle(within)
        sender, span = (None, None) if within is None else (within.recipient, within.span)
        engine = self.guardian.engine
        scheduler = engine.scheduler
        request = Request(message, sender, self._nobody(), span, within, engine.here())
        self._enqueue(request)
        if not request.answered:
            await self._wait(request, timeout)
        if scheduler.tired:
            await scheduler.rest()
        return request.result()

    async def _wait(self, request: Request, timeout: float | None) -> None:
        """Wait for the answer, whichever actor gives it."""
        engine = self.guardian.engine
        future = request.future = engine.scheduler.loop.create_future()
        line = None if timeout is None else engine.deadlines.within(timeout)
        if line is not None:
            line.join(request)
        try:
            await future
        except BaseException:
            request.withdrawn = True
            cell = request.recipient
            if isinstance(cell, Cell):
                cell.let_go_of(request)
            raise
        finally:
            if line is not None:
                line.leave(request)
            if request.withdrawn and self._take_back(request):
                recipient = self._place() or self._nobody()
                engine.bury(recipient, request, "the asker gave up before it began")

    async def tell(self, message: Any) -> None:
        """Leave a message for the next actor; past the bound, return when there is one.

        Raises `MailboxFullError` if the actor that starts or ends is the sender.
        """
        here, bound = current_message.get(), self.guardian.kind().mailbox_size
        sender = None if here is None else here.recipient
        span = None if here is None or here.span is None else here.span.apart()
        is_crowded = 0 < bound <= len(self._waiting)
        if is_crowded and sender is not None and sender is self._place():
            raise MailboxFullError(bound)
        sent_from = self.guardian.engine.here()
        envelope = Envelope(message, sender, self._nobody(), span, sent_from=sent_from)
        context = copy_context()
        context.run(current_message.set, None)  # whom `on_started` asks does not wait for it
        context.run(self._enqueue, envelope)
        if is_crowded:
            try:
                await self.settled()
            except asyncio.CancelledError:
                self._take_back(envelope)
                raise

    def _enqueue(self, envelope: Envelope) -> None:
        self._waiting[envelope] = None
        if self.cell is None and self.task is None:
            scheduler = self.guardian.engine.scheduler
            if scheduler.deep:
                self.task = scheduler.loop.call_soon(self._begin)
            else:
                self._begin()

    def _take_back(self, envelope: Envelope) -> bool:
        """True if no actor has been given it yet."""
        if envelope in self._waiting:
            del self._waiting[envelope]
            return True
        if envelope in self._inherited:
            self._inherited.remove(envelope)
            return True
        return False

    def _place(self) -> AnyPlace | None:
        """The actor, also one that starts or ends."""
        return (self.guardian.children or {}).get(self.id)

    def _nobody(self) -> Cell[Any, Any]:
        """Whom messages are for that wait: an actor of this path that has never been."""
        kind = self.guardian.kind()
        nobody = Cell(self.guardian.engine, self.guardian, self.id, kind.make)
        nobody.state = State.STOPPED
        return nobody

    # ------------------------------------------------------------------ activation

    def _begin(self) -> None:
        """Activate; where eager tasks are nested too deeply, the task has yet to begin."""
        self.task = None
        task = self.guardian.engine.scheduler.start(self._activate())
        if self.task is None and not task.done():
            self.task = task

    async def _activate(self) -> None:
        self.task = asyncio.current_task()
        try:
            cell = await self._start()
        except asyncio.CancelledError:
            self.task = None
            path = self._nobody().path
            self._give_up(ActorStoppedError(path, "it was shut down while it started"))
        except BaseException as error:
            self.task = None
            if not self._give_up(error) and not isinstance(error, Exception):
                raise
        else:
            self.task = None
            self._hand_over(cell)

    async def _start(self) -> Cell[Any, Any]:
        """An actor that takes messages, and of whose identity the store knows."""
        ledger, kind = self.guardian.ledger, self.guardian.kind().name
        cell = await self._spawn()
        while not ledger.knows(kind, self.id):
            try:
                await ledger.put(kind, self.id)
            except BaseException:
                _ = cell.stop()
                await cell.ended()
                raise
            if cell.state > State.RETIRING:  # idle for too long, or stopped, while the store wrote
                await cell.ended()
                cell = await self._spawn()
        return cell

    async def _spawn(self) -> Cell[Any, Any]:
        kind = self.guardian.kind()
        options = Options(kind.middlewares, policy=kind.policy, heir=self._inherited.extend)
        cell = await Cell.spawn(self.guardian, kind.make, self.id, kind.capacity(), options)
        if cell.state > State.RETIRING:
            await cell.ended()
            raise ActorStoppedError(cell.path, "it was stopped while it started")
        return cell

    def _hand_over(self, cell: Cell[Any, Any]) -> None:
        """From now on `cell` takes the messages, after those that have waited."""
        self.cell = cell
        self.guardian.active += 1
        if cell.watchers is None:
            cell.watchers = {}
        cell.watchers[self] = None
        cell.inherit(self._all_that_wait())
        self._settle()

    def _give_up(self, error: BaseException) -> bool:
        """There is no actor, for that reason: true if anyone who waits has been told."""
        left = self._all_that_wait()
        self.guardian.drop(self)
        self._settle()
        told = False
        for envelope in left:
            told |= self._refuse(envelope, error)
        if not told and isinstance(error, Exception):
            log.warning("%s failed to start: %r", self._nobody().path, error, exc_info=error)
        return told

    def _refuse(self, envelope: Envelope, error: BaseException) -> bool:
        """True if somebody waits for the reply, and has the error instead."""
        if isinstance(envelope, Request) and not envelope.withdrawn:
            envelope.fail(error)
            return True
        self.guardian.engine.bury(self._nobody(), envelope, f"it failed to start: {error!r}")
        return False

    def _all_that_wait(self) -> list[Envelope]:
        left = [*self._inherited, *self._waiting]
        self._inherited.clear()
        self._waiting.clear()
        return left

    async def settled(self) -> None:
        """Wait until there is an actor again, or it is sure that there is none."""
        if self._settled is None:
            self._settled = asyncio.Event()
        await self._settled.wait()

    def _settle(self) -> None:
        if self._settled is not None:
            self._settled.set()
            self._settled = None

    # ------------------------------------------------------------------ the end

    def told(self, terminated: Terminated, /) -> None:
        """The actor has ended: the messages that have come since then are for the next one."""
        if terminated.ref is not self.cell:
            return
        self.cell = None
        self.guardian.active -= 1
        if not (self._inherited or self._waiting):
            self.guardian.drop(self)
            self._settle()
        elif self.guardian.is_open:
            loop = self.guardian.engine.scheduler.loop
            self.task = loop.call_soon(self._begin, context=Context())
        else:
            self._shut()
        self.guardian.deactivated(self.id)

    async def deactivate(self) -> None:
        """Have the actor handle what is queued, and stop; wait for its end, unless it is here."""
        place = self._place()
        if place is not None and place is current_place():
            _ = place.stop(drain=True)
            return
        if self.cell is None:
            await self.settled()
        if self.cell is not None:
            await self.cell.stop(drain=True)

    def close(self) -> None:
        """The guardian stops: nobody is going to be activated any more."""
        if isinstance(self.task, asyncio.Handle):
            self.task.cancel()
            self.task = None
        self._shut()

    def _shut(self) -> None:
        left = self._all_that_wait()
        if self.cell is None and self.task is None:
            self.guardian.drop(self)
        self._settle()
        nobody = self._nobody()
        for envelope in left:
            self.guardian.engine.bury(nobody, envelope, "its registry is shut down")
