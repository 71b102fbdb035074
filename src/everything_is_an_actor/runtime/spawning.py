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


type Order[A, B] = tuple[Callable[[], Behaviour[A, B]], str, int | Mailbox, Options]
"""What `Cell.spawn` needs besides the parent."""


def checked[A, B](
    cls: type[Behaviour[A, B]],
    name: str,
    mailbox: Mailbox | None,
    mailbox_size: int,
    middlewares: Sequence[Middleware],
    dispatcher: Dispatcher | None,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any] | None,
) -> Order[A, B]:
    """What a user asked for. The arguments of the constructor are the class's affair."""
    need_actor_class("spawn", cls)
    need_name("spawn", name)
    if mailbox is not None and not isinstance(mailbox, Mailbox):
        raise TypeError(f"spawn: mailbox must be a Mailbox, got {shown(mailbox)}")
    need_capacity("spawn", mailbox_size)
    if not (mailbox is not None or middlewares or dispatcher or args or kwargs):
        return cls, name, mailbox_size, PLAIN
    need_middlewares("spawn", middlewares)
    need_arguments("spawn", args, kwargs)
    make = constructor(cls, args, kwargs)
    plain = not middlewares and dispatcher is None
    options = PLAIN if plain else Options(tuple(middlewares), dispatcher)
    return make, name, mailbox_size if mailbox is None else mailbox, options


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
    if isinstance(cls, type) and issubclass(cls, Behaviour):
        return
    origin = get_origin(cls)
    if not (isinstance(origin, type) and issubclass(origin, Behaviour)):
        raise TypeError(f"{where}: cls must be a subclass of Actor, got {cls!r}")


def need_capacity(where: str, mailbox_size: int) -> None:
    """How many messages a mailbox may hold; 0: no bound. Raises `TypeError` or `ValueError`."""
    if type(mailbox_size) is not int:
        raise TypeError(f"{where}: mailbox_size must be an int, got {mailbox_size!r}")
    if mailbox_size < 0:
        raise ValueError(f"{where}: mailbox_size must be at least 0 (no bound), got {mailbox_size}")


def need_middlewares(where: str, middlewares: Sequence[object]) -> None:
    """Middlewares, the outermost first. Raises `TypeError`."""
    if isinstance(middlewares, Middleware):
        raise TypeError(f"{where}: middlewares must be a sequence, as in [{shown(middlewares)}]")
    for middleware in middlewares:
        if not isinstance(middleware, Middleware):
            raise TypeError(f"{where}: middlewares must be Middleware, got {shown(middleware)}")


def need_arguments(where: str, args: object, kwargs: object) -> None:
    """What the constructor is given. Raises `TypeError`."""
    if not isinstance(args, tuple | list):
        raise TypeError(f"{where}: args must be a tuple, as in args=({shown(args)},)")
    if kwargs is not None and not isinstance(kwargs, Mapping):
        raise TypeError(f"{where}: kwargs must map names to arguments, got {shown(kwargs)}")


def constructor[A, B](
    cls: type[Behaviour[A, B]], args: tuple[Any, ...], kwargs: Mapping[str, Any] | None
) -> Callable[[], Behaviour[A, B]]:
    """What makes an instance, the first and the ones after it."""
    return partial(cls, *args, **(kwargs or {})) if args or kwargs else cls


def need_name(where: str, name: object) -> None:
    """A name for an actor. Raises `TypeError` or `ValueError`."""
    if not isinstance(name, str):
        raise TypeError(f"{where}: name must be a str, got {name!r} ({type(name).__name__})")
    if not name or "/" in name:
        raise ValueError(f"{where}: name must not be empty or contain '/', got {name!r}")
