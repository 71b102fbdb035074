import pytest

from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.interpreters import STREAMS
from everything_is_an_actor.testing.rules import checks, on_interpreter
from laws.sizes import SETTINGS


@pytest.mark.parametrize(
    "check", checks(FLOW, on_interpreter(STREAMS), configured=SETTINGS), ids=str
)
def test_law(check: Check) -> None:
    check()
