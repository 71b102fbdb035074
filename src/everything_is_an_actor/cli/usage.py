"""What the command answers to the shell, and the error that means bad usage."""

from collections.abc import Iterable
from difflib import get_close_matches

DONE = 0
FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell has it
READER_GONE = 141  # 128 + SIGPIPE


class BadUsage(Exception):
    """The arguments cannot be followed; the text says what was expected, what came, what to do."""


def did_you_mean(name: str, names: Iterable[str], form: str = "{}") -> str:
    """A question about the most similar of `names`, put into `form`; empty if none is similar.

    >>> did_you_mean("anser", ["ask", "answer"], form="flows:{}")
    ' Did you mean flows:answer?'
    >>> did_you_mean("anser", ["ask"])
    ''
    """
    similar = get_close_matches(name, names, n=1)
    return f" Did you mean {form.format(similar[0])}?" if similar else ""
