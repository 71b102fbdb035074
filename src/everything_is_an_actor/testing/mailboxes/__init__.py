"""What every mailbox promises, as checks for one of your own.

The semantics are those of `everything_is_an_actor.Mailbox`: in order, bounded, by a policy, and
whatever is put comes out exactly once or its sender knows. Each sentence is a check of its own,
for which Hypothesis looks for the shortest history that breaks it; one of them is a state machine,
which does anything in any order to the mailbox and to a model of it.
"""

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import settings

from everything_is_an_actor.runtime.mailbox import Backpressure, Mailbox
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.mailboxes import (
    lifetime,
    machine,
    queueing,
    traffic,
    waiting,
)
from everything_is_an_actor.testing.mailboxes.subject import Capabilities, Subject
from everything_is_an_actor.testing.sentences import need_factory, sentences

__all__ = ["Capabilities", "mailbox_suite"]


def mailbox_suite[B: Mailbox](
    factory: Callable[[int, Backpressure], B],
    *,
    rank: Callable[[int], Any] | None = None,
    able: Capabilities | None = None,
    reopen: Callable[[B], Mailbox] | None = None,
    configured: settings | None = None,
) -> tuple[Check, ...]:
    """The checks of a kind of mailbox; `factory` makes one of a size (0: no bound) and a policy.

    The checks run event loops of their own: call them where none runs, from a plain test function.
    The messages are whole numbers. `rank` is what it sorts them by, if it does. `able` is what it
    can do beyond what every `Mailbox` can, or cannot. Of a durable one, `reopen` makes the next
    mailbox on what a released one has left; any other hands out on `close` what it holds.
    `configured` are Hypothesis' settings (default: those of the profile).

    Raises `ValueError` for a rank where messages are not there at once: of what is on its way, none
    is first.

    >>> from everything_is_an_actor import Envelope, MemoryMailbox
    >>> class Mine(MemoryMailbox):
    ...     def __init__(self, size: int, policy: Backpressure) -> None:
    ...         super().__init__(size, backpressure_policy=policy)
    >>> for check in mailbox_suite(Mine, configured=settings(max_examples=10)):
    ...     check()
    >>> class Forgetful(Mine):
    ...     def close(self) -> list[Envelope]:
    ...         return super().close()[:-1]
    >>> for check in mailbox_suite(Forgetful):
    ...     if str(check) == "mailbox.closing":
    ...         check()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    AssertionError...
    """
    need_factory("mailbox_suite", factory, (0, "block"), "a size and a policy")
    abilities = Capabilities() if able is None else able
    if rank is not None and not abilities.at_once:
        raise ValueError("a rank needs messages that are there at once: able.at_once")
    subject = Subject(factory, rank or _all_equal, abilities, reopen, configured)
    return sentences("mailbox", subject, _sentences(subject))


def _all_equal(message: int) -> int:
    return 0


def _sentences(subject: Subject) -> Iterator[Callable[[Subject], None]]:
    yield queueing.order
    yield queueing.bound
    if subject.able.at_once:
        yield queueing.fullness
    yield queueing.emptiness
    yield queueing.policy
    yield waiting.waiting
    yield waiting.cancelled_senders
    yield waiting.cancelled_receivers
    yield queueing.batches
    yield queueing.offers
    yield waiting.discards
    yield waiting.refusals
    yield lifetime.closing
    if subject.reopen is not None:
        yield lifetime.reopening
    if not subject.able.at_once:
        yield lifetime.waking
    yield traffic.conservation
    yield traffic.delivery
    if subject.able.any_thread:
        yield traffic.threads
    yield machine.model
