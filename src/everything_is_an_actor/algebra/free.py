"""`Free[Op, A]`: a program that performs operations `Op` and yields an `A`, as data.

The free monad over a set of operations (Swierstra 2008, "Data types à la carte"; cats' `Free`):

    Free[Op, A] = Pure(A) | Suspend(Op that yields an A) | FlatMap(Free[Op, X], X -> Free[Op, A])

Building costs the same at any depth, and does nothing: what an operation means is an interpreter's
affair (`fold_map.py`). A program is a value. It is compared as the expression that it is, its
functions by identity, so that the laws of the monad hold in what programs do, not for `==`:
`Pure(1).flat_map(f)` and `f(1)` do the same, and are two expressions.

An operation says by its base, `Operation[Op, A]`, of which set it is one, and what it yields. That
set is the union of its classes, hence `Op`: an interpreter is asked for those it knows, and mypy
says if there is one too many.

`Free` is a container of `returns`, so that its pointfree functions work on it. These take the type
that is mapped first: `FreeKind[A, Op]` is how they write `Free[Op, A]`.
"""

from collections.abc import Callable, Coroutine, Generator, Iterator
from types import FunctionType
from typing import Any, Final, Generic, Never, TypeVar, final, override

from returns.interfaces.container import Container2
from returns.primitives.hkt import Kind2, SupportsKind2

from everything_is_an_actor.algebra.arguments import callable_name, need_function, shown
from everything_is_an_actor.algebra.term import Piece, Term, call, read_only

Op = TypeVar("Op", covariant=True)
A = TypeVar("A", covariant=True)

_ASYNC: Final = 0x0080 | 0x0200  # flags of a function's code: a coroutine, an async generator
_INSTEAD: Final = "what is async an actor does: spawn one, and ask it"
_new: Final = object.__new__


class Operation(Generic[Op, A]):
    """One of the operations `Op`, which yields an `A`: the base of what a program can ask for.

    A set of operations of your own is a union of frozen dataclasses:

    >>> from dataclasses import dataclass
    >>> from everything_is_an_actor.free import Free, Operation, Suspend
    >>> type Storing = Get | Put
    >>> @dataclass(frozen=True)
    ... class Get(Operation["Storing", str]):
    ...     key: str
    >>> @dataclass(frozen=True)
    ... class Put(Operation["Storing", None]):
    ...     key: str
    ...     value: str
    >>> def copy(source: str, to: str) -> Free[Storing, None]:
    ...     return Suspend(Get(source)).flat_map(lambda value: Suspend(Put(to, value)))
    >>> copy("a", "b")
    Suspend(Get(key='a')).flat_map(<lambda>)
    """

    __slots__ = ()

    def expression(self) -> Iterator[Piece]:
        """The layout of the program that does this and nothing else."""
        return call("Suspend", [self])


