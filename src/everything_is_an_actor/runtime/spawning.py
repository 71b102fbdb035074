"""To start an actor: what a user gives is checked here, before anything happens."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any, get_origin

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.dispatcher import Dispatcher
from everything_is_an_actor.runtime.incarnation import ONCE, PLAIN, Options
from everything_is_an_actor.runtime.mailbox import Mailbox
from everything_is_an_actor.runtime.middleware import Middleware
from everything_is_an_actor.runtime.place import AnyPlace
from everything_is_an_actor.runtime.policy import StopMode

_serial = count(1)


async def spawn[A, B](
    parent: AnyPlace,
    cls: type[Behaviour[A, B]],
    name: str,
    mailbox: Mailbox | None,
    mailbox_size: int,
    middlewares: Sequence[Middleware],
    dispatcher: Dispatcher | None,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any] | None,
) -> Cell[A, B]:
    """A child of `parent`. The arguments of the constructor are the class's affair."""
    need_actor_class("spawn", cls)
    need_name("spawn", name)
    if mailbox is not None and not isinstance(mailbox, Mailbox):
        raise TypeError(f"spawn: mailbox must be a Mailbox, got {shown(mailbox)}")
    if isinstance(mailbox_size, bool) or not isinstance(mailbox_size, int):
        raise TypeError(f"spawn: mailbox_size must be an int, got {mailbox_size!r}")
    if mailbox_size < 0:
        raise ValueError(f"spawn: mailbox_size must be at least 0 (no bound), got {mailbox_size}")
    for middleware in middlewares:
        if not isinstance(middleware, Middleware):
            raise TypeError(f"spawn: middlewares must be Middleware, got {shown(middleware)}")
    make: Callable[[], Behaviour[A, B]] = cls
    if args or kwargs:
        make = partial(cls, *args, **(kwargs or {}))
    plain = not middlewares and dispatcher is None
    options = PLAIN if plain else Options(tuple(middlewares), dispatcher)
    capacity = mailbox_size if mailbox is None else mailbox
    return await Cell.spawn(parent, make, name, capacity, options)


async def spawn_temporary[A, B](
    parent: AnyPlace, cls: type[Behaviour[A, B]], *, name: str | None, stops_itself: bool
) -> Cell[A, B]:
    """A child under a name of its own; with `stops_itself`, its policy must not be `NEVER`."""
    need_actor_class("tell" if stops_itself else "ask", cls)
    if name is not None:
        need_name("ask", name)
    made: list[Behaviour[A, B]] = []
    if stops_itself:
        first = cls()
        if first.stop_policy() is StopMode.NEVER:
            raise TypeError(
                f"tell: {callable_name(cls)} would never stop: override stop_policy, e.g. with "
                "StopMode.ONE_TIME, or spawn it and tell its ref"
            )
        made.append(first)
    return await Cell.spawn(
        parent,
        lambda: made.pop() if made else cls(),
        f"{callable_name(cls)}-{next(_serial)}" if name is None else name,
        options=PLAIN if stops_itself else ONCE,
    )


def need_actor_class(where: str, cls: object) -> None:
    """A class of actors, or a generic one with its arguments (`Box[int]`). Raises `TypeError`."""
    origin = get_origin(cls) or cls
    if not (isinstance(origin, type) and issubclass(origin, Behaviour)):
        raise TypeError(f"{where}: cls must be a subclass of Actor, got {cls!r}")


def need_name(where: str, name: object) -> None:
    """A name for an actor. Raises `TypeError` or `ValueError`."""
    if not isinstance(name, str):
        raise TypeError(f"{where}: name must be a str, got {name!r} ({type(name).__name__})")
    if not name or "/" in name:
        raise ValueError(f"{where}: name must not be empty or contain '/', got {name!r}")
