"""Streams: the way of events from the tasks of a run to one consumer, bounded.

An event that something begins (a start, a chunk, progress) waits for room, which slows the producer
down to its consumer; an event that something has ended does not wait, so that clean-up after a
cancellation never hangs on a consumer that has left. The surplus is thus at most one event for
each task that was open. The other choice is to let go of the oldest, and to count them.

Whoever waits for room is woken when half of the events have been taken, with all others, and looks
again. A wake-up for each event that is taken would be lost with one who puts none after all.
"""

import asyncio
from collections import deque
from typing import Literal

from everything_is_an_actor.algebra.arguments import need_count, shown
from everything_is_an_actor.runtime.events import TaskEvent

type Overflow = Literal["block", "drop_oldest"]
"""What happens when a consumer is slow: its producers wait, or the oldest events are lost."""


class Stream:
    """Events on their way to one consumer, at most `size` of them waiting."""

    __slots__ = ("_closed", "_drops", "_events", "_ready", "_size", "_waiting", "_waits", "dropped")

    def __init__(self, size: int = 1024, overflow: Overflow = "block") -> None:
        """Raises `TypeError` or `ValueError` for a size below 1, or an unknown overflow."""
        need_count("events", "buffer_size", size, least=1)
        if overflow not in ("block", "drop_oldest"):
            raise ValueError(
                f"events: overflow must be 'block' or 'drop_oldest', got {shown(overflow)}"
            )
        self.dropped = 0
        self._events: deque[TaskEvent] = deque()
        self._size = size
        self._drops = overflow == "drop_oldest"
        self._waits = not self._drops
        self._closed = False
        self._ready: asyncio.Future[None] | None = None  # on which the consumer waits
        self._waiting: dict[asyncio.Future[None], None] = {}  # for room, in order of arrival

    @property
    def is_full(self) -> bool:
        """Whether an event that can wait has to."""
        return self._waits and len(self._events) >= self._size

    async def room(self) -> None:
        """Wait until events have been taken; whether there is room is to be looked at again."""
        room = asyncio.get_running_loop().create_future()
        self._waiting[room] = None
        try:
            await room
        finally:
            self._waiting.pop(room, None)

    def put(self, event: TaskEvent) -> None:
        """Pass an event on."""
        if self._closed:
            return
        if self._drops and len(self._events) >= self._size:
            self._events.popleft()
            self.dropped += 1
        self._events.append(event)
        if self._ready is not None:
            self._wake()

    def hurry(self) -> None:
        """From now on nothing waits for room: what is under way has to come to its end."""
        self._waits = False
        self.look_again()

    def close(self) -> None:
        """No more events: the consumer gets those that wait, producers are held up no longer."""
        self._closed = True
        self.hurry()
        self._wake()

    def look_again(self) -> None:
        """Wake all who wait for room, to see whether they have to any longer."""
        waiting, self._waiting = self._waiting, {}
        for room in waiting:
            if not room.done():
                room.set_result(None)

    def _wake(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None and not ready.done():
            ready.set_result(None)

    def take(self) -> TaskEvent | None:
        """The next event, if there is one."""
        events = self._events
        if not events:
            return None
        event = events.popleft()
        if self._waiting and len(events) <= self._size // 2:
            self.look_again()
        return event

    async def more(self) -> bool:
        """Wait for an event; false if there will be none. Raises `RuntimeError` beside another."""
        while not self._events:
            if self._closed:
                return False
            if self._ready is not None and not self._ready.done():
                raise RuntimeError("events are for one consumer, and another waits for the next")
            self._ready = asyncio.get_running_loop().create_future()
            await self._ready
        return True
