"""What an interpreter makes of a flow and an input: a value or an error, calls, and time.

Runs are a monad: what comes next begins when the outcome of what was before is there. It is the one
that interpreters are morphisms into.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.flow import Flow


@dataclass(frozen=True, slots=True)
class Called:
    """One call of one agent: what came in, from when to when (seconds), and how it ended.

    >>> Called("a", 1, start=0.0, end=2.0, ending="completed").after(1.5).end
    3.5
    """

    agent: str
    input: object
    start: float
    end: float
    ending: str

    def after(self, seconds: float) -> Self:
        """The same, so many seconds later."""
        return replace(self, start=self.start + seconds, end=self.end + seconds)


@dataclass(frozen=True, slots=True)
class Ran[A]:
    """A run that has ended: its outcome, after how many seconds it was there, and the calls.

    >>> call = Called("a", 1, start=0.0, end=2.0, ending="completed")
    >>> run = Ran(Success("x"), 2.0, (call,))
    >>> run.bind(lambda x: Ran(Success(x * 2), 1.0)) == Ran(Success("xx"), 3.0, (call,))
    True
    >>> Ran.of(1).bind(lambda x: run).calls == run.bind(Ran.of).calls
    True
    """

    result: Result[A, BaseException]
    seconds: float = 0.0
    calls: tuple[Called, ...] = ()

    @staticmethod
    def of[B](value: B) -> "Ran[B]":
        """`return`: a value at once, without a call."""
        return Ran(Success(value))

    @staticmethod
    def trying[B](fn: Callable[[A], B], x: A) -> "Ran[B]":
        """What a function does: it yields or it raises, at once and without a call."""
        try:
            return Ran(Success(fn(x)))
        except Exception as error:
            return Ran(Failure(error))

    def bind[B](self, next: "Callable[[A], Ran[B]]") -> "Ran[B]":
        """`>>=`: then what the value asks for; nothing more after an error."""
        if not isinstance(self.result, Success):
            return Ran(Failure(self.result.failure()), self.seconds, self.calls)
        after = next(self.result.unwrap())
        later = (call.after(self.seconds) for call in after.calls)
        return Ran(after.result, self.seconds + after.seconds, (*self.calls, *later))

    def beside[B](self, other: "Ran[B]") -> "Ran[tuple[A, B]]":
        """`⊗`: both at once, as long as the longer one; of two errors, the left one."""
        both = self.bind(lambda one: Ran(other.result.map(lambda two: (one, two))))
        return replace(
            both, seconds=max(self.seconds, other.seconds), calls=(*self.calls, *other.calls)
        )


type Meaning = Callable[[Flow[Any, Any], Any], Ran[Any]]
"""What an interpreter makes of a flow and an input. It takes any flow: hence the `Any`."""
