"""A guardian: a place in the tree that only supervises.

It has no mailbox and no turn. So it can appear with its first child and go with its last one, each
in one step, and nothing that its children do can restart it.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import Any, override

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.place import AnyPlace, Ending, Mute, State
from everything_is_an_actor.runtime.scheduler import all_ended


class Guardian(Mute):
    """The parent of virtual actors, or of such guardians: it supervises, and takes no messages.

    It supervises as the system does. What an actor below it escalates goes no further: one identity
    does not bring down the others. `left` is called when it has stopped.
    """

    __slots__ = ("_left", "_name")

    what = "a guardian of virtual actors"

    def __init__(
        self,
        parent: AnyPlace,
        name: str,
        supervisor: Behaviour[Any, Any] | None,
        left: Callable[[], None],
    ) -> None:
        super().__init__(parent.engine, parent)
        self._name = name
        self._left = left
        parent.adopt(self, name)
        self.behaviour = supervisor
        self.state = State.RUNNING

    @property
    @override
    def name(self) -> str:
        return self._name

    @property
    def is_open(self) -> bool:
        """Whether actors may be activated: neither it nor what is above it is on its way down."""
        place: AnyPlace | None = self
        while place is not None:
            if not place.is_alive:
                return False
            place = place.parent
        return True

    @property
    def activations(self) -> list[asyncio.Task[Any]]:
        """The tasks under way that activate actors below it."""
        return []

    @override
    def stop(self, *, drain: bool = False) -> Ending:
        """Stop what is below, last started first; messages that wait there fail at once."""
        if self.state < State.STOPPING:
            self.state = State.STOPPING
            for child in reversed(list((self.children or {}).values())):
                _ = child.stop()
            if self.children or self.activations:
                _ = self.engine.scheduler.loop.call_soon(self._begin_end, context=Context())
            else:
                self.leave()
        return Ending(self)

    def _begin_end(self) -> None:
        task = self.engine.scheduler.start(self._end())
        self.turn = None if task.done() else task

    async def _end(self) -> None:
        while self.children or self.activations:
            await self.stop_children()
            await all_ended(self.activations)
        self.leave()

    @override
    def leave(self) -> None:
        super().leave()
        self._left()

    @override
    def interrupt(self) -> Ending:
        _ = self.stop()
        for task in self.activations:
            task.cancel()
        self.interrupt_children()
        return Ending(self)
