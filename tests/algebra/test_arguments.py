"""Whatever a user gives by mistake can be shown in an error text."""

from typing import Any, override

import pytest

from everything_is_an_actor.algebra.arguments import shown


class Mute:
    @override
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (10**5000, "<int of 16610 bits>"),
        ([10**5000], "[<int of 16610 bits>]"),
        (Mute(), "<Mute instance at"),
    ],
    ids=["small", "huge", "huge within", "no repr"],
)
def test_a_value_is_shown(value: Any, text: str) -> None:
    assert shown(value).startswith(text)


@pytest.mark.parametrize("value", ["x" * 10**6, list(range(10**5)), 10**4000], ids=type)
def test_a_large_value_is_cut_short(value: Any) -> None:
    assert len(shown(value)) <= 80
