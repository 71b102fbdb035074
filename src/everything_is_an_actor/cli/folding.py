"""Which calls share a row of a chart: so many equal ones that nobody would read them one by one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from everything_is_an_actor.cli.calltree import Call

ROWS: Final = 40
"""A chart of more rows is folded."""

_BOUNDS: Final = (8, 4, 2)


@dataclass(frozen=True, slots=True)
class Span:
    """One call, or calls of one name at one place of the tree; how deep they are."""

    depth: int
    calls: tuple[Call, ...]

    @property
    def name(self) -> str:
        """What all of them are called."""
        return self.calls[0].name


def spans(roots: Iterable[Call], *, rows: int = ROWS) -> list[Span]:
    """The calls from `roots` down as rows, each before those within it.

    If that would be more than `rows`, more equal siblings are one row, and their children are as
    siblings: at the end, there are as many rows as the program is large.
    """
    outermost = tuple(roots)
    for bound in _BOUNDS:
        found = _folded(outermost, bound, rows)
        if len(found) <= rows:
            return found
    return _folded(outermost, 1, None)


def _folded(roots: tuple[Call, ...], bound: int, enough: int | None) -> list[Span]:
    """The rows if up to `bound` equal siblings have rows of their own; no more than needed."""
    found: list[Span] = []
    pending = [Span(0, calls) for calls in reversed(_siblings(roots, bound))]
    while pending and (enough is None or len(found) <= enough):
        span = pending.pop()
        found.append(span)
        within = [child for call in span.calls for child in call.children]
        pending += [Span(span.depth + 1, calls) for calls in reversed(_siblings(within, bound))]
    return found


def _siblings(calls: Sequence[Call], bound: int) -> list[tuple[Call, ...]]:
    named: defaultdict[str, list[Call]] = defaultdict(list)
    for call in calls:
        named[call.name].append(call)
    rows: list[tuple[Call, ...]] = []
    for equal in named.values():
        rows += [tuple(equal)] if len(equal) > bound else [(call,) for call in equal]
    order = {call: place for place, call in enumerate(calls)}
    return sorted(rows, key=lambda row: order[row[0]])
