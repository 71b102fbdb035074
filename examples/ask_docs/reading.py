"""How well a statement answers a question, by what it says and by how it says it.

Extractive summaries stand or fall with the choice of sentences. Covering the rare words of the
question counts most. Then, documentation has habits worth using: the first sentence of a section
defines its subject, "is called a generator" is a definition, "Changed in version 3.8" rarely is
what was asked for.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from examples.ask_docs.corpus import Statement
from examples.ask_docs.retrieval import Library, Query
from examples.ask_docs.words import terms

__all__ = ["Pick", "coverage", "is_anaphoric", "picks", "worth"]

_OTHER_WORD: Final = 0.8
"""What another word for a term is worth."""
_IN_HEADING: Final = 0.6
"""Of a term that only the heading has; the sentence right below the heading is about it in full."""
_NEARBY: Final = 0.5
"""Of one in its block, or in a heading further out."""
_MOST_BONUS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Pick:
    """A statement of a passage, and how well it answers one aspect of the question."""

    aspect: int
    place: int
    statement: Statement
    score: float
    coverage: float


def picks(library: Library, query: Query, passage: int) -> tuple[Pick, ...]:
    """Every statement of a passage under every aspect, best first."""
    statements = library.passages[passage].statements
    found = [
        Pick(
            aspect,
            place,
            statement,
            covered * _manner(library, query, passage, place, asked),
            covered,
        )
        for aspect, asked in enumerate(query.aspects)
        for place, statement in enumerate(statements)
        if statement.text and (covered := coverage(library, query, asked, passage, place)) > 0
    ]
    return tuple(sorted(found, key=lambda pick: (-pick.score, pick.aspect, pick.place)))


def coverage(
    library: Library, query: Query, asked: Sequence[str], passage: int, place: int
) -> float:
    """The share of the asked terms that a statement has (0 to 1), each weighed by its rarity."""
    wording = library.wordings[passage][place]
    leads = place == 0 and library.passages[passage].opens_section
    others = dict(query.others)
    total = covered = 0.0

    def present(term: str) -> float:
        if term in wording.text:
            return 1.0
        if term in library.headings[passage]:
            return 1.0 if leads else _IN_HEADING
        if term in wording.block or term in library.outer_headings[passage]:
            return _NEARBY
        return 0.0

    for term in asked:
        weight = library.idf(term)
        total += weight
        other = max((present(word) for word in others.get(term, ())), default=0.0)
        covered += weight * max(present(term), _OTHER_WORD * other)
    return covered / total if total else 0.0


def worth(pick: Pick, rank: float) -> float:
    """A statement's score, and some of how highly its passage is ranked (0 to 1)."""
    return pick.score * (0.7 + 0.3 * rank)


def is_anaphoric(statement: Statement) -> bool:
    """Whether a sentence leans on the one before it."""
    return bool(_LEANS_BACK.match(statement.text))


_ASKS_WHAT = re.compile(
    r"\s*(?:what\b|define\b|explain\b|describe\b|how (?:does|do|is|are) (?:the|an?)\b)",
    re.IGNORECASE,
)
_ASKS_HOW = re.compile(r"\s*how\b", re.IGNORECASE)
_TELLS_HOW = re.compile(
    r"\b(?:as follows|following steps|like this|this way|for example|equivalent to)\b.*:$",
    re.IGNORECASE,
)
_ASKS_VERSION = re.compile(
    r"\b(?:version|changed|added|new in|since when|deprecated)\b", re.IGNORECASE
)
_LEANS_BACK = re.compile(
    r"\W{0,3}(?:this|it|its|these|those|they|such|that|hence|otherwise|in this case|in such|thus|"
    r"however|therefore|but|and|also|again|likewise|similarly|furthermore|then|instead|"
    r"if (?:not|set|given|found|present|omitted|so|true|false)|note, however|"
    r"the (?:former|latter|result))\b",
    re.IGNORECASE,
)
_VERSION_NOTE = re.compile(r"(?:Changed|Added|Deprecated|New|Removed)[- ](?:in|since) ")
_POINTS_ELSEWHERE = re.compile(
    r"\W?(?:See|For (?:full|more|further) |Additional (?:information|details)|Further |Refer to|"
    r"Source code:)"
)
_VERBS = (
    r"(?:is|are|was|can be|may be|specif(?:y|ies)|defines?|denotes?|represents?|means?|"
    r"describes?|allows?|provides?|lets?|introduces?|raises?|returns?|creates?|evaluates?|"
    r"causes?|continues?|terminates?|tests?|compares?|refers?|calls?|selects?|computes?|yields?|"
    r"contains?|maps?|associates?|indicates?|binds?|imports?|encapsulates?)\b"
)
_SUBJECT = re.compile(
    r"(?!If |When |While |Because |For |As )(?:In general, |Note that )?(?:The |An? )?"
    rf"(.{{2,70}}?)(?:\(s\))?,? {_VERBS}"
)
_CALLED = re.compile(
    r"\b(?:is|are|be) (?:called|known as|termed|said to be) (?:an? |the )?(.{2,45}?)[.,;:(]"
)


def _manner(
    library: Library, query: Query, passage: int, place: int, asked: Sequence[str]
) -> float:
    """What the form and the place of a statement make of its coverage: a factor around 1."""
    statement = library.passages[passage].statements[place]
    text = statement.text
    leads = place == 0 and library.passages[passage].opens_section
    shared = _likeness(asked, library.headings[passage])
    bonus = 0.0
    if leads:
        bonus = 0.15 + 0.35 * shared
    elif statement.opens_paragraph:
        bonus = 0.1 + 0.1 * shared
    neighbours = set(pairwise(asked))
    if neighbours:
        bonus += 0.5 * len(neighbours & library.wordings[passage][place].pairs) / len(neighbours)
    if _ASKS_WHAT.match(query.question):
        bonus += 0.6 * max(
            (_likeness(asked, tuple(terms(said))) for said in _subjects(text)), default=0.0
        )
    if _ASKS_HOW.match(query.question) and statement.block and _TELLS_HOW.search(text):
        bonus += 0.35
    factor = 1 + min(bonus, _MOST_BONUS)
    words = len(text.split())
    if words < 8 and not statement.block:
        factor *= 0.7
    elif words > 40:
        factor *= 0.85
    if _VERSION_NOTE.match(text) and not _ASKS_VERSION.search(query.question):
        factor *= 0.4
    if _POINTS_ELSEWHERE.match(text) or (text.endswith(":") and not statement.block):
        factor *= 0.3
    if is_anaphoric(statement) and not leads:
        factor *= 0.8
    return factor


def _subjects(text: str) -> list[str]:
    """What a sentence says what it is."""
    subject = _SUBJECT.match(text)
    return [*((subject.group(1),) if subject else ()), *_CALLED.findall(text)]


def _likeness(asked: Collection[str], said: Collection[str]) -> float:
    """Terms in common, of all terms (Jaccard)."""
    union = set(asked) | set(said)
    return len(set(asked) & set(said)) / len(union) if union else 0.0
