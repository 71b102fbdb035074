"""The layout of a plain-text document, read as structure: sections, and in them prose, lists, code
and entries.

Layout carries the meaning in plain-text documentation, so the reader goes by it: headings are
underlined (or start with ``#``), code is indented or fenced, and an indented paragraph below a
signature describes it. That holds for reStructuredText rendered to text (what ``help()`` shows),
for Markdown and, mostly, for text without markup.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final

__all__ = ["Code", "Entry", "Item", "Part", "Prose", "Section", "sections"]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list or one row of a table."""

    text: str
    mark: str = "•"

    @property
    def line(self) -> str:
        """As it is shown."""
        return f"{self.mark} {self.text}"


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to be kept as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A signature or a term with its description: a section of its own."""

    term: str
    parts: tuple["Part", ...]


type Part = Prose | Item | Code | Entry


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below a heading, up to the next; `headings` are outermost first."""

    headings: tuple[str, ...]
    parts: tuple[Part, ...]


MAX_INDENT: Final = 40
"""Deeper indentation is taken for this much: no document means more levels than that."""

_UNDERLINE = re.compile(r"^([=\-~^\"'*+#`:._])\1{2,}\s*$")
_HASHES = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```+|~~~+)")
_BULLET = re.compile(r"^(?:[*+•-]|\(?\d{1,3}[.)]|[a-z]\))\s+(?=\S)")
_DIRECTIVE = re.compile(r"^\.\.(?:\s+([\w-]+)::\s*(.*)|\s|$)")
_OPTION = re.compile(r"\s*:[\w-]+:")
_FOOTNOTE = re.compile(r"\[\d{1,3}\]\s")
_CODE_DIRECTIVES = frozenset(
    {"code-block", "code", "sourcecode", "doctest", "testcode", "literalinclude", "productionlist"}
)
_NOT_TEXT = frozenset(
    {"contents", "figure", "image", "include", "index", "raw", "sectionauthor", "toctree"}
)
_ADMONITIONS = frozenset(
    {"attention", "caution", "danger", "hint", "important", "note", "tip", "warning"}
)
_HEADLESS = frozenset({"note:", "notes:", "warning:", "tip:", "hint:", "important:", "caution:"})
_ASIDES = frozenset({"see also:", "footnotes", "-[ footnotes ]-"})


def sections(text: str) -> Iterator[Section]:
    """Cut at the headings; an underlined one's level is the order in which its mark occurs."""
    headings: tuple[str, ...] = ()
    held: list[str] = []
    marks: list[str] = []
    levels: list[int] = []
    fence = ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    skip = False
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if skip:
            skip = False
            continue
        if (opened := _FENCE.match(line)) and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else opened.group(1)
        title, level = "", 0
        if fence:
            pass
        elif hashes := _HASHES.match(line):
            title, level = hashes.group(2), len(hashes.group(1))
        elif _is_underlined(line, below):
            if below[0] not in marks:
                marks.append(below[0])
            title, level, skip = line.strip(), marks.index(below[0]) + 1, True
        if title:
            yield Section(headings, tuple(_parts(held)))
            while levels and levels[-1] >= level:
                levels.pop()
            headings = (*headings[: len(levels)], _plain(title))
            levels.append(level)
            held = []
        elif fence or not _UNDERLINE.match(line):
            held.append(line)
    yield Section(headings, tuple(_parts(held)))


def _is_underlined(line: str, below: str) -> bool:
    is_title = (
        line.strip() and not line[0].isspace() and not _UNDERLINE.match(line) and len(line) < 120
    )
    return (
        bool(is_title) and bool(_UNDERLINE.match(below)) and len(below.strip()) >= min(len(line), 3)
    )


# ---------------------------------------------------------------- lines -> chunks


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines between blank lines, and how far they are indented."""

    indent: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return _joined(self.lines)

    @property
    def is_fenced(self) -> bool:
        return bool(_FENCE.match(self.lines[0]))


def _chunks(lines: Sequence[str]) -> Iterator[_Chunk]:
    """Paragraphs by blank lines, cut also where an item or the description of a term begins."""
    held: list[str] = []
    fence = ""
    for line in lines:
        opens = _FENCE.match(line)
        if fence:
            held.append(line)
            if line.strip().startswith(fence):
                fence = ""
                yield from _taken(held)
            continue
        if opens or not line.strip() or (held and _begins_anew(line, held)):
            yield from _taken(held)
        if line.strip():
            held.append(line)
        fence = opens.group(1) if opens else ""
    yield from _taken(held)


def _taken(held: list[str]) -> Iterator[_Chunk]:
    if held:
        yield _Chunk(min(_indent(line) for line in held if line.strip()), tuple(held))
        held.clear()


def _begins_anew(line: str, held: Sequence[str]) -> bool:
    """Whether a line starts a chunk of its own although no blank line is above it."""
    first = held[0].strip()
    if _BULLET.match(line.strip()):
        is_listed = bool(_BULLET.match(first)) or held[-1].rstrip().endswith(":")
        return is_listed and _indent(line) <= _indent(held[0])
    is_below_term = len(held) == 1 and _indent(line) > _indent(held[0])
    is_term = not _BULLET.match(first) and not first.startswith((">>>", "..."))
    return is_below_term and is_term and _describes(line.strip())


def _indent(line: str) -> int:
    return min(len(line) - len(line.lstrip()), MAX_INDENT)


def _describes(line: str) -> bool:
    """Whether an indented line below a term reads like prose rather than like code."""
    words = line.split()
    return (
        len(words) >= 4
        and line[0].isupper()
        and not re.search(r"[=(){}\[\]]\s*$|^\w+\(|::=|>>>", line)
    )


# ---------------------------------------------------------------- chunks -> parts


def _parts(lines: Sequence[str]) -> Iterator[Part]:
    chunks = list(_chunks(lines))
    position = 0
    while position < len(chunks):
        end = position + 1
        while end < len(chunks) and chunks[end].indent > chunks[position].indent:
            end += 1
        if chunks[position].is_fenced or _is_table(chunks[position]):
            end = position + 1
        yield from _read(chunks[position], chunks[position + 1 : end])
        position = end


def _read(chunk: _Chunk, followers: Sequence[_Chunk]) -> tuple[Part, ...]:
    """The parts that a chunk stands for, its indented followers included."""
    below = [line for follower in followers for line in ("", *follower.lines)]
    first = chunk.lines[0].strip()
    if chunk.is_fenced:
        ends = len(chunk.lines) > 1 and bool(_FENCE.match(chunk.lines[-1]))
        return (Code(_dedented(chunk.lines[1 : -1 if ends else None])),)
    if directive := _DIRECTIVE.match(first):
        return _directed(directive.group(1) or "", directive.group(2) or "", chunk.lines[1:], below)
    if chunk.text.lower() in _ASIDES or _FOOTNOTE.match(first):
        return ()
    if chunk.text.lower() in _HEADLESS:
        return tuple(_parts(below))
    if _is_table(chunk):
        return tuple(Item(row) for row in _rows(chunk.lines))
    if _is_code(chunk):
        return (Code(_dedented([*chunk.lines, *below])),)
    if bullet := _BULLET.match(first):
        return _listed(bullet, chunk, below)
    if not followers:
        return (Prose(_plain(chunk.text)),)
    return _with_followers(chunk, followers[0], below)


def _directed(
    name: str, argument: str, lines: Sequence[str], below: Sequence[str]
) -> tuple[Part, ...]:
    """A directive of reStructuredText; one without a name is a comment."""
    if name in _CODE_DIRECTIVES:
        return (Code(_dedented(below)),) if below else ()
    if not name or name in _NOT_TEXT:
        return ()
    inner = [line for line in (*lines, "", *below) if not _OPTION.match(line)]
    if "(" in argument:
        return (Entry(argument, tuple(_parts(inner))),)
    body = _dedented(inner).split("\n")
    return tuple(_parts([argument, *body] if name in _ADMONITIONS else body))


def _listed(bullet: re.Match[str], chunk: _Chunk, below: Sequence[str]) -> tuple[Part, ...]:
    """An item with the paragraphs below it, up to the first code there."""
    inner = tuple(_parts(below))
    said = [
        part.text
        for part in takewhile(lambda part: isinstance(part, Prose), inner)
        if isinstance(part, Prose)
    ]
    first = bullet.string[bullet.end() :]
    text = _joined((first, *(line.strip() for line in chunk.lines[1:]), *said))
    is_numbered = bullet.string[0].isalnum() or bullet.string[0] == "("
    return (Item(_plain(text), bullet.group().strip() if is_numbered else "•"), *inner[len(said) :])


def _with_followers(chunk: _Chunk, follower: _Chunk, below: Sequence[str]) -> tuple[Part, ...]:
    """A paragraph that introduces code or a list, or a term above its description."""
    text = chunk.text
    if text.endswith("::"):
        return Prose(_plain(text[:-2].rstrip() + ":")), Code(_dedented(below))
    nested = tuple(_parts(below))
    if text.endswith((":", ",")) or _is_code(follower) or not _reads_as_prose(follower):
        is_list = bool(nested) and all(isinstance(part, Item) for part in nested)
        return Prose(_plain(text)), *(nested if is_list else (Code(_dedented(below)),))
    if len(text) < 160 and not text.endswith("."):
        return (Entry(_plain(_first_signature(chunk)), nested),)
    return Prose(_plain(text)), *nested


def _first_signature(chunk: _Chunk) -> str:
    lines = [line.strip() for line in chunk.lines]
    return lines[0] if len(lines) > 1 and "(" in lines[0] else " ".join(lines)


def _is_code(chunk: _Chunk) -> bool:
    return any("::=" in line for line in chunk.lines) or chunk.lines[0].lstrip().startswith(
        (">>> ", "$ ", "(Pdb) ")
    )


def _reads_as_prose(chunk: _Chunk) -> bool:
    text = chunk.text
    words = re.findall(r"(?<![^\s\"“(*])[A-Za-z’'-]+(?=[\s,.;:)\"”*]|$)", text)
    starts = bool(re.match(r"[\"“*(`]{0,3}[A-Z\d]|[*•-]\s", text))
    return (
        starts
        and len(words) >= 3
        and (text.endswith((".", ":", ")", "”", '"', "!", "?", ",")) or len(words) > 8)
    )


