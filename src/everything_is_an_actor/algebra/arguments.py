"""Checks of arguments, made at once by everything that builds a program.

Each takes the name of the callable and of the argument, and raises a `TypeError` or `ValueError`
that says what was expected and what came, at the line that wrote the mistake.
"""

import inspect
import reprlib
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import FunctionType, ModuleType, NoneType, UnionType
from typing import Any, Protocol, get_args, get_origin, override, runtime_checkable


@runtime_checkable
class Abridged(Protocol):
    """A value whose text may be too long to write out: it can give the beginning alone."""

    def abridged(self, length: int) -> str:
        """The first `length` characters of its repr."""
        ...


def shown(value: object) -> str:
    """`value` for an error text: its repr, cut short, and never written out in full before."""
    return cut(_short.repr(value))


def spelled(value: object) -> str:
    """The repr of `value` in full; as for an error text if an int in it is too long for Python."""
    try:
        return repr(value)
    except ValueError:
        return shown(value)


def cut(text: str) -> str:
    """`text`, or its beginning if it is long."""
    return text if len(text) <= _LENGTH else f"{text[: _LENGTH - 3]}..."


def without_caller(error: Exception) -> str:
    """The text of an error of these checks, without the name that it begins with.

    >>> without_caller(ValueError("at_least: n=4 of 3 flows can never succeed"))
    'n=4 of 3 flows can never succeed'
    """
    caller, colon, text = str(error).partition(": ")
    return text if colon and caller.replace(".", "_").isidentifier() else str(error)


_LENGTH = 80


class _Short(reprlib.Repr):
    @override
    def repr_int(self, x: int, level: int) -> str:
        try:
            return super().repr_int(x, level)
        except ValueError:  # Python writes out only so many digits
            return f"<int of {x.bit_length()} bits>"

    @override
    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, type) or not isinstance(x, Abridged):
            return super().repr_instance(x, level)
        try:
            return x.abridged(_LENGTH + 1)
        except Exception:  # of what it holds, as everywhere in `reprlib`
            return f"<{type(x).__name__} instance at {id(x):#x}>"


_short = _Short(maxstring=_LENGTH, maxother=_LENGTH, maxlong=_LENGTH)


def need_seconds(where: str, argument: str, value: object, *, zero: bool = False) -> None:
    """A finite number of seconds, above zero (or from zero on)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(
            f"{where}: {argument} must be a number of seconds, "
            f"got {shown(value)} ({type(value).__name__})"
        )
    if not 0 <= value <= sys.float_info.max or (value == 0 and not zero):
        bound = ">= 0" if zero else "> 0"
        raise ValueError(
            f"{where}: {argument} must be a finite number of seconds {bound}, got {shown(value)}"
        )


def need_number(where: str, argument: str, value: object, *, least: float) -> None:
    """A finite number, `least` or more."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(
            f"{where}: {argument} must be a number, got {shown(value)} ({type(value).__name__})"
        )
    if not least <= value <= sys.float_info.max:
        raise ValueError(
            f"{where}: {argument} must be a finite number >= {least}, got {shown(value)}"
        )


def need_count(where: str, argument: str, value: object, *, least: int) -> None:
    """A whole number, `least` or more."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(
            f"{where}: {argument} must be an int, got {shown(value)} ({type(value).__name__})"
        )
    if value < least:
        raise ValueError(f"{where}: {argument} must be at least {least}, got {shown(value)}")


def need_several(
    where: str, argument: str, value: object, *, of: str, one: str, lone: bool
) -> None:
    """A sequence of at least one, and not a text; `lone` says that it is one of them by itself."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        hint = f": a single {one} goes into a list as well" if lone else ""
        raise TypeError(
            f"{where}: {argument} must be a sequence of {of}, "
            f"got {shown(value)} ({type(value).__name__}){hint}"
        )
    if not value:
        raise ValueError(f"{where}: at least 1 {one} is needed, got none")


