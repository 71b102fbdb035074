"""Laws whose two sides are the same expression in normal form."""

import pytest

from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.rules import checks
from everything_is_an_actor.testing.subjects import ON_PAPER
from laws.sizes import FEWER


@pytest.mark.parametrize("check", checks(FLOW, ON_PAPER, configured=FEWER), ids=str)
def test_law(check: Check) -> None:
    check()