def _is_table(chunk: _Chunk) -> bool:
    return (
        all(line.strip().startswith(("+-", "+=", "|")) for line in chunk.lines)
        and len(chunk.lines) > 1
    )


def _rows(lines: Sequence[str]) -> Iterator[str]:
    """The rows of a table below its head, cells joined by a dash, footnote marks left out."""
    rows: list[list[str]] = []
    rule = lines[0].rstrip()
    edges = (
        [at for at, char in enumerate(rule) if char == "+"] if rule.lstrip().startswith("+") else []
    )
    starts_row = True
    for number, line in enumerate(lines):
        if re.fullmatch(r"[|+\s:=-]+", line.strip()):
            starts_row = True
            if "=" in line or (number == 1 and not edges):
                rows.clear()
            continue
        if edges:
            cells = [line[left + 1 : right].strip() for left, right in pairwise(edges)]
        else:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if edges and not starts_row:
            rows[-1] = [
                f"{above} {cell}".strip() for above, cell in zip(rows[-1], cells, strict=True)
            ]
        else:
            rows.append(cells)
        starts_row = False
    for row in rows:
        told = [_plain(cell) for cell in row if cell and not re.fullmatch(r"(\(\d+\))+", cell)]
        if told:
            yield " — ".join(told)


# ---------------------------------------------------------------- text


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"(?<=\w)- (?=[a-z])", "-", " ".join(" ".join(lines).split()))


def _plain(text: str) -> str:
    """Markup that only a renderer needs is taken away: footnote marks, links, roles, bold."""
    text = re.sub(r"\s*\[\d{1,2}\](?=[\s.,;:)]|$)", "", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1", text)
    text = re.sub(r":(?:[a-z]+:)?[a-z]+:`~?([^`<]+?)(?:\s*<[^`>]*>)?`", r"`\1`", text)
    text = re.sub(r"`([^`<]+?)\s*<[^`>]*>`_+", r"\1", text)
    text = re.sub(r"<!--.*?-->", "", text)
    text = re.sub(r"``([^`]+)``", r"`\1`", text)
    text = re.sub(r"(?<![\w*\"])\*\*([^*\s\"][^*]*?)\*\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<![\w*\"])\*([A-Za-z_][^*\"]*?)\*(?![\w*])", r"\1", text)
    return " ".join(text.split())


def _dedented(lines: Iterable[str]) -> str:
    return textwrap.dedent("\n".join(lines)).strip("\n")
