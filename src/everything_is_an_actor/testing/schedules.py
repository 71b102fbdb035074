"""Schedules: which of the callbacks that are ready runs next, drawn by a seed.

An asyncio loop runs what is ready in the order in which it became ready. A program that is correct
only by that order breaks with the next timer, thread or packet. Here any task that is ready may
take the next step, as in trio's shuffled batches and in the random schedulers of loom and dejafu;
the choice depends on the seed alone, so that a schedule that fails can be run again. What a future
calls when it is done keeps its place: asyncio promises that order, and programs rely on it.

Rejected: to permute only what is ready in one turn of the loop, under which no task is ever two
turns behind another.
"""

from asyncio import Future, Handle, Task
from collections import deque
from random import Random
from typing import Any, override


class ShuffledQueue(deque[Handle]):
    """The ready queue of a loop, from which any task may go first.

    >>> import asyncio
    >>> with asyncio.Runner() as runner:
    ...     loop = runner.get_loop()
    ...     queue = ShuffledQueue(Random(1))
    ...     queue.extend(Handle(print, (name,), loop) for name in "abcdef")
    ...     while queue:
    ...         queue.popleft()._run()
    b
    f
    a
    d
    c
    e
    """

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random

    @override
    def popleft(self) -> Handle:
        stops = (index for index, handle in enumerate(self) if _keeps_its_place(handle))
        index = self._random.randint(0, next(stops, len(self) - 1))
        handle = self[index]
        del self[index]
        return handle


def _keeps_its_place(handle: Any) -> bool:
    """Whether it is a callback of a future that is done, and not the step of a task."""
    callback, arguments = handle._callback, handle._args
    return (
        arguments is not None
        and len(arguments) == 1
        and isinstance(arguments[0], Future)
        and not isinstance(getattr(callback, "__self__", None), Task)
    )


def replay_note(schedule: int) -> str:
    """What is added to an error under a schedule, so that it can be met again.

    >>> replay_note(17)
    'under schedule 17, which run(main, schedule=17) replays'
    """
    return f"under schedule {schedule}, which run(main, schedule={schedule}) replays"
