"""A typed functional-programming toolkit for agent orchestration, on Erlang-style actors.

Programs are values (`everything_is_an_actor.flow`); interpreters give them meaning. This module is
the face of the actor runtime.
"""

from collections.abc import Coroutine
from functools import cached_property
from typing import Any, override

from everything_is_an_actor.algebra.fold_map import Step, fold_map
from everything_is_an_actor.algebra.free import Free, Suspend
from everything_is_an_actor.algebra.operations import ActorOp, Ask
from everything_is_an_actor.interpreters.live import Live, asked
from everything_is_an_actor.runtime.actor import Actor
from everything_is_an_actor.runtime.context import ActorContext
from everything_is_an_actor.runtime.dispatcher import Dispatcher, PoolDispatcher
from everything_is_an_actor.runtime.errors import (
    ActorError,
    ActorNotFoundError,
    ActorStoppedError,
    AskCycleError,
    AskTimeoutError,
    MailboxEmptyError,
    MailboxFullError,
    NameInUseError,
)
from everything_is_an_actor.runtime.letters import DeadLetter, Envelope, Request, Terminated
from everything_is_an_actor.runtime.mailbox import FastMailbox, Mailbox, MemoryMailbox
from everything_is_an_actor.runtime.middleware import MessageContext, Middleware, Next
from everything_is_an_actor.runtime.orchestration import Target
from everything_is_an_actor.runtime.policy import AfterIdle, AfterMessage, StopMode, StopPolicy
from everything_is_an_actor.runtime.priority import PriorityMailbox
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.store import MemoryRegistryStore, RegistryStore
from everything_is_an_actor.runtime.supervision import (
    AllForOneStrategy,
    Directive,
    OneForOneStrategy,
    RestartBackoff,
    SupervisorStrategy,
)
from everything_is_an_actor.runtime.system import System
from everything_is_an_actor.runtime.threaded import ThreadedMailbox
from everything_is_an_actor.runtime.timers import Timers
from everything_is_an_actor.runtime.virtual import VirtualActorRegistry

__all__ = [
    "Actor",
    "ActorContext",
    "ActorError",
    "ActorNotFoundError",
    "ActorRef",
    "ActorStoppedError",
    "ActorSystem",
    "AfterIdle",
    "AfterMessage",
    "AllForOneStrategy",
    "AskCycleError",
    "AskTimeoutError",
    "DeadLetter",
    "Directive",
    "Dispatcher",
    "Envelope",
    "FastMailbox",
    "Mailbox",
    "MailboxEmptyError",
    "MailboxFullError",
    "MemoryMailbox",
    "MemoryRegistryStore",
    "MessageContext",
    "Middleware",
    "NameInUseError",
    "Next",
    "OneForOneStrategy",
    "PoolDispatcher",
    "PriorityMailbox",
    "RegistryStore",
    "Request",
    "RestartBackoff",
    "StopMode",
    "StopPolicy",
    "SupervisorStrategy",
    "System",
    "Target",
    "Terminated",
    "ThreadedMailbox",
    "Timers",
    "VirtualActorRegistry",
]


class ActorSystem(System):
    """A tree of actors with one root, on the event loop that runs when it is first used.

    `dispatchers` are the threads on which blocking code may run, by the names that `spawn` takes;
    the system closes them when it shuts down. `max_dead_letters` bounds how many of the latest
    dead letters are kept. `supervisor_strategy` is for the actors at the top: an error that is
    escalated there stops the actor, is logged, and given to `on_failure`. A `tracer` is told of the
    tasks of its agents.

    An async context manager: leaving it shuts the system down. Raises `TypeError` or `ValueError`
    for an empty name or one with a `/`, or a dispatcher that is none.

    >>> import asyncio
    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> class Greeter(Actor[str, str]):
    ...     async def on_receive(self, message: str) -> str:
    ...         return f"hello, {message}"
    >>> async def main() -> str:
    ...     async with ActorSystem("app") as system:
    ...         greeter = await system.spawn(Greeter, "greeter")
    ...         return await greeter.ask("Ada", timeout=1.0)
    >>> asyncio.run(main())
    'hello, Ada'
    """

    @cached_property
    def _live(self) -> Live:
        return Live(self)

    @override
    def run_free[A](
        self, program: Free[ActorOp, A], *, trace: list[Step] | None = None
    ) -> Coroutine[Any, Any, A]:
        """The value of a program of operations on actors, once awaited.

        Each operation is what the method of its name does; paths are looked up when it is their
        turn. An error of an operation or of a function in the program is raised as it is, with a
        note of the step. When this returns or raises, nothing that it started is left: cancelling
        it cancels what it waits for. `trace` is given each step as it ends. Raises `TypeError` for
        what is no program.

        >>> import asyncio
        >>> from everything_is_an_actor.free import ask, spawn
        >>> class Greeter(Actor[str, str]):
        ...     async def on_receive(self, message: str) -> str:
        ...         return f"hello, {message}"
        >>> program = spawn(Greeter, "greeter").flat_map(lambda greeter: greeter.free_ask("Ada"))
        >>> async def main() -> str:
        ...     async with ActorSystem("app") as system:
        ...         return await system.run_free(program)
        >>> asyncio.run(main())
        'hello, Ada'
        """
        if type(program) is Suspend and type(program._op) is Ask and trace is None:
            return asked(program._op, self)
        return fold_map(program, self._live, trace)
