"""Documents to passages: the places that an answer can quote.

A passage is a few neighbouring statements under one heading. A statement is one sentence, together
with the code, list or table that it introduces, so that "proceeds as follows:" is never quoted
without what follows.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from examples.ask_docs.layout import Code, Entry, Item, Part, Prose, sections

__all__ = [
    "Corpus",
    "CorpusError",
    "Passage",
    "Statement",
    "python_docs",
    "read_folder",
    "read_texts",
]

SUFFIXES: Final = (".txt", ".md", ".rst")
PASSAGE_CHARS: Final = 700
"""A passage is closed at the first paragraph end past this size."""
BLOCK_CHARS: Final = 2_000
"""A list is drawn to the sentence that introduces it up to about this size."""
MAX_FILE_BYTES: Final = 4_000_000


class CorpusError(ValueError):
    """There is nothing to answer from; the message says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, and the code, list or table that it introduces."""

    text: str
    block: str = ""
    opens_paragraph: bool = False

    @property
    def is_grammar(self) -> bool:
        """Whether its block is syntax in Backus-Naur form, which is for looking up and not for
        searching.
        """
        return "::=" in self.block


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring statements under one heading."""

    topic: str
    headings: tuple[str, ...]
    statements: tuple[Statement, ...]
    opens_section: bool = True

    @property
    def title(self) -> str:
        """Where it stands, outermost heading first."""
        return " › ".join(self.headings) or self.topic

    @property
    def text(self) -> str:
        """All of its statements, one to a line, with their blocks."""
        return "\n".join(f"{s.text}\n{s.block}" if s.block else s.text for s in self.statements)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Passages of one collection, and the files of it that could not be read."""

    name: str
    passages: tuple[Passage, ...]
    skipped: tuple[str, ...] = ()


# ---------------------------------------------------------------- sources


def python_docs() -> Corpus:
    """The language reference that ships with this Python (what ``help("with")`` shows)."""
    try:
        from pydoc_data.topics import (
            topics,
        )  # an absent part of some minimal Pythons, so asked for here
    except ImportError:
        raise CorpusError(
            "this Python ships without pydoc_data.topics, the documentation to answer from: "
            "name a folder of texts with --docs DIR"
        ) from None
    return Corpus("the Python language reference", tuple(read_texts(topics)))


def read_folder(folder: Path) -> Corpus:
    """Every text below `folder`; hidden folders and files that hold no text are left out."""
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise CorpusError(f"no documents: {folder} {what}")
    texts: dict[str, str] = {}
    skipped: list[str] = []
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in place.parts)
        if is_hidden or path.suffix.lower() not in SUFFIXES or path.is_dir():
            continue
        text = _decoded(path)
        if text is None:
            skipped.append(place.as_posix())
        elif text.strip():
            texts[place.as_posix()] = text
    passages = tuple(read_texts(texts))
    if not passages:
        unread = f" ({len(skipped)} could not be read)" if skipped else ""
        raise CorpusError(
            f"no documents: {folder} holds no {', '.join(SUFFIXES)} file with text in it{unread}"
        )
    return Corpus(str(folder), passages, tuple(skipped))


def read_texts(texts: Mapping[str, str]) -> Iterator[Passage]:
    """The passages of all texts; one that several have is kept for the shortest."""
    seen: set[str] = set()
    for topic, text in sorted(texts.items(), key=lambda item: (len(item[1]), item[0])):
        for section in sections(text):
            for passage in _passages(topic, section.headings, section.parts):
                if passage.text not in seen:
                    seen.add(passage.text)
                    yield passage


def _decoded(path: Path) -> str | None:
    """The text of a file in any usual encoding; None if it cannot be read as text."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


# ---------------------------------------------------------------- parts -> statements -> passages

_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?:[\"”)’*]{0,3})\s+(?=[\"“(*\[`‘]{0,3}[A-Z0-9_(]|[\"`][a-z])"
)
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|cf|vs|resp|approx|[Ff]ig|[Ss]ec|Dr|Mr|Ms|St|[A-Z])\.$"
)
_INTRODUCES_SYNTAX = re.compile(r"\.\s+(?:The )?[Ss]yntax(?: is)?:$")
_BARE: Final = 25
"""Characters below which "For example:" is no sentence of its own."""

