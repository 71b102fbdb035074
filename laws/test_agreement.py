"""Every interpreter means what the reference semantics says; and each is a morphism."""

import pytest

from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.rules import checks
from laws.sizes import FEWER, MANY
from laws.suites import INTERPRETERS_AGREE, MORPHISMS

(AGREEMENT, AGREE), (INTERPRETER, EACH) = INTERPRETERS_AGREE, MORPHISMS


@pytest.mark.parametrize("check", checks(AGREEMENT, *AGREE, configured=MANY), ids=str)
def test_agreement(check: Check) -> None:
    check()


@pytest.mark.parametrize("check", checks(INTERPRETER, *EACH, configured=FEWER), ids=str)
def test_law(check: Check) -> None:
    check()
