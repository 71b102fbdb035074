"""One program run live and on the model gives the same value and the same trace."""

from __future__ import annotations

from hypothesis import given, settings

from tests.free.worlds import Program, live, on_paper, programs


@settings(max_examples=300, deadline=None)
@given(programs())
def test_live_and_model_agree_on_value_and_trace(program: Program) -> None:
    assert live(program) == on_paper(program)
