"""`ActorContext`: what an actor may do from the inside."""

from collections.abc import Callable
from functools import partial
from typing import Any

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.mailbox import Mailbox
from everything_is_an_actor.runtime.place import AnyPlace, Place
from everything_is_an_actor.runtime.ref import ActorRef


class ActorContext[M, R]:
    """The place of an actor: its ref, its parent, its children, and how to spawn more."""

    __slots__ = ("_place",)

    def __init__(self, place: Place[M, R]) -> None:
        self._place = place

    @property
    def self_ref(self) -> ActorRef[M, R]:
        """The ref of this actor."""
        return self._place

    @property
    def parent(self) -> ActorRef[Any, Any] | None:
        """The actor that spawned this one; `None` at the top. Its messages are its own affair."""
        parent = self._place.parent
        return parent if parent is not None and parent.parent is not None else None

    @property
    def children(self) -> tuple[ActorRef[Any, Any], ...]:
        """The living children, in order of start. Each takes messages of its own."""
        return tuple((self._place.children or {}).values())

    async def spawn[A, B](
        self,
        cls: type[Behaviour[A, B]],
        name: str,
        *,
        mailbox: Mailbox | None = None,
        mailbox_size: int = 256,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> ActorRef[A, B]:
        """Start a child of this actor; as `ActorSystem.spawn`."""
        return await spawn(
            self._place, cls, name, mailbox if mailbox is not None else mailbox_size, args, kwargs
        )

    def stop_self(self) -> None:
        """Stop this actor after the message in hand."""
        _ = self._place.stop()


async def spawn[A, B](
    parent: AnyPlace,
    cls: type[Behaviour[A, B]],
    name: str,
    capacity: int | Mailbox,
    args: tuple[Any, ...],
    kwargs: dict[str, Any] | None,
) -> ActorRef[A, B]:
    """Check what a user gave, and start the child. Constructor arguments are the class's affair."""
    if not (isinstance(cls, type) and issubclass(cls, Behaviour)):
        raise TypeError(f"spawn: cls must be a subclass of Actor, got {cls!r}")
    if not isinstance(name, str):
        raise TypeError(f"spawn: name must be a str, got {name!r} ({type(name).__name__})")
    if not name or "/" in name:
        raise ValueError(f"spawn: name must not be empty or contain '/', got {name!r}")
    if not isinstance(capacity, Mailbox):
        if not isinstance(capacity, int):
            raise TypeError(f"spawn: mailbox_size must be an int, got {capacity!r}")
        if capacity < 0:
            raise ValueError(f"spawn: mailbox_size must be at least 0 (no bound), got {capacity}")
    make: Callable[[], Behaviour[A, B]] = cls
    if args or kwargs:
        make = partial(cls, *args, **(kwargs or {}))
    return await Cell.spawn(parent, make, name, capacity)
