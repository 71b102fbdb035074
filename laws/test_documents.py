import pytest
from hypothesis import given, settings

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.node import KINDS
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.documents import nodes_of
from everything_is_an_actor.testing.rules import checks
from everything_is_an_actor.testing.strategies import flows
from laws.sizes import FEWER
from laws.suites import READ_AND_WRITTEN

DOCUMENTS, SUBJECTS = READ_AND_WRITTEN


@pytest.mark.parametrize("check", checks(DOCUMENTS, *SUBJECTS, configured=FEWER), ids=str)
def test_law(check: Check) -> None:
    check()


def test_every_kind_of_node_is_in_the_flows_that_laws_are_about() -> None:
    found: set[type] = set()

    @settings(derandomize=True, database=None, max_examples=500)
    @given(flows(bool, str))
    def grow(flow: Flow[bool, str]) -> None:
        found.update(map(type, nodes_of(flow)))

    grow()
    assert found == KINDS
