"""The pieces of Markdown that the pages are made of."""

import re


def heading(level: int, title: str) -> str:
    """A heading, and an empty line."""
    return f"{'#' * level} {title}\n"


def slug(title: str) -> str:
    """What a link within the page calls a heading, here and wherever Markdown is shown.

    >>> slug("Races, and quorums")
    'races-and-quorums'
    """
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def row(*cells: str) -> str:
    """A row of a table.

    >>> row("a | b", "c")
    '| a \\\\| b | c |'
    """
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def code(text: str) -> str:
    """A piece of code in a line."""
    return f"`{text}`"


def fence(language: str, text: str) -> str:
    """A block of code, and an empty line."""
    return f"```{language}\n{text.rstrip()}\n```\n"
