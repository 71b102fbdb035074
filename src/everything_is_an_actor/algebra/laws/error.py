"""Failure is an effect like any other: `fail`, handlers, and errors as values.

`fail e`, `redeem`, `adapt` and `on_error` are derived. Handlers see recoverable errors only: a
fatal one goes through both sides of every equation.

Source: `ApplicativeErrorLaws` and `MonadErrorLaws` of cats. Left out: handlers that are partial
functions, since there are none here (a handler that raises again is one: `handling_nothing`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Never

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.failure import FlowFilterError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import always
from everything_is_an_actor.algebra.laws.functions import Composed, Raising, again
from everything_is_an_actor.algebra.laws.law import (
    RESULT,
    TRACE,
    Fallible,
    IsEq,
    RuleSet,
    Total,
    holds,
)
from everything_is_an_actor.algebra.laws.monad import MONAD
from everything_is_an_actor.algebra.steps import succeeded


def fail(error: Exception) -> Flow[object, Never]:
    """`fail e`: the flow that fails, whatever comes.

    >>> fail(ValueError("no"))
    pure(Raising(error=ValueError('no')))
    """
    return pure(Raising(error))


def raised(error: Exception) -> Never:
    """`e ↦ raise e`"""
    raise error


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


@dataclass(frozen=True, slots=True)
class RaisingAs:
    """`e ↦ raise h(e)`"""

    h: Callable[[Exception], Exception]

    def __call__(self, error: Exception, /) -> Never:
        """Raises it."""
        raise again(self.h(error))


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


def adapt[I, A](f: Flow[I, A], h: Callable[[Exception], Exception]) -> Flow[I, A]:
    """`f.recover_with(arr (e ↦ raise h(e)))`: another error in the place of the one."""
    return f.recover_with(pure(RaisingAs(h)))


def on_error[I, A](f: Flow[I, A], side: Flow[Exception, Any]) -> Flow[I, A]:
    """`f.recover_with(id.tap(side) >>> arr raise)`: a side flow on the error, which goes on.

    What it yields is dropped: hence its `Any`.
    """
    start: Flow[Exception, Exception] = identity()
    return f.recover_with(start.tap(side) >> pure(raised))


# --------------------------------------------------------------------------------------- handlers


@holds(TRACE)
def handles_with[I, A](e: Exception, h: Flow[Exception, A]) -> IsEq[Flow[I, A]]:
    """`(fail e).recover_with(h) ≈ always e >>> h`"""
    return IsEq(fail(e).recover_with(h), always(e) >> h)


@holds(TRACE)
def handles[I, A](e: Exception, h: Callable[[Exception], A]) -> IsEq[Flow[I, A]]:
    """`(fail e).recover(h) ≈ always (h e)`"""
    return IsEq(fail(e).recover(h), always(h(e)))


@holds(TRACE)
def success_needs_no_flow[I, A](f: Total[I, A], h: Flow[Exception, A]) -> IsEq[Flow[I, A]]:
    """`f.recover_with(h) ≈ f`, if `f` does not fail"""
    return IsEq(f.recover_with(h), f)


@holds(TRACE)
def success_needs_no_handler[I, A](f: Total[I, A], h: Callable[[Exception], A]) -> IsEq[Flow[I, A]]:
    """`f.recover(h) ≈ f`, if `f` does not fail"""
    return IsEq(f.recover(h), f)


@holds(TRACE)
def handling_nothing[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f.recover_with(arr raise) ≈ f`"""
    return IsEq(f.recover_with(pure(raised)), f)


@holds(TRACE)
def recovers_by_a_function[I, A](f: Flow[I, A], h: Callable[[Exception], A]) -> IsEq[Flow[I, A]]:
    """`f.recover(h) ≈ f.recover_with(arr h)`"""
    return IsEq(f.recover(h), f.recover_with(pure(h)))


@holds(TRACE)
def handlers_compose[I, A](
    f: Flow[I, A], h: Flow[Exception, A], k: Flow[Exception, A]
) -> IsEq[Flow[I, A]]:
    """`f.recover_with(h).recover_with(k) ≈ f.recover_with(h.recover_with(k))`"""
    return IsEq(f.recover_with(h).recover_with(k), f.recover_with(h.recover_with(k)))


@holds(TRACE)
def maps_both_outcomes[I, A, B](
    f: Flow[I, A], h: Callable[[Exception], A], k: Callable[[A], B]
) -> IsEq[Flow[I, B]]:
    """`f.recover(h).map(k) ≈ f.map(k).recover(k ∘ h)`, for a function `k` that does not fail"""
    return IsEq(f.recover(h).map(k), f.map(k).recover(Composed(k, h)))


@holds(TRACE)
def retries_by_falling_back[I, A](f: Flow[I, A], n: int) -> IsEq[Flow[I, A]]:
    """`f.retry(n) ≈ f <|> f.retry(n - 1)`"""
    return IsEq(f.retry(n), f.fallback_to(f.retry(n - 1)))


