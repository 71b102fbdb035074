"""Leaves: what a user may give where an agent is wanted, from an `async def` to a class.

A leaf says of itself what it takes and gives, so that whatever is built from it, a flow or an
actor, is typed by it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from inspect import CO_VARARGS
from types import AsyncGeneratorType, CoroutineType, FunctionType
from typing import Any, Final, Protocol, get_origin

from everything_is_an_actor.algebra.arguments import (
    as_written,
    callable_name,
    is_async,
    is_coroutine_function,
    shown,
)


class Agent[A, B](Protocol):
    """What a leaf needs: an asynchronous `execute`."""

    async def execute(self, input: A, /) -> B:
        """The output for `input`."""
        ...


class StreamingAgent[A, B](Protocol):
    """A leaf that yields its output in chunks: `execute` is an async generator."""

    def execute(self, input: A, /) -> AsyncIterator[B]:
        """The chunks of the output for `input`."""
        ...


class OpenAgent[A, B](Protocol):
    """A leaf that leaves open which of the two it is, as `type[AgentActor[A, B]]` does."""

    def execute(self, input: A, /) -> Coroutine[Any, Any, B] | AsyncIterator[Any]:
        """The output for `input`, or its chunks."""
        ...


type AgentLike[A, B] = type[Agent[A, B]] | Callable[[A], Awaitable[B]]
"""A leaf from `A` to `B`: a class with an async `execute`, or an `async def`."""

type StreamingAgentLike[A, B] = type[StreamingAgent[A, B]] | Callable[[A], AsyncIterator[B]]
"""A leaf from `A` to chunks `B`: the same with async generators; its output is their list."""


async def _no_hook() -> None:
    """What stands for a hook that a class does not have."""


AN_AGENT: Final = "a class with an async `execute`, or an `async def`"


def left_open[F: Callable[..., Any]](method: F) -> F:
    """A method that every subclass has to define; unlike `abstractmethod`, no affair of mypy's."""
    vars(method)["__isabstractmethod__"] = True
    return method


def is_left_open(method: object) -> bool:
    """Whether nothing but a base class, which leaves it open, defines this method."""
    return getattr(method, "__isabstractmethod__", False) is True


def need_agent(where: str, expected: str, leaf: object, *, instead: str) -> None:
    """As `need_leaf`, a class that can be made without arguments: a flow has none for it."""
    need_leaf(where, expected, leaf, instead=instead)
    if type(leaf) is not FunctionType:
        cls = get_origin(leaf) or leaf
        if isinstance(cls, type):
            need_no_arguments(
                where,
                cls,
                "an agent is made without any; if an object keeps them, a method of it is an agent",
            )


def need_leaf(where: str, expected: str, leaf: object, *, instead: str) -> None:
    """A class with an async `execute`, or an `async def`. Raises `TypeError`.

    `expected` says so in the words of the caller, if that is to be said; `instead` says what to do
    with a plain function, of which it is given the name.
    """
    if type(leaf) is FunctionType and is_async(leaf):  # as most are
        need_one_input(where, leaf)
        return
    origin = get_origin(leaf) or leaf
    if isinstance(origin, type):
        fault = _fault_of_class(origin)
    else:
        fault = _fault_of_value(where, leaf, instead)
    if fault is not None:
        raise TypeError(
            f"{where}: expected {expected}; {fault}" if expected else f"{where}: {fault}"
        )


def need_no_arguments(where: str, cls: type, advice: str) -> None:
    """A class whose instances are made without arguments. Raises `TypeError`."""
    make: object = cls.__init__  # type: ignore[misc]  # that of this very class
    if not isinstance(make, FunctionType):  # that of `object`, as most have it
        return
    if (
        getattr(cls, "__new__", None) is object.__new__
        and type(type(cls).__call__) is not FunctionType
    ):
        missing = _required(make)[1:] if make.__code__.co_argcount else _required(make)
        if missing:
            what = "the argument" if len(missing) == 1 else "the arguments"
            raise TypeError(
                f"{where}: {cls.__name__} needs {what} {', '.join(map(repr, missing))}: {advice}"
            )


def need_one_input(where: str, function: FunctionType) -> None:
    """An `async def` that one input is enough for. Raises `TypeError`."""
    code = function.__code__
    if code.co_argcount == 1 and not code.co_kwonlyargcount:
        return
    name, required = callable_name(function), _required(function)
    if len(required) > 1 or (required and not code.co_argcount):
        needs = f"needs {', '.join(map(repr, required))}"
    elif not code.co_argcount and not code.co_flags & CO_VARARGS:
        needs = "takes none by position"
    else:
        return
    raise TypeError(f"{where}: an agent takes one input, {name} {needs}")


def not_awaited(name: str, output: Coroutine[Any, Any, Any]) -> TypeError:
    """The error of an agent that returned a coroutine, which nobody will await any more."""
    output.close()
    return TypeError(f"{name} returned a coroutine: await it")


def _required(function: FunctionType) -> tuple[str, ...]:
    """The parameters without a default, those by keyword only last."""
    code, defaults = function.__code__, function.__defaults__ or ()
    by_place, by_name = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    named = code.co_varnames[by_place:by_name]
    by_keyword = (name for name in named if name not in (function.__kwdefaults__ or ()))
    return (*code.co_varnames[: by_place - len(defaults)], *by_keyword)


def _fault_of_class(cls: type) -> str | None:
    execute = getattr(cls, "execute", None)
    if execute is None:
        return f"{cls.__name__} has no `execute`"
    if is_left_open(execute):
        return f"{cls.__name__} does not define execute"
    if not is_async(execute):
        return f"{cls.__name__}.execute is not async"
    for hook in ("on_started", "on_stopped"):
        if not is_coroutine_function(getattr(cls, hook, _no_hook)):
            return f"{cls.__name__}.{hook} must be an `async def`"
    return None


def _fault_of_value(where: str, leaf: object, instead: str) -> str | None:
    if isinstance(leaf, CoroutineType | AsyncGeneratorType):
        if isinstance(leaf, CoroutineType):
            leaf.close()  # else Python warns that nobody has awaited it
        name = leaf.__qualname__.rpartition("<locals>.")[2]
        return f"got {shown(leaf)}: pass the function itself, {where}({name}), not a call of it"
    if not callable(leaf):
        hint = "its class" if hasattr(leaf, "execute") else "a class"
        hint += ", or a method of it" if hasattr(leaf, "execute") else ""
        return f"got {shown(leaf)} ({type(leaf).__name__}): pass {hint}"
    if not is_async(leaf):
        if hasattr(leaf, "execute"):
            return f"got an instance, {shown(leaf)}: pass its class, or a method of it"
        return f"{callable_name(leaf)} is a plain function: {instead.format(as_written(leaf))}"
    return None
