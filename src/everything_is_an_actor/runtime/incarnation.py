"""The instances behind one actor: how each begins, is replaced after a failure, and ends.

The problem: a supervisor decides about an actor at any time, the actor is in the middle of a
message, and its parent, its siblings and its children are in the middle of theirs.

The design: nobody touches an actor but its own turn (`cell.py`). Whoever wants something of another
actor leaves an *order* with it, which its turn carries out between two messages: a sibling under
`AllForOneStrategy` restarts there, a parent is judged there for what its child escalates. So two
incarnations never overlap, and a restart never cuts a message short. A failed actor carries out its
own sentence, in the turn in which it failed; messages wait until that is done.

Rejected: a supervisor that restarts its children itself (it would have to wait for their messages,
and could not handle its own meanwhile); a state "suspended" (a turn that is busy is that already).
"""

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.dispatcher import Dispatcher
from everything_is_an_actor.runtime.letters import Envelope
from everything_is_an_actor.runtime.middleware import Handle, Middleware, around
from everything_is_an_actor.runtime.place import (
    AnyPlace,
    Engine,
    Place,
    State,
    log,
    uncancel,
)
from everything_is_an_actor.runtime.policy import StopPolicy
from everything_is_an_actor.runtime.supervision import (
    Directive,
    OneForOneStrategy,
    SupervisorStrategy,
)
from everything_is_an_actor.runtime.timers import Timers


@dataclass(frozen=True, slots=True)
class Options:
    """What is settled when an actor is spawned, besides its class and its mailbox.

    `policy` is for a class without a stop policy of its own. `heir` is given what is still queued
    when the actor stops by itself; otherwise that becomes dead letters. An actor that is used
    `once` is not restarted: nobody would ask the new instance anything.
    """

    middlewares: tuple[Middleware, ...] = ()
    dispatcher: Dispatcher | None = None
    policy: StopPolicy | None = None
    heir: Callable[[list[Envelope]], None] | None = None
    once: bool = False


PLAIN = Options()
ONCE = Options(once=True)


@dataclass(frozen=True, slots=True)
class Escalated:
    """An order: fail with the error of a child."""

    error: Exception


@dataclass(frozen=True, slots=True)
class RestartToo:
    """An order: restart, because a sibling has failed, after so many seconds."""

    error: Exception
    delay: float


class Extras:
    """What an actor has only if it makes use of it, so that the others stay small."""

    __slots__ = (
        "front",
        "handle",
        "idle_since",
        "idle_timer",
        "options",
        "orders",
        "pause",
        "restarts",
        "set_aside",
        "stash",
        "timers",
        "watched",
    )

    def __init__(self, options: Options = PLAIN) -> None:
        self.options = options
        self.handle: Handle | None = None  # through the middlewares
        self.orders: deque[Escalated | RestartToo] = deque()
        self.restarts: list[float] = []  # instants, in seconds
        self.front: deque[Envelope] = deque()  # comes before the mailbox
        self.stash: list[Envelope] = []
        self.set_aside: Envelope | None = None  # the message in hand, if it was stashed
        self.timers: Timers | None = None
        self.watched: dict[AnyPlace, None] = {}
        self.pause: asyncio.Future[None] | None = None
        self.idle_timer: asyncio.TimerHandle | None = None
        self.idle_since = 0.0


