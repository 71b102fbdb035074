"""What somebody may have meant: the nearest of the names that there are."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

LENGTH: Final = 60  # characters of a name for which a similar one is looked for


def did_you_mean(name: str, names: Iterable[str], form: str = "{}") -> str:
    """A question about the most similar of `names`, put into `form`; empty if none is similar.

    >>> did_you_mean("anser", ["ask", "answer"], form="flows:{}")
    ' Did you mean flows:answer?'
    >>> did_you_mean("myapp.agents.ANSWER", ["ask", "answer"])
    ' Did you mean answer?'
    >>> did_you_mean("anser", ["ask"])
    ''
    """
    if len(name) > LENGTH:
        return ""
    folded = {known.casefold(): known for known in names}
    last = name.rpartition(".")[2]
    similar = [
        found for part in (name, last) for found in get_close_matches(part.casefold(), folded, n=1)
    ]
    return f" Did you mean {form.format(folded[similar[0]])}?" if similar else ""
