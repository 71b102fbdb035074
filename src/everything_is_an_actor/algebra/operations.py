"""The operations on actors, as data: the alphabet of `Free[ActorOp, A]`.

An operation names its actor by a ref or by a path (`/app/greeter`), which an interpreter resolves
when it gets there: a program can be written before there is any actor. `Par` and `Attempt` hold
programs of any operations, and are the affair of `fold_map`; what the others mean, an interpreter
says.
"""

from collections.abc import Awaitable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final, Generic, Protocol, TypeVar, cast, final, overload, override

from returns.result import Result

from everything_is_an_actor.algebra.arguments import (
    callable_name,
    need_label,
    need_seconds,
    shown,
)
from everything_is_an_actor.algebra.free import (
    Free,
    Operation,
    Suspend,
    need_program,
)
from everything_is_an_actor.algebra.term import Piece, Term, call, listed, read_only

PATIENCE: Final = 5.0  # seconds that an ask waits for the reply, unless it is told

_new: Final = object.__new__

M_contra = TypeVar("M_contra", contravariant=True)
M = TypeVar("M")
R = TypeVar("R", covariant=True)
Op = TypeVar("Op", covariant=True)
T = TypeVar("T", covariant=True)


class Askable(Protocol[M_contra, R]):
    """What takes messages `M` and replies `R`: an `ActorRef`, a `RemoteRef`."""

    async def ask(self, message: M_contra, *, timeout: float | None = ...) -> R:
        """Send a message and wait for the reply, at most `timeout` seconds."""
        ...


class Tellable(Protocol[M_contra]):
    """What takes messages `M`."""

    async def tell(self, message: M_contra) -> None:
        """Send a message."""
        ...


class Stoppable(Protocol):
    """What can be asked to stop."""

    def stop(self) -> Awaitable[None]:
        """Ask it to stop; await the result to wait for the end."""
        ...


class ActorOp(Term):
    """The operations on actors: what `Free[ActorOp, A]` may perform. They are those of this module.

    >>> from everything_is_an_actor.free import Sleep
    >>> isinstance(Sleep(1.0), ActorOp)
    True
    """

    __slots__ = ()

    def expression(self) -> Iterator[Piece]:
        """The layout of the program that does this and nothing else."""
        return call(type(self).__name__.lower(), self.fields())


@final
class Spawn(ActorOp, Operation[ActorOp, T]):
    """Start an actor of a class under a name; yields its ref, of type `T`.

    `options` are those of `spawn`, by name. What a class may be, and of which type its ref is, is
    known to the runtime only: hence the `Any`; the constructor `spawn` has the types. Raises what
    `spawn` raises, when it is performed.

    >>> from everything_is_an_actor import Actor
    >>> Spawn(Actor[str, str], "greeter").name
    'greeter'
    """

    __slots__ = ("_actor_cls", "_name", "_options")
    __match_args__ = ("actor_cls", "name", "options")

    actor_cls: Any = read_only("_actor_cls")
    name: str = read_only("_name")
    options: tuple[tuple[str, Any], ...] = read_only("_options")

    def __init__(self, actor_cls: Any, name: str, options: Iterable[tuple[str, Any]] = ()) -> None:
        if not callable(actor_cls):
            raise TypeError(
                f"spawn: actor_cls must be a class of actors or an agent, got {shown(actor_cls)} "
                f"({type(actor_cls).__name__})"
            )
        need_label("spawn", "name", name)
        if "/" in name:
            raise ValueError(f"spawn: name must not contain '/', got {name!r}")
        self._actor_cls = actor_cls
        self._name = name
        self._options = tuple(sorted(dict(options).items(), key=itemgetter(0)))

    @override
    def expression(self) -> Iterator[Piece]:
        options = "".join(f", {name}={value!r}" for name, value in self.options)
        yield f"spawn({callable_name(self.actor_cls)}, {self.name!r}{options})"