class Incarnated[M, R](Place[M, R]):
    """A place whose instance is made anew when its supervisor says so."""

    __slots__ = ("_extras", "_make")

    def __init__(
        self,
        engine: Engine,
        parent: AnyPlace | None,
        make: Callable[[], Behaviour[M, R]],
        options: Options,
    ) -> None:
        super().__init__(engine, parent)
        self._make = make
        self._extras = None if options is PLAIN else Extras(options)

    @property
    def extras(self) -> Extras:
        """What only some actors have; made on first use."""
        if self._extras is None:
            self._extras = Extras()
        return self._extras

    @property
    def options(self) -> Options:
        """What was settled at spawn."""
        return PLAIN if self._extras is None else self._extras.options

    @abstractmethod
    def _go_on(self) -> None:
        """See to it that there is a turn, if there is anything to do in one."""

    # ------------------------------------------------------------------ instances

    def _incarnate(self) -> Behaviour[M, R]:
        behaviour = self._make()
        behaviour._attach(self)
        self.behaviour = behaviour
        if middlewares := self.options.middlewares:
            self.extras.handle = around(middlewares, behaviour.on_receive)
        return behaviour

    async def _begin(self, behaviour: Behaviour[M, R]) -> None:
        """The hooks that run before the first message, the outermost first."""
        for middleware in self.options.middlewares:
            await middleware.on_started(self)
        await behaviour.on_started()

    async def _end(self) -> None:
        """Children first, then the hooks of the instance, the outermost last."""
        behaviour = self.behaviour
        await self.stop_behaviour(None if behaviour is None else behaviour.on_stopped)
        self.behaviour = None
        if behaviour is not None:
            for middleware in reversed(self.options.middlewares):
                try:
                    await middleware.on_stopped(self)
                except asyncio.CancelledError:
                    uncancel()
                except Exception:
                    log.exception("on_stopped of %r failed for %s", middleware, self.path)

    def _end_timers(self) -> None:
        """Those of an instance end with it."""
        timers = self._extras.timers if self._extras is not None else None
        if timers is not None:
            timers.cancel_all()

    def _unstash(self) -> None:
        """Have what was put aside handled next, in order."""
        extras = self.extras
        extras.front.extendleft(reversed(extras.stash))
        extras.stash.clear()

    # ------------------------------------------------------------------ failure

    async def _judge(self, error: Exception) -> None:
        """Apply the supervisor's directive; a restart that fails is judged again."""
        failure: Exception | None = error
        while failure is not None and self.state < State.STOPPING:
            error, failure = failure, None
            strategy = self._strategy()
            match self._directive(strategy, error):
                case Directive.resume:
                    if self.behaviour is None:  # it failed to come back, and has no state to keep
                        self._stop_for(error)
                case Directive.restart if self.options.once:
                    self.state = State.STOPPING
                    self.reason = error
                case Directive.restart:
                    delay = 0.0 if strategy is None else strategy.delay(self.extras.restarts)
                    failure = await self._restart(error, delay)
                case Directive.stop:
                    self._stop_for(error)
                    if strategy is not None and strategy.concerns_siblings:
                        for sibling in reversed(self._siblings()):
                            if sibling.state < State.STOPPING:
                                sibling.reason = error
                                _ = sibling.stop()
                case Directive.escalate:
                    self.state = State.STOPPING
                    self.reason = error
                    self._escalate(error)
                case _ as unreachable:
                    assert_never(unreachable)

    def _strategy(self) -> SupervisorStrategy | None:
        supervisor = self.parent.behaviour if self.parent is not None else None
        try:
            strategy = (
                OneForOneStrategy() if supervisor is None else supervisor.supervisor_strategy()
            )
            if not isinstance(strategy, SupervisorStrategy):
                raise TypeError(
                    f"supervisor_strategy must return a SupervisorStrategy, got {strategy!r}"
                )
        except Exception:
            log.exception("the supervisor of %s has no strategy", self.path)
            return None
        return strategy

    def _directive(self, strategy: SupervisorStrategy | None, error: Exception) -> Directive:
        if strategy is None:
            return Directive.stop
        now = self.engine.scheduler.loop.time()
        try:
            directive = strategy.decide(error, self.extras.restarts, now)
            if not isinstance(directive, Directive):
                raise TypeError(f"a strategy must decide on a Directive, got {directive!r}")
            if directive is Directive.restart and strategy.concerns_siblings:
                directive = self._restart_siblings(strategy, error, now)
        except Exception:
            log.exception("the supervisor of %s could not decide about %r", self.path, error)
            return Directive.stop
        unresumable = directive is Directive.resume and isinstance(error, MemoryError)
        return Directive.stop if unresumable else directive

    def _siblings(self) -> "list[Incarnated[Any, Any]]":
        children = self.parent.children if self.parent is not None else None
        return [
            place
            for place in (children or {}).values()
            if isinstance(place, Incarnated) and place is not self
        ]

    def _restart_siblings(
        self, strategy: SupervisorStrategy, error: Exception, now: float
    ) -> Directive:
        """Order the siblings to restart, or say that all are to stop: one has had enough of it."""
        siblings = [place for place in self._siblings() if place.state < State.STOPPING]
        for sibling in siblings:
            directive = strategy.decide(error, sibling.extras.restarts, now)
            if directive is not Directive.restart:
                return Directive.stop
        for sibling in siblings:
            sibling._order(RestartToo(error, strategy.delay(sibling.extras.restarts)))
        return Directive.restart

    def _stop_for(self, error: Exception) -> None:
        self.state = State.STOPPING
        self.reason = error
        if self.parent is None or self.parent.parent is None:
            self.engine.publish_failure(self, error)
        else:
            log.error("%s is stopped after %r", self.path, error)

    def _escalate(self, error: Exception) -> None:
        parent = self.parent
        if isinstance(parent, Incarnated) and parent.parent is not None:
            log.warning("%s escalates %r to %s", self.path, error, parent.path)
            parent._order(Escalated(error))
        else:
            self.engine.publish_failure(self, error)

    def _order(self, order: Escalated | RestartToo) -> None:
        if self.state < State.STOPPING:
            self.extras.orders.append(order)
            self._go_on()

    async def _obey(self) -> None:
        """Carry out the oldest order."""
        match self.extras.orders.popleft():
            case Escalated(error):
                await self._judge(error)
            case RestartToo(error, delay):
                failure = await self._restart(error, delay)
                if failure is not None:
                    await self._judge(failure)
            case _ as unreachable:
                assert_never(unreachable)

    async def _restart(self, error: Exception, delay: float) -> Exception | None:
        """Replace the instance; yields the exception that the new one starts with, if any."""
        extras = self.extras
        self._end_timers()
        if await self.stop_children():
            uncancel()
            self.state = State.STOPPING
        if delay > 0 and self.state < State.STOPPING:
            await self._pause(delay)
        if self.state >= State.STOPPING:
            return None
        extras.orders.clear()  # what children of the old instance escalated, and siblings wanted
        self._unstash()
        try:
            behaviour = self._incarnate()
            for middleware in self.options.middlewares:
                await middleware.on_restart(self, error)
            await behaviour.on_restart(error)
            await behaviour.on_started()
        except Exception as failure:
            log.warning("%s failed to restart: %r", self.path, failure)
            return failure
        return None

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the actor is stopped meanwhile."""
        loop = self.engine.scheduler.loop
        pause = self.extras.pause = loop.create_future()
        timer = loop.call_later(seconds, self._end_pause)
        try:
            await pause
        except asyncio.CancelledError:
            uncancel()
            self.state = State.STOPPING
        finally:
            timer.cancel()
            self.extras.pause = None

    def _end_pause(self) -> None:
        """Whatever the actor waits for before it restarts, it waits no longer."""
        pause = self._extras.pause if self._extras is not None else None
        if pause is not None and not pause.done():
            pause.set_result(None)
