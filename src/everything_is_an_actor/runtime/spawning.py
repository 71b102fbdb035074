"""To start an actor: what a user gives is checked here, before anything happens."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any, TypedDict, get_origin

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.leaves import need_no_arguments
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cards import need_card
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.config import MAILBOX_SIZE, need_config
from everything_is_an_actor.runtime.incarnation import ONCE, PLAIN, Options
from everything_is_an_actor.runtime.lifting import lifted
from everything_is_an_actor.runtime.mailbox import Mailbox
from everything_is_an_actor.runtime.middleware import Middleware
from everything_is_an_actor.runtime.place import AnyPlace, Engine
from everything_is_an_actor.runtime.policy import StopMode

_serial = count(1)


class SpawnOptions(TypedDict, total=False):
    """What `spawn` may be told besides what to start, and under which name; all by keyword.

    The types of `args` and `kwargs` are the affair of the class: hence their `Any`. For a function
    that hands them on, `Unpack` is what its own options are typed by:

    >>> from typing import Unpack
    >>> from everything_is_an_actor import Actor, ActorRef, ActorSystem
    >>> from everything_is_an_actor.agents import SpawnOptions
    >>> async def spawn_unbounded[M, R](
    ...     system: ActorSystem, cls: type[Actor[M, R]], **options: Unpack[SpawnOptions]
    ... ) -> ActorRef[M, R]:
    ...     options["mailbox_size"] = 0
    ...     return await system.spawn(cls, cls.__name__, **options)
    """

    mailbox: Mailbox | None
    """The mailbox (default, and `None`: one in memory)."""

    mailbox_size: int
    """How many messages the default mailbox holds, 0: no bound (256, or what `__actor__` says)."""

    middlewares: Sequence[Middleware]
    """What is around its messages and its life, the outermost first (none)."""

    dispatcher: str | None
    """Which of the system's dispatchers runs its blocking code, by name (`None`: its own one)."""

    args: tuple[Any, ...]
    """What the constructor is given, at each restart anew (none)."""

    kwargs: Mapping[str, Any] | None
    """What it is given by keyword (`None`: nothing)."""


type Order[A, B] = tuple[Callable[[], Behaviour[A, B]], str, int | Mailbox, Options]
"""What `Cell.spawn` needs besides the parent."""


def ordered(engine: Engine, leaf: Any, name: str, options: SpawnOptions) -> Order[Any, Any]:
    """What a user asked for. The arguments of the constructor are the class's affair."""
    if (
        not options
        and isinstance(leaf, type)
        and issubclass(leaf, Behaviour)
        and leaf.__actor__ is None
        and leaf.__card__ is None
    ):  # as most are: there is nothing to check but the name
        need_name("spawn", name)
        return leaf, name, MAILBOX_SIZE, PLAIN
    need_options("spawn", options)
    make = maker("spawn", leaf, options.get("args", ()), options.get("kwargs"))
    need_name("spawn", name)
    mailbox = options.get("mailbox")
    if mailbox is not None and not isinstance(mailbox, Mailbox):
        raise TypeError(f"spawn: mailbox must be a Mailbox, got {shown(mailbox)}")
    default = default_capacity("spawn", leaf)
    size = options.get("mailbox_size", default)
    need_capacity("spawn", size)
    middlewares, dispatcher = options.get("middlewares", ()), options.get("dispatcher")
    need_middlewares("spawn", middlewares)
    plain = not middlewares and dispatcher is None
    chosen = None if dispatcher is None else engine.dispatcher(dispatcher)
    return (
        make,
        name,
        size if mailbox is None else mailbox,
        PLAIN if plain else Options(tuple(middlewares), chosen),
    )


def need_options(where: str, options: Mapping[str, object]) -> None:
    """Options that there are. Raises `TypeError`."""
    unknown = options.keys() - SpawnOptions.__optional_keys__
    if unknown:
        raise TypeError(
            f"{where}: there is no option {', '.join(sorted(unknown))}; "
            f"there are {', '.join(SpawnOptions.__annotations__)}"
        )


def maker(
    where: str, leaf: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
) -> Callable[[], Behaviour[Any, Any]]:
    """What makes the actor of a leaf, each time anew. Raises `TypeError` for what is no leaf."""
    need_arguments(where, args, kwargs)
    origin = leaf if isinstance(leaf, type) else get_origin(leaf)
    if isinstance(origin, type) and issubclass(origin, Behaviour):
        return constructor(leaf, args, kwargs)
    return lifted(where, leaf, args, kwargs)


def explain(error: TypeError, where: str, leaf: object, advice: str) -> None:
    """Say it better, if it comes from a class that needs arguments. Raises `TypeError`."""
    cls = get_origin(leaf) or leaf
    if isinstance(cls, type):
        try:
            need_no_arguments(where, cls, advice)
        except TypeError as better:
            raise better from error


def default_capacity(where: str, leaf: object) -> int:
    """How many messages a mailbox holds, unless `spawn` is told.

    Raises `TypeError` if what a leaf says of its actors, or of itself, is nothing of the kind.
    """
    leaf = get_origin(leaf) or leaf
    need_card(where, leaf)
    config = need_config(where, leaf)
    return MAILBOX_SIZE if config is None else config.mailbox_size


async def spawn_for_one_ask(parent: AnyPlace, leaf: Any, name: str | None) -> Cell[Any, Any]:
    """A child that its parent asks once, under a name of its own if it is not given one."""
    if name is not None:
        need_name("ask", name)
    else:
        name = f"{callable_name(leaf)}-{next(_serial)}"
    make = maker("ask", leaf)
    try:
        return await Cell.spawn(parent, make, name, options=ONCE)
    except TypeError as error:
        explain(error, "ask", leaf, "a child that is asked once is made without any")
        raise


async def spawn_for_one_tell(parent: AnyPlace, cls: type[Behaviour[Any, Any]]) -> Cell[Any, Any]:
    """A child that stops by its own policy. Raises `TypeError`, at once, if it never would."""
    need_actor_class("tell", cls)
    first = cls()
    if first.stop_policy() is StopMode.NEVER:
        raise TypeError(
            f"tell: {callable_name(cls)} would never stop: override stop_policy, e.g. with "
            "StopMode.ONE_TIME, or spawn it and tell its ref"
        )
    prepared = [first]
    return await Cell.spawn(
        parent,
        lambda: prepared.pop() if prepared else cls(),
        f"{callable_name(cls)}-{next(_serial)}",
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
    if not isinstance(args, (tuple, list)):
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
