"""Evidence to answers: every sentence is quoted from a passage and says from which.

An answer is made of quotations only. That makes it checkable (`cites_its_sources`), and it makes an
answer to nothing impossible: where no passage says it, there is no sentence for it.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, override

from examples.ask_docs.corpus import Passage, Statement
from examples.ask_docs.evidence import Evidence, Found
from examples.ask_docs.reading import Pick, is_anaphoric, picks, worth
from examples.ask_docs.retrieval import Query, library_of
from examples.ask_docs.words import terms

__all__ = [
    "Answer",
    "Answered",
    "Claim",
    "Quotation",
    "Reading",
    "Source",
    "Summary",
    "Unanswered",
    "cited",
    "cites_its_sources",
    "compose",
    "hedge",
    "nothing_found",
    "quotations",
    "readings",
    "summarise",
]

SENTENCES: Final = 4
"""Sentences of an answer, shared by the two sides of a comparison."""
SOURCES: Final = 2
"""Headings that an answer draws on; in a comparison one more."""
_PER_PASSAGE: Final = 3
_WORTH: Final = 0.75
"""A sentence below this share of the best one's worth is left out …"""
_WORTH_BESIDE: Final = 0.9
"""… or this share, in a comparison …"""
_COVERS: Final = 0.8
"""… or if it covers less than this share of what the best one covers."""
_WIDTH: Final = 78
_BLOCK_LINES: Final = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage to be read for a query."""

    query: Query
    found: Found


@dataclass(frozen=True, slots=True)
class Summary:
    """The statements of one passage that answer the question, best first."""

    found: Found
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A heading, and the passages below it that an answer quotes."""

    topic: str
    title: str
    passages: tuple[Passage, ...]

    def says(self, text: str, block: str = "") -> bool:
        """Whether one of its sentences is this one; its block may be left out."""
        return any(
            text == said.text and block in ("", said.block)
            for passage in self.passages
            for said in passage.statements
        )

    @override
    def __str__(self) -> str:
        return f"{self.topic}: {self.title}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A quotation with its source, a number from 1."""

    text: str
    source: int
    block: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Quotations that answer the question; a caveat if they may not."""

    question: str
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    confidence: float
    caveat: str = ""

    @override
    def __str__(self) -> str:
        paragraphs = [self.caveat] if self.caveat else []
        run: list[str] = []
        for claim in self.claims:
            run.append(f"{claim.text} [{claim.source}]")
            if claim.block:
                paragraphs += [_wrapped(" ".join(run)), _block(claim.block)]
                run = []
        if run:
            paragraphs.append(_wrapped(" ".join(run)))
        sources = "\n".join(f"  [{n}] {one}" for n, one in enumerate(self.sources, start=1))
        return "\n\n".join([*paragraphs, f"Sources\n{sources}"])


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The honest answer where the documents hold none."""

    question: str
    searched: tuple[str, ...]
    nearest: tuple[str, ...]

    @override
    def __str__(self) -> str:
        if not self.searched:
            return "I found no words in this question that I could look up."
        if not self.nearest:
            return "I found nothing that answers this, nor a topic that comes near."
        nearest = "; ".join(self.nearest)
        return _wrapped(f"I found nothing that answers this. Nearest topics: {nearest}.")


type Answer = Answered | Unanswered


def readings(evidence: Evidence) -> tuple[Reading, ...]:
    """What is to be read, one passage each."""
    return tuple(Reading(evidence.query, found) for found in evidence.found)


def summarise(reading: Reading) -> Summary:
    """The statements of a passage that say most about its aspect, with their context."""
    query, found = reading.query, reading.found
    everything = picks(library_of(query.docs), query, found.number)
    mine = [pick for pick in everything if pick.aspect == found.aspect]
    told: dict[int, Pick] = {}
    for pick in mine[:_PER_PASSAGE]:
        if pick.place not in told and pick.score >= _WORTH * mine[0].score:
            told = {one.place: one for one in _in_context(found.passage, pick)} | told
    return Summary(found, tuple(told.values()))


