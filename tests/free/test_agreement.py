"""One program run live and on the model gives the same value and the same trace."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import OneForOneStrategy
from tests.free.worlds import STRATEGIES, Program, live, on_paper, programs


@settings(max_examples=400, deadline=None)
@given(programs(), st.sampled_from(STRATEGIES))
def test_live_and_model_agree_on_value_and_trace(
    program: Program, strategy: OneForOneStrategy
) -> None:
    assert live(program, strategy, notes=True) == on_paper(program, strategy, notes=True)
