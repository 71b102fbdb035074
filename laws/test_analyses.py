"""What is said of a flow before it runs is true of every run."""

import pytest

from everything_is_an_actor.algebra.laws.analyses import DRAWN, SOUNDNESS
from everything_is_an_actor.algebra.laws.bounds import BOUNDS, EQUAL_BOUNDS
from everything_is_an_actor.testing.analyses import DRAWINGS, on_bounds, on_checker
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.interpreters import ACTORS, Reference
from everything_is_an_actor.testing.rules import checks
from laws.sizes import SETTINGS

CHECKS = (
    *checks(BOUNDS, on_bounds(Reference()), on_bounds(ACTORS), configured=SETTINGS),
    *checks(EQUAL_BOUNDS, on_bounds(Reference()), configured=SETTINGS),
    *checks(SOUNDNESS, on_checker(), configured=SETTINGS),
    *checks(DRAWN, *DRAWINGS, configured=SETTINGS),
)


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_law(check: Check) -> None:
    check()
