"""Every law of flows holds of flows that were written and read again."""

import pytest

from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.rules import checks
from laws.sizes import FEWEST
from laws.suites import ON_DOCUMENTS


@pytest.mark.parametrize("check", checks(FLOW, ON_DOCUMENTS, configured=FEWEST), ids=str)
def test_law(check: Check) -> None:
    check()
