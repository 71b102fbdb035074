"""Events: what happened to the agents of one run, as a flat stream.

An event is built only if somebody listens: whoever might emit one first asks whether the run has a
`Stream`. The stream is bounded. An event that something begins (a start, a chunk, progress) waits
for room, which slows the producer down to its consumer; an event that something has ended does
not wait, so that clean-up after a cancellation never hangs on a consumer that has left. The
surplus is thus at most one event for each task that was open.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal, Self

type EventType = Literal[
    "task_started",
    "task_chunk",
    "task_progress",
    "task_completed",
    "task_failed",
    "task_cancelled",
    "flow_started",
    "flow_completed",
    "flow_failed",
    "side_failed",
]


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """One thing that happened to one task (a run of a flow, or of an agent in it).

    `data` is the input, chunk, result or error that the type speaks of: hence its `Any`.
    `timestamp` is in seconds since the epoch.
    """

    type: EventType
    task_id: str
    agent_path: str
    data: Any
    parent_task_id: str | None
    parent_agent_path: str | None
    run_id: str
    timestamp: float = field(default_factory=time.time)


class Stream:
    """The events of one run on their way to one consumer, at most `size` of them waiting.

    `sides` are the side flows of the run that have not ended; `abandoned` says that the consumer
    has left, and the run is cancelled.
    """

    __slots__ = ("_closed", "_events", "_ready", "_size", "_waiting", "abandoned", "sides")

    def __init__(self, size: int = 1024) -> None:
        self.sides: set[asyncio.Task[Any]] = set()
        self.abandoned = False
        self._events: deque[TaskEvent] = deque()
        self._size = size
        self._closed = False
        self._ready = asyncio.Event()
        self._waiting: deque[asyncio.Future[None]] = deque()  # for room, first come, first served

    async def put(self, event: TaskEvent) -> None:
        """Pass an event on, after there is room for it."""
        while len(self._events) >= self._size and not self._closed:
            room = asyncio.get_running_loop().create_future()
            self._waiting.append(room)
            try:
                await room
            except asyncio.CancelledError:
                if room.cancelled():
                    self._waiting.remove(room)
                else:
                    self._make_room()  # which was made for an event that will not come
                raise
        self.put_nowait(event)

    def put_nowait(self, event: TaskEvent) -> None:
        """Pass on an event that must not wait."""
        if not self._closed:
            self._events.append(event)
            self._ready.set()

    def close(self) -> None:
        """No more events: the consumer gets those that wait, producers are held up no longer."""
        self._closed = True
        self._ready.set()
        while self._waiting:
            self._make_room()

    def _make_room(self) -> None:
        while self._waiting:
            room = self._waiting.popleft()
            if not room.done():
                room.set_result(None)
                return

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> TaskEvent:
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._ready.clear()
            await self._ready.wait()
        event = self._events.popleft()
        if len(self._events) < self._size:
            self._make_room()
        return event


@dataclass(frozen=True, slots=True)
class Span:
    """The task that is current: the parent of every task that starts within it.

    `beside` says that it belongs to a side flow, which is not cancelled with the run.
    """

    stream: Stream
    run_id: str
    task_id: str
    agent_path: str
    parent: "Span | None" = None
    beside: bool = False

    def event(self, kind: EventType, data: object) -> TaskEvent:
        """An event about this task."""
        parent = self.parent
        return TaskEvent(
            kind,
            self.task_id,
            self.agent_path,
            data,
            parent.task_id if parent else None,
            parent.agent_path if parent else None,
            self.run_id,
        )
