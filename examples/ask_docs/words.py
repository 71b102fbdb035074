"""Text to search terms: what counts as a word, and what as a filler.

The words of a language reference are awkward: ``with``, ``is`` and ``in`` are the fillers of every
sentence and also the subject of a page. So a filler counts only where it is written as code:
between quotes or backticks, beside "statement" or "operator", or as one side of a comparison
("between is and ==").
"""

import keyword
import re
import threading
from collections.abc import Iterator, Set
from functools import lru_cache
from itertools import islice
from typing import Final

import snowballstemmer  # type: ignore[import-untyped]  # ships no types

__all__ = ["MAX_QUESTION", "MAX_TERMS", "aspects", "shortened", "stem", "synonyms", "terms"]

MAX_QUESTION: Final = 2_000
"""Characters of a question that are read."""
MAX_TERMS: Final = 40
"""Distinct terms that a question is searched by."""

_TOKEN = re.compile(
    r"[^\W\d]\w*(?:-[^\W\d]\w*)*|(?<!:):=|==|!=|<=|>=|\*\*|//|->|<<|>>|[@%~^]|\d+(?:\.\d+)*"
)
_CODE_SPAN = re.compile(r"`[^`\n]+`|[\"“](?=\S)[^\"”\n]{1,60}(?<=\S)[\"”]")

_CODE_NOUNS = "statement|operator|keyword|expression|clause|loop|block|method|builtin|function"
_SIDES = (
    re.compile(r"\bbetween\s+(.{1,60}?)\s+and\s+(.{1,60}?)\s*(?:[?.!,]|$)", re.IGNORECASE),
    re.compile(
        r"(?:^|compare\s+)(?:is\s+)?(.{1,60}?)\s+(?:vs\.?|versus)\s+(.{1,60}?)\s*(?:[?.!,]|$)",
        re.IGNORECASE,
    ),
)
_CODE_HINTS = (
    re.compile(rf"\b(\w+)\s+(?:{_CODE_NOUNS})s?\b", re.IGNORECASE),
    re.compile(r"\b(?:operator|keyword|statement)s?\s+(\w+)", re.IGNORECASE),
    re.compile(r"\bwhat\s+(?:does|is)\s+(\w+)(?:\s+(?:do|mean))?\s*\??\s*$", re.IGNORECASE),
    re.compile(r"\b(?:async|import|raise|yield)\s+(for|from|with)\b", re.IGNORECASE),
)

_OPENING = re.compile(
    r"\W*(?:how\s+(?:do|can|could|should|would)\s+(?:i|you|we|one|people)|how\s+to)\s+(?:write|make|create|build)\b",
    re.IGNORECASE,
)
_PHRASES = re.compile(r"\bwith the exception of\b", re.IGNORECASE)
_FILLER_TEXT = (
    "a about above after again all also although am an and any are as at be because been "
    "before being between both but by can cannot could did difference different do does "
    "doing done down during each ever every exactly except explain few find for from further get "
    "give go had happen happens has have having he her here hers him his how i if in into "
    "is it its itself just know let like made make makes many may me mean meaning means "
    "might more most much must my need no nor not of off on once one only or other our ours "
    "out over own please possible python same say says shall she should show so some such "
    "take takes tell than that the their them then there these they thing things this those "
    "through to too under until up upon us use used uses using very want was way we well "
    "were what when where whether which who whom whose why will with within without work "
    "works would yes yet you your "
)
_FILLERS = frozenset(_FILLER_TEXT.split())

