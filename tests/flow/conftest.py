from __future__ import annotations

import pytest

from tests.flow.worlds import WORLDS, World


@pytest.fixture(params=WORLDS, ids=lambda world: world.name)
def world(request: pytest.FixtureRequest) -> World:
    """Each of the worlds in which a flow has a meaning: what a test says holds in all of them."""
    found: World = request.param
    return found
