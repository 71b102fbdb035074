"""The pipeline, a value: from a question to an answer that cites its sources, or to none."""

from typing import Final

from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    QuorumResult,
    agent,
    at_least,
    identity,
    loop,
    on,
    pure,
    traverse,
)
from examples.ask_docs.agents import (
    Bm25,
    CheckCitations,
    Fuzzy,
    KeepLog,
    Lsa,
    Question,
    SayNothingFound,
    Summarise,
)
from examples.ask_docs.answer import Answer, Answered, Summary, compose, hedge, readings
from examples.ask_docs.evidence import (
    ROUNDS,
    Confident,
    Evidence,
    Fused,
    Unsure,
    fuse,
    is_relevant,
    judge,
    understand,
    widen,
)
from examples.ask_docs.retrieval import Query, Ranking

__all__ = ["answer", "ask"]


def understood(question: Question) -> Query:
    """The question as search terms."""
    return understand(question.text, question.docs)


def fused(result: QuorumResult[Ranking]) -> tuple[Fused, ...]:
    """One ranking out of those that succeeded."""
    return fuse(result.succeeded)


def sure_or_wider(
    searched: tuple[Query, tuple[Fused, ...]],
) -> Continue[Query] | Done[Confident | Unsure]:
    """Done when sure of the evidence or at the end of all means, else on with a wider query."""
    evidence = judge(*searched)
    match evidence:
        case Unsure() if evidence.query.aspects and evidence.query.round < ROUNDS:
            return Continue(widen(evidence))
        case _:
            return Done(evidence)


def composed(read: tuple[Evidence, tuple[Summary, ...]]) -> Answered:
    """One answer out of the summaries."""
    return compose(*read)


the_query: Final[Flow[Query, Query]] = identity()
the_evidence: Final[Flow[Evidence, Evidence]] = identity()

retrieve = at_least(2, agent(Bm25), agent(Lsa), agent(Fuzzy)).map(fused).named("retrieve")
search = loop(the_query.zip(retrieve).map(sure_or_wider), max_iter=ROUNDS).named("search")
summaries = pure(readings).flat_map(traverse(agent(Summarise))).named("summaries")
quote = the_evidence.zip(summaries).map(composed).named("quote")

answer: Final[Flow[Question, Answer]] = (
    pure(understood)
    .flat_map(search)
    .filter(is_relevant)
    .branch(on(Confident, quote).on(Unsure, quote.map(hedge)))
    .guard(agent(CheckCitations))
    .fallback_to(agent(SayNothingFound))
    .notify(agent(KeepLog))
)
"""The whole pipeline, for any folder of documents."""

ask: Final[Flow[str, Answer]] = pure(Question).flat_map(answer)
"""The same for Python's own documentation."""
