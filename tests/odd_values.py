"""Values that have no form in JSON, or none at all."""

from collections.abc import Callable
from typing import Any


class Odd:
    """An object with a `repr` of its own."""

    def __init__(self, show: Callable[[], str]) -> None:
        self.show = show

    def __repr__(self) -> str:
        return self.show()


def unshowable() -> str:
    raise OSError("no")


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def cyclic() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value
