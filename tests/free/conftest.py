from collections.abc import Generator

import pytest

from tests.mermaid.parser import Mermaid, running


@pytest.fixture(scope="session")
def mermaid() -> Generator[Mermaid]:
    with running() as parser:
        yield parser
