"""A repair for Python 3.12: frozen, slotted, generic dataclasses called with type arguments.

`Done[int](3)` has `typing` set an attribute on the new value, and take an `AttributeError` for a
no. With `slots=True` the `__setattr__` that `dataclass` writes raises a `TypeError` instead: it was
written for a class that the slotted one has replaced. Python 3.13 takes that for a no, too.
"""

from dataclasses import FrozenInstanceError
from typing import Never


def subscriptable[T](cls: type[T]) -> type[T]:
    """The same dataclass, which says no as a frozen one should.

    >>> from dataclasses import dataclass
    >>> @subscriptable
    ... @dataclass(frozen=True, slots=True)
    ... class Box[A]:
    ...     content: A
    >>> Box[int](3)
    Box(content=3)
    """
    cls.__setattr__ = _set  # type: ignore[method-assign]  # as `dataclass` does it
    cls.__delattr__ = _delete  # type: ignore[method-assign]  # likewise
    return cls


def _set(self: object, name: str, value: object) -> Never:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: object, name: str) -> Never:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
