"""After every law nothing is left running; a real Redis for those about it."""

from tests.conftest import no_actor_is_left as no_actor_is_left
from tests.conftest import nothing_is_left as nothing_is_left
from tests.conftest import nothing_runs_on as nothing_runs_on
from tests.conftest import nothing_runs_on_virtual_time as nothing_runs_on_virtual_time
from tests.plugins.conftest import redis_url as redis_url
