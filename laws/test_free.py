import pytest
from hypothesis import settings

from everything_is_an_actor.algebra.laws.folds import AGREEMENT, FOLDS
from everything_is_an_actor.algebra.laws.free_effects import FREE
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.program_handlers import (
    FOLDED_LEDGER,
    FOLDED_LIVE,
    FOLDED_MODEL,
)
from everything_is_an_actor.testing.program_runs import (
    FAILING_LIVE_AND_MODEL,
    LIVE,
    LIVE_AND_MODEL,
    MODEL_RUNS,
    SCRIPTED,
    SCRIPTED_AND_OTHERS,
)
from everything_is_an_actor.testing.rules import checks
from laws.sizes import SETTINGS

OFTEN = settings(max_examples=4 * settings().max_examples)


@pytest.mark.parametrize(
    "check", checks(FREE, LIVE, MODEL_RUNS, SCRIPTED, configured=SETTINGS), ids=str
)
def test_law(check: Check) -> None:
    check()


@pytest.mark.parametrize(
    "check",
    checks(FOLDS, FOLDED_LIVE, FOLDED_MODEL, FOLDED_LEDGER, configured=SETTINGS),
    ids=str,
)
def test_fold_map(check: Check) -> None:
    check()


@pytest.mark.parametrize(
    "check",
    checks(
        AGREEMENT,
        LIVE_AND_MODEL,
        FAILING_LIVE_AND_MODEL,
        SCRIPTED_AND_OTHERS,
        configured=OFTEN,
    ),
    ids=str,
)
def test_interpreters_agree(check: Check) -> None:
    check()
