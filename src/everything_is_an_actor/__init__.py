"""A typed functional-programming toolkit for agent orchestration, on Erlang-style actors.

Programs are values (`everything_is_an_actor.flow`); interpreters give them meaning. This module is
the face of the actor runtime.
"""

from everything_is_an_actor.runtime.actor import Actor
from everything_is_an_actor.runtime.context import ActorContext
from everything_is_an_actor.runtime.errors import (
    ActorError,
    ActorNotFoundError,
    ActorStoppedError,
    AskTimeoutError,
    MailboxEmptyError,
    MailboxFullError,
    NameInUseError,
)
from everything_is_an_actor.runtime.letters import DeadLetter, Envelope
from everything_is_an_actor.runtime.mailbox import FastMailbox, Mailbox, MemoryMailbox
from everything_is_an_actor.runtime.priority import PriorityMailbox
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.supervision import (
    Directive,
    OneForOneStrategy,
    SupervisorStrategy,
)
from everything_is_an_actor.runtime.system import ActorSystem
from everything_is_an_actor.runtime.threaded import ThreadedMailbox

__all__ = [
    "Actor",
    "ActorContext",
    "ActorError",
    "ActorNotFoundError",
    "ActorRef",
    "ActorStoppedError",
    "ActorSystem",
    "AskTimeoutError",
    "DeadLetter",
    "Directive",
    "Envelope",
    "FastMailbox",
    "Mailbox",
    "MailboxEmptyError",
    "MailboxFullError",
    "MemoryMailbox",
    "NameInUseError",
    "OneForOneStrategy",
    "PriorityMailbox",
    "SupervisorStrategy",
    "ThreadedMailbox",
]
