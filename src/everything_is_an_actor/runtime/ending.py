"""The ways to an end: when an actor stops by itself, and what happens when it stops.

The problem: an actor may be told to stop in any phase of its life, by others, by its parent, by its
own policy or by its idleness, and each of them may be overtaken by another.

The design: whoever wants the end of an actor sets its state, which only goes forward, and sees to
it that there is a turn. The turn does the rest: it empties the mailbox, ends the children and the
instance, and leaves. An actor for whose end nothing has to be waited ends at once, without one.

Idleness is the one end that can be taken back. A retiring actor still takes messages; if one has
come by the time its instance has ended, a new instance handles it, in the same place, behind the
same ref. One timer is enough: it is not touched by messages, but looks, when it goes off, whether
there has been one.
"""

import asyncio
from asyncio import events
from collections.abc import Awaitable
from contextvars import Context
from typing import override

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.incarnation import PLAIN, Incarnated
from everything_is_an_actor.runtime.letters import (
    Envelope,
    Hooks,
    Request,
    Signal,
    current_message,
)
from everything_is_an_actor.runtime.mailbox import Mailbox
from everything_is_an_actor.runtime.place import Ending, State, log
from everything_is_an_actor.runtime.policy import (
    AfterIdle,
    AfterMessage,
    StopMode,
    StopPolicy,
    need_policy,
)
from everything_is_an_actor.runtime.span import Span
from everything_is_an_actor.runtime.timers import Tick


class Mortal[M, R](Incarnated[M, R]):
    """An actor with a mailbox, as far as its end is concerned."""

    __slots__ = ("_mailbox", "_ready")

    _mailbox: Mailbox | None
    _ready: bool
    """Whether `on_started` has ended: before that nothing else may run."""

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
                self._look_at(due)
        elif self.state is State.STOPPING:  # for want of a policy
            self._go_on()

    def _look_at(self, due: float) -> None:
        loop = self.engine.scheduler.loop
        # In no context: the timer would keep the message for which the actor was started.
        timer = loop.call_at(due, self._look_whether_idle, context=Context())
        self.extras.idle_timer = timer

    def _look_whether_idle(self) -> None:
        extras = self.extras
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
            self._look_at(due)
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
            self._judge(failure, what="failed to start again")

    # ------------------------------------------------------------------ what is left to do

    def _has_messages(self) -> bool:
        extras, box = self._extras, self._mailbox
        return (extras is not None and bool(extras.front)) or (box is not None and not box.empty())

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

    def _enter_hooks(self, span: Span | None = None, within: Envelope | None = None) -> Hooks:
        """What follows is done by the actor itself, on no message."""
        hooks = self.in_hand = Hooks(self, span, within)
        current_message.set(hooks)
        return hooks

    # ------------------------------------------------------------------ stopping

    @property
    @override
    def _is_finalising(self) -> bool:
        return self.state > State.RUNNING and isinstance(self.in_hand, Hooks)

    @override
    def stop(self, *, drain: bool = False) -> Awaitable[None]:
        loop = self.engine.scheduler.loop
        if events._get_running_loop() is not loop and loop.is_running():
            raise RuntimeError(
                f"{self.path} is to be stopped from outside its event loop: from another thread, "
                "use loop.call_soon_threadsafe(ref.stop)"
            )
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
        self.options = PLAIN
        if extras is not None:
            if extras.timers is not None:
                extras.timers.close()
            if extras.idle_timer is not None:
                extras.idle_timer.cancel()
        self.leave()
