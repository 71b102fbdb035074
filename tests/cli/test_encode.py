"""Whatever a result is, it is printed as one text."""

from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor.cli.encode import result_text


class Odd:
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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as\nit is", "as\nit is"),
        (None, "null"),
        ([1, ("é",)], '[1, ["é"]]'),
        (float("nan"), "nan"),
        ([float("nan")], "[nan]"),
        (Odd(lambda: "odd"), "odd"),
        ([Odd(lambda: "odd")], "[odd]"),
        (cyclic(), "[[...]]"),
        (nested(100_000), "<list: cannot be shown: RecursionError>"),
        pytest.param(10**5000, "<int: cannot be shown: ValueError>", id="long int"),
    ],
)
def test_a_result_is_json_or_its_text(value: object, text: str) -> None:
    assert result_text(value) == text
