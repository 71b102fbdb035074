"""A typed functional-programming toolkit for agent orchestration, on Erlang-style actors.

Programs are values (`everything_is_an_actor.flow`); interpreters give them meaning. This module is
the face of the actor runtime.
"""

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
from everything_is_an_actor.runtime.system import ActorSystem
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
    "Target",
    "Terminated",
    "ThreadedMailbox",
    "Timers",
    "VirtualActorRegistry",
]
