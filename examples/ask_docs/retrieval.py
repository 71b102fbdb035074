"""Three ways to find passages, and the one library object that holds their indexes.

They fail differently, which is why a quorum of them is asked: BM25 wants the words themselves,
latent semantic analysis (LSA) finds passages about the same thing in other words, and fuzzy
matching forgives a misspelt question. Scores are comparable within one ranking only; ranks are
comparable across all of them (see `evidence.fuse`).
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any, Final

import bm25s  # type: ignore[import-untyped]  # ships no types
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from scipy.sparse import issparse  # type: ignore[import-untyped]  # ships no types
from sklearn.decomposition import TruncatedSVD  # type: ignore[import-untyped]  # ships no types
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]  # ships no types
from sklearn.preprocessing import normalize  # type: ignore[import-untyped]  # ships no types

from examples.ask_docs.corpus import (
    Corpus,
    CorpusError,
    Passage,
    Statement,
    python_docs,
    read_folder,
)
from examples.ask_docs.words import aspects, terms

__all__ = ["Hit", "Library", "Query", "Ranking", "Wording", "library_of"]

DEPTH: Final = 20
"""Hits in one ranking, per round of widening."""
DIMENSIONS: Final = 120
"""Topics that LSA folds the vocabulary into."""
TITLE_WEIGHT: Final = 2
"""A heading counts as if it were written this many times."""
_NEAR: Final = 60
"""Likeness (0 to 100) from which a heading comes near a question."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: each aspect's terms, other words for them, and related ones."""

    question: str
    docs: Path | None
    aspects: tuple[tuple[str, ...], ...]
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()
    related: tuple[str, ...] = ()
    round: int = 1

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of all aspects, each once."""
        return tuple(dict.fromkeys(term for aspect in self.aspects for term in aspect))

    def searched(self, aspect: tuple[str, ...]) -> tuple[str, ...]:
        """The terms of an aspect, the other words for them and the related ones, each once."""
        other_words = (word for term, words in self.others if term in aspect for word in words)
        return tuple(dict.fromkeys((*aspect, *other_words, *self.related)))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, by its number in the library, and how well it matched."""

    passage: int
    score: float


