"""The cell: one incarnation of a long-lived actor, as others reach it. It is the ref.

How an actor is started, told and asked. What it makes of that is its turn's affair (`turn.py`), how
it fails that of its incarnations (`incarnation.py`), how it ends `ending.py`.

An `ask` to an idle actor starts the turn in the asker's own step, and needs neither the mailbox nor
the loop. A `tell` queues its message and schedules the turn, so that sending never runs the
receiver; the mailbox is made when something has to be queued. Both are the hot paths of the whole
library: they are written out, and what is seldom needed is elsewhere.
"""

import asyncio
from asyncio import events
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Final, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.errors import (
    ActorStoppedError,
    AskCycleError,
    AskTimeoutError,
    MailboxFullError,
    NameInUseError,
)
from everything_is_an_actor.runtime.events import StreamItem
from everything_is_an_actor.runtime.incarnation import PLAIN, Options
from everything_is_an_actor.runtime.letters import (
    Envelope,
    Hooks,
    Request,
    current_message,
)
from everything_is_an_actor.runtime.listening import ask_stream
from everything_is_an_actor.runtime.mailbox import Mailbox, MemoryMailbox
from everything_is_an_actor.runtime.place import (
    AnyPlace,
    Engine,
    Place,
    State,
)
from everything_is_an_actor.runtime.policy import (
    need_policy,
)
from everything_is_an_actor.runtime.scheduler import SAFE_DEPTH, STEPS_BETWEEN_RESTS
from everything_is_an_actor.runtime.turn import Turning

TELLS_BETWEEN_RESTS: Final = 16_384  # the more there are, the more messages a turn finds

_starting, _running = State.STARTING, State.RUNNING  # a look-up less, at every message
_message_here, _loop_here = current_message.get, events._get_running_loop
_new: Final = object.__new__


