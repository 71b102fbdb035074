"""The cell: one incarnation of a long-lived actor, and everything the engine does for it.

The problem: an actor handles one message at a time, but an actor that waits for a message must
cost nothing but memory, and a message whose handler never waits must not go through the loop.

The design: a cell holds no task while it is idle. The first message starts a *turn*, an eager task
that handles it and then whatever has been queued meanwhile, and ends when the mailbox is empty.
So "one at a time" needs no lock: there is a turn, or there is none. An `ask` to an idle actor
starts the turn in the asker's own step; a `tell` queues its message and schedules the turn, so that
sending never runs the receiver. The mailbox is made when something has to be queued.

Everything else happens within the turn as well, between two messages: a failed handler is judged
by the parent's strategy, a restart replaces the instance, a stop ends the cell. Only one task ever
touches an actor, hence two incarnations cannot overlap. `interrupt` cancels the turn, at the next
await of whatever runs in it.

A turn is always started eagerly: a task that is cancelled before its first step never runs a line,
and the cell would be left in the middle. So what cannot start here and now, because too many eager
tasks are nested already, is queued, and its turn is scheduled as a callback.

Rejected: a task per actor that waits on a queue (costs 1 KB and a trip through the loop per
message); a task per message (the order of two messages would be the scheduler's affair).
"""

import asyncio
import contextlib
from asyncio import events
from collections.abc import Awaitable, Callable
from typing import assert_never, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.errors import (
    ActorStoppedError,
    AskTimeoutError,
    MailboxFullError,
    NameInUseError,
)
from everything_is_an_actor.runtime.letters import Envelope, Request
from everything_is_an_actor.runtime.mailbox import Mailbox, MemoryMailbox
from everything_is_an_actor.runtime.place import (
    AnyPlace,
    Ending,
    Engine,
    Place,
    State,
    current_place,
    log,
    uncancel,
)
from everything_is_an_actor.runtime.supervision import Directive, OneForOneStrategy

MESSAGES_PER_TURN = 64  # handled in a row before other actors get their turn

_unsupervised = OneForOneStrategy()


