import pytest

from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.rules import checks
from laws.sizes import FEWER, SOME
from laws.suites import FOLDED, PROGRAMS, PROGRAMS_RUN_ALIKE

(FREE, RUNS), (FOLDS, HANDLERS), (AGREEMENT, AGREE) = PROGRAMS, FOLDED, PROGRAMS_RUN_ALIKE


@pytest.mark.parametrize("check", checks(FREE, *RUNS, configured=FEWER), ids=str)
def test_law(check: Check) -> None:
    check()


@pytest.mark.parametrize("check", checks(FOLDS, *HANDLERS, configured=FEWER), ids=str)
def test_fold_map(check: Check) -> None:
    check()


@pytest.mark.parametrize("check", checks(AGREEMENT, *AGREE, configured=SOME), ids=str)
def test_interpreters_agree(check: Check) -> None:
    check()
