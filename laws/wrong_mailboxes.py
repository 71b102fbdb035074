"""How a wrong mailbox is made, and how it is asked what it promises."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from everything_is_an_actor import Mailbox, MemoryMailbox
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing import mailboxes
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.mailboxes import Capabilities, mailbox_suite
from laws.mutant import WrongPart, said
from laws.sizes import ENOUGH

ABLE = Capabilities(fair=True, whole_batches=True)


class Wrong(MemoryMailbox):
    """What is right, until something is overridden."""

    def __init__(self, size: int, policy: Backpressure) -> None:
        super().__init__(size, backpressure_policy=policy)


@contextmanager
def impatient() -> Iterator[None]:
    """Where something does not come, that is soon given up."""
    with (
        patch.object(mailboxes.subject, "PATIENCE", 0.2),
        patch.object(mailboxes.traffic, "PATIENCE", 0.2),
    ):
        yield


def mailbox(
    wrong: Callable[[int, Backpressure], Mailbox],
    *,
    able: Capabilities = ABLE,
    rank: Callable[[int], Any] | None = None,
    reopen: Callable[[Any], Mailbox] | None = None,
) -> WrongPart:
    def suite() -> Iterable[Check]:
        return mailbox_suite(wrong, able=able, rank=rank, reopen=reopen, configured=ENOUGH)

    return WrongPart(wrong.__name__, suite, impatient, said(wrong))
