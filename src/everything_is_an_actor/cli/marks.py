"""The signs by which the states of a call are known, in colour or not, in Unicode or in ASCII."""

from dataclasses import dataclass
from typing import Final

from everything_is_an_actor.algebra.plain import one_line
from everything_is_an_actor.cli.calltree import State


@dataclass(frozen=True, slots=True)
class Mark:
    """The sign of a state, its style, and that of the names of calls in this state."""

    unicode: str
    ascii: str
    style: str
    name_style: str = ""

    def shown(self, ascii_only: bool) -> str:
        """The sign, in ASCII if there is nothing else."""
        return self.ascii if ascii_only else self.unicode


MARKS: Final[dict[State, Mark]] = {
    "running": Mark("?", "?", "yellow"),
    "done": Mark("✓", "+", "green"),
    "failed": Mark("✗", "x", "red"),
    "cancelled": Mark("–", "-", "dim", "dim strike"),
}
"""`running` is the state of a call whose ending is not known, when the run is over."""


_ASCII: Final = str.maketrans({"µ": "u", "×": "x", "–": "-", "…": "...", "›": ">", "→": "->"})


def printable(text: str, *, ascii_only: bool = False) -> str:
    """One line without control characters, which would move the cursor.

    >>> printable("one\\ntwo\\x1b[2J ü"), printable("ü", ascii_only=True)
    ('one two [2J ü', '?')
    """
    line = one_line(text)
    return line.translate(_ASCII).encode("ascii", "replace").decode() if ascii_only else line


def shortened(text: str, length: int, *, ascii_only: bool = False) -> str:
    """A line of at most so many characters.

    >>> shortened("a long name", 8), shortened("a long name", 8, ascii_only=True)
    ('a long …', 'a lon...')
    """
    if len(text) <= length:
        return text
    dots = "..." if ascii_only else "…"
    if length <= 2 * len(dots):
        return text[: max(length, 0)]
    return f"{text[: length - len(dots)]}{dots}"
