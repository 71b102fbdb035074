"""The pipeline, a value: from a question to an answer that cites its sources, or to none."""

from typing import Final

from everything_is_an_actor.flow import Flow, agent, identity, on, pure, race, traverse
from examples.ask_docs.agents import (
    CheckCitations,
    KeepLog,
    LookUp,
    Question,
    SayNothingFound,
    Summarise,
    Write,
)
from examples.ask_docs.answer import Answer, Answered, Quotation, cited, hedge, readings
from examples.ask_docs.evidence import (
    Confident,
    Evidence,
    Unsure,
    is_relevant,
    is_sure,
    understand,
)
from examples.ask_docs.retrieval import Query
from examples.ask_docs.search import Search

__all__ = ["answer", "ask"]


def understood(question: Question) -> Query:
    """The question as search terms."""
    return understand(question.text, question.docs)


def whole(written: tuple[Evidence, list[Quotation]]) -> Answered:
    """What was written, as an answer with numbered sources."""
    return cited(*written)


the_evidence: Final[Flow[Evidence, Evidence]] = identity()

find = race(agent(LookUp).filter(is_sure), agent(Search)).named("find")
"""The look-up is the quicker one; where it finds nothing, the search is under way already."""

summaries = pure(readings).flat_map(traverse(agent(Summarise))).named("summaries")
write = the_evidence.zip(summaries).flat_map(agent(Write)).named("write")
quote = the_evidence.zip(write).map(whole).named("quote")

answer: Final[Flow[Question, Answer]] = (
    pure(understood)
    .flat_map(find)
    .filter(is_relevant)
    .branch(on(Confident, quote).on(Unsure, quote.map(hedge)))
    .guard(agent(CheckCitations))
    .fallback_to(agent(SayNothingFound))
    .notify(agent(KeepLog))
)
"""The whole pipeline, for any folder of documents."""

ask: Final[Flow[str, Answer]] = pure(Question).flat_map(answer)
"""The same for Python's own documentation."""
