"""Sets of the agents of one flow, which grow along a chain of any length at little cost.

A static interpreter wants a set of agents for every node, and keeps them all until it is done. As
`frozenset`s, those of a chain of n different agents take n² places. Here the agents of a flow are
numbered; a set of them is a word of `2 ** 10` bits, or, in a flow with more agents than that, a
binary tree with such words for leaves, all of one height (Okasaki & Gill, "Fast mergeable integer
maps", 1998, on tries that share what they have in common). A union copies one way to the root,
whoever holds the rest shares it; in flows of a usual size it is one `|`.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence

WORD = 1 << 10

type Numbers = int | tuple[Numbers, Numbers]
"""A set of numbers: the bits of a word, or a lower and an upper half. Empty is 0 at any height."""

EMPTY: Numbers = 0


class Numbering[A: Hashable]:
    """The agents of a flow, numbered as they come up."""

    def __init__(self, agents: Iterable[A]) -> None:
        self.agents: Sequence[A] = tuple(dict.fromkeys(agents))
        self._numbers = {agent: number for number, agent in enumerate(self.agents)}
        self._top = WORD
        while self._top < len(self.agents):
            self._top *= 2

    def number(self, agent: A) -> int:
        """The number of an agent."""
        return self._numbers[agent]

    def only(self, number: int) -> Numbers:
        """The set of one."""
        numbers: Numbers = 1 << number % WORD
        half = WORD
        while half < self._top:
            numbers = (EMPTY, numbers) if number & half else (numbers, EMPTY)
            half *= 2
        return numbers

    def named(self, numbers: Numbers) -> frozenset[A]:
        """The agents whose numbers they are."""
        return frozenset(self.agents[number] for number in self.elements(numbers))

    def elements(self, numbers: Numbers) -> Iterator[int]:
        """The numbers, in their order."""
        pending = [(numbers, 0, self._top)]
        while pending:
            part, first, size = pending.pop()
            if isinstance(part, int):
                while part:
                    bit = part & -part
                    yield first + bit.bit_length() - 1
                    part ^= bit
            else:
                half = size // 2
                pending.append((part[1], first + half, half))
                pending.append((part[0], first, half))


def union(a: Numbers, b: Numbers) -> Numbers:
    """`a ∪ b`; the very `a` if `b` adds nothing."""
    if a is b or not b:
        return a
    if not a:
        return b
    if isinstance(a, int) or isinstance(b, int):
        assert isinstance(a, int)
        assert isinstance(b, int)
        both = a | b
        return a if both == a else both
    lower, upper = union(a[0], b[0]), union(a[1], b[1])
    return a if lower is a[0] and upper is a[1] else (lower, upper)


def intersection(a: Numbers, b: Numbers) -> Numbers:
    """`a ∩ b`; the very `a` if it is in `b`."""
    if a is b or not a:
        return a
    if not b:
        return b
    if isinstance(a, int) or isinstance(b, int):
        assert isinstance(a, int)
        assert isinstance(b, int)
        both = a & b
        return a if both == a else both
    lower, upper = intersection(a[0], b[0]), intersection(a[1], b[1])
    if not lower and not upper:
        return EMPTY
    return a if lower is a[0] and upper is a[1] else (lower, upper)


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
