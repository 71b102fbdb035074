"""The instances behind one actor: how each begins, is replaced after a failure, and ends.

The problem: a supervisor decides about an actor at any time, the actor is in the middle of a
message, and its parent, its siblings and its children are in the middle of theirs.

The design: nobody touches an actor but its own turn (`turn.py`). Whoever wants something of another
actor leaves an *order* with it, which its turn carries out between two messages: a sibling under
`AllForOneStrategy` restarts there, a parent is judged there for what its child escalates. So two
incarnations never overlap, and a restart never cuts a message short. A failed actor leaves the
order to restart with itself, and its turn takes that before anything else; messages wait.

An instance that is to restart anyway may fail while it finishes its message, often because the
sibling that it asked has failed. That is no reason for one restart more (OTP's `one_for_all` does
not count it either): otherwise one error would go round among siblings and use up their limits.
Only if the supervisor says something else than `restart` about it, that is done instead.

Rejected: a supervisor that restarts its children itself (it would have to wait for their messages,
and could not handle its own meanwhile); a state "suspended" (a turn that is busy is that already).
"""

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, assert_never, override

from everything_is_an_actor.algebra.arguments import need_seconds
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.config import ActorConfig, may_restart, need_config
from everything_is_an_actor.runtime.dispatcher import Dispatcher
from everything_is_an_actor.runtime.letters import Envelope, Hooks
from everything_is_an_actor.runtime.middleware import Middleware, around
from everything_is_an_actor.runtime.place import (
    AnyPlace,
    Place,
    State,
    log,
    uncancel,
)
from everything_is_an_actor.runtime.policy import StopPolicy
from everything_is_an_actor.runtime.span import Tracer
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


type Handle = Callable[[Envelope, Any], Awaitable[Any]]

PLAIN = Options()
ONCE = Options(once=True)


@dataclass(frozen=True, slots=True)
class Escalated:
    """An order: fail with the error of a child; `is_told` if one who asked has that error."""

    error: Exception
    is_told: bool


