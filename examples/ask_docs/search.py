"""The search: an agent that runs a flow of its own, round after round, each wider than the last."""

import asyncio
from collections.abc import Callable
from typing import Final, override

from everything_is_an_actor.agents import AgentActor, AgentSystem
from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    QuorumResult,
    agent,
    at_least,
    identity,
    loop,
)
from examples.ask_docs.evidence import ROUNDS, Confident, Fused, Unsure, fuse, judge, widen
from examples.ask_docs.retrieval import Library, Query, Ranking, library_of

__all__ = ["Bm25", "Fuzzy", "Lsa", "Search", "rounds"]


class Bm25(AgentActor[Query, Ranking]):
    """Finds passages that have the words of the question."""

    @override
    async def execute(self, input: Query) -> Ranking:
        return await asyncio.to_thread(_search, Library.bm25, input)


class Lsa(AgentActor[Query, Ranking]):
    """Finds passages that are about the same thing."""

    @override
    async def execute(self, input: Query) -> Ranking:
        return await asyncio.to_thread(_search, Library.lsa, input)


class Fuzzy(AgentActor[Query, Ranking]):
    """Finds passages whatever the spelling."""

    @override
    async def execute(self, input: Query) -> Ranking:
        return await asyncio.to_thread(_search, Library.fuzzy, input)


def _search(retriever: Callable[[Library, Query], Ranking], query: Query) -> Ranking:
    return retriever(library_of(query.docs), query)


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


the_query: Final[Flow[Query, Query]] = identity()

retrieve = at_least(2, agent(Bm25), agent(Lsa), agent(Fuzzy)).map(fused).named("retrieve")
rounds = loop(the_query.zip(retrieve).map(sure_or_wider), max_iter=ROUNDS).named("rounds")


class Search(AgentActor[Query, Confident | Unsure]):
    """Has the retrievers search, until they are sure or at the end of all means."""

    @override
    async def execute(self, input: Query) -> Confident | Unsure:
        return await AgentSystem(self.context.system).run_flow(rounds, input)
