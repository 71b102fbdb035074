"""Every interpreter means what the reference semantics says; and each is a morphism."""

import pytest

from everything_is_an_actor.algebra.laws.interpreter import AGREEMENT, INTERPRETER
from everything_is_an_actor.testing.agreement import agreeing
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.documents import FORMATS, through_documents
from everything_is_an_actor.testing.interpreters import ACTORS, STREAMS, DryRuns, Reference
from everything_is_an_actor.testing.rules import checks, on_interpreter
from laws.sizes import MANY, SETTINGS

REFERENCE = Reference()
AGREE = (
    agreeing(DryRuns(), REFERENCE),
    agreeing(ACTORS, REFERENCE),
    agreeing(STREAMS, REFERENCE, ends=False),
    *(agreeing(through_documents(format, ACTORS), REFERENCE) for format in FORMATS),
)
MORPHISMS = tuple(on_interpreter(each) for each in (REFERENCE, DryRuns(), ACTORS, STREAMS))


@pytest.mark.parametrize("check", checks(AGREEMENT, *AGREE, configured=MANY), ids=str)
def test_agreement(check: Check) -> None:
    check()


@pytest.mark.parametrize("check", checks(INTERPRETER, *MORPHISMS, configured=SETTINGS), ids=str)
def test_law(check: Check) -> None:
    check()
