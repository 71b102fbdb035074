"""What can go wrong in a flow: the errors of the algebra, and which errors a flow may handle."""

from collections.abc import Sequence
from typing import Any, Self, TypeGuard, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.algebra.values import QuorumResult


class FlowError(Exception):
    """The base of every error that the algebra itself raises."""


class FlowTimeoutError(FlowError, TimeoutError):
    """A flow or agent did not finish within its time.

    `seconds` is the bound, `what` names that which was given up on.

    >>> print(FlowTimeoutError(2.5, "agent(Writer)"))
    agent(Writer) did not finish within 2.5 s
    """

    def __init__(self, seconds: float, what: str) -> None:
        # One argument: an OSError takes two for an errno and its text, and 2 s is not ENOENT.
        super().__init__(f"{what} did not finish within {seconds:g} s")
        self.seconds = seconds
        self.what = what

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.seconds, self.what), self.__dict__


class FlowFilterError(FlowError, ValueError):
    """A value did not pass a `filter` or a `guard`; `value` is that value.

    >>> print(FlowFilterError(3, "filter(is_even)"))
    filter(is_even) rejected 3
    """

    def __init__(self, value: object, what: str) -> None:
        super().__init__(value, what)
        self.value = value
        self.what = what

    @override
    def __str__(self) -> str:
        return f"{self.what} rejected {shown(self.value)}"


class NoBranchError(FlowError, KeyError):
    """No case of a `branch` takes the value.

    >>> print(NoBranchError(1.5, ("int", "str")))
    no case for 1.5 (float): the cases are int, str
    """

    def __init__(self, value: object, cases: tuple[str, ...]) -> None:
        super().__init__(value, cases)
        self.value = value
        self.cases = cases

    @override
    def __str__(self) -> str:
        cases = ", ".join(self.cases)
        return (
            f"no case for {shown(self.value)} ({type(self.value).__name__}): the cases are {cases}"
        )


class LoopLimitError(FlowError, RuntimeError):
    """A loop did not say `Done` within `max_iter` iterations; `value` is its last value.

    >>> print(LoopLimitError(10, 3))
    the loop did not say Done within max_iter=10 iterations; its last value was 3
    """

    def __init__(self, max_iter: int, value: object) -> None:
        super().__init__(max_iter, value)
        self.max_iter = max_iter
        self.value = value

    @override
    def __str__(self) -> str:
        iterations = plural(self.max_iter, "iteration")
        return (
            f"the loop did not say Done within max_iter={self.max_iter} {iterations}; "
            f"its last value was {shown(self.value)}"
        )


class QuorumError(FlowError, RuntimeError):
    """Too few flows of an `at_least` succeeded; `result` holds those that did, and the errors.

    >>> print(QuorumError(2, 3, QuorumResult((1,), (ValueError("x"), ValueError("y")))))
    1 of 3 flows succeeded, at least 2 were needed: ValueError('x'), ValueError('y')
    """

    def __init__(self, n: int, k: int, result: QuorumResult[Any]) -> None:
        """`n` successes were needed of `k` flows. The result's type is known to the flow only."""
        super().__init__(n, k, result)
        self.n = n
        self.k = k
        self.result = result

    @override
    def __str__(self) -> str:
        errors = ", ".join(map(repr, self.result.failed))
        return (
            f"{len(self.result.succeeded)} of {self.k} {plural(self.k, 'flow')} succeeded, "
            f"at least {self.n} {'was' if self.n == 1 else 'were'} needed: {errors}"
        )


class AllFailedError(ExceptionGroup[Exception], FlowError):
    """Every flow of a `race` failed; `exceptions` holds their errors, in flow order.

    >>> raced = AllFailedError([ValueError("x"), KeyError("y")])
    >>> raced.exceptions
    (ValueError('x'), KeyError('y'))
    """

    def __new__(cls, errors: Sequence[Exception]) -> Self:
        """The group of `errors`, at least one."""
        return super().__new__(cls, "every flow of the race failed", errors)

    def __init__(self, errors: Sequence[Exception]) -> None:
        super().__init__("every flow of the race failed", errors)

    @override
    def derive(self, excs: Sequence[Exception]) -> "AllFailedError":  # type: ignore[override]  # it holds Exceptions only
        """The same kind of group, of other errors: what `split` and `subgroup` are made of."""
        return AllFailedError(excs)

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.exceptions,), self.__dict__


def add_note(error: BaseException, note: str) -> None:
    """Note something on an error that can be noted on: a frozen one goes without.

    >>> error = ValueError("no")
    >>> add_note(error, "asked twice")
    >>> error.__notes__
    ['asked twice']
    """
    try:
        error.add_note(note)
    except Exception:  # its class forbids it; the error matters more than the note
        return


def is_recoverable(error: BaseException) -> TypeGuard[Exception]:
    """Whether handlers may see `error`: an `Exception` other than `MemoryError`.

    >>> is_recoverable(ValueError()), is_recoverable(MemoryError()), is_recoverable(SystemExit())
    (True, False, False)
    """
    return isinstance(error, Exception) and not isinstance(error, MemoryError)


def is_handled_by(on: tuple[type[Exception], ...], error: BaseException) -> TypeGuard[Exception]:
    """Whether a handler for the types `on` may see `error`."""
    return is_recoverable(error) and isinstance(error, on)
