"""Events that were read from JSON, in which an error is a record of its type, text and notes."""

import builtins
from asyncio import CancelledError
from collections.abc import Iterator
from dataclasses import replace

from everything_is_an_actor.algebra import failure
from everything_is_an_actor.runtime import errors
from everything_is_an_actor.runtime.events import TaskEvent


def with_errors(event: TaskEvent) -> TaskEvent:
    """An event as it was before it was written: with an error for what JSON says of one.

    >>> record = {"error": "KeyError", "message": "'a'", "notes": []}
    >>> print(repr(with_errors(TaskEvent("task_failed", "t1", "/A-1", record)).data))
    KeyError("'a'")
    """
    match event.type, event.data:
        case (
            ("task_failed" | "flow_failed"),
            {"error": str(name), "message": str(message), **others},
        ):
            error = _error(name, message)
            notes = others.get("notes")
            for note in notes if isinstance(notes, list) else ():
                error.add_note(str(note))
            return replace(event, data=error)
        case _:
            return event


def _error(name: str, message: str) -> BaseException:
    """An error with that text, of the type of Python's or of one that is called so."""
    if name == CancelledError.__name__:
        return CancelledError(message)
    if name.isidentifier():
        for base in _bases(name):
            try:
                return _named(name, base, message)(message)
            except TypeError:  # it is made of more than a text, as an `ExceptionGroup` is
                continue
    return Exception(message)


def _bases(name: str) -> Iterator[type[Exception]]:
    """Python's types of errors that the one of that name is, the narrowest first."""
    for module in (builtins, failure, errors):
        found = getattr(module, name, None)
        if isinstance(found, type) and issubclass(found, Exception):
            for base in found.__mro__:
                if base.__module__ == builtins.__name__ and issubclass(base, Exception):
                    yield base
            return
    yield Exception


def _named(name: str, base: type[Exception], message: str) -> type[Exception]:
    """A type whose errors have that text: that of a `KeyError` would be the `repr` of it."""
    return type(name, (base,), {"__str__": lambda _: message})
