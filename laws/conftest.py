"""After every law nothing is left running; a real Redis for those about it."""

from collections.abc import Generator

import pytest
from hypothesis import Phase, settings

from tests.conftest import no_actor_is_left as no_actor_is_left
from tests.conftest import nothing_is_left as nothing_is_left
from tests.conftest import nothing_runs_on as nothing_runs_on
from tests.conftest import nothing_runs_on_virtual_time as nothing_runs_on_virtual_time
from tests.plugins.conftest import redis_url as redis_url


@pytest.fixture
def without_shrinking() -> Generator[None]:
    """That something fails is enough: nobody reads the example."""
    current = settings.get_current_profile_name()
    settings.register_profile(
        "without shrinking",
        settings(),
        phases=[Phase.generate],
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
    )
    settings.load_profile("without shrinking")
    yield
    settings.load_profile(current)
