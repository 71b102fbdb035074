import pytest

from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.rules import checks
from laws.sizes import FEWER
from laws.suites import ON_REFERENCE


@pytest.mark.parametrize("check", checks(FLOW, ON_REFERENCE, configured=FEWER), ids=str)
def test_law(check: Check) -> None:
    check()