_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "argument": ("parameter",),
    "array": ("list", "sequence"),
    "capture": ("except", "bind"),
    "catch": ("except", "handle"),
    "child": ("subclass",),
    "constructor": ("__init__", "__new__"),
    "copy": ("shallow",),
    "dictionary": ("dict", "mapping"),
    "dict": ("dictionary", "mapping"),
    "delete": ("del", "deletion"),
    "destructor": ("__del__",),
    "equality": ("==",),
    "f-string": ("literal",),
    "hashmap": ("dict", "mapping"),
    "identity": ("is",),
    "inheritance": ("base", "subclass"),
    "inherit": ("base", "subclass"),
    "lifetime": ("garbage", "collected"),
    "modulo": ("%", "remainder"),
    "mro": ("__mro__",),
    "multiple": ("several", "tuple"),
    "overload": ("special", "method"),
    "override": ("special", "method"),
    "parameter": ("argument",),
    "parent": ("base", "superclass"),
    "private": ("mangling", "mangled"),
    "quit": ("exit",),
    "run": ("executed",),
    "several": ("multiple", "tuple"),
    "slice": ("slicing",),
    "splat": ("unpacking",),
    "switch": ("match", "case"),
    "ternary": ("conditional",),
    "throw": ("raise",),
    "unpack": ("unpacking", "iterable"),
    "variable": ("name",),
    "walrus": (":=",),
}

_OWN_STEM = {
    form: word
    for word in ("exception", "finally", "important", "iterable", "iterator", "operator")
    for form in (word, f"{word}s")
}
"""Words that the stemmer would take for "except", "final", "import", "iter" and "operate"."""

_snowball = snowballstemmer.stemmer("english")
_stemming = threading.Lock()
"""The stemmer keeps the word it is at in itself, so one thread at a time."""


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem under which the forms of `word` are filed; other tokens are their own."""
    lowered = word.lower()
    if not lowered.isalpha():
        return lowered
    with _stemming:
        return _OWN_STEM.get(lowered) or str(_snowball.stemWord(lowered))


def terms(text: str, spoken_of: Set[str] = frozenset()) -> Iterator[str]:
    """The stems of `text` in order; a filler only if it is written as code or is `spoken_of`."""
    text = _PHRASES.sub("", text)
    code_until = -1
    spans = _CODE_SPAN.finditer(text)
    span = next(spans, None)
    for match in _TOKEN.finditer(text):
        while span is not None and span.start() <= match.start():
            code_until, span = span.end(), next(spans, None)
        word = match.group().lower()
        is_code = match.start() < code_until or word in spoken_of
        says_little = word in _FILLERS or (len(word) == 1 and word.isalpha())
        if is_code or not says_little:
            yield from _compound(word) if "-" in word[1:] else (stem(word),)


def shortened(question: str) -> str:
    """As much of a question as is read: whole words, up to `MAX_QUESTION` characters."""
    if len(question) <= MAX_QUESTION:
        return question
    return question[:MAX_QUESTION].rpartition(" ")[0]


def aspects(question: str) -> tuple[tuple[str, ...], ...]:
    """The distinct terms of each thing asked about: one, or the two sides of a comparison."""
    asked = _OPENING.sub("", shortened(question))
    for pattern in _SIDES:
        if match := pattern.search(asked):
            left, right = (
                tuple(dict.fromkeys(terms(side, _KEYWORDS & {side.lower()})))
                for side in match.groups()
            )
            if left and right and left != right:
                return left, right
    spoken_of = _KEYWORDS & {word.lower() for hint in _CODE_HINTS for word in hint.findall(asked)}
    found = dict.fromkeys(terms(asked, spoken_of))
    parts = {part for term in found if "-" in term[1:] for part in _compound(term)[1:]}
    whole = tuple(islice((term for term in found if term not in parts), MAX_TERMS))
    return (whole,) if whole else ()


def synonyms(term: str) -> tuple[str, ...]:
    """The documentation's own words for a term that people use, or the parts of a compound."""
    return _SYNONYM_STEMS.get(term) or (_compound(term)[1:] if "-" in term[1:] else ())


def _compound(word: str) -> tuple[str, ...]:
    """A word with hyphens as one term, then its parts."""
    *head, last = word.split("-")
    parts = (stem(part) for part in (*head, last) if len(part) > 1 and part not in _FILLERS)
    return "-".join((*head, stem(last))), *parts


_KEYWORDS = frozenset(keyword.kwlist)
_SYNONYM_STEMS = {
    stem(word): tuple(stem(other) for other in others) for word, others in _SYNONYMS.items()
}
