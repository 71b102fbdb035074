"""A product that is built as a record, and has no flows: the combinators ask for two."""

import pytest

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.algebra.node import Each, ZipAll
from everything_is_an_actor.flow import Flow


@pytest.mark.parametrize(
    ("flow", "input"), [(Flow(ZipAll(())), 1), (Flow(Each(())), ())], ids=["zip_all", "each"]
)
async def test_a_product_of_nothing_is_the_empty_tuple(
    flow: Flow[object, object], input: object
) -> None:
    async with AgentSystem() as system:
        assert await system.run_flow(flow, input) == ()
