"""What is said of a flow before it runs is true of every run."""

import pytest

from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.rules import checks
from laws.sizes import FEWER
from laws.suites import BOUNDED, BOUNDED_ALIKE, SHOWN, SOUND

CHECKS = [
    check
    for rules, subjects in (BOUNDED, BOUNDED_ALIKE, SOUND, SHOWN)
    for check in checks(rules, *subjects, configured=FEWER)
]


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_law(check: Check) -> None:
    check()