def need_flag(where: str, argument: str, value: object) -> None:
    """`True` or `False`."""
    if not isinstance(value, bool):
        raise TypeError(
            f"{where}: {argument} must be True or False, "
            f"got {shown(value)} ({type(value).__name__})"
        )


def need_label(where: str, argument: str, value: object) -> None:
    """A string that is not empty."""
    if not isinstance(value, str):
        raise TypeError(
            f"{where}: {argument} must be a str, got {shown(value)} ({type(value).__name__})"
        )
    if not value:
        raise ValueError(f"{where}: {argument} must not be empty")


def need_function(
    where: str, argument: str, value: object, *, hint: str = "", instead: str = ""
) -> None:
    """A callable that returns its result at once, not a coroutine; `instead` says what to do."""
    if not callable(value):
        raise TypeError(
            f"{where}: {argument} must be a function, "
            f"got {shown(value)} ({type(value).__name__}){hint}"
        )
    if is_agent(value):
        name = callable_name(value)
        instead = instead or f"lift it with agent({name}) and compose it as a flow"
        what = "async" if is_async(value) else "an agent"
        raise TypeError(
            f"{where}: {argument} must be a plain function, but {name} is {what}: {instead}"
        )


def is_agent(value: object) -> bool:
    """Whether `value` is async, or a class (or `Class[int]`) with an async `execute`."""
    cls = get_origin(value) or value
    if isinstance(cls, type):
        execute = getattr(cls, "execute", None)
        return callable(execute) and is_async(execute)
    return callable(value) and is_async(value)


def is_async(value: Callable[..., Any]) -> bool:
    """Whether calling `value` gives a coroutine or an async generator."""
    if isinstance(value, type):
        return False
    if isinstance(value, FunctionType):
        return is_coroutine_function(value) or inspect.isasyncgenfunction(value)
    call = getattr(value, "__call__", value)  # noqa: B004  # an object's own method, if it has one
    return any(
        inspect.iscoroutinefunction(f) or inspect.isasyncgenfunction(f) for f in (value, call)
    )


def is_coroutine_function(value: object) -> bool:
    """As that of `inspect`, which goes through what may be wrapped around an `async def`."""
    if isinstance(value, FunctionType) and value.__code__.co_flags & inspect.CO_COROUTINE:
        return True
    return inspect.iscoroutinefunction(value)


def callable_name(value: object) -> str:
    """The expression by which a reader knows a function, a class or `Class[int]`, else the repr.

    What is local to a function goes by the name that it has there.
    """
    if isinstance(value, (type, FunctionType)):
        full = value.__qualname__.rpartition("<locals>.")[2]
        return full if full.endswith(f".{value.__name__}") else value.__name__
    if (origin := get_origin(value)) is not None:
        return f"{callable_name(origin)}[{', '.join(map(_parameter_name, get_args(value)))}]"
    if isinstance(value, partial):
        keywords = (f"{name}={spelled(argument)}" for name, argument in value.keywords.items())
        inside = [callable_name(value.func), *map(spelled, value.args), *keywords]
        return f"functools.partial({', '.join(inside)})"
    name = getattr(value, "__name__", None)
    if not isinstance(name, str):
        return repr(value)
    owner = getattr(value, "__self__", None)
    if not (owner is None or isinstance(owner, type | ModuleType)):
        text = repr(owner)
        if text == object.__repr__(owner):  # which says no more than an address
            text = f"{type(owner).__name__}(...)"
        return f"{text}.{name}"
    full = str(getattr(value, "__qualname__", name)).rpartition("<locals>.")[2]
    return full if full.endswith(f".{name}") else name


def as_written(value: object) -> str:
    """As `callable_name`, but a lambda as it is written rather than as it is named.

    >>> as_written(len), as_written(lambda text: text)
    ('len', 'lambda …')
    """
    name = callable_name(value)
    return "lambda …" if name == "<lambda>" else name


def _parameter_name(parameter: object) -> str:
    if parameter is NoneType:
        return "None"
    if isinstance(parameter, UnionType):
        return " | ".join(map(_parameter_name, get_args(parameter)))
    return callable_name(parameter)
