"""Functions of values that have no finite domain: each is a table after a step into one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from returns.result import Result

from everything_is_an_actor.algebra.values import QuorumResult
from everything_is_an_actor.testing.universe import Oops


@dataclass(frozen=True, slots=True)
class Handler[A]:
    """A function of an error: by its type.

    >>> Handler("a", "b")(Oops("x")), Handler("a", "b")(ValueError("x"))
    ('a', 'b')
    """

    of_oops: A
    otherwise: A

    def __call__(self, error: Exception, /) -> A:
        """Its value."""
        return self.of_oops if isinstance(error, Oops) else self.otherwise


@dataclass(frozen=True, slots=True)
class Folded[A, B]:
    """A function of a `Result`: one of the error, or one of the value."""

    of_error: Callable[[Exception], B]
    of_value: Callable[[A], B]

    def __call__(self, result: Result[A, Exception], /) -> B:
        """Its value."""
        return result.map(self.of_value).lash(self._recovered).unwrap()

    def _recovered(self, error: Exception) -> Result[B, Any]:
        return Result.from_value(self.of_error(error))


@dataclass(frozen=True, slots=True)
class Tallied[A, B]:
    """A function of a quorum: of its first success, and of whether any flow has failed."""

    of_first: Callable[[tuple[A, bool]], B]

    def __call__(self, result: QuorumResult[A], /) -> B:
        """Its value."""
        return self.of_first((result.succeeded[0], bool(result.failed)))
