"""Flows that say which of several they are, so that what came of them can be told apart.

A `QuorumResult` has the values and the errors in the order of their flows, but not which are whose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import WithFirst
from everything_is_an_actor.algebra.values import QuorumResult


def by_rank(ranks: Sequence[int], length: int) -> tuple[int, ...]:
    """The permutation of so many places that sorts them by their ranks, which may be repeated."""
    return tuple(sorted(range(length), key=lambda i: ranks[i % len(ranks)]))


class Placed(Exception):
    """An error, and the place of the flow that it is of."""

    def __init__(self, place: int, error: Exception) -> None:
        super().__init__(place, error)
        self.place = place
        self.error = error


@dataclass(frozen=True, slots=True)
class PlacedAt:
    """`e ↦ ⇑ Placed(place, e)`"""

    place: int

    def __call__(self, error: Exception, /) -> NoReturn:
        """Raises it."""
        raise Placed(self.place, error)


def in_place[A, B](place: int, f: Flow[A, B]) -> Flow[A, tuple[int, B]]:
    """`f`, which says what its place is, be it with its value or with its error."""
    return f.map(WithFirst(place)).recover(PlacedAt(place))


@dataclass(frozen=True, slots=True)
class InOrder:
    """`(succeeded, failed)`, of flows that say what their places are, in the order of these."""

    order: tuple[int, ...]

    def __call__[B](self, result: QuorumResult[tuple[int, B]], /) -> QuorumResult[B]:
        """Its value."""
        values = dict(result.succeeded)
        errors = {each.place: each.error for each in result.failed if isinstance(each, Placed)}
        return QuorumResult(
            tuple(values[i] for i in self.order if i in values),
            tuple(errors[i] for i in self.order if i in errors),
        )
