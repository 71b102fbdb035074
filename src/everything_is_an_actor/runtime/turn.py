"""The turn: how an actor handles one message after the other, and what it may do with them.

The problem: an actor handles one message at a time, but an actor that waits for a message must
cost nothing but memory, and a message whose handler never waits must not go through the loop.

The design: an actor holds no task while it is idle. The first message starts a *turn*, an eager
task that handles it and then whatever has been queued meanwhile, and ends when the mailbox is
empty. So "one at a time" needs no lock: there is a turn, or there is none.

Everything else happens within the turn as well, between two messages: the orders of a supervisor
(`incarnation.py`), the end (`ending.py`). Only one task ever touches an actor, hence two
incarnations cannot overlap. `interrupt` cancels the turn, at the next await of whatever runs in it.

The message in hand is also the context of what runs: `current_message` says which actor it is part
of, for which task it works, and who waits for it. One variable, set once for a message, is all that
the sending side has to look at.

A turn is always started eagerly: a task that is cancelled before its first step never runs a line,
and the actor would be left in the middle. So what cannot start here and now, because too many eager
tasks are nested already, is queued, and its turn is scheduled as a callback.

Rejected: a task per actor that waits on a queue (costs 1 KB and a trip through the loop per
message); a task per message (the order of two messages would be the scheduler's affair).
"""

import asyncio
import contextlib
from abc import abstractmethod
from inspect import iscoroutinefunction
from typing import Final, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.runtime.ending import Mortal
from everything_is_an_actor.runtime.errors import ActorStoppedError
from everything_is_an_actor.runtime.letters import (
    Envelope,
    Hooks,
    Request,
    Signal,
    Terminated,
    current_message,
)
from everything_is_an_actor.runtime.place import AnyPlace, State, log, uncancel
from everything_is_an_actor.runtime.timers import Tick, Timers

MESSAGES_PER_TURN: Final = 256  # handled in a row before other actors get their turn

_running, _stopping = State.RUNNING, State.STOPPING  # a look-up less, at every message
_message_here, _enter = current_message.get, current_message.set


class Turning[M, R](Mortal[M, R]):
    """An actor, as far as what comes out of its mailbox is concerned."""

    __slots__ = ()

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

    @abstractmethod
    def _put_mailbox_away(self) -> None:
        """Idle from here on: keep no more than that needs."""

    # ------------------------------------------------------------------ one after the other

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
                    if extras is not None and extras.front:
                        envelope = self._next()
                    elif self._mailbox is not None:
                        envelope = self._mailbox.take()
                    if envelope is None:
                        break
                    if type(envelope) is Request and self._is_withdrawn(envelope):
                        if extras is not None and extras.durable:
                            await self._done(envelope)
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
                    extras = self._extras
                else:
                    extras = self._extras  # which the message may have brought about
                    is_done = (
                        extras is None
                        or extras.set_aside is None
                        or not self._was_set_aside(envelope)
                    )
                    if type(envelope) is Request and is_done:
                        if envelope.withdrawn:
                            self.engine.late_replies += 1
                            await _let_go_of_cancellation()  # of an agent that has gone on
                        if envelope.future is None and not envelope.answered:
                            envelope.value = reply  # as `reply`, without a call
                            envelope.answered = True
                        else:
                            envelope.reply(reply)
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
            failed = isinstance(self.reason, BaseException)
            await self._terminate(
                f"it failed with {shown(self.reason)}" if failed else "it was stopped"
            )
        self.turn = None
        if self._mailbox is not None:
            self._put_mailbox_away()
        if self._extras is not None and self._extras.has_policy:
            self._count_idle_time()

    async def _done(self, envelope: Envelope) -> None:
        """Let a durable mailbox forget a message that has been handled."""
        if isinstance(envelope, Signal) or self._mailbox is None:
            return
        try:
            await self._mailbox.done(envelope)
        except Exception as error:
            self._judge(error, what="failed to tell its mailbox that a message is done")

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
            if request is not None and self._was_given_up(request):
                request.fail(ActorStoppedError(self.path, "the message in hand was cancelled"))
                return True
            if self.state < State.STOPPING:
                log.error("%s is stopped: its handler ended in CancelledError", self.path)
                self.reason = error
            self.state = State.STOPPING
            if request is not None:
                request.fail(ActorStoppedError(self.path, "the message in hand was cancelled"))
            else:
                log.warning(
                    "%s: the handling of %s was cancelled, it did not end in time",
                    self.path,
                    shown(envelope.message),
                )
            return False
        if not isinstance(error, Exception):
            self.state = State.STOPPING
            self.reason = error
            if request is None or request.withdrawn:
                raise error
            request.fail(error)  # it goes on with the asker
        else:
            self._explain(error)
            if request is not None:
                request.fail(error)
            self._judge(error, is_told=request is not None)
            if request is not None and request.withdrawn:
                await _let_go_of_cancellation()  # which it has answered by an error
        return True

    def _was_given_up(self, request: Request) -> bool:
        """Whether the work on this message was cancelled, and the actor was not."""
        behaviour = self.behaviour
        return (
            request.withdrawn
            and self.state < State.STOPPING
            and behaviour is not None
            and behaviour._ends_with_its_asker
        )

    def _explain(self, error: Exception) -> None:
        """Note the commonest mistake on what the `await` of the turn itself has raised."""
        traceback, cls = error.__traceback__, type(self.behaviour)
        is_own = traceback is not None and traceback.tb_next is None
        if isinstance(error, TypeError) and is_own and not iscoroutinefunction(cls.on_receive):  # type: ignore[union-attr]  # a cell has an instance until it stops
            error.add_note(
                f"on_receive of {cls.__name__} must be async: code that blocks belongs into receive"
            )

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

    @property
    def has_stashed(self) -> bool:
        """Whether the message in hand has been put aside."""
        return self._extras is not None and self._extras.set_aside is not None

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

    @override
    def _close(self, reason: str) -> None:
        for place in () if self._extras is None else self._extras.watched:
            if place.watchers is not None:
                place.watchers.pop(self, None)
        super()._close(reason)

    @property
    def timers(self) -> Timers:
        """The timers of the present instance. Raises `ActorStoppedError` after its end."""
        if self.state is State.STOPPED:
            raise ActorStoppedError(self.path, "it can have no timers")
        extras = self.extras
        if extras.timers is None:
            extras.timers = Timers(self.engine.scheduler.loop, self._tick)
        return extras.timers

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


def _is_end_of(place: AnyPlace, envelope: Envelope) -> bool:
    return isinstance(envelope.message, Terminated) and envelope.message.ref is place


async def _let_go_of_cancellation() -> None:
    """Drop a cancellation that no await has noticed yet, as of an actor that interrupts itself."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        uncancel()
