"""Sets of the agents of one flow, which grow along a chain of any length at little cost.

A static interpreter wants a set of agents for every node, and keeps them all until it is done. As
`frozenset`s, those of a chain of n different agents take n² places. Here agents are numbered as
they come up. A set of the first `WORD` of them is the bits of one `int`, so that in a flow of a
usual size a union is one `|`. Beyond that a set is a binary tree with such words for leaves: a
union copies the way to what differs and shares the rest (Okasaki & Gill, "Fast mergeable integer
maps", 1998).
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence

WORD = 1 << 10

type Numbers = int | tuple[int, Numbers, Numbers]
"""A set of numbers: the bits of a word, or a height and two halves.

A tree of height h holds numbers below `WORD << h`: the lower half those below `WORD << (h - 1)`,
the upper half the others, less that. A half may be of any lesser height. The empty set is 0.
"""

EMPTY: Numbers = 0


class Numbering[A: Hashable]:
    """The agents of a flow, numbered as they come up."""

    def __init__(self) -> None:
        self._numbers: dict[A, int] = {}

    def number(self, agent: A) -> int:
        """The number of an agent; it may be a new one."""
        return self._numbers.setdefault(agent, len(self._numbers))

    @property
    def agents(self) -> tuple[A, ...]:
        """The agents so far, each at its number."""
        return tuple(self._numbers)


def only(number: int) -> Numbers:
    """The set of one."""
    numbers: Numbers = 1 << number % WORD
    for height in range(1, (number // WORD).bit_length() + 1):
        if number & (WORD << height - 1):
            numbers = (height, EMPTY, numbers)
    return numbers


def elements(numbers: Numbers) -> Iterator[int]:
    """The numbers in the set, in their order."""
    pending = [(0, numbers)]
    while pending:
        least, part = pending.pop()
        if isinstance(part, int):
            while part:
                bit = part & -part
                yield least + bit.bit_length() - 1
                part ^= bit
        else:
            height, lower, upper = part
            pending += [(least + (WORD << height - 1), upper), (least, lower)]


def union(a: Numbers, b: Numbers) -> Numbers:
    """`a ∪ b`; the very `a` if `b` adds nothing."""
    if a is b:
        return a
    if isinstance(a, int):
        if isinstance(b, int):
            both = a | b
            return a if both == a else both
        a, b = b, a
    height, lower, upper = a
    if isinstance(b, int) or b[0] < height:
        below, above = union(lower, b), upper
    elif b[0] == height:
        below, above = union(lower, b[1]), union(upper, b[2])
    else:
        return union(b, a)
    return a if below is lower and above is upper else (height, below, above)


def intersection(a: Numbers, b: Numbers) -> Numbers:
    """`a ∩ b`; the very `a` if it is in `b`."""
    if a is b:
        return a
    if isinstance(a, int):
        if isinstance(b, int):
            both = a & b
            return a if both == a else both
        a, b = b, a
    height, lower, upper = a
    if isinstance(b, int) or b[0] < height:
        return intersection(lower, b)
    if b[0] > height:
        return intersection(a, b[1])
    below, above = intersection(lower, b[1]), intersection(upper, b[2])
    if above == EMPTY:
        return below
    return a if below is lower and above is upper else (height, below, above)


def union_of(sets: Iterable[Numbers]) -> Numbers:
    """What is in any of them."""
    found = EMPTY
    for each in sets:
        found = union(found, each)
    return found


def in_at_least(m: int, sets: Sequence[Numbers]) -> Numbers:
    """What is in `m` of them or more, `1 <= m <= len(sets)`.

    `within[j]` is what is in more than `j` of those that were looked at.
    """
    if m == len(sets):
        found = sets[0]
        for each in sets[1:]:
            found = intersection(found, each)
        return found
    within: list[Numbers] = []
    for carried in sets:
        for j, found in enumerate(within):
            within[j] = union(found, carried)
            carried = intersection(found, carried)
            if not carried:
                break
        if carried and len(within) < m:
            within.append(carried)
    return within[m - 1] if len(within) == m else EMPTY