class Free(  # type: ignore[type-var]  # covariant, like the containers of `returns`
    Term,
    SupportsKind2["FreeKind[Any, Any]", A, Op],
    Container2[A, Op],
    Generic[Op, A],
):
    """A program that performs operations `Op` and yields an `A`; immutable, compared by structure.

    Built by `Pure`, by the constructors of operations (`ask`, `tell`, `par` …) and the methods
    below; prints as the expression that builds it.

    >>> from everything_is_an_actor.free import ask
    >>> ask("/app/greeter", "Ada").map(len)
    ask('/app/greeter', 'Ada').map(len)
    """

    __slots__ = ()

    def __init__(self) -> None:
        raise TypeError(
            f"{type(self).__name__}: a program is made by Pure, Suspend, flat_map and the "
            "constructors of operations"
        )

    def map[B](self, function: Callable[[A], B]) -> "Free[Op, B]":
        """`p.map(f) = p.flat_map(λa. Pure(f(a)))`: the functor.

        >>> Pure("Ada").map(len)
        Pure('Ada').map(len)
        """
        if type(function) is not FunctionType or function.__code__.co_flags & _ASYNC:
            need_function("map", "function", function, instead=_INSTEAD)
        return _flat_mapped(self, Mapped(function))

    def flat_map[Q, B](self, function: "Callable[[A], Free[Q, B]]") -> "Free[Op | Q, B]":
        """What `function` makes of the value of this program is the program that goes on.

        Associative, with `Pure` as its unit on either side: the monad. `function` is called by an
        interpreter, when there is a value; what it raises is an error of the program.

        >>> from everything_is_an_actor.free import ask
        >>> ask("/app/names", 1).flat_map(lambda name: ask("/app/greeter", name))
        ask('/app/names', 1).flat_map(<lambda>)
        """
        if type(function) is not FunctionType or function.__code__.co_flags & _ASYNC:
            need_function("flat_map", "function", function, instead=_INSTEAD)
        bound: FlatMap[Op | Q, B] = _new(FlatMap)  # as `_flat_mapped`: a call less
        bound._program = self
        bound._continuation = function
        return bound

    flatMap = flat_map

    def ap[P, X, Q, B](
        self: "Free[P, Callable[[X], B]]", argument: "Free[Q, X]"
    ) -> "Free[P | Q, B]":
        """`pf.ap(pa) = pf.flat_map(λf. pa.map(f))`: one program after the other.

        For independent programs, `par` does them at the same time.

        >>> Pure(len).ap(Pure("Ada"))
        Pure(len).ap(Pure('Ada'))
        """
        need_program("ap", "argument", argument)
        return _flat_mapped(self, Applied(argument))

    def then[Q, B](self, program: "Free[Q, B]") -> "Free[Op | Q, B]":
        """`p.then(q) = p.flat_map(λ_. q)`: both, and the value of the second.

        >>> from everything_is_an_actor.free import ask, tell
        >>> tell("/app/log", "asking").then(ask("/app/greeter", "Ada"))
        tell('/app/log', 'asking').then(ask('/app/greeter', 'Ada'))
        """
        need_program("then", "program", program)
        return _flat_mapped(self, Then(program))

    def bind[B](self, function: Callable[[A], Kind2["Free[Any, Any]", B, Op]]) -> "Free[Op, B]":
        """As `flat_map`, under the name and with the type that `returns` has for it.

        >>> from returns.pointfree import bind
        >>> bind(Pure)(Pure(1))
        Pure(1).flat_map(Pure)
        """
        need_function("bind", "function", function, instead=_INSTEAD)
        return _flat_mapped(self, function)

    def apply[B](self, container: Kind2["Free[Any, Any]", Callable[[A], B], Op]) -> "Free[Op, B]":
        """`pa.apply(pf) = pf.ap(pa)`, as `returns` has it.

        >>> Pure("Ada").apply(Pure(len))
        Pure(len).ap(Pure('Ada'))
        """
        need_program("apply", "container", container)
        return _flat_mapped(container, Applied(self))

    @classmethod
    def from_value[B](cls, inner_value: B) -> "Free[Never, B]":
        """`Pure(inner_value)`, as `returns` has it.

        >>> Free.from_value(1)
        Pure(1)
        """
        return Pure(inner_value)

    def __iter__(self) -> "Generator[Free[Op, A], Any, A]":
        """What `yield from` takes within a `@program`: the value, with its type."""
        value: A = yield self
        return value


class FreeKind(Free[Op, A], Generic[A, Op]):
    """A `Free[Op, A]` to the mypy plugin of `returns`; there is never an object of this class."""

    __slots__ = ()


@final
class Pure(Free[Never, A]):
    """The program that yields `value`, and does nothing: the unit of `flat_map`.

    >>> Pure(1) == Pure(1)
    True
    """

    __slots__ = ("_value",)
    __match_args__ = ("value",)

    value: A = read_only("_value")

    def __init__(self, value: A) -> None:
        self._value = value


@final
class Suspend(Free[Op, A]):
    """The program that performs `op`, and yields what that yields.

    Raises `TypeError` for what is no `Operation`.

    >>> from everything_is_an_actor.free import Ask
    >>> Suspend(Ask("/app/greeter", "Ada"))
    ask('/app/greeter', 'Ada')
    """

    __slots__ = ("_op",)
    __match_args__ = ("op",)

    op: Operation[Op, A] = read_only("_op")

    def __init__(self, op: Operation[Op, A]) -> None:
        if not isinstance(op, Operation):
            raise TypeError(f"Suspend: op must be an Operation, got {shown(op)} ({_kind(op)})")
        self._op = op

    @override
    def pieces(self) -> Iterator[Piece]:
        return self.op.expression()