@dataclass(frozen=True, slots=True)
class Wording:
    """The terms of a statement, those of them that are neighbours, and the terms of its block."""

    text: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    block: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one retriever found, best first."""

    retriever: str
    hits: tuple[Hit, ...]


type _Scores = NDArray[np.float64]


class Library:
    """A corpus with its three indexes. Built once, then only read, by any number of threads."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus: Final = corpus
        self.passages: Final[tuple[Passage, ...]] = corpus.passages
        self.bags: Final = tuple(Counter(terms(_weighted(passage))) for passage in self.passages)
        found_in = Counter(term for bag in self.bags for term in bag)
        if not found_in:
            raise CorpusError(f"no documents: {corpus.name} holds no words to search by")
        total = len(self.passages)
        self._idf: Final[Mapping[str, float]] = {
            term: log(1 + (total - count + 0.5) / (count + 0.5)) for term, count in found_in.items()
        }
        self._rarest = log(1 + (total + 0.5) / 0.5)
        self._titles: Final = tuple(" ".join(terms(passage.title)) for passage in self.passages)
        self._vocabulary: Final = tuple(
            sorted(term for term in found_in if len(term) > 3 and term.isalpha())
        )
        self.wordings: Final = tuple(
            tuple(map(_wording, passage.statements)) for passage in self.passages
        )
        self.headings: Final = tuple(
            frozenset(terms(passage.headings[-1] if passage.headings else passage.topic))
            for passage in self.passages
        )
        self.outer_headings: Final = tuple(
            frozenset(terms(" \n ".join(passage.headings[:-1]))) for passage in self.passages
        )
        self._sections: Final = _by_heading(self.passages, self.headings)
        documents = [list(bag.elements()) for bag in self.bags]
        self._bm25: Any = bm25s.BM25()
        self._bm25.index(documents, show_progress=False)
        self._tfidf: Any = TfidfVectorizer(analyzer=_as_given, sublinear_tf=True)
        vectors = self._tfidf.fit_transform(documents)
        rank = min(DIMENSIONS, min(vectors.shape) - 1)
        self._svd: Any = TruncatedSVD(rank, random_state=0) if rank >= 2 else None
        self._concepts: Any = normalize(self._svd.fit_transform(vectors) if self._svd else vectors)

    # ------------------------------------------------------------ the three retrievers

    def bm25(self, query: Query) -> Ranking:
        """Okapi BM25: rare words of the question that are frequent in a short passage."""

        def scores(asked: tuple[str, ...]) -> _Scores | None:
            known = [term for term in query.searched(asked) if self.knows(term)]
            return np.asarray(self._bm25.get_scores(known), dtype=np.float64) if known else None

        return self._ranked("bm25", query, scores)

    def lsa(self, query: Query) -> Ranking:
        """Latent semantic analysis: how close question and passage are in topics."""

        def scores(asked: tuple[str, ...]) -> _Scores | None:
            known = [term for term in query.searched(asked) if self.knows(term)]
            if not known:
                return None
            vector = self._tfidf.transform([known])
            folded = normalize(self._svd.transform(vector) if self._svd else vector)
            product = self._concepts @ folded.T
            dense: _Scores = np.asarray(product.toarray() if issparse(product) else product)
            return dense.ravel()

        return self._ranked("lsa", query, scores)

    def fuzzy(self, query: Query) -> Ranking:
        """Misspellings forgiven: headings and passages with words like the question's."""

        def scores(asked: tuple[str, ...]) -> _Scores | None:
            wording = " ".join(query.searched(asked))
            heading: _Scores = process.cdist(
                [wording], self._titles, scorer=fuzz.token_sort_ratio, dtype=np.float64
            )[0]
            forms = [(self.idf(term), {term, *self.spelt_like(term)}) for term in asked]
            total = sum(weight for weight, _ in forms)
            covered = [
                sum(weight for weight, form in forms if not form.isdisjoint(bag)) / total
                for bag in self.bags
            ]
            return np.asarray(covered) + heading / 100

        return self._ranked("fuzzy", query, scores)

    # ------------------------------------------------------------ what the pipeline asks besides

    def idf(self, term: str) -> float:
        """How much a term tells: the rarer the more, unknown ones the most."""
        return self._idf.get(term, self._rarest)

    def knows(self, term: str) -> bool:
        """Whether the term occurs anywhere."""
        return term in self._idf

    def spelt_like(self, term: str) -> tuple[str, ...]:
        """Known terms one slip away (two in a long word)."""
        if term in self._idf or not term.isalpha() or len(term) < 4:
            return ()
        slips = 1 if len(term) < 9 else 2
        near = process.extract(
            term, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=4
        )
        return tuple(word for word, _, _ in near if _is_slip(term, word))

    def headed(self, asked: Collection[str]) -> tuple[int, ...]:
        """The passages of the only section whose heading has just these terms; empty if none."""
        return self._sections.get(frozenset(asked), ())

    def titles_like(self, question: str, limit: int = 4) -> tuple[str, ...]:
        """The outermost headings that come near a question, as a way on when there is no answer."""
        unique = list(
            dict.fromkeys((*passage.headings, passage.topic)[0] for passage in self.passages)
        )
        asked = " ".join(term for aspect in aspects(question) for term in aspect)
        titles = [" ".join(terms(title)) for title in unique]
        near = process.extract(
            asked, titles, scorer=fuzz.token_set_ratio, score_cutoff=_NEAR, limit=limit
        )
        return tuple(unique[at] for _, _, at in near)

    def _ranked(
        self, name: str, query: Query, scored: Callable[[tuple[str, ...]], _Scores | None]
    ) -> Ranking:
        """The best passages, for either side of a comparison alike."""
        scores = np.zeros(len(self.passages))
        for asked in query.aspects:
            mine = scored(asked)
            if mine is not None and mine.max() > 0:
                scores = np.maximum(scores, mine / mine.max())
        best = np.lexsort((np.arange(len(scores)), -scores))[: DEPTH * query.round]
        return Ranking(
            name, tuple(Hit(int(at), float(scores[at])) for at in best if scores[at] > 0)
        )


def _weighted(passage: Passage) -> str:
    title = " \n ".join(passage.headings) or passage.topic
    told = (f"{s.text} \n {'' if s.is_grammar else s.block}" for s in passage.statements)
    return f"{title} \n " * TITLE_WEIGHT + " \n ".join(told)


def _by_heading(
    passages: Sequence[Passage], headings: Sequence[frozenset[str]]
) -> Mapping[frozenset[str], tuple[int, ...]]:
    """The passages of each section, by its heading; without headings that several sections have."""
    found: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for number, heading in enumerate(headings):
        found[heading].append(number)
    return {
        heading: tuple(numbers)
        for heading, numbers in found.items()
        if len({(passages[n].topic, passages[n].headings) for n in numbers}) == 1
    }


def _wording(statement: Statement) -> Wording:
    text = tuple(terms(statement.text))
    block = () if statement.is_grammar else terms(statement.block)
    return Wording(frozenset(text), frozenset(pairwise(text)), frozenset(block))


def _as_given(document: Iterable[str]) -> Iterable[str]:
    return document


def _is_slip(asked: str, known: str) -> bool:
    """Whether it may be a slip: a short word has many neighbours ("bread", "break")."""
    if asked[0] != known[0]:
        return False
    return len(asked) >= 6 or len(asked) != len(known) or sorted(asked) == sorted(known)


# ---------------------------------------------------------------- one library per collection

_building = threading.Lock()
_libraries: dict[Path | None, Library] = {}


def library_of(docs: Path | None = None) -> Library:
    """The library over a folder, or Python's documentation; built once for all threads."""
    with _building:
        if docs not in _libraries:
            _libraries[docs] = Library(python_docs() if docs is None else read_folder(docs))
        return _libraries[docs]
