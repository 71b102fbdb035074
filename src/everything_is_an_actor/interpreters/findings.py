"""What a check has found in a flow, and what it has left out."""

from dataclasses import dataclass, field
from typing import override

from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.path import Where, spell
from everything_is_an_actor.algebra.plain import without_addresses
from everything_is_an_actor.interpreters.documents.problems import Position, Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that cannot work: where, by which rule, what was expected, and what came.

    The path is that of errors in runs, empty for the flow as a whole; the rule is the keyword that
    the node has in documents, or `input` for what flows into the whole; `at` is the flow at fault,
    `position` where that stands in the text of a document.

    >>> from everything_is_an_actor.flow import pure
    >>> print(Finding("steps[2].race[0]", "race", "str | None", "int", at=pure(str.upper)))
    at steps[2].race[0]: race: expected str | None, got int
    """

    path: str
    rule: str
    expected: str
    got: str
    at: AnyFlow = field(compare=False, repr=False)
    position: Position | None = None

    @override
    def __str__(self) -> str:
        what = f"{self.rule}: expected {self.expected}, got {self.got}"
        return str(Problem(what, self.path, self.position))


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that was not checked: where, what, and for which reason. It may be right.

    >>> from everything_is_an_actor.flow import pure
    >>> print(Unchecked("steps[1]", "<lambda>", "its result: no annotation", at=pure(str.upper)))
    at steps[1]: <lambda> is unchecked: its result: no annotation
    """

    path: str
    what: str
    reason: str
    at: AnyFlow = field(compare=False, repr=False)
    position: Position | None = None

    @override
    def __str__(self) -> str:
        what = f"{self.what} is unchecked: {self.reason}"
        return str(Problem(what, self.path, self.position))


class Findings:
    """Collects both, in the order of the flow."""

    def __init__(self, root: AnyFlow) -> None:
        self._root = root.node
        self._wrong: dict[Finding, None] = {}
        self._skipped: dict[Unchecked, None] = {}

    def wrong(self, at: AnyFlow, where: Where, rule: str, expected: str, got: str) -> None:
        """One thing that cannot work; said once, by however many ways it is found."""
        path = spell(self._root, where, at.node)
        self._wrong[Finding(path, rule, expected, without_addresses(got), at)] = None

    def skipped(self, at: AnyFlow, where: Where, what: str, reason: str) -> None:
        """One thing that was not checked, said once."""
        path = spell(self._root, where, at.node)
        what, reason = without_addresses(what), without_addresses(reason)
        self._skipped[Unchecked(path, what, reason, at)] = None

    @property
    def wrong_ones(self) -> tuple[Finding, ...]:
        """What cannot work."""
        return tuple(self._wrong)

    @property
    def skipped_ones(self) -> tuple[Unchecked, ...]:
        """What was not checked."""
        return tuple(self._skipped)
