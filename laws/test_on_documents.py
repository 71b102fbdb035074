"""Every law of flows holds of flows that were written and read again."""

import pytest

from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.documents import JSON, through_documents
from everything_is_an_actor.testing.interpreters import ACTORS
from everything_is_an_actor.testing.rules import checks, on_interpreter
from laws.sizes import FEW

SUBJECT = on_interpreter(through_documents(JSON, ACTORS))


@pytest.mark.parametrize("check", checks(FLOW, SUBJECT, configured=FEW), ids=str)
def test_law(check: Check) -> None:
    check()