class Cell[M, R](Place[M, R]):
    """One incarnation of an actor with a mailbox."""

    __slots__ = (
        "_capacity",
        "_escalated",
        "_mailbox",
        "_make",
        "_name",
        "_ready",
        "_restarts",
    )

    def __init__(
        self,
        engine: Engine,
        parent: AnyPlace | None,
        name: str,
        make: Callable[[], Behaviour[M, R]],
        capacity: int | Mailbox = 256,
    ) -> None:
        self.engine = engine
        self.parent = parent
        self.state = State.STARTING
        self.behaviour = None
        self.children = None
        self.turn = None
        self._joiners = None
        self._name = name
        self._make = make
        self._capacity = capacity
        self._mailbox: Mailbox | None = None
        if isinstance(capacity, Mailbox):
            capacity.bind(self._arrived)
            self._mailbox = capacity
        self._restarts: list[float] | None = None
        self._escalated: Exception | None = None
        self._ready = False  # `on_started` has ended: before that nothing else may run

    @property
    @override
    def name(self) -> str:
        return self._name

    # ------------------------------------------------------------------ starting

    @staticmethod
    async def spawn[A, B](
        parent: AnyPlace,
        make: Callable[[], Behaviour[A, B]],
        name: str,
        capacity: int | Mailbox = 256,
    ) -> "Cell[A, B]":
        """Start a child of `parent`; it is running, `on_started` included, when this returns.

        Raises `NameInUseError`, `ActorStoppedError` if the parent is stopping or the child was
        interrupted while it started, or whatever the child's constructor or `on_started` raises:
        the name is then free again.
        """
        if parent.children is not None and name in parent.children:
            raise NameInUseError(f"{parent.path}/{name}")
        cell = Cell(parent.engine, parent, name, make, capacity)
        parent.adopt(cell)
        try:
            behaviour = cell._incarnate()
            if type(behaviour).on_started is not Behaviour.on_started:
                await cell._start(behaviour)
        except BaseException as error:
            if await cell._abandon(f"it failed to start: {error!r}"):
                raise asyncio.CancelledError from error
            raise
        cell.turn = None
        cell._ready = True
        if cell.state is State.STARTING:
            cell.state = State.RUNNING
        cell._go_on()
        return cell

    async def _abandon(self, reason: str) -> bool:
        """Undo a start that failed; true if the spawner was cancelled meanwhile.

        `on_stopped` runs if `on_started` has ended well: then only the spawner has failed.
        """
        self.state = State.STOPPING
        self.turn = None
        self._empty(reason)
        if not self._ready:
            self.behaviour = None
            self._ready = True
        if self.behaviour is None and not self.children:
            self._close(reason)
        self._go_on()
        cancelled = False
        while self.state < State.STOPPED:
            try:
                await self.join()
            except asyncio.CancelledError:
                cancelled = True
                _ = self.interrupt()
        return cancelled

    def _incarnate(self) -> Behaviour[M, R]:
        behaviour = self._make()
        behaviour._attach(self)
        self.behaviour = behaviour
        return behaviour

    async def _start(self, behaviour: Behaviour[M, R]) -> None:
        """Run `on_started` in a task of the cell's own; a spawner that is cancelled cancels it."""
        spawner = asyncio.current_task()
        before = spawner.cancelling() if spawner is not None else 0
        self.turn = self.engine.scheduler.start(self._run_on_started(behaviour))
        try:
            await self.turn
        except asyncio.CancelledError:
            if spawner is None or spawner.cancelling() > before:
                raise
            raise ActorStoppedError(self.path, "it was interrupted while it started") from None
        if spawner is not None and spawner.cancelling() > before:
            raise asyncio.CancelledError

    async def _run_on_started(self, behaviour: Behaviour[M, R]) -> None:
        current_place.set(self)
        self.turn = asyncio.current_task()
        await behaviour.on_started()
        self._ready = True

    # ------------------------------------------------------------------ sending

    @override
    async def tell(self, message: M) -> None:
        sender = current_place.get()
        envelope = Envelope(message, sender)
        if self._is_outside:
            box = self._box_for_threads(envelope)
            queued = self.state <= State.RUNNING and await box.put(envelope)
            self._take_from_thread(envelope, queued)
        elif self.state > State.RUNNING:
            self.engine.bury(self, envelope, "the recipient has stopped")
        elif sender is self:
            self._take(envelope, self._box().put_nowait(envelope))
        else:
            self._take(envelope, await self._box().put(envelope))

    @override
    def tell_nowait(self, message: M) -> None:
        envelope = Envelope(message, current_place.get())
        if self._is_outside:
            box = self._box_for_threads(envelope)
            queued = self.state <= State.RUNNING and box.put_nowait(envelope)
            self._take_from_thread(envelope, queued)
        elif self.state > State.RUNNING:
            self.engine.bury(self, envelope, "the recipient has stopped")
        else:
            self._take(envelope, self._box().put_nowait(envelope))

    @property
    def _is_outside(self) -> bool:
        """Whether the caller may run beside the loop; one that finds it at rest may set it up."""
        loop = self.engine.scheduler.loop
        if events._get_running_loop() is loop:
            return False
        return loop.is_running() or (self._mailbox is not None and self._mailbox.any_thread)

    def _box_for_threads(self, envelope: Envelope) -> Mailbox:
        box = self._mailbox
        if box is None or not box.any_thread:
            raise RuntimeError(
                f"{self.path} was sent {shown(envelope.message)} from outside its event loop: "
                "spawn it with mailbox=ThreadedMailbox() to send from other threads"
            )
        return box

    def _take_from_thread(self, envelope: Envelope, queued: bool) -> None:
        """As `_take`, on any thread: its mailbox wakes it, all else is done on the loop."""
        if not queued:
            full = self.state <= State.RUNNING
            reason = "the mailbox was full" if full else "the recipient has stopped"
            try:
                loop = self.engine.scheduler.loop
                loop.call_soon_threadsafe(self.engine.bury, self, envelope, reason)
            except RuntimeError:  # the loop was closed: nobody else touches the dead letters now
                self.engine.bury(self, envelope, "its event loop is closed")

    @override
    async def ask(self, message: M, *, timeout: float | None = 5.0) -> R:
        request = Request(message, current_place.get())
        scheduler = self.engine.scheduler
        if self.state > State.RUNNING:
            self.engine.bury(self, request, "the recipient has stopped")
        elif (
            self.turn is None
            and self.state is State.RUNNING
            and not scheduler.deep
            and (self._mailbox is None or self._mailbox.in_memory)
        ):
            task = scheduler.start(self._turn(request))
            if not task.done():
                self.turn = task
            if not request.answered:
                await self._wait(request, timeout, queue=False)
        else:
            await self._wait(request, timeout, queue=True)
        if scheduler.tired:
            await scheduler.rest()
        reply: R = request.result()
        return reply

    async def _wait(self, request: Request, timeout: float | None, *, queue: bool) -> None:
        deadline = asyncio.timeout(timeout)
        try:
            async with deadline:
                if queue:
                    self._take(request, await self._box().put(request))
                if not request.answered:
                    request.future = self.engine.scheduler.loop.create_future()
                    await request.future
        except BaseException as error:
            request.withdrawn = True
            if not (isinstance(error, TimeoutError) and deadline.expired()):
                raise
            if not request.answered:  # in the very step in which the time was up
                raise AskTimeoutError(self.path, timeout or 0.0) from None

    def _box(self) -> Mailbox:
        box = self._mailbox
        if box is None:
            assert isinstance(self._capacity, int)  # a mailbox that was given is there already
            box = self._mailbox = MemoryMailbox(self._capacity)
        return box

    def _arrived(self) -> None:
        """A message has come to the mailbox from elsewhere."""
        if self.state is State.STOPPED:
            self._empty("the recipient has stopped")
        else:
            self._go_on()

    def _take(self, envelope: Envelope, queued: bool) -> None:
        """See to it that a queued envelope is handled; a dropped one is a dead letter."""
        if not queued:
            if self.state > State.RUNNING:
                self.engine.bury(self, envelope, "the recipient has stopped")
            else:
                if isinstance(envelope, Request):
                    envelope.fail(MailboxFullError(getattr(self._box(), "maxsize", 0)))
                self.engine.bury(self, envelope, "the mailbox was full")
        elif self.state is State.STOPPED:
            self._empty("the recipient has stopped")
        elif self.turn is None:
            self._go_on()

    def _go_on(self) -> None:
        """Schedule a turn, if there is anything to do in one."""
        box = self._mailbox
        if (
            self._ready
            and self.turn is None
            and (
                self.state > State.RUNNING
                or self._escalated is not None
                or (box is not None and not box.empty())
            )
        ):
            self.turn = self.engine.scheduler.loop.call_soon(self._begin_turn)

    def _begin_turn(self) -> None:
        self.turn = None
        if self.state is not State.STOPPED:
            task = self.engine.scheduler.start(self._turn(None))
            if not task.done():
                self.turn = task

    # ------------------------------------------------------------------ the turn

    async def _turn(self, envelope: Envelope | None) -> None:
        """Handle `envelope` and whatever is queued, one message after the other."""
        current_place.set(self)
        self.turn = asyncio.current_task()
        handled = 0
        try:
            while self.state < State.STOPPING:
                if self._escalated is not None:
                    error, self._escalated = self._escalated, None
                    await self._judge(error)
                    continue
                if envelope is None:
                    envelope = self._next()
                    if envelope is None:
                        break
                try:
                    reply = await self._handler().on_receive(envelope.message)
                except BaseException as error:
                    await self._failed(envelope, error)
                else:
                    if isinstance(envelope, Request):
                        self._answer(envelope, reply)
                box = self._mailbox
                if box is not None and not box.in_memory and self.state < State.STOPPING:
                    await box.done(envelope)
                envelope = None
                handled += 1
                if handled % MESSAGES_PER_TURN == 0:
                    await asyncio.sleep(0)
        except asyncio.CancelledError:  # interrupted between two messages
            uncancel()
            self.state = State.STOPPING
        except BaseException as error:  # past supervision: the cell must end all the same
            await self._terminate(f"it raised {error!r}")
            raise
        if self.state > State.RUNNING:
            await _let_go_of_cancellation()
            await self._terminate("it was stopped")
        self.turn = None

    def _handler(self) -> Behaviour[M, R]:
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
        request = envelope if isinstance(envelope, Request) else None
        if isinstance(error, asyncio.CancelledError):
            uncancel()
            if self.state < State.STOPPING:
                log.error("%s is stopped: its handler ended in CancelledError", self.path)
            self.state = State.STOPPING
            if request is not None:
                request.fail(ActorStoppedError(self.path, "the message in hand was cancelled"))
        elif not isinstance(error, Exception):
            self.state = State.STOPPING
            if request is None or request.withdrawn:
                raise error
            request.fail(error)  # it goes on with the asker
        else:
            if request is not None:
                request.fail(error)
            log.warning("%s failed: %r", self.path, error, exc_info=None if request else error)
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
        supervisor = self.parent.behaviour if self.parent is not None else None
        if self._restarts is None:
            self._restarts = []
        now = self.engine.scheduler.loop.time()
        try:
            strategy = _unsupervised if supervisor is None else supervisor.supervisor_strategy()
            directive = strategy.decide(error, self._restarts, now)
            if not isinstance(directive, Directive):
                raise TypeError(f"a strategy must decide on a Directive, got {directive!r}")
        except Exception:
            log.exception("the supervisor of %s could not decide about %r", self.path, error)
            return Directive.stop
        unresumable = directive is Directive.resume and isinstance(error, MemoryError)
        return Directive.stop if unresumable else directive

    def _escalate(self, error: Exception) -> None:
        parent = self.parent
        if isinstance(parent, Cell) and parent.parent is not None:
            log.warning("%s escalates %r to %s", self.path, error, parent.path)
            if parent.is_alive:
                parent._escalated = error
                parent._go_on()
        else:
            log.error("%s is stopped: nobody above it handles %r", self.path, error)

    async def _restart(self, error: Exception) -> Exception | None:
        """Replace the instance; yields the exception that the new one starts with, if any."""
        if await self.stop_children():
            uncancel()
            self.state = State.STOPPING
        self._escalated = None  # by a child of the old instance: this restart answers it
        if self.state >= State.STOPPING:
            return None
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
            self.state = State.DRAINING if drain else State.STOPPING
            if self._ready and not isinstance(self.turn, asyncio.Task):
                if self._ends_at_once():
                    self._close("it was stopped")
                else:
                    self._go_on()
        return Ending(self)

    def _ends_at_once(self) -> bool:
        hooked = type(self.behaviour).on_stopped is not Behaviour.on_stopped  # type: ignore[union-attr]  # a cell that has not stopped has one
        held = self._mailbox is not None and not self._mailbox.in_memory
        return not (self.children or hooked or held or self.state is State.DRAINING)

    @override
    def interrupt(self) -> Awaitable[None]:
        _ = self.stop()
        if isinstance(self.turn, asyncio.Task):
            self.turn.cancel()
        return Ending(self)

    async def _terminate(self, reason: str) -> None:
        """Children first, then `on_stopped`, then the name is free."""
        self.state = State.STOPPING
        self._empty(reason)
        behaviour = self.behaviour
        try:
            await self.stop_behaviour(None if behaviour is None else behaviour.on_stopped)
            if self._mailbox is not None:
                await self._mailbox.release()
        finally:
            self._close(reason)

    def _empty(self, reason: str) -> None:
        if self._mailbox is not None:
            for envelope in self._mailbox.close():
                self.engine.bury(self, envelope, reason)

    def _close(self, reason: str) -> None:
        self.state = State.STOPPED
        self._empty(reason)
        self.leave()


async def _let_go_of_cancellation() -> None:
    """Drop a cancellation that no await has noticed yet, as of an actor that interrupts itself."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        uncancel()
