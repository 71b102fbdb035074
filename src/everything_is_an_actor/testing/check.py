"""One thing that a suite asserts: a name, and a function that raises if it does not hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from hypothesis import Phase, settings


@dataclass(frozen=True, slots=True)
class Check:
    """What a suite consists of: called, it raises `AssertionError` if what it says does not hold.

    >>> check = Check("arithmetic", lambda: None)
    >>> check(), str(check)
    (None, 'arithmetic')
    """

    name: str
    run: Callable[[], None]

    def __call__(self) -> None:
        """Check it."""
        self.run()

    @override
    def __str__(self) -> str:
        return self.name


def phases(given: settings) -> list[Phase]:
    """Those of some settings, but for the one that tells which of our own lines were run.

    >>> Phase.shrink in phases(settings()), Phase.explain in phases(settings())
    (True, False)
    """
    return [phase for phase in given.phases if phase is not Phase.explain]


class Counterexample(AssertionError):
    """A law does not hold: which, of what, and what was seen of both sides."""
