"""What a mailbox does, said by lists of who is queued and who waits."""

from collections.abc import Callable
from typing import Any

from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.mailboxes.subject import Outcome


class Model:
    """A mailbox whose tasks have all run as far as they can. Messages are numbers.

    `rank` is what it sorts its messages by, before the order of arrival.

    >>> model = Model(1, "block", lambda message: 0)
    >>> model.put(1), model.put(2)
    (None, None)
    >>> model.queue, model.senders, model.puts
    ([1], [2], {1: True})
    >>> model.get_nowait(), model.queue, model.puts
    (1, [2], {1: True, 2: True})
    """

    def __init__(self, size: int, policy: Backpressure, rank: Callable[[int], Any]) -> None:
        self.size = size
        self.policy = policy
        self.rank = rank
        self.queue: list[int] = []
        self.senders: list[int] = []  # that wait, by message
        self.receivers: list[int] = []  # that wait, by number
        self.closed = False
        self.puts: dict[int, Outcome] = {}  # the tasks that have ended, and how
        self.gets: dict[int, Outcome] = {}

    @property
    def full(self) -> bool:
        """Whether one more is too many."""
        return 0 < self.size <= len(self.queue)

    @property
    def room(self) -> float:
        """How many more it takes."""
        return self.size - len(self.queue) if self.size else float("inf")

    def put_nowait(self, message: int) -> Outcome:
        """Queued, dropped, or "full"; a receiver that waits gets what is first by then."""
        if self.closed:
            return False
        if self.full:
            return False if self.policy == "drop_new" else "full"
        self.queue.append(message)
        if self.receivers:
            self.gets[self.receivers.pop(0)] = self.get_nowait()
        return True

    def put(self, message: int) -> None:
        """As `put_nowait`, or wait."""
        if self.full and self.policy == "block" and not self.closed:
            self.senders.append(message)
        else:
            self.puts[message] = self.put_nowait(message)

    def put_batch(self, batch: list[int]) -> int:
        """Those for which there is room; receivers that wait look when they are all there."""
        waiting, self.receivers = self.receivers, []
        queued = [message for message in batch if self.put_nowait(message) is True]
        for number in waiting:
            self.get(number)
        return len(queued)

    def cancel_put(self, message: int) -> None:
        """Take back a message that waits."""
        self.senders.remove(message)
        self.puts[message] = "cancelled"

    def get_nowait(self) -> Outcome:
        """The first message; whoever waits longest for room is let in."""
        if not self.queue:
            return "empty"
        message = min(self.queue, key=self.rank)
        self.queue.remove(message)
        self.admit()
        return message

    def admit(self) -> None:
        """Let in whoever waits longest for room."""
        if self.senders:
            sender = self.senders.pop(0)
            self.queue.append(sender)
            self.puts[sender] = True

    def get(self, number: int) -> None:
        """As `get_nowait`, or wait."""
        if self.queue or self.closed:
            self.gets[number] = self.get_nowait()
        else:
            self.receivers.append(number)

    def cancel_get(self, number: int) -> None:
        """Wait no more."""
        self.receivers.remove(number)
        self.gets[number] = "cancelled"

    def close(self) -> list[int]:
        """All that is queued, in order; nobody waits for a message any more."""
        self.closed = True
        left, self.queue = sorted(self.queue, key=self.rank), []
        for number in self.receivers:
            self.gets[number] = "empty"
        self.receivers = []
        return left
