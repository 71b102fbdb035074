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
from collections.abc import Awaitable, Callable, Iterable
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
from everything_is_an_actor.runtime.events import Span
from everything_is_an_actor.runtime.incarnation import PLAIN, Extras, Incarnated, Options
from everything_is_an_actor.runtime.letters import (
    Envelope,
    Hooks,
    Request,
    Signal,
    Terminated,
    current_message,
)
from everything_is_an_actor.runtime.mailbox import Mailbox, MemoryMailbox
from everything_is_an_actor.runtime.place import (
    AnyPlace,
    Ending,
    Engine,
    Place,
    State,
    log,
    uncancel,
)
from everything_is_an_actor.runtime.policy import (
    AfterIdle,
    AfterMessage,
    StopMode,
    StopPolicy,
    need_policy,
)
from everything_is_an_actor.runtime.scheduler import SAFE_DEPTH, STEPS_BETWEEN_RESTS
from everything_is_an_actor.runtime.timers import Tick, Timers

MESSAGES_PER_TURN: Final = 256  # handled in a row before other actors get their turn

TELLS_BETWEEN_RESTS: Final = 4096  # the more there are, the more messages a turn finds

_running, _stopping = State.RUNNING, State.STOPPING  # a look-up less, at every message
_message_here, _enter = current_message.get, current_message.set
_new: Final = object.__new__