@final
class Ask(ActorOp, Operation[ActorOp, R], Generic[M, R]):
    """Send a message and wait for the reply, at most `timeout` seconds (`None`: no bound).

    Raises what `ActorRef.ask` raises, and `ActorNotFoundError` for a path at which nobody lives,
    when it is performed.

    >>> Ask("/app/greeter", "Ada") == Ask("/app/greeter", "Ada", 5.0)
    True
    """

    __slots__ = ("_message", "_ref", "_timeout")
    __match_args__ = ("ref", "message", "timeout")

    ref: Askable[M, R] | str = read_only("_ref")
    message: M = read_only("_message")
    timeout: float | None = read_only("_timeout")

    def __init__(
        self, ref: Askable[M, R] | str, message: M, timeout: float | None = PATIENCE
    ) -> None:
        _need_target("ask", "ask", ref)
        if timeout is not None:
            need_seconds("ask", "timeout", timeout)
        self._ref = ref
        self._message = message
        self._timeout = timeout

    @override
    def expression(self) -> Iterator[Piece]:
        yield "ask("
        yield from listed([self.ref, self.message])
        yield ")" if self.timeout == PATIENCE else f", timeout={self.timeout!r})"


@final
class Tell(ActorOp, Operation[ActorOp, None], Generic[M]):
    """Send a message; see `ActorRef.tell`.

    >>> Tell("/app/log", "hello").message
    'hello'
    """

    __slots__ = ("_message", "_ref")
    __match_args__ = ("ref", "message")

    ref: Tellable[M] | str = read_only("_ref")
    message: M = read_only("_message")

    def __init__(self, ref: Tellable[M] | str, message: M) -> None:
        _need_target("tell", "tell", ref)
        self._ref = ref
        self._message = message


@final
class Stop(ActorOp, Operation[ActorOp, None]):
    """Ask an actor to stop, and wait for its end; see `ActorRef.stop`.

    >>> Stop("/app/greeter").ref
    '/app/greeter'
    """

    __slots__ = ("_ref",)
    __match_args__ = ("ref",)

    ref: Stoppable | str = read_only("_ref")

    def __init__(self, ref: Stoppable | str) -> None:
        _need_target("stop", "stop", ref)
        self._ref = ref


@final
class GetRef(ActorOp, Operation[ActorOp, T]):
    """The living actor at `path`: its ref, of type `T`. Raises `ActorNotFoundError`.

    >>> GetRef[object]("/app/greeter").path
    '/app/greeter'
    """

    __slots__ = ("_path",)
    __match_args__ = ("path",)

    path: str = read_only("_path")

    def __init__(self, path: str) -> None:
        _need_path("get_ref", "path", path)
        self._path = path

    @override
    def expression(self) -> Iterator[Piece]:
        return call("get_ref", [self.path])


@final
class Sleep(ActorOp, Operation[ActorOp, None]):
    """Let `seconds` pass.

    >>> Sleep(0.5).seconds
    0.5
    """

    __slots__ = ("_seconds",)
    __match_args__ = ("seconds",)

    seconds: float = read_only("_seconds")

    def __init__(self, seconds: float) -> None:
        need_seconds("sleep", "seconds", seconds, zero=True)
        self._seconds = seconds


type AnyActorOp = Spawn[Any] | Ask[Any, Any] | Tell[Any] | Stop | GetRef[Any] | Sleep
"""Every class of `ActorOp`: what an interpreter has a case for."""


def among_all(op: ActorOp) -> AnyActorOp:
    """`op` as one of all the classes that there are, so that mypy says which case is missing.

    Raises `TypeError` for an operation that is not on actors.

    >>> among_all(Sleep(1.0))
    Sleep(1.0)
    """
    if not isinstance(op, ActorOp):
        raise TypeError(
            f"{shown(op)} is no operation on actors: an Interpreter of your own says what it means"
        )
    return cast(AnyActorOp, op)