@holds(TRACE)
def no_retry[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f.retry(0) ≈ f`"""
    return IsEq(f.retry(0), f)


# -------------------------------------------------------------------------------- errors as values


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
def adapts_a_failure[I, A](e: Exception, h: Callable[[Exception], Exception]) -> IsEq[Flow[I, A]]:
    """`adapt (fail e) h ≈ fail (h e)`"""
    return IsEq(adapt(fail(e), h), fail(h(e)))


@holds(TRACE)
def adapts_no_success[I, A](
    f: Total[I, A], h: Callable[[Exception], Exception]
) -> IsEq[Flow[I, A]]:
    """`adapt f h ≈ f`, if `f` does not fail"""
    return IsEq(adapt(f, h), f)


@holds(TRACE)
def on_error_of_a_failure[I, A, B](e: Exception, side: Flow[Exception, B]) -> IsEq[Flow[I, A]]:
    """`on_error (fail e) side ≈ always e >>> side >>> fail e`"""
    return IsEq(on_error(fail(e), side), always(e) >> side >> fail(e))


@holds(TRACE)
def on_error_of_a_success[I, A, B](f: Total[I, A], side: Flow[Exception, B]) -> IsEq[Flow[I, A]]:
    """`on_error f side ≈ f`, if `f` does not fail"""
    return IsEq(on_error(f, side), f)


# ----------------------------------------------------------------------------------------- zeros


@holds(TRACE)
def left_zero[A, B, C](e: Exception, g: Flow[B, C]) -> IsEq[Flow[A, C]]:
    """`fail e >>> g ≈ fail e`"""
    return IsEq(fail(e) >> g, fail(e))


@holds(TRACE)
def left_zero_of_bind[I, A, B](e: Exception, k: Callable[[A], Flow[I, B]]) -> IsEq[Flow[I, B]]:
    """`(fail e).bind(k) ≈ fail e`"""
    failing: Flow[I, A] = fail(e)
    return IsEq(failing.bind(k), fail(e))


@holds(RESULT)
def right_zero[I, A, B](f: Total[I, A], e: Exception) -> IsEq[Flow[I, B]]:
    """`f >>> fail e ≈ fail e`, if `f` does not fail

    Not in its calls: those of `f` are made.
    """
    return IsEq(f >> fail(e), fail(e))


@holds(RESULT)
def fails_on_the_left[I, A, B](e: Exception, g: Fallible[I, B]) -> IsEq[Flow[I, tuple[A, B]]]:
    """`fail e &&& g ≈ fail e`, if `g` does not fail fatally

    Not in its calls: those of `g` have begun. A fatal error wins over any other one at its instant.
    """
    failing: Flow[I, A] = fail(e)
    return IsEq(failing.zip(g), fail(e))


@holds(RESULT)
def fails_on_the_right[I, A, B](f: Total[I, A], e: Exception) -> IsEq[Flow[I, tuple[A, B]]]:
    """`f &&& fail e ≈ fail e`, if `f` does not fail

    Not in its calls: those of `f` have begun. Of two errors at once the left one wins.
    """
    failing: Flow[I, B] = fail(e)
    return IsEq(f.zip(failing), fail(e))


# ----------------------------------------------------------------------------------------- checks


def rejected[A](value: A) -> Never:
    """`x ↦ raise FlowFilterError x`"""
    raise FlowFilterError(value, "")


def anonymous(error: Exception) -> Exception:
    """A rejection without what has rejected, which is no part of its meaning."""
    return FlowFilterError(error.value, "") if isinstance(error, FlowFilterError) else error


def accepted[A](ok: bool) -> Flow[A, A]:
    """`True ↦ id`, `False ↦ arr rejected`"""
    return identity() if ok else pure(rejected)


@holds(TRACE)
def filters_by_branching[I, A](f: Flow[I, A], p: Callable[[A], bool]) -> IsEq[Flow[I, A]]:
    """`f.filter(p) ≈ f.branch_on(p, id, arr rejected)`, up to what the error says has rejected"""
    checked: Flow[I, A] = f.branch_on(p, identity(), pure(rejected))
    return IsEq(adapt(f.filter(p), anonymous), adapt(checked, anonymous))


@holds(TRACE)
def guards_by_binding[I, A](f: Flow[I, A], check: Flow[A, bool]) -> IsEq[Flow[I, A]]:
    """`f.guard(check) ≈ f >>> check.bind(True ↦ id, False ↦ arr rejected)`, up to what the error
    says has rejected
    """
    verdict: Callable[[bool], Flow[A, A]] = accepted
    return IsEq(adapt(f.guard(check), anonymous), adapt(f >> check.bind(verdict), anonymous))


@holds(TRACE)
def filters_by_guarding[I, A](f: Flow[I, A], p: Callable[[A], bool]) -> IsEq[Flow[I, A]]:
    """`f.filter(p) ≈ f.guard(arr p)`, up to what the error says has rejected"""
    return IsEq(adapt(f.filter(p), anonymous), adapt(f.guard(pure(p)), anonymous))


ERROR = RuleSet(
    "error",
    (
        handles_with,
        handles,
        success_needs_no_flow,
        success_needs_no_handler,
        handling_nothing,
        recovers_by_a_function,
        handlers_compose,
        maps_both_outcomes,
        retries_by_falling_back,
        no_retry,
        attempts_a_failure,
        attempts_a_success,
        absolves_what_it_attempts,
        attempts_what_it_absolves,
        fails_by_absolving,
        an_attempt_succeeds,
        redeems,
        redeems_with,
        adapts_a_failure,
        adapts_no_success,
        on_error_of_a_failure,
        on_error_of_a_success,
        left_zero,
        left_zero_of_bind,
        right_zero,
        fails_on_the_left,
        fails_on_the_right,
        filters_by_branching,
        guards_by_binding,
        filters_by_guarding,
    ),
    (MONAD,),
)