type _Plain = Prose | Item | Code


def _passages(topic: str, headings: tuple[str, ...], parts: tuple[Part, ...]) -> Iterator[Passage]:
    """The passages of a section, then those of the entries in it, each a section of its own."""
    pending = [(headings, parts)]
    while pending:
        path, section = pending.pop()
        entries = [part for part in section if isinstance(part, Entry)]
        pending.extend(((*path, entry.term), entry.parts) for entry in reversed(entries))
        groups = _grouped([part for part in section if not isinstance(part, Entry)])
        for place, group in enumerate(groups):
            yield Passage(topic, path, tuple(group), opens_section=place == 0)


def _grouped(parts: Sequence[_Plain]) -> list[list[Statement]]:
    """Statements by passage; a short rest stays with the passage before it."""
    groups: list[list[Statement]] = []
    size = PASSAGE_CHARS
    for statement in _statements(parts):
        limit = PASSAGE_CHARS if statement.opens_paragraph else 2 * PASSAGE_CHARS
        if size >= limit or not groups:
            groups.append([])
            size = 0
        groups[-1].append(statement)
        size += len(statement.text) + len(statement.block)
    if len(groups) > 1 and size < PASSAGE_CHARS // 3:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _statements(parts: Sequence[_Plain]) -> Iterator[Statement]:
    """Sentence by sentence. What the last of a paragraph introduces is drawn to it as its block."""
    position = 0
    while position < len(parts):
        part = parts[position]
        position += 1
        if isinstance(part, Code):
            yield Statement("", part.text, opens_paragraph=True)
            continue
        block = list(_introduced(part, parts, position))
        position += len(block)
        sentences = [
            Statement(text, opens_paragraph=place == 0)
            for place, text in enumerate(_sentences(part.text))
        ]
        if sentences and block:
            sentences[-1] = _with_block(sentences[-1], _stacked(block))
        yield from sentences


def _introduced(part: _Plain, parts: Sequence[_Plain], position: int) -> Iterator[_Plain]:
    """The code after a paragraph with the words that join it, and the list after a colon."""
    if not isinstance(part, Prose):
        return
    takes_list = not part.text.endswith((".", "!", "?", '"', "”", ")"))
    size = 0
    for place in range(position, len(parts)):
        match parts[place]:
            case Code(text):
                pass
            case Item(text) if takes_list and size < BLOCK_CHARS:
                pass
            case Prose(text) if size and text[:1].islower():
                pass
            case _:
                return
        size += len(text)
        yield parts[place]


def _with_block(statement: Statement, block: str) -> Statement:
    """A sentence that introduces syntax can do without it: it ends in a full stop."""
    whole = replace(statement, block=block)
    if not whole.is_grammar:
        return whole
    return replace(
        whole, text=re.sub(r"[:.]?$", ".", _INTRODUCES_SYNTAX.sub("", whole.text), count=1)
    )


def _stacked(blocks: Sequence[_Plain]) -> str:
    """Items close together, code and the words between code set apart."""
    out, above = "", blocks[0]
    for below in blocks:
        gap = "\n" if isinstance(above, Item) and isinstance(below, Item) else "\n\n"
        out += (gap if out else "") + (below.line if isinstance(below, Item) else below.text)
        above = below
    return out


def _sentences(text: str) -> Iterator[str]:
    """Sentence by sentence; a bare "For example:" stays with what it is an example of."""
    start = 0
    for boundary in _SENTENCE_END.finditer(text):
        is_bare = len(text) - boundary.end() < _BARE and text.endswith((":", ","))
        ends = text[max(start, boundary.start() - 12) : boundary.end()].strip().rstrip('"”)’*')
        if not is_bare and not _ABBREVIATION.search(ends):
            yield text[start : boundary.end()].strip()
            start = boundary.end()
    if text[start:].strip():
        yield text[start:].strip()