@final
class Par(Term, Operation[Op, T]):
    """Independent programs, run concurrently: all of their values, or the first error in time.

    Which types the values have, each by itself, the tuple `T` says: hence the `Any`.

    >>> len(Par([sleep(1.0), sleep(2.0)]).programs)
    2
    """

    __slots__ = ("_programs",)
    __match_args__ = ("programs",)

    programs: tuple[Free[Op, Any], ...] = read_only("_programs")

    def __init__(self, programs: Iterable[Free[Op, Any]]) -> None:
        if isinstance(programs, Free | str | Mapping) or not isinstance(programs, Iterable):
            raise TypeError(
                f"par: programs must be programs (Free), or one series of them, "
                f"got {shown(programs)} ({type(programs).__name__})"
            )
        held = tuple(programs)
        for i, program in enumerate(held):
            need_program("par", f"programs[{i}]", program)
        self._programs = held

    @override
    def expression(self) -> Iterator[Piece]:
        return call("par", self.programs)


@final
class Attempt(Term, Operation[Op, Result[R, Exception]], Generic[Op, R]):
    """A program, and its error as a value: `Success(a)` or `Failure(error)`.

    What is past recovery (`MemoryError`, a cancellation, the end of the process) goes through.

    >>> Attempt(sleep(1.0)).program
    sleep(1.0)
    """

    __slots__ = ("_program",)
    __match_args__ = ("program",)

    program: Free[Op, R] = read_only("_program")

    def __init__(self, program: Free[Op, R]) -> None:
        need_program("attempt", "program", program)
        self._program = program

    @override
    def expression(self) -> Iterator[Piece]:
        return call("attempt", [self.program])


def _need_path(where: str, argument: str, path: object) -> None:
    need_label(where, argument, path)
    if not str(path).startswith("/"):
        raise ValueError(f"{where}: {argument} must be a path as in '/app/name', got {path!r}")


def _need_target(where: str, method: str, ref: object) -> None:
    if isinstance(ref, str):
        _need_path(where, "ref", ref)
    elif isinstance(ref, type) or not hasattr(ref, method):
        raise TypeError(
            f"{where}: ref must be an ActorRef or a path, as in '/app/name', "
            f"got {shown(ref)} ({type(ref).__name__})"
        )


def asking(ref: Any, message: Any, timeout: float | None) -> Free[ActorOp, Any]:
    """`Suspend(Ask(ref, message, timeout))`, of a ref that is one: on the way of every ask."""
    if timeout is not PATIENCE and timeout is not None:
        need_seconds("ask", "timeout", timeout)
    op: Ask[Any, Any] = _new(Ask)
    op._ref = ref
    op._message = message
    op._timeout = timeout
    program: Suspend[ActorOp, Any] = _new(Suspend)
    program._op = op
    return program


@overload
def ask[X, B](
    ref: Askable[X, B], message: X, *, timeout: float | None = PATIENCE
) -> Free[ActorOp, B]: ...
@overload
def ask(ref: str, message: object, *, timeout: float | None = PATIENCE) -> Free[ActorOp, Any]: ...
def ask(ref: Any, message: Any, *, timeout: float | None = PATIENCE) -> Free[ActorOp, Any]:
    """The reply of an actor, by ref or path, within `timeout` seconds (`None`: no bound).

    What is at a path is not known here: hence the `Any`. Raises `TypeError` or `ValueError` for
    wrong arguments, at once; when run what `ActorRef.ask` raises, and `ActorNotFoundError`.

    >>> ask("/app/greeter", "Ada", timeout=1.0)
    ask('/app/greeter', 'Ada', timeout=1.0)
    """
    _need_target("ask", "ask", ref)
    return asking(ref, message, timeout)


@overload
def tell[X](ref: Tellable[X], message: X) -> Free[ActorOp, None]: ...
@overload
def tell(ref: str, message: object) -> Free[ActorOp, None]: ...
def tell(ref: Any, message: Any) -> Free[ActorOp, None]:
    """Send a message to an actor, by ref or path; what is at a path is not known here.

    Raises as `ask`, when run what `ActorRef.tell` raises.

    >>> tell("/app/log", "hello")
    tell('/app/log', 'hello')
    """
    return Suspend(Tell(ref, message))