class Cell[M, R](Turning[M, R]):
    """One incarnation of an actor with a mailbox."""

    __slots__ = ("_capacity", "_name")

    def __init__(
        self,
        engine: Engine,
        parent: AnyPlace | None,
        name: str,
        make: Callable[[], Behaviour[M, R]],
        capacity: int | Mailbox = 256,
        options: Options = PLAIN,
    ) -> None:
        self.engine = engine  # `super().__init__` would cost as much again
        self.parent = parent
        self.state = _starting
        self.reason = "stopped"
        self.children = self.behaviour = self.turn = self.in_hand = None
        self.watchers = self._joiners = self._mailbox = self._extras = None
        self.options = options
        self._make = make
        self._name = name
        self._capacity = capacity
        self._ready = False

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
        options: Options = PLAIN,
    ) -> "Cell[A, B]":
        """Start a child of `parent`; it is running, `on_started` included, when this returns.

        Raises `NameInUseError`, `ActorStoppedError` if the parent is stopping or the child was
        interrupted while it started, or whatever the child's constructor or `on_started` raises:
        the name is then free again.
        """
        scheduler = parent.engine.scheduler
        scheduler.spent += 1
        if scheduler.spent >= STEPS_BETWEEN_RESTS and scheduler.tired:
            await scheduler.rest()
        if parent.children is not None and name in parent.children:
            raise NameInUseError(f"{parent.path}/{name}")
        cell = Cell(parent.engine, parent, name, make, capacity, options)
        parent.adopt(cell, name)
        try:
            if not isinstance(capacity, int):
                cell._bind(capacity)
            behaviour = cell._incarnate()
            cls = type(behaviour)
            if cls.stop_policy is not Behaviour.stop_policy:
                need_policy(f"stop_policy of {cls.__name__}", behaviour.stop_policy())
                cell.extras.has_policy = True
            if options.policy is not None:
                cell.extras.has_policy = True
            if cls.on_started is not Behaviour.on_started or options.middlewares:
                await cell._start(behaviour)
        except BaseException as error:
            if await cell._abandon(f"it failed to start: {error!r}"):
                raise asyncio.CancelledError from error
            raise
        cell._ready = True
        if cell.state is _starting:
            cell.state = _running
        if cell._extras is not None and cell._extras.has_policy:
            cell._count_idle_time()
        if cell._extras is not None or cell._mailbox is not None or cell.state is not _running:
            cell._go_on()
        return cell

    def _bind(self, box: Mailbox) -> None:
        box.bind(self._arrived)
        self._mailbox = box
        if not box.in_memory:
            self.extras.durable = True

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
        if self.behaviour is None and self._ends_at_once():
            self._close(reason)
        self._go_on()
        return await self.ended()

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
        self.turn = None

    async def _run_on_started(self, behaviour: Behaviour[M, R]) -> None:
        self.turn = asyncio.current_task()
        within = _message_here()
        hooks = self._enter_hooks(None if within is None else within.span, within)
        held_up = self.engine.waits.begin(hooks)
        try:
            await self._begin(behaviour)
        except Exception as error:
            self.reason = error
            raise
        finally:
            self.in_hand = None
            self.engine.waits.end(hooks, held_up)
        self._ready = True

    def inherit(self, envelopes: Iterable[Envelope]) -> None:
        """Handle, before what is in the mailbox, what a former actor has left to its heir."""
        for envelope in envelopes:
            envelope.recipient = self
            self.extras.front.append(envelope)
        self._go_on()

    # ------------------------------------------------------------------ sending

    @override
    async def tell(self, message: M) -> None:
        scheduler = self.engine.scheduler
        scheduler.spent += 1
        if scheduler.spent >= TELLS_BETWEEN_RESTS:
            await scheduler.rest()  # first: who is cancelled meanwhile has sent nothing
        if not self._offer(message):
            await self._tell(self._enveloped(message))

    def _offer(self, message: M) -> bool:
        """Queue a message if there is nothing to it: on this loop, with room, and no tracer."""
        engine = self.engine
        scheduler = engine.scheduler
        if (
            self.state is not _running
            or _loop_here() is not scheduler.loop
            or engine.tracer is not None
        ):
            return False
        box = self._mailbox
        if box is None:
            box = self._box()
        here = _message_here()
        if here is None:
            sender = None
        elif here.span is not None and here.span.trace.tracer is not None:
            return False  # that of another system: it wants to know
        else:
            sender = here.recipient
        if not box.offer(message, sender):
            return False
        if self.turn is None:
            self.turn = scheduler.loop.call_soon(self._begin_turn)
        return True

    async def _tell(self, envelope: Envelope) -> None:
        if self._is_outside:
            box = self._box_for_threads(envelope)
            queued = self.state < State.DRAINING and await box.put(envelope)
            self._take_from_thread(envelope, queued)
        elif self.state >= State.DRAINING:
            self.engine.bury(self, envelope, self._why_too_late())
        else:
            box = self._box()
            if not self._may_not_wait(envelope):
                queued = await box.put(envelope)
            elif box.in_memory:
                queued = box.put_nowait(envelope)
            elif box.full():
                raise MailboxFullError(getattr(box, "maxsize", 0))
            else:
                queued = await box.put(envelope)
            self._take(envelope, queued)

    def _enveloped(self, message: M) -> Envelope:
        here = _message_here()
        sender = None if here is None else here.recipient
        span = None if here is None or here.span is None else here.span.apart()
        return Envelope(message, sender, self, span, sent_from=self.engine.here())

    def _may_not_wait(self, envelope: Envelope) -> bool:
        """Whether there will be no room here before the sender has done what it is at."""
        sender = envelope.sender
        return sender is self or (
            isinstance(self.in_hand, Hooks)
            and self.in_hand.awaits_children
            and isinstance(sender, Place)
            and sender.is_below(self)
        )

    @override
    def tell_nowait(self, message: M) -> None:
        if self._offer(message):
            return
        envelope = self._enveloped(message)
        if self._is_outside:
            box = self._box_for_threads(envelope)
            queued = self.state < State.DRAINING and box.put_nowait(envelope)
            self._take_from_thread(envelope, queued)
        elif self.state >= State.DRAINING:
            self.engine.bury(self, envelope, self._why_too_late())
        else:
            self._take(envelope, self._box().put_nowait(envelope))

    @property
    def _is_outside(self) -> bool:
        """Whether the caller may run beside the loop; one that finds it at rest may set it up."""
        loop = self.engine.scheduler.loop
        if _loop_here() is loop:
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
            full = self.state < State.DRAINING
            reason = "the mailbox was full" if full else self._why_too_late()
            try:
                loop = self.engine.scheduler.loop
                loop.call_soon_threadsafe(self.engine.bury, self, envelope, reason)
            except RuntimeError:  # the loop was closed: nobody else touches the dead letters now
                self.engine.bury(self, envelope, "its event loop is closed")

    @override
    async def ask(self, message: M, *, timeout: float | None = 5.0) -> R:
        here = _message_here()
        request = _new(Request)  # `__init__` would cost as much again
        request.message = message
        request.sender = None if here is None else here.recipient
        request.recipient = self
        request.span = None if here is None else here.span
        request.within = here
        request.answered = request.withdrawn = False
        request.value = request.error = request.future = request.sent_from = None
        engine = self.engine
        if engine.tracer is not None:
            request.sent_from = engine.tracer.here()
        scheduler = engine.scheduler
        if (
            self.turn is None
            and self.state is _running
            and (scheduler.depth < SAFE_DEPTH or not scheduler.deep)
            and (self._mailbox is None or self._mailbox.in_memory)
            and _loop_here() is scheduler.loop
        ):
            scheduler.spent += 1
            scheduler.depth += 1
            try:
                task = asyncio.Task(self._turn(request), loop=scheduler.loop, eager_start=True)
            finally:
                scheduler.depth -= 1
            if not task.done():
                self.turn = task
            if not request.answered:
                await self._wait(request, timeout)
        elif _loop_here() is not scheduler.loop:
            raise RuntimeError(
                f"{self.path} was asked {shown(message)} from outside its event loop: ask from "
                "another thread by asyncio.run_coroutine_threadsafe(ref.ask(...), loop).result()"
            )
        elif self.state >= State.DRAINING:
            scheduler.spent += 1
            self.engine.bury(self, request, self._why_too_late())
        else:
            scheduler.spent += 1
            if scheduler.tired:  # whatever is raised below
                await scheduler.rest()
            if here is not None:
                self.check_for_cycle(here)
            await self._queue(request, timeout)
        if scheduler.spent >= STEPS_BETWEEN_RESTS and scheduler.tired:
            await scheduler.rest()
        reply: R = request.value if request.error is None else request.result()
        return reply

    @override
    def ask_stream(
        self, message: M, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[R], None]:
        return ask_stream(self.engine, lambda: self.ask(message, timeout=timeout))

    def check_for_cycle(self, asking: Envelope) -> None:
        """Raise `AskCycleError` if what is in hand here waits for the handler of `asking`."""
        if self.in_hand is not None:
            cycle = self.engine.waits.cycle(asking, self.in_hand)
            if cycle:
                raise AskCycleError(cycle)

    async def _queue(self, request: Request, timeout: float | None) -> None:
        """Put a request into the mailbox, and wait for its answer; both within the timeout."""
        box = self._box()
        if box.in_memory and not box.full():
            self._take(request, box.put_nowait(request))
            if not request.answered:
                await self._wait(request, timeout)
            return
        deadline = asyncio.timeout(timeout)
        held_up = self.engine.waits.begin(request)
        try:
            async with deadline:
                self._take(request, await box.put(request))
                if not request.answered:
                    await self._wait(request, None, deadline)
        except BaseException as error:
            request.withdrawn = True
            if not (isinstance(error, TimeoutError) and deadline.expired()):
                raise
            if not request.answered:  # in the very step in which the time was up
                raise AskTimeoutError(self.path, timeout or 0.0) from None
        finally:
            self.engine.waits.end(request, held_up)

    async def _wait(
        self, request: Request, timeout: float | None, deadline: asyncio.Timeout | None = None
    ) -> None:
        """Wait for the answer; an asker that is cancelled, and not too late, gives it up."""
        engine = self.engine
        future = request.future = engine.scheduler.loop.create_future()
        held_up = engine.waits.begin(request)
        line = None
        try:
            if timeout is not None:
                line = engine.deadlines.within(timeout)
                line.join(request)
            await future
        except BaseException:
            request.withdrawn = True
            if deadline is None or not deadline.expired():
                self.let_go_of(request)
            raise
        finally:
            engine.waits.end(request, held_up)
            if line is not None:
                line.leave(request)
            if request.withdrawn and self._mailbox is not None and self._mailbox.discard(request):
                engine.bury(self, request, "the asker gave up before it began")

    def let_go_of(self, request: Request) -> None:
        """Nobody waits for the answer any more: the asker was cancelled."""
        if not self.is_used_once:  # then who has made it for this request sees to its end
            self.give_up(request)

    @override
    def give_up(self, message: Envelope) -> None:
        span = message.span
        if span is not None and span.message is message and not self.is_used_once:
            span.end("task_cancelled", asyncio.CancelledError("nobody waits for it any more"))
        if (
            self.in_hand is message
            and isinstance(message, Request)
            and self.behaviour is not None
            and self.behaviour._ends_with_its_asker
            and isinstance(self.turn, asyncio.Task)
            and not self.turn.cancelling()
        ):
            message.withdrawn = True
            self.turn.cancel()

    @override
    def _refuse_children(self) -> None:
        if self.children and isinstance(self.in_hand, Hooks):
            self.in_hand.awaits_children = True
            if self._mailbox is not None:
                self._mailbox.refuse(self._why_not)

    def _why_not(self, envelope: Envelope, waits_for_room: bool) -> Exception | None:
        """The error for a sender on whom this actor waits, if it waits for this actor."""
        if isinstance(envelope, Request):
            asking, asked = envelope.within, self.in_hand
            if asking is None or asked is None:
                return None
            cycle = self.engine.waits.cycle(asking, asked)
            if cycle:
                error = AskCycleError(cycle)
                envelope.withdrawn = True
                envelope.fail(error)
                return error
        elif waits_for_room and self._may_not_wait(envelope):
            return MailboxFullError(getattr(self._mailbox, "maxsize", 0))
        return None

    def _why_too_late(self) -> str:
        """Why nothing is taken any more."""
        if isinstance(self.reason, BaseException):
            return f"it failed with {shown(self.reason)}"
        return "it was idle" if self.reason == "idle" else "the message came too late"

    def _box(self) -> Mailbox:
        box = self._mailbox
        if box is None:
            assert isinstance(self._capacity, int)  # a mailbox that was given is there already
            box = self._mailbox = MemoryMailbox(self._capacity)
        return box

    @override
    def _put_mailbox_away(self) -> None:
        box = self._mailbox
        if isinstance(box, MemoryMailbox) and isinstance(self._capacity, int) and box.is_unused:
            self._mailbox = None  # it is twice as large as the actor

    def _arrived(self) -> None:
        """A message has come to the mailbox from elsewhere."""
        if self.state is State.STOPPED:
            self._empty(self._why_too_late())
        else:
            self._go_on()

    def _take(self, envelope: Envelope, queued: bool) -> None:
        """See to it that a queued envelope is handled; a dropped one is a dead letter."""
        if queued:
            if self.turn is None:
                self._arrived()
        elif self.state > State.RETIRING:
            self.engine.bury(self, envelope, self._why_too_late())
        else:
            if isinstance(envelope, Request):
                envelope.fail(MailboxFullError(getattr(self._mailbox, "maxsize", 0)))
            self.engine.bury(self, envelope, "the mailbox was full")


for _method in (Cell.ask, Cell.tell):  # so that "was never awaited" names what a user knows
    _method.__qualname__ = f"ActorRef.{_method.__name__}"
del _method
