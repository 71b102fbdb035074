"""Any text as Mermaid draws it: what it says, never what it might mean to Mermaid.

A path, a function's name, a message or an error may contain anything, the syntax of Mermaid
included. What means something to Mermaid, to Markdown, to HTML or to KaTeX is written as a
character entity (`#59;`), what cannot be printed as Python escapes it, and what is long is cut, so
that a text takes bounded room. The result is on one line of the source, and never empty.
"""

import re
import textwrap
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 80  # characters of one text
LINE: Final = 32  # characters of one of its lines

# ﬂ and ¶ are what Mermaid itself writes for an entity until it draws.
# A colon in a sentence is left as it is: Mermaid measures a text with its entities.
_MEANT_OTHERWISE: Final = re.compile(r"[#;<>&%$@\\ﬂ¶]|:(?! )|(?<=wrap):", re.IGNORECASE)
_MEANT_IN_QUOTES: Final = re.compile(
    r"[^\w\s.,:'!?()/=+\[\]{}|-]|ﬂ|:(?! )|^[-+]|(?<=^\d)[.)]|(?<=^\d\d)[.)]"
)
# What Mermaid still finds in a label once it has put the characters in the place of the entities: a
# formula and an icon. Words are joined there by a character that is not seen.
_SEEN_LATE: Final = re.compile(r"(?<=\$)(?=\$)|(?<=:)(?=fa-)")
_WORD_JOINER: Final = "\u2060"
_JOINERS: Final = "\u200c\u200d"  # of letters and of emoji: not printable by themselves


def unquoted(text: str) -> str:
    """A text for where Mermaid takes the rest of the line: cut, on short lines, never empty.

    >>> unquoted("f(x); end")
    'f(x)#59; end'
    """
    return _escaped(_lines(text, LINE, LONGEST), _MEANT_OTHERWISE)


def in_quotes(text: str, width: int = LINE, longest: int = LONGEST) -> str:
    """A text for where Mermaid takes what is between quotes, on lines of `width` characters.

    >>> in_quotes('say "hi"')
    'say #34;hi#34;'
    """
    lines = [_SEEN_LATE.sub(_WORD_JOINER, shown) for shown in _lines(text, width, longest)]
    return _escaped(lines, _MEANT_IN_QUOTES)


def _lines(text: str, width: int, longest: int) -> list[str]:
    beginning = " ".join(text[: 2 * longest].split())
    printable = "".join(map(_printable, beginning)) or "(empty)"
    if len(printable) > longest or len(text) > 2 * longest:
        printable = f"{printable[: longest - 1]}…"
    if len(printable) <= width:
        return [printable]
    return textwrap.wrap(printable, width, break_on_hyphens=False)


def _escaped(lines: Iterable[str], meant_otherwise: re.Pattern[str]) -> str:
    return "<br/>".join(
        meant_otherwise.sub(lambda found: f"#{ord(found[0])};", line) for line in lines
    )


def _printable(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode()
