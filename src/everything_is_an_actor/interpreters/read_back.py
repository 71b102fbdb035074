"""Events that were read from JSON, in which an error is a record of its type and text."""

import builtins
from asyncio import CancelledError
from dataclasses import replace

from everything_is_an_actor.runtime.events import TaskEvent


def with_errors(event: TaskEvent) -> TaskEvent:
    """An event as it was before it was written: with an error for what JSON says of one.

    >>> record = {"error": "KeyError", "message": "'a'", "notes": []}
    >>> print(repr(with_errors(TaskEvent("task_failed", "t1", "/A-1", record)).data))
    KeyError("'a'")
    """
    match event.type, event.data:
        case (("task_failed" | "flow_failed"), {"error": str(name), "message": str(message)}):
            return replace(event, data=_error(name, message))
        case _:
            return event


def _error(name: str, message: str) -> BaseException:
    """An error with that text, of the type of Python's or of one that is called so."""
    if name == CancelledError.__name__:
        return CancelledError(message)
    if not name.isidentifier():
        return Exception(message)
    found = getattr(builtins, name, None)
    base = found if isinstance(found, type) and issubclass(found, Exception) else Exception
    try:
        return _named(name, base, message)(message)
    except TypeError:  # it is made of more than a text, as an `ExceptionGroup` is
        return _named(name, Exception, message)(message)


def _named(name: str, base: type[Exception], message: str) -> type[Exception]:
    """A type whose errors have that text: that of a `KeyError` would be the `repr` of it."""
    return type(name, (base,), {"__str__": lambda _: message})
