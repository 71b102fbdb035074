"""What the retrievers found, weighed: one ranking, how sure it is, how to search more widely."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from examples.ask_docs.corpus import Passage
from examples.ask_docs.reading import is_anaphoric, picks, worth
from examples.ask_docs.retrieval import Library, Query, Ranking, library_of
from examples.ask_docs.words import aspects, synonyms

__all__ = [
    "ROUNDS",
    "Confident",
    "Evidence",
    "Found",
    "Fused",
    "Unsure",
    "fuse",
    "is_relevant",
    "is_sure",
    "judge",
    "look_up",
    "understand",
    "widen",
]

ROUNDS: Final = 3
"""As asked; with synonyms and corrected spelling; with the words of the best passages."""
SURE: Final = 0.7
"""Confidence from which an answer is given without a caveat."""
RELEVANT: Final = 0.45
"""Confidence below which what was found is beside the question."""
KEPT: Final = 6
"""Passages that are read."""
RELATED: Final = 4
"""Words of what was found that are added to the search."""
_RRF_K: Final = 60
"""The usual constant of reciprocal rank fusion (Cormack, Clarke, Büttcher, 2009)."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A passage by its number, and its fused score (1 for one that every retriever ranks first)."""

    passage: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A passage worth reading, by its number in the library, and the aspect that it is about.

    `rank` is its fused score, `score` that of its best statement.
    """

    number: int
    passage: Passage
    aspect: int
    rank: float
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The best passages for a query, and how much of the question they cover (0 to 1)."""

    query: Query
    found: tuple[Found, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Confident(Evidence):
    """Some passage covers the question well."""


@dataclass(frozen=True, slots=True)
class Unsure(Evidence):
    """What was found covers the question in part, or not at all."""


def understand(question: str, docs: Path | None = None) -> Query:
    """A question as its terms."""
    return Query(question, docs, aspects(question))


def fuse(rankings: Sequence[Ranking]) -> tuple[Fused, ...]:
    """Reciprocal rank fusion: 1/(60 + rank) from each ranking; equals share a rank."""
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        rank = 1
        for place, hit in enumerate(ranking.hits, start=1):
            if place > 1 and hit.score < ranking.hits[place - 2].score:
                rank = place
            scores[hit.passage] += (_RRF_K + 1) / (_RRF_K + rank) / len(rankings)
    order = sorted(scores, key=lambda passage: (-scores[passage], passage))
    return tuple(Fused(passage, scores[passage]) for passage in order)


def judge(query: Query, fused: Sequence[Fused]) -> Confident | Unsure:
    """The passages with the best statements for each aspect; as sure as its worst aspect."""
    library = library_of(query.docs)
    read = [(candidate, picks(library, query, candidate.passage)) for candidate in fused]
    kept: list[Found] = []
    confidence = 1.0 if query.aspects else 0.0
    for aspect in range(len(query.aspects)):
        mine = [
            (candidate, best)
            for candidate, all_picks in read
            if (best := next((pick for pick in all_picks if pick.aspect == aspect), None))
            is not None
        ]
        found = [
            Found(
                candidate.passage,
                library.passages[candidate.passage],
                aspect,
                candidate.score,
                worth(best, candidate.score),
            )
            for candidate, best in mine
        ]
        found.sort(key=lambda one: (-one.score, one.number))
        kept.extend(found[: KEPT // len(query.aspects)])
        confidence = min(confidence, max((best.coverage for _, best in mine), default=0.0))
    return (Confident if confidence >= SURE else Unsure)(query, tuple(kept), confidence)


def look_up(query: Query) -> Confident | Unsure:
    """The section that is headed by what is asked about, if it opens by telling of that.

    A table of headings, and no search: sure of what it finds, but it seldom finds anything.
    """
    library = library_of(query.docs)
    numbers = library.headed(query.terms) if len(query.aspects) == 1 else ()
    if not numbers or not _opens_with(library, numbers[0], query.terms):
        return Unsure(query, (), 0.0)
    return judge(query, [Fused(number, 1.0) for number in numbers])


def _opens_with(library: Library, passage: int, asked: Sequence[str]) -> bool:
    """Whether the first sentence of a passage has every term, and stands on its own."""
    said = zip(library.passages[passage].statements, library.wordings[passage], strict=True)
    return any(
        all(term in wording.text for term in asked) and not is_anaphoric(statement)
        for statement, wording in islice((pair for pair in said if pair[0].text), 1)
    )


def is_sure(evidence: Evidence) -> bool:
    """Whether an answer may be given without a caveat."""
    return isinstance(evidence, Confident)


def is_relevant(evidence: Evidence) -> bool:
    """Whether what was found is worth showing at all."""
    return evidence.confidence >= RELEVANT


def widen(evidence: Evidence) -> Query:
    """Search for more: first other words for what was asked, then the words of what was found."""
    query = evidence.query
    library = library_of(query.docs)
    if query.round == 1:
        others = tuple((term, (*library.spelt_like(term), *synonyms(term))) for term in query.terms)
        return replace(query, others=others, round=2)
    seen = {word for aspect in query.aspects for word in query.searched(aspect)}
    told: dict[str, float] = {}
    for found in evidence.found[:3]:
        new = sorted(library.headings[found.number] - seen)
        told.update({term: library.idf(term) for term in new})
    rarest = sorted(told, key=lambda term: (-told[term], term))[:RELATED]
    return replace(query, related=tuple(rarest), round=query.round + 1)
