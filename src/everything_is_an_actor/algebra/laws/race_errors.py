"""The error of a race that all have lost, regrouped: as equations of races want it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from everything_is_an_actor.algebra.failure import AllFailedError


@dataclass(frozen=True, slots=True)
class GroupedWith:
    """`e ↦ ⇑ AllFailedError(error, e)`"""

    error: Exception

    def __call__(self, other: Exception, /) -> NoReturn:
        """Raises it."""
        raise AllFailedError([self.error, other])


def flat(error: Exception) -> NoReturn:
    """`⇑ AllFailedError(AllFailedError(a, b), c) ↦ ⇑ AllFailedError(a, b, c)`"""
    if isinstance(error, AllFailedError):
        raise AllFailedError(list(_single(error)))
    raise error


def _single(error: Exception) -> Iterator[Exception]:
    if isinstance(error, AllFailedError):
        for each in error.exceptions:
            yield from _single(each)
    else:
        yield error


def reversed_errors(error: Exception) -> NoReturn:
    """`⇑ AllFailedError(a, b) ↦ ⇑ AllFailedError(b, a)`"""
    if isinstance(error, AllFailedError):
        raise AllFailedError(error.exceptions[::-1])
    raise error
