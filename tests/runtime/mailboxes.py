"""The mailboxes that one suite goes through: how each is made, and in what order it hands out."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from everything_is_an_actor import (
    FastMailbox,
    Mailbox,
    MemoryMailbox,
    PriorityMailbox,
    ThreadedMailbox,
)
from everything_is_an_actor.runtime.mailbox import Backpressure


@dataclass(frozen=True)
class Kind:
    """A kind of mailbox: `rank` is what it sorts its messages by, before the order of arrival."""

    name: str
    make: Callable[[int, Backpressure], Mailbox]
    rank: Callable[[int], int] = lambda message: 0


def by_urgency(message: int) -> int:
    return -message % 3


KINDS = [
    Kind("memory", lambda size, policy: MemoryMailbox(size, backpressure_policy=policy)),
    Kind("fast", lambda size, policy: FastMailbox(size, backpressure_policy=policy)),
    Kind("threaded", lambda size, policy: ThreadedMailbox(size, backpressure_policy=policy)),
    Kind(
        "priority",
        lambda size, policy: PriorityMailbox(by_urgency, size, backpressure_policy=policy),
        by_urgency,
    ),
]
SIZES = [0, 1, 2, 256]
POLICIES: list[Backpressure] = ["block", "drop_new", "fail"]

on_each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
on_each_mailbox = pytest.mark.parametrize(
    ("kind", "size", "policy"),
    [
        pytest.param(kind, size, policy, id=f"{kind.name}-{size}-{policy}")
        for kind, size, policy in itertools.product(KINDS, SIZES, POLICIES)
    ],
)
