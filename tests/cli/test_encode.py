"""Whatever a result is, it is printed as one text."""

import pytest

from everything_is_an_actor.cli.encode import result_text
from tests.odd_values import Odd, cyclic, nested


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
