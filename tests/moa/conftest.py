from tests.flow.conftest import world as world
