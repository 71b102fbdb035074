import pytest

from everything_is_an_actor.algebra.laws.folds import AGREEMENT
from everything_is_an_actor.algebra.laws.free_effects import FREE
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.program_runs import (
    LIVE,
    LIVE_AND_MODEL,
    MODEL_RUNS,
    SCRIPTED,
    SCRIPTED_AND_OTHERS,
)
from everything_is_an_actor.testing.rules import checks
from laws.sizes import SETTINGS


@pytest.mark.parametrize(
    "check", checks(FREE, LIVE, MODEL_RUNS, SCRIPTED, configured=SETTINGS), ids=str
)
def test_law(check: Check) -> None:
    check()


@pytest.mark.parametrize("check", checks(AGREEMENT, LIVE_AND_MODEL, SCRIPTED_AND_OTHERS), ids=str)
def test_interpreters_agree(check: Check) -> None:
    check()