@dataclass(frozen=True, slots=True)
class Restart:
    """An order: restart after so many seconds, because of this error, one's own or a sibling's.

    `message` is what it had in hand when it failed, if it is its own: hence the `Any`.
    """

    error: Exception
    delay: float
    message: Any = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the supervisor says about a failure; `siblings` share it, each after its own delay."""

    directive: Directive
    delay: float = 0.0
    siblings: "dict[Incarnated[Any, Any], float]" = field(default_factory=dict)


class Extras:
    """What an actor has only if it makes use of it, so that the others stay small."""

    __slots__ = (
        "durable",
        "front",
        "handle",
        "has_policy",
        "idle_since",
        "idle_timer",
        "orders",
        "pause",
        "restarts",
        "set_aside",
        "stash",
        "timers",
        "watched",
    )

    def __init__(self) -> None:
        self.handle: Handle | None = None  # through the middlewares, and where the tracer says
        self.has_policy = False
        self.durable = False  # its mailbox is to be told when a message is done
        self.orders: deque[Escalated | Restart] = deque()
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

    __slots__ = ("_extras", "_make", "options")

    _make: Callable[[], Behaviour[M, R]]
    _extras: Extras | None
    options: Options  # as settled at spawn

    @property
    def extras(self) -> Extras:
        """What only some actors have; made on first use."""
        if self._extras is None:
            self._extras = Extras()
        return self._extras

    @property
    @override
    def is_used_once(self) -> bool:
        return self.options.once

    @abstractmethod
    def _go_on(self) -> None:
        """See to it that there is a turn, if there is anything to do in one."""

    @abstractmethod
    def _refuse_children(self) -> None:
        """Fail what the children wait for: nobody would do it before they have ended."""

    # ------------------------------------------------------------------ instances

    def _incarnate(self) -> Behaviour[M, R]:
        behaviour = self._make()
        behaviour._attach(self)
        self.behaviour = behaviour
        middlewares, tracer = self.options.middlewares, self.engine.tracer
        if tracer is not None:
            receive = around(middlewares, behaviour.on_receive)
            self.extras.handle = _where_it_was_sent(tracer, receive)
        elif middlewares:
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
        self._refuse_children()
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
        if self._extras is not None:
            self._extras.orders.clear()  # they were for this instance

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

    def _judge(
        self,
        error: Exception,
        *,
        what: str = "failed",
        has_state: bool = True,
        is_told: bool = False,
    ) -> None:
        """Ask the supervisor, and see to it that what it says is done.

        Without `has_state` there is nothing that could be resumed: the instance has been given up,
        and the new one could not be made. The log is told once where in the code it happened,
        unless it `is_told` to one who asked: with the last word about it.
        """
        if self.state >= State.STOPPING:
            self._report(what, error, is_last=not is_told)
            return
        sentence = self._sentence(error)
        self._report(what, error, is_last=not is_told and self._is_last_word(sentence.directive))
        match sentence.directive:
            case Directive.resume:
                if not has_state and not self._is_to_restart:
                    self._stop_for(error)
            case Directive.restart if self.options.once:
                self.state = State.STOPPING
                self.reason = error
            case Directive.restart:
                if not self._is_to_restart:
                    message = None if self.in_hand is None else self.in_hand.message
                    self.extras.orders.appendleft(Restart(error, sentence.delay, message))
                    for sibling, delay in sentence.siblings.items():
                        sibling._order(Restart(error, delay))
            case Directive.stop:
                self._stop_for(error)
                for sibling in reversed(sentence.siblings):
                    _ = sibling.stop()
            case Directive.escalate:
                self.state = State.STOPPING
                self.reason = error
                self._escalate(error, is_told=is_told)
            case _ as unreachable:
                assert_never(unreachable)

    def _report(self, what: str, error: Exception, *, is_last: bool) -> None:
        if not self.options.once:  # else its one asker has the error, and the actor is gone
            log.warning("%s %s: %r", self.path, what, error, exc_info=error if is_last else None)

    def _is_last_word(self, directive: Directive) -> bool:
        """Whether no later line of the log says where it happened, once this is carried out."""
        parent = self.parent
        match directive:
            case Directive.stop:
                return not self._is_at_the_top
            case Directive.escalate:
                return parent is not None and parent.state >= State.STOPPING
            case Directive.resume | Directive.restart:
                return True
            case _ as unreachable:
                assert_never(unreachable)

    @property
    def _is_at_the_top(self) -> bool:
        return self.parent is None or self.parent.parent is None

    @property
    def _is_to_restart(self) -> bool:
        """Whether the present instance is to be replaced already, so that it need not fail too."""
        orders = self._extras.orders if self._extras is not None else ()
        return any(isinstance(order, Restart) for order in orders)

    def _sentence(self, error: Exception) -> Sentence:
        """What the supervisor says; a strategy that fails or talks nonsense means `stop`."""
        stop = Sentence(Directive.stop)
        try:
            strategy = self._strategy()
        except Exception:
            log.exception("the supervisor of %s has no strategy", self.path)
            return stop
        try:
            if strategy.concerns_siblings:
                stop = Sentence(Directive.stop, siblings=dict.fromkeys(self._siblings(), 0.0))
            return self._decided(strategy, error, stop)
        except Exception:
            log.exception("the supervisor of %s could not decide about %r", self.path, error)
            return stop

    def _strategy(self) -> SupervisorStrategy:
        supervisor = self.parent.behaviour if self.parent is not None else None
        strategy = OneForOneStrategy() if supervisor is None else supervisor.supervisor_strategy()
        if not isinstance(strategy, SupervisorStrategy):
            raise TypeError(
                f"supervisor_strategy must return a SupervisorStrategy, got {strategy!r}"
            )
        return strategy

    def _decided(self, strategy: SupervisorStrategy, error: Exception, stop: Sentence) -> Sentence:
        now = self.engine.scheduler.loop.time()
        # A restart that is ordered already has been counted: this failure costs no other.
        restarts = [] if self._is_to_restart else self.extras.restarts
        directive = self._directive(strategy, error, restarts, now)
        if not isinstance(directive, Directive):
            raise TypeError(f"a strategy must decide on a Directive, got {directive!r}")
        if directive is Directive.stop:
            return stop
        if directive is Directive.resume and isinstance(error, MemoryError):
            return stop
        if directive is not Directive.restart or self._is_to_restart:
            return Sentence(directive)
        siblings = [place for place in stop.siblings if not place._is_to_restart]
        if not all(place._may_restart(strategy, now) for place in siblings):
            return stop  # one of them has had enough of it
        return Sentence(
            directive,
            _delay(strategy, restarts),
            {place: _delay(strategy, place.extras.restarts) for place in siblings},
        )

    def _directive(
        self, strategy: SupervisorStrategy, error: Exception, restarts: list[float], now: float
    ) -> Directive:
        """What the strategy says; within the actor's own limit of restarts, if it has one."""
        config = self._config
        if config is None:
            return strategy.decide(error, restarts, now)
        directive = strategy.judge(error, now)
        if directive is Directive.restart and not may_restart(config, restarts, now):
            return Directive.stop
        return directive

    def _may_restart(self, strategy: SupervisorStrategy, now: float) -> bool:
        """Record a restart for a sibling's sake, unless it would be one too many."""
        restarts, config = self.extras.restarts, self._config
        if config is None:
            return strategy.count_restart(restarts, now)
        return may_restart(config, restarts, now)

    @property
    def _config(self) -> ActorConfig | None:
        behaviour = self.behaviour
        if behaviour is None or self.options.once:  # whose restart is none
            return None
        return need_config(self.path, behaviour._leaf)

    def _siblings(self) -> "list[Incarnated[Any, Any]]":
        """The actors beside this one; not the agents that are used once."""
        children = self.parent.children if self.parent is not None else None
        return [
            place
            for place in (children or {}).values()
            if isinstance(place, Incarnated) and place is not self and place.state < State.STOPPING
        ]

    def _stop_for(self, error: Exception) -> None:
        self.state = State.STOPPING
        self.reason = error
        is_at_the_top = self._is_at_the_top
        log.error(
            "%s is stopped after %r", self.path, error, exc_info=error if is_at_the_top else None
        )
        if is_at_the_top:
            self.engine.publish_failure(self, error)

    def _escalate(self, error: Exception, *, is_told: bool) -> None:
        parent = self.parent
        if isinstance(parent, Incarnated) and parent.parent is not None:
            log.warning("%s escalates %r to %s", self.path, error, parent.path)
            parent._order(Escalated(error, is_told))
        else:
            text = "%s is stopped: nobody above it handles %r"
            log.error(text, self.path, error, exc_info=error)
            self.engine.publish_failure(self, error)

    def _order(self, order: Escalated | Restart) -> None:
        if self.state < State.STOPPING:
            self.extras.orders.append(order)
            self._go_on()

    async def _obey(self) -> None:
        """Carry out the oldest order."""
        if self.state is State.RETIRING:  # it has something to do after all
            self.state = State.RUNNING
            self.reason = "stopped"
        orders = self.extras.orders
        match orders[0]:
            case Escalated(error, is_told):
                _ = orders.popleft()
                self._judge(error, is_told=is_told)
            case Restart(error, delay, message):  # stays until it is done: nobody orders another
                old = self.behaviour
                if self.in_hand is not None:
                    self.in_hand.message = message
                failure = await self._restart(error, delay)
                if failure is not None:
                    has_state = self.behaviour is not old
                    self._judge(failure, what="failed to restart", has_state=has_state)
            case _ as unreachable:
                assert_never(unreachable)

    async def _restart(self, error: Exception, delay: float) -> Exception | None:
        """Replace the instance; yields the exception that the new one starts with, if any."""
        extras, scheduler = self.extras, self.engine.scheduler
        self._end_timers()
        self._refuse_children()
        if await self.stop_children():
            uncancel()
            self.state = State.STOPPING
        if isinstance(self.in_hand, Hooks):
            self.in_hand.awaits_children = False
        if delay > 0 and self.state < State.DRAINING:
            await self._pause(delay)
        scheduler.spent += 1
        if scheduler.tired:  # as by an actor that fails to restart again and again
            await scheduler.rest()
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


def _where_it_was_sent(tracer: Tracer, receive: Handle) -> Handle:
    """`receive`, as part of what the sender was at: not of whatever has started this turn."""

    async def handle(envelope: Envelope, message: Any) -> Any:
        token = tracer.enter(envelope.sent_from)
        try:
            return await receive(envelope, message)
        finally:
            tracer.leave(token)

    return handle


def _delay(strategy: SupervisorStrategy, restarts: list[float]) -> float:
    delay = strategy.delay(restarts)
    need_seconds(type(strategy).__name__, "delay", delay, zero=True)
    return delay