@final
class FlatMap(Free[Op, A]):
    """`program`, then what `continuation` makes of its value; see `Free.flat_map`.

    What type the value has in between, nobody but the two knows: hence the `Any`.

    >>> FlatMap(Pure("Ada"), Pure) == Pure("Ada").flat_map(Pure)
    True
    """

    __slots__ = ("_continuation", "_program")
    __match_args__ = ("program", "continuation")

    program: Free[Op, Any] = read_only("_program")
    continuation: Callable[[Any], Free[Op, A]] = read_only("_continuation")

    def __init__[X](self, program: Free[Op, X], continuation: Callable[[X], Free[Op, A]]) -> None:
        need_program("FlatMap", "program", program)
        need_function("FlatMap", "continuation", continuation, instead=_INSTEAD)
        self._program: Free[Op, Any] = program
        self._continuation: Callable[[Any], Free[Op, A]] = continuation

    @override
    def pieces(self) -> Iterator[Piece]:
        continuation = self.continuation
        if isinstance(continuation, Continuation):
            yield from continuation.after(self.program)
        else:
            yield from (self.program, f".flat_map({callable_name(continuation)})")


def _flat_mapped(program: Any, continuation: Any) -> "FlatMap[Any, Any]":
    """`FlatMap`, of what has been checked."""
    flat_mapped: FlatMap[Any, Any] = _new(FlatMap)
    flat_mapped._program = program
    flat_mapped._continuation = continuation
    return flat_mapped


def need_program(where: str, argument: str, value: object) -> None:
    """A program. Raises `TypeError`."""
    if not isinstance(value, Free):
        raise no_program(f"{where}: {argument} must be a program (Free)", value)


def no_program(expected: str, came: object, *, hint: str = "") -> TypeError:
    """The error for what is no program: how it becomes one, or `hint`.

    A coroutine is closed: nobody will await it.
    """
    text = f"{expected}, got {shown(came)} ({_kind(came)})"
    if isinstance(came, Operation):
        hint = "an operation becomes a program by Suspend"
    elif isinstance(came, Coroutine):
        came.close()
        hint = _INSTEAD
    elif isinstance(came, Generator):
        hint = "a generator function makes programs once it is decorated by @program"
    elif callable(came):
        hint = "call it, if it makes a program"
    return TypeError(f"{text}: {hint}" if hint else text)


def _kind(value: object) -> str:
    return type(value).__name__


class Continuation(Term):
    """What goes on with a value, where that is no function of the user's."""

    __slots__ = ()

    def __call__(self, value: Any) -> Free[Any, Any]:
        """The program that goes on. What it takes was checked where it was built."""
        raise NotImplementedError

    def after(self, program: Free[Any, Any]) -> Iterator[Piece]:
        """The layout of `program`, then this."""
        raise NotImplementedError


@final
class Mapped(Continuation):
    """`λa. Pure(function(a))`."""

    __slots__ = ("_function",)
    __match_args__ = ("function",)

    function: Callable[[Any], Any] = read_only("_function")

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    @override
    def __call__(self, value: Any) -> Free[Any, Any]:
        return Pure(self._function(value))

    @override
    def after(self, program: Free[Any, Any]) -> Iterator[Piece]:
        yield from (program, f".map({callable_name(self.function)})")


@final
class Then(Continuation):
    """`λ_. program`."""

    __slots__ = ("_program",)
    __match_args__ = ("program",)

    program: Free[Any, Any] = read_only("_program")

    def __init__(self, program: Free[Any, Any]) -> None:
        self._program = program

    @override
    def __call__(self, value: Any) -> Free[Any, Any]:
        return self._program

    @override
    def after(self, program: Free[Any, Any]) -> Iterator[Piece]:
        yield from (program, ".then(", self.program, ")")


@final
class Applied(Continuation):
    """`λf. argument.map(f)`."""

    __slots__ = ("_argument",)
    __match_args__ = ("argument",)

    argument: Free[Any, Any] = read_only("_argument")

    def __init__(self, argument: Free[Any, Any]) -> None:
        self._argument = argument

    @override
    def __call__(self, value: Any) -> Free[Any, Any]:
        if type(value) is not FunctionType or value.__code__.co_flags & _ASYNC:
            need_function("ap", "the value of the program", value, instead=_INSTEAD)
        return _flat_mapped(self._argument, Mapped(value))

    @override
    def after(self, program: Free[Any, Any]) -> Iterator[Piece]:
        yield from (program, ".ap(", self.argument, ")")
