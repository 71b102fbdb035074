"""What the tests of the examples share."""

from collections.abc import Iterator
from threading import Event

import pytest

from examples.ask_docs import agents
from examples.ask_docs.answer import Answered, cites_its_sources
from examples.ask_docs.retrieval import Library, Query, Ranking

ENOUGH = 60.0  # seconds


@pytest.fixture
def slow_retrievers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Retrievers that find nothing before the answer is checked: every look-up is quicker."""
    checking = Event()

    def held(self: Library, query: Query) -> Ranking:
        assert checking.wait(ENOUGH)
        return Ranking("held", ())

    def checked(answer: Answered) -> bool:
        checking.set()
        return cites_its_sources(answer)

    for retriever in ("bm25", "lsa", "fuzzy"):
        monkeypatch.setattr(Library, retriever, held)
    monkeypatch.setattr(agents, "cites_its_sources", checked)
    yield
    checking.set()
