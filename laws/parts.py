"""Which parts of the runtime are checked, and for what: what the tests run, and the table shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType

from everything_is_an_actor import (
    FastMailbox,
    Mailbox,
    MemoryMailbox,
    MemoryRegistryStore,
    PriorityMailbox,
    ThreadedMailbox,
)
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing import mailboxes, stores
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.mailboxes import Capabilities, mailbox_suite
from everything_is_an_actor.testing.stores import registry_store_suite
from laws import supervision, virtual
from laws.in_redis import Queue, Shelf
from laws.plain_mailbox import Plain
from laws.sizes import FEW

type Suite = tuple[Check, ...]

IN_MEMORY = Capabilities(fair=True, whole_batches=True)
OF_ANY_THREAD = Capabilities(fair=True, whole_batches=True, any_thread=True)
IN_REDIS = Capabilities(put_nowait=False, at_once=False, fair=True, whole_batches=True)


@dataclass(frozen=True)
class Part:
    """A part of the runtime: the suites of each of its kinds, and what each check says."""

    name: str
    kinds: Mapping[str, Suite]
    sentences: Mapping[str, str]


def by_urgency(message: int) -> int:
    return -message % 3


def _in_memory(kind: Callable[..., Mailbox], able: Capabilities = IN_MEMORY) -> Suite:
    def make(size: int, policy: Backpressure) -> Mailbox:
        return kind(size, backpressure_policy=policy)

    return mailbox_suite(make, able=able)


def _prioritised(size: int, policy: Backpressure) -> Mailbox:
    return PriorityMailbox(by_urgency, size, backpressure_policy=policy)


def _sentences(about: str, *modules: ModuleType) -> dict[str, str]:
    """What is said by the functions of modules, by the full name of the check that each is."""
    return {
        f"{about}.{name}": " ".join((function.__doc__ or "").split())
        for module in modules
        for name, function in vars(module).items()
        if isinstance(function, FunctionType) and function.__module__ == module.__name__
    }


MAILBOXES = Part(
    "mailboxes",
    {
        "plain": mailbox_suite(Plain),
        "memory": _in_memory(MemoryMailbox),
        "fast": _in_memory(FastMailbox),
        "threaded": _in_memory(ThreadedMailbox, OF_ANY_THREAD),
        "priority": mailbox_suite(_prioritised, rank=by_urgency, able=IN_MEMORY),
        "redis": mailbox_suite(Queue.fresh, able=IN_REDIS, reopen=Queue.following, configured=FEW),
    },
    _sentences(
        "mailbox",
        mailboxes.queueing,
        mailboxes.waiting,
        mailboxes.lifetime,
        mailboxes.traffic,
        mailboxes.machine,
    ),
)
STORES = Part(
    "registry stores",
    {
        "memory": registry_store_suite(MemoryRegistryStore),
        "redis": registry_store_suite(
            Shelf.fresh, reopen=Shelf.following, close=Shelf.close, configured=FEW
        ),
    },
    _sentences("registry_store", stores.properties, stores.machine),
)
VIRTUAL_ACTORS = Part(
    "virtual actors",
    {"registry": virtual.virtual_actors_suite()},
    _sentences("virtual_actors", virtual),
)
SUPERVISION = Part(
    "supervision",
    {"strategies": supervision.supervision_suite(supervision.Supervised())},
    _sentences("supervision", supervision),
)
PARTS = (MAILBOXES, STORES, VIRTUAL_ACTORS, SUPERVISION)
