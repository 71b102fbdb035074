"""Errors as values: `attempt`, its inverse `absolve`, and what is derived from them.

Source: `ApplicativeErrorLaws` and `MonadErrorLaws` of cats, whose `rethrow` is `absolve`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import always
from everything_is_an_actor.algebra.laws.error import ERROR, fail
from everything_is_an_actor.algebra.laws.functions import again
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, Total, holds
from everything_is_an_actor.algebra.steps import succeeded


@dataclass(frozen=True, slots=True)
class Folded[A, B]:
    """`Failure e ↦ of_error(e)`, `Success x ↦ of_value(x)`"""

    of_error: Callable[[Exception], B]
    of_value: Callable[[A], B]

    def __call__(self, result: Result[A, Exception], /) -> B:
        """Its value."""
        if isinstance(result, Success):
            return self.of_value(result.unwrap())
        return self.of_error(result.failure())


@dataclass(frozen=True, slots=True)
class Given[A]:
    """`λ_. result`: each time with an error of its own, which says the same."""

    result: Result[A, Exception]

    def __call__(self, x: object, /) -> Result[A, Exception]:
        """Its value."""
        return self.result.alt(again)


def failure_of[A](result: Result[A, Exception]) -> Exception:
    """`Failure e ↦ e`"""
    return result.failure()


def success_of[A](result: Result[A, Exception]) -> A:
    """`Success x ↦ x`"""
    return result.unwrap()


def redeem[I, A, B](
    f: Flow[I, A], of_error: Callable[[Exception], B], of_value: Callable[[A], B]
) -> Flow[I, B]:
    """`f.attempt().map(fold)`: a function of the error, or one of the value."""
    return f.attempt().map(Folded(of_error, of_value))


def redeem_with[I, A, B](
    f: Flow[I, A], on_failure: Flow[Exception, B], on_success: Flow[A, B]
) -> Flow[I, B]:
    """`f.attempt() >>> (on_failure ||| on_success)`: a flow of the error, or one of the value."""
    error: Flow[Result[A, Exception], Exception] = pure(failure_of)
    value: Flow[Result[A, Exception], A] = pure(success_of)
    # A mapping, since `Result` is no union of its two classes to a type checker.
    return f.attempt().branch({Failure: error >> on_failure, Success: value >> on_success})


# --------------------------------------------------------------------------------------- the laws


@holds(TRACE)
def attempts_a_failure[I, A](e: Exception) -> IsEq[Flow[I, Result[A, Exception]]]:
    """`(fail e).attempt() ≈ always (Failure e)`"""
    return IsEq(fail(e).attempt(), always(Failure(e)))


@holds(TRACE)
def attempts_a_success[I, A](f: Total[I, A]) -> IsEq[Flow[I, Result[A, Exception]]]:
    """`f.attempt() ≈ f.map(Success)`, if `f` does not fail"""
    return IsEq(f.attempt(), f.map(succeeded))


@holds(TRACE)
def absolves_what_it_attempts[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f.attempt().absolve() ≈ f`"""
    return IsEq(f.attempt().absolve(), f)


@holds(TRACE)
def attempts_what_it_absolves[I, A](
    result: Result[A, Exception],
) -> IsEq[Flow[I, Result[A, Exception]]]:
    """`(always result).absolve().attempt() ≈ always result`"""
    return IsEq(pure(Given(result)).absolve().attempt(), pure(Given(result)))


@holds(TRACE)
def fails_by_absolving[I, A](e: Exception) -> IsEq[Flow[I, A]]:
    """`fail e ≈ (always (Failure e)).absolve()`"""
    failure: Result[A, Exception] = Failure(e)
    return IsEq(fail(e), pure(Given(failure)).absolve())


@holds(TRACE)
def an_attempt_succeeds[I, A](
    f: Flow[I, A],
) -> IsEq[Flow[I, Result[Result[A, Exception], Exception]]]:
    """`f.attempt().attempt() ≈ f.attempt().map(Success)`"""
    return IsEq(f.attempt().attempt(), f.attempt().map(succeeded))


@holds(TRACE)
def redeems[I, A, B](
    f: Flow[I, A], h: Callable[[Exception], B], k: Callable[[A], B]
) -> IsEq[Flow[I, B]]:
    """`redeem f h k ≈ f.map(k).recover(h)`, for a function `k` that does not fail"""
    return IsEq(redeem(f, h, k), f.map(k).recover(h))


@holds(TRACE)
def redeems_with[I, A](f: Flow[I, A], h: Flow[Exception, A]) -> IsEq[Flow[I, A]]:
    """`f.recover_with(h) ≈ f.attempt() >>> (h ||| id)`"""
    return IsEq(f.recover_with(h), redeem_with(f, h, identity()))


@holds(TRACE)
def redeems_by_binding[I, A, B](
    f: Flow[I, A], h: Flow[Exception, B], k: Flow[A, B]
) -> IsEq[Flow[I, B]]:
    """`redeem_with f h k ≈ f.attempt().bind(Failure e ↦ always e >>> h,
    Success x ↦ always x >>> k)`
    """
    return IsEq(redeem_with(f, h, k), f.attempt().bind(Redeeming(h, k)))


@dataclass(frozen=True, slots=True)
class Redeeming[A, B]:
    """`Failure e ↦ always e >>> of_error`, `Success x ↦ always x >>> of_value`"""

    of_error: Flow[Exception, B]
    of_value: Flow[A, B]

    def __call__(self, result: Result[A, Exception], /) -> Flow[object, B]:
        """Its value."""
        if isinstance(result, Success):
            return always(result.unwrap()) >> self.of_value
        return always(result.failure()) >> self.of_error


ATTEMPT = RuleSet(
    "attempt",
    (
        attempts_a_failure,
        attempts_a_success,
        absolves_what_it_attempts,
        attempts_what_it_absolves,
        fails_by_absolving,
        an_attempt_succeeds,
        redeems,
        redeems_with,
        redeems_by_binding,
    ),
    (ERROR,),
)
"""Errors as values, `attempt` and `absolve`."""