def stop(ref: Stoppable | str) -> Free[ActorOp, None]:
    """Ask an actor to stop, by ref or path, and wait for its end. Raises as `ask`.

    >>> stop("/app/greeter")
    stop('/app/greeter')
    """
    return Suspend(Stop(ref))


def sleep(seconds: float) -> Free[ActorOp, None]:
    """Let `seconds` pass. Raises `TypeError` or `ValueError` if that is no number of seconds.

    >>> sleep(0.5).then(ask("/app/greeter", "Ada"))
    sleep(0.5).then(ask('/app/greeter', 'Ada'))
    """
    return Suspend(Sleep(seconds))


@overload
def par[P, A](a: Free[P, A], /) -> Free[P, tuple[A]]: ...
@overload
def par[P, A, B](a: Free[P, A], b: Free[P, B], /) -> Free[P, tuple[A, B]]: ...
@overload
def par[P, A, B, C](a: Free[P, A], b: Free[P, B], c: Free[P, C], /) -> Free[P, tuple[A, B, C]]: ...
@overload
def par[P, A, B, C, D](
    a: Free[P, A], b: Free[P, B], c: Free[P, C], d: Free[P, D], /
) -> Free[P, tuple[A, B, C, D]]: ...
@overload
def par[P, A, B, C, D, E](
    a: Free[P, A], b: Free[P, B], c: Free[P, C], d: Free[P, D], e: Free[P, E], /
) -> Free[P, tuple[A, B, C, D, E]]: ...
@overload
def par[P, A, B, C, D, E, F](
    a: Free[P, A], b: Free[P, B], c: Free[P, C], d: Free[P, D], e: Free[P, E], f: Free[P, F], /
) -> Free[P, tuple[A, B, C, D, E, F]]: ...
@overload
def par[P, A, B, C, D, E, F, G](
    a: Free[P, A], b: Free[P, B], c: Free[P, C], d: Free[P, D], e: Free[P, E], f: Free[P, F],
    g: Free[P, G], /,
) -> Free[P, tuple[A, B, C, D, E, F, G]]: ...  # fmt: skip
@overload
def par[P, A, B, C, D, E, F, G, H](
    a: Free[P, A], b: Free[P, B], c: Free[P, C], d: Free[P, D], e: Free[P, E], f: Free[P, F],
    g: Free[P, G], h: Free[P, H], /,
) -> Free[P, tuple[A, B, C, D, E, F, G, H]]: ...  # fmt: skip
@overload
def par[P, A](*programs: Free[P, A]) -> Free[P, tuple[A, ...]]: ...
@overload
def par[P, A](programs: Iterable[Free[P, A]], /) -> Free[P, tuple[A, ...]]: ...
def par(*programs: Any) -> Any:
    """The values of independent programs, run concurrently: the applicative beside the monad.

    `par(p, q)`, or `par([p, q])`. When one fails, the others are cancelled and awaited, and the
    first error in time is raised; ties count from the left. Which of them an actor hears first
    that two of them send to, is open. Raises `TypeError` for what is no program.

    >>> par(ask("/app/a", 1), ask("/app/b", 2)).map(sum)
    par(ask('/app/a', 1), ask('/app/b', 2)).map(sum)
    """
    if len(programs) == 1 and not isinstance(programs[0], Free):
        return Suspend(Par(programs[0]))
    return Suspend(Par(programs))


def attempt[P, A](program: Free[P, A]) -> Free[P, Result[A, Exception]]:
    """`Success(a)` if the program yields `a`, `Failure(error)` if it fails: it does not fail then.

    What is past recovery (`MemoryError`, a cancellation, the end of the process) goes through.
    Raises `TypeError` for what is no program.

    >>> attempt(ask("/app/greeter", "Ada")).map(lambda reply: reply.value_or("nobody"))
    attempt(ask('/app/greeter', 'Ada')).map(<lambda>)
    """
    return Suspend(Attempt(program))