def _in_context(passage: Passage, pick: Pick) -> Iterator[Pick]:
    """A statement, the one it leans on, and the next if that leans on it ("This means that …")."""
    yield pick
    before, after = pick.place - 1, pick.place + 1
    if is_anaphoric(pick.statement) and before >= 0:
        statement = passage.statements[before]
        if statement.text and not statement.block and not is_anaphoric(statement):
            yield replace(pick, place=before, statement=statement)
    if after < len(passage.statements) and not pick.statement.block:
        statement = passage.statements[after]
        if is_anaphoric(statement) and not statement.opens_paragraph and not statement.block:
            yield replace(pick, place=after, statement=statement)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of the answer, and the passage that it is quoted from."""

    text: str
    block: str
    passage: Passage


def compose(evidence: Evidence, summaries: Sequence[Summary]) -> Answered:
    """One answer out of the summaries."""
    return cited(evidence, tuple(quotations(evidence, summaries)))


def quotations(evidence: Evidence, summaries: Sequence[Summary]) -> Iterator[Quotation]:
    """The best sentences for each aspect, by heading, in the order of the text below it."""
    aspects = len(evidence.query.aspects)
    chosen: list[_Quote] = []
    for aspect in range(aspects):
        quotes = [
            _Quote(summary.found, pick)
            for summary in summaries
            if summary.found.aspect == aspect
            for pick in summary.picks
        ]
        share = _WORTH if aspects == 1 else _WORTH_BESIDE
        chosen.extend(_best(quotes, tuple(chosen), share, SENTENCES // aspects, SOURCES + aspect))
    headings = list(dict.fromkeys(quote.heading for quote in chosen))
    for quote in sorted(chosen, key=lambda one: (headings.index(one.heading), one.place)):
        said = quote.pick.statement
        yield Quotation(said.text, "" if said.is_grammar else said.block, quote.found.passage)


def cited(evidence: Evidence, quoted: Sequence[Quotation]) -> Answered:
    """The quotations as claims, each with the number of its heading among the sources."""
    headings = list(dict.fromkeys(_heading(one.passage) for one in quoted))
    passages = list(dict.fromkeys(one.passage for one in quoted))
    sources = tuple(
        Source(*heading, tuple(p for p in passages if _heading(p) == heading))
        for heading in headings
    )
    claims = tuple(
        Claim(one.text, headings.index(_heading(one.passage)) + 1, one.block) for one in quoted
    )
    confidence = round(evidence.confidence, 3)
    return Answered(evidence.query.question, claims, sources, confidence)


def _heading(passage: Passage) -> tuple[str, str]:
    return passage.topic, passage.title


@dataclass(frozen=True, slots=True)
class _Quote:
    """A statement with the passage that it stands in."""

    found: Found
    pick: Pick

    @property
    def worth(self) -> float:
        return worth(self.pick, self.found.rank)

    @property
    def place(self) -> tuple[int, int]:
        return self.found.number, self.pick.place

    @property
    def heading(self) -> tuple[str, str]:
        return _heading(self.found.passage)


def _best(
    quotes: Sequence[_Quote], before: Sequence[_Quote], share: float, room: int, sources: int
) -> Iterator[_Quote]:
    """The best quotes, not many, from few headings, and none that says what another has said."""
    ordered = sorted(quotes, key=lambda one: (-one.worth, one.place))
    told = list(before)
    for quote in ordered:
        best = ordered[0]
        is_good = quote.worth >= share * best.worth
        is_near = quote.pick.coverage >= _COVERS * best.pick.coverage
        headings = {one.heading for one in told}
        is_crowded = len(headings) >= sources and quote.heading not in headings
        repeats = any(_says_the_same(quote.pick.statement, one.pick.statement) for one in told)
        if is_good and is_near and not is_crowded and not repeats and room:
            told.append(quote)
            room -= 1
            yield quote


def hedge(answer: Answered) -> Answered:
    """The same, said with a doubt."""
    return replace(
        answer, caveat="I am not sure that this answers it, but it is the closest I found:"
    )


def cites_its_sources(answer: Answered) -> bool:
    """Whether something is said, and every sentence of it stands in the source that it cites."""
    return bool(answer.claims) and all(
        0 < claim.source <= len(answer.sources)
        and bool(claim.text)
        and answer.sources[claim.source - 1].says(claim.text, claim.block)
        for claim in answer.claims
    )


def nothing_found(query: Query) -> Unanswered:
    """Where to look instead."""
    nearest = library_of(query.docs).titles_like(query.question)
    return Unanswered(query.question, query.terms, nearest)


def _says_the_same(one: Statement, other: Statement) -> bool:
    left, right = set(terms(one.text)), set(terms(other.text))
    return one.text == other.text or len(left & right) > 0.7 * max(1, min(len(left), len(right)))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _block(block: str) -> str:
    width = _WIDTH - 4
    lines: list[str] = []
    for line in block.split("\n"):
        is_long = len(line) > width
        lines += textwrap.wrap(line, width, subsequent_indent="  ") if is_long else [line]
    kept = lines if len(lines) <= _BLOCK_LINES + 2 else [*lines[:_BLOCK_LINES], "…"]
    return textwrap.indent("\n".join(kept), "    ")
