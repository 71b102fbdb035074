"""Any text as Mermaid draws it: what it says, never what it might mean to Mermaid.

A path, a function's name, a message or an error may contain anything, the syntax of Mermaid
included. What means something to Mermaid, to Markdown, to HTML or to KaTeX is written as a
character entity (`#59;`), what cannot be printed as Python escapes it, and what is long is cut, so
that a text takes bounded room. The result is on one line of the source, and never empty.
"""

import re
import textwrap
from typing import Final

LONGEST: Final = 80  # characters of one text
LINE: Final = 32  # characters of one of its lines

# ﬂ and ¶ are what Mermaid itself writes for an entity until it draws.
# A colon in a sentence is left as it is: Mermaid measures a text with its entities.
_MEANT_OTHERWISE: Final = re.compile(r"[#;<>&%$@\\ﬂ¶]|:(?! )|(?<=wrap):", re.IGNORECASE)
_MEANT_IN_QUOTES: Final = re.compile(
    r"[^\w\s.,:'!?()/=+\[\]{}|-]|ﬂ|:(?! )|^[-+]|(?<=^\d)[.)]|(?<=^\d\d)[.)]"
)
_JOINERS: Final = "\u200c\u200d"  # of letters and of emoji: not printable by themselves


def unquoted(text: str) -> str:
    """A text for where Mermaid takes the rest of the line: cut, on short lines, never empty.

    >>> unquoted("f(x); end")
    'f(x)#59; end'
    """
    return _drawn(text, LINE, _MEANT_OTHERWISE)


def in_quotes(text: str, line: int = LINE) -> str:
    """A text for where Mermaid takes what is between quotes, on lines of `line` characters.

    >>> in_quotes('say "hi"')
    'say #34;hi#34;'
    """
    return _drawn(text, line, _MEANT_IN_QUOTES)


def _drawn(text: str, line: int, meant_otherwise: re.Pattern[str]) -> str:
    beginning = " ".join(text[: 2 * LONGEST].split())
    printable = "".join(map(_printable, beginning))
    if len(printable) > LONGEST or len(text) > 2 * LONGEST:
        printable = f"{printable[: LONGEST - 1]}…"
    lines = [printable or "(empty)"]
    if len(printable) > line:
        lines = textwrap.wrap(printable, line, break_on_hyphens=False)
    return "<br/>".join(
        meant_otherwise.sub(lambda found: f"#{ord(found[0])};", line) for line in lines
    )


def _printable(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode()