class Cell[M, R](Incarnated[M, R]):
    """One incarnation of an actor with a mailbox."""

    __slots__ = ("_capacity", "_mailbox", "_name", "_ready")

    def __init__(
        self,
        engine: Engine,
        parent: AnyPlace | None,
        name: str,
        make: Callable[[], Behaviour[M, R]],
        capacity: int | Mailbox = 256,
        options: Options = PLAIN,
    ) -> None:
        super().__init__(engine, parent)
        self._make = make
        self._extras = None if options is PLAIN else Extras(options)
        self._name = name
        self._capacity = capacity
        self._mailbox: Mailbox | None = None
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
        options: Options = PLAIN,
    ) -> "Cell[A, B]":
        """Start a child of `parent`; it is running, `on_started` included, when this returns.

        Raises `NameInUseError`, `ActorStoppedError` if the parent is stopping or the child was
        interrupted while it started, or whatever the child's constructor or `on_started` raises:
        the name is then free again.
        """
        scheduler = parent.engine.scheduler
        scheduler.spent += 1
        if scheduler.tired:
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
            if cls.on_started is not Behaviour.on_started or options.middlewares:
                await cell._start(behaviour)
        except BaseException as error:
            if await cell._abandon(f"it failed to start: {error!r}"):
                raise asyncio.CancelledError from error
            raise
        cell.turn = None
        cell._ready = True
        if cell.state is State.STARTING:
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

    def _enter_hooks(self, span: Span | None = None, within: Envelope | None = None) -> Hooks:
        """What follows is done by the actor itself, on no message."""
        hooks = self.in_hand = Hooks(self, span, within)
        _enter(hooks)
        return hooks

    # ------------------------------------------------------------------ sending

    @override
    async def tell(self, message: M) -> None:
        scheduler = self.engine.scheduler
        scheduler.spent += 1
        if scheduler.spent >= TELLS_BETWEEN_RESTS:
            await scheduler.rest()  # first: who is cancelled meanwhile has sent nothing
        here = _message_here()
        envelope = _new(Envelope)  # `__init__` would cost as much again
        envelope.message = message
        envelope.sender = None if here is None else here.recipient
        envelope.recipient = self
        envelope.span = None if here is None else here.span
        envelope.within = None
        box = self._mailbox
        if (
            box is not None
            and self.state is _running
            and events._get_running_loop() is scheduler.loop
            and box.offer(envelope)
        ):
            if self.turn is None:
                self.turn = scheduler.loop.call_soon(self._begin_turn)
        else:
            await self._tell(envelope)

    async def _tell(self, envelope: Envelope) -> None:
        if self._is_outside:
            box = self._box_for_threads(envelope)
            queued = self.state < State.DRAINING and await box.put(envelope)
            self._take_from_thread(envelope, queued)
        elif self.state >= State.DRAINING:
            self.engine.bury(self, envelope, "the recipient has stopped")
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
        here = _message_here()
        sender, span = (None, None) if here is None else (here.recipient, here.span)
        envelope = Envelope(message, sender, self, span)
        if self._is_outside:
            box = self._box_for_threads(envelope)
            queued = self.state < State.DRAINING and box.put_nowait(envelope)
            self._take_from_thread(envelope, queued)
        elif self.state >= State.DRAINING:
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
            full = self.state < State.DRAINING
            reason = "the mailbox was full" if full else "the recipient has stopped"
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
        request.value = request.error = request.future = None
        scheduler = self.engine.scheduler
        if (
            self.turn is None
            and self.state is _running
            and (scheduler.depth < SAFE_DEPTH or not scheduler.deep)
            and (self._mailbox is None or self._mailbox.in_memory)
            and events._get_running_loop() is scheduler.loop
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
        elif events._get_running_loop() is not scheduler.loop:
            raise RuntimeError(
                f"{self.path} was asked {shown(message)} from outside its event loop: ask from "
                "another thread by asyncio.run_coroutine_threadsafe(ref.ask(...), loop).result()"
            )
        elif self.state >= State.DRAINING:
            scheduler.spent += 1
            self.engine.bury(self, request, "the recipient has stopped")
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
                    await self._wait(request, None)
        except BaseException as error:
            request.withdrawn = True
            if not (isinstance(error, TimeoutError) and deadline.expired()):
                raise
            if not request.answered:  # in the very step in which the time was up
                raise AskTimeoutError(self.path, timeout or 0.0) from None
        finally:
            self.engine.waits.end(request, held_up)

    async def _wait(self, request: Request, timeout: float | None) -> None:
        """Wait for the answer; an asker that is cancelled withdraws the request."""
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
            raise
        finally:
            engine.waits.end(request, held_up)
            if line is not None:
                line.leave(request)

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
        if queued:
            if self.turn is None:
                self._arrived()
        elif self.state > State.RETIRING:
            self.engine.bury(self, envelope, "the recipient has stopped")
        else:
            if isinstance(envelope, Request):
                envelope.fail(MailboxFullError(getattr(self._mailbox, "maxsize", 0)))
            self.engine.bury(self, envelope, "the mailbox was full")

    def _deliver(self, signal: Signal) -> None:
        """Have something handled that does not come through the mailbox, before what is there."""
        if self.state < State.STOPPING:
            self.extras.front.append(signal)
            self._go_on()

    def _tick(self, tick: Tick) -> None:
        """The message of a timer is not for an actor that takes no more messages."""
        if self.state < State.DRAINING:
            tick.recipient = self
            self._deliver(tick)

    def inherit(self, envelopes: Iterable[Envelope]) -> None:
        """Handle, before what is in the mailbox, what a former actor has left to its heir."""
        for envelope in envelopes:
            envelope.recipient = self
            self.extras.front.append(envelope)
        self._go_on()

    @override
    def _go_on(self) -> None:
        if self._ready and self.turn is None and self._has_something_to_do():
            self.turn = self.engine.scheduler.loop.call_soon(self._begin_turn)

    def _has_something_to_do(self) -> bool:
        extras = self._extras
        return (
            self.state > State.RUNNING
            or (extras is not None and bool(extras.orders))
            or self._has_messages()
        )

    def _begin_turn(self) -> None:
        self.turn = None
        if self.state is not State.STOPPED:
            task = self.engine.scheduler.start(self._turn(None))
            if not task.done():
                self.turn = task

    # ------------------------------------------------------------------ the turn

    async def _turn(self, envelope: Envelope | None) -> None:
        """Handle `envelope` and whatever is queued, one message after the other."""
        self.turn = asyncio.current_task()
        left = MESSAGES_PER_TURN
        try:
            while self.state is _running or self.state < _stopping:
                extras = self._extras
                if extras is not None and (extras.orders or self.state is State.RETIRING):
                    self._enter_hooks()
                    await (self._obey() if extras.orders else self._retire())
                    self.in_hand = None
                    continue
                if envelope is None:
                    if extras is not None:
                        envelope = self._next()
                    elif self._mailbox is not None:
                        envelope = self._mailbox.take()
                    if envelope is None:
                        break
                    if type(envelope) is not Envelope and self._is_withdrawn(envelope):
                        envelope = None
                        continue
                envelope.recipient = self  # which a mailbox of another kind may not know
                self.in_hand = envelope
                _enter(envelope)
                try:
                    if extras is None or extras.handle is None:
                        reply = await self.behaviour.on_receive(envelope.message)  # type: ignore[union-attr]  # a cell has an instance until it stops
                    else:
                        reply = await extras.handle(envelope, envelope.message)
                except BaseException as error:
                    is_done = await self._failed(envelope, error)
                else:
                    extras = self._extras  # which the message may have brought about
                    is_done = extras is None or not self._was_set_aside(envelope)
                    if is_done and type(envelope) is not Envelope and isinstance(envelope, Request):
                        if envelope.withdrawn:
                            self.engine.late_replies += 1
                        envelope.reply(reply)
                extras = self._extras
                if extras is not None and is_done:
                    if extras.has_policy:
                        self._check_policy(envelope)
                    if extras.durable:
                        await self._done(envelope)
                self.in_hand = envelope = None
                left -= 1
                if not left:
                    left = MESSAGES_PER_TURN
                    await asyncio.sleep(0)
        except asyncio.CancelledError:  # interrupted between two messages
            uncancel()
            self.state = State.STOPPING
        except BaseException as error:  # past supervision: the cell must end all the same
            self.reason = error
            await self._terminate(f"it raised {error!r}")
            raise
        if self.state is not _running:
            await _let_go_of_cancellation()
            await self._terminate("it was stopped")
        self.turn = None
        if self._extras is not None and self._extras.has_policy:
            self._count_idle_time()

    def _next(self) -> Envelope | None:
        """What is to be handled next, of an actor that has more than a mailbox."""
        extras, box = self.extras, self._mailbox
        while extras.front:
            envelope = extras.front.popleft()
            if not isinstance(envelope, Tick):
                return envelope
            if extras.timers is not None and extras.timers.accept(envelope):
                return envelope
        return None if box is None else box.take()

    def _is_withdrawn(self, envelope: Envelope) -> bool:
        if isinstance(envelope, Request) and envelope.withdrawn:
            self.engine.bury(self, envelope, "the asker gave up before it began")
            return True
        return False

    async def _done(self, envelope: Envelope) -> None:
        """Let a durable mailbox forget a message that has been handled."""
        if isinstance(envelope, Signal):
            return
        try:
            await self._box().done(envelope)
        except Exception as error:
            log.error("%s could not tell its mailbox that a message is done: %r", self.path, error)
            self._judge(error)

    async def _failed(self, envelope: Envelope, error: BaseException) -> bool:
        """Tell the asker and the supervisor, and do what the supervisor says.

        False if the handling was cut short: a durable mailbox has the message handled elsewhere.
        """
        request = envelope if isinstance(envelope, Request) else None
        if self._extras is not None and self._was_set_aside(envelope):  # and has failed since
            for line in (self._extras.stash, self._extras.front):
                with contextlib.suppress(ValueError):
                    line.remove(envelope)
        if isinstance(error, asyncio.CancelledError):
            uncancel()
            if self.state < State.STOPPING:
                log.error("%s is stopped: its handler ended in CancelledError", self.path)
                self.reason = error
            self.state = State.STOPPING
            if request is not None:
                request.fail(ActorStoppedError(self.path, "the message in hand was cancelled"))
            return False
        if not isinstance(error, Exception):
            self.state = State.STOPPING
            self.reason = error
            if request is None or request.withdrawn:
                raise error
            request.fail(error)  # it goes on with the asker
        else:
            if request is not None:
                request.fail(error)
            log.warning("%s failed: %r", self.path, error, exc_info=None if request else error)
            self._judge(error)
        return True

    # ------------------------------------------------------------------ what actors ask for

    def stash(self) -> None:
        """Put the message in hand aside. Raises `RuntimeError` if there is none."""
        envelope = self.in_hand
        if _message_here() is not envelope or isinstance(envelope, Hooks | None):
            raise RuntimeError(f"{self.path} has no message in hand to stash")
        if self.extras.set_aside is envelope:
            raise RuntimeError(f"{self.path} has stashed the message in hand already")
        self.extras.stash.append(envelope)
        self.extras.set_aside = envelope

    def _was_set_aside(self, envelope: Envelope) -> bool:
        """Whether the message whose handler has ended is still to be handled."""
        was_stashed = self.extras.set_aside is envelope
        self.extras.set_aside = None
        return was_stashed

    def unstash_all(self) -> None:
        """Have all that was put aside handled next, in the order in which it came."""
        self._unstash()
        self._go_on()

    def watch(self, place: AnyPlace) -> None:
        """Be told, once, when `place` has stopped; at once if it has already."""
        if place is self:
            raise ValueError(f"{self.path} cannot watch itself: override on_stopped instead")
        extras = self.extras
        if place in extras.watched or any(_is_end_of(place, each) for each in extras.front):
            return
        extras.watched[place] = None
        if place.state is State.STOPPED:
            self.told(Terminated(place, place.reason))
            return
        if place.watchers is None:
            place.watchers = {}
        place.watchers[self] = None

    def unwatch(self, place: AnyPlace) -> None:
        """Not to be told any more; harmless if it was not to be told."""
        extras = self.extras
        extras.watched.pop(place, None)
        if place.watchers is not None:
            place.watchers.pop(self, None)
        for envelope in [each for each in extras.front if _is_end_of(place, each)]:
            extras.front.remove(envelope)

    def told(self, terminated: Terminated) -> None:
        """An actor that is watched has ended."""
        self.extras.watched.pop(terminated.ref, None)  # type: ignore[call-overload]  # every ref is a place
        self._deliver(Signal(terminated, terminated.ref, self))

    @property
    def timers(self) -> Timers:
        """The timers of the present instance. Raises `ActorStoppedError` after its end."""
        if self.state is State.STOPPED:
            raise ActorStoppedError(self.path, "it can have no timers")
        extras = self.extras
        if extras.timers is None:
            extras.timers = Timers(self.engine.scheduler.loop, self._tick)
        return extras.timers

    # ------------------------------------------------------------------ stop policies

    def _policy(self) -> StopPolicy:
        behaviour = self.behaviour
        own = type(behaviour).stop_policy is not Behaviour.stop_policy  # type: ignore[union-attr]  # a cell has an instance until it stops
        if behaviour is not None and own:
            try:
                return need_policy(f"stop_policy of {self.path}", behaviour.stop_policy())
            except Exception as error:
                self._stop_for(error)
        return self.options.policy or StopMode.NEVER

    def _check_policy(self, envelope: Envelope) -> None:
        """Stop, if that was the last message by the actor's policy."""
        if self.state >= State.STOPPING:
            return
        match self._policy():
            case StopMode.ONE_TIME:
                self.state = State.STOPPING
            case AfterMessage(last):
                try:
                    if envelope.message == last:
                        self.state = State.STOPPING
                except Exception as error:
                    self._stop_for(error)
            case _:
                pass

    def _count_idle_time(self) -> None:
        """See to it that the actor retires when it has been idle for as long as its policy says."""
        policy = self._policy() if self.state is State.RUNNING else StopMode.NEVER
        if isinstance(policy, AfterIdle):
            extras, loop = self.extras, self.engine.scheduler.loop
            extras.idle_since = loop.time()
            due = extras.idle_since + policy.seconds
            if extras.idle_timer is not None and extras.idle_timer.when() > due:
                extras.idle_timer.cancel()  # the policy is a shorter one than it was
                extras.idle_timer = None
            if extras.idle_timer is None:
                extras.idle_timer = loop.call_at(due, self._look_whether_idle)
        elif self.state is State.STOPPING:  # for want of a policy
            self._go_on()

    def _look_whether_idle(self) -> None:
        extras, loop = self.extras, self.engine.scheduler.loop
        timer, extras.idle_timer = extras.idle_timer, None
        if self.turn is not None or timer is None or self.state is not State.RUNNING:
            return  # the end of the turn counts anew
        policy = self._policy()
        if not isinstance(policy, AfterIdle):
            self._go_on()  # to its end, if it has no policy at all
            return
        if extras.timers is not None and extras.timers.have_one_due(timer.when()):
            return  # a message of its own comes at the very instant
        due = extras.idle_since + policy.seconds
        if due > timer.when():
            extras.idle_timer = loop.call_at(due, self._look_whether_idle)
            return
        self.state = State.RETIRING
        self.reason = "idle"
        if self._ends_at_once():
            self._close("it was idle")
        else:
            self._go_on()

    async def _retire(self) -> None:
        """End the instance. What has come meanwhile is for a new one, in the same place."""
        self._end_timers()
        await self._end()
        self._end_timers()
        if self.state >= State.STOPPING:
            return
        while (envelope := self._next()) is not None and self._is_withdrawn(envelope):
            pass
        if envelope is None:
            self.state = State.STOPPING
            return
        self.extras.front.appendleft(envelope)
        self._unstash()
        self.reason = "stopped"
        if self.state is State.RETIRING:
            self.state = State.RUNNING
        try:
            await self._begin(self._incarnate())
        except Exception as failure:
            self._judge(failure)

    def _has_messages(self) -> bool:
        extras, box = self._extras, self._mailbox
        return (extras is not None and bool(extras.front)) or (box is not None and not box.empty())

    # ------------------------------------------------------------------ stopping

    @override
    def stop(self, *, drain: bool = False) -> Awaitable[None]:
        if self.state < State.DRAINING or (self.state is State.DRAINING and not drain):
            self.state = State.DRAINING if drain else State.STOPPING
            self._end_pause()
            if self._ready and not isinstance(self.turn, asyncio.Task):
                if self._ends_at_once():
                    self._close("it was stopped")
                else:
                    self._go_on()
        return Ending(self)

    def _ends_at_once(self) -> bool:
        """Whether nothing has to be waited for at the end."""
        hooked = self.behaviour is not None and (
            type(self.behaviour).on_stopped is not Behaviour.on_stopped or self.options.middlewares
        )
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
        self._enter_hooks()
        self._empty(reason)
        try:
            await self._end()
            if self._mailbox is not None and not self._mailbox.in_memory:
                await self._mailbox.release()
        except Exception:
            log.exception("the mailbox of %s could not be released", self.path)
        finally:
            self._close(reason)

    def _empty(self, reason: str) -> None:
        """What is queued becomes dead letters, or is for the heir while the parent is alive."""
        left: list[Envelope] = []
        extras = self._extras
        if extras is not None:
            left += [*extras.stash, *extras.front]
            extras.stash.clear()
            extras.front.clear()
        if self._mailbox is not None:
            left += self._mailbox.close()
        left = [envelope for envelope in left if not isinstance(envelope, Signal)]
        heir = self.options.heir
        if left and heir is not None and self.parent is not None and self.parent.is_alive:
            heir(left)
        else:
            for envelope in left:
                self.engine.bury(self, envelope, reason)

    def _close(self, reason: str) -> None:
        self.state = State.STOPPED
        self._empty(reason)
        self.in_hand = None
        extras, self._extras = self._extras, None
        if extras is not None:
            if extras.timers is not None:
                extras.timers.close()
            if extras.idle_timer is not None:
                extras.idle_timer.cancel()
            for place in extras.watched:
                if place.watchers is not None:
                    place.watchers.pop(self, None)
        self.leave()


def _is_end_of(place: AnyPlace, envelope: Envelope) -> bool:
    return isinstance(envelope.message, Terminated) and envelope.message.ref is place


async def _let_go_of_cancellation() -> None:
    """Drop a cancellation that no await has noticed yet, as of an actor that interrupts itself."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        uncancel()
