"""Failure is an effect like any other: `fail`, and handlers.

`fail e`, `adapt` and `on_error` are derived. Handlers see recoverable errors only: a
fatal one goes through both sides of every equation.

Source: `ApplicativeErrorLaws` and `MonadErrorLaws` of cats.
Errors as values are in `attempt.py`, what rejects a value in `checks.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Never

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import always
from everything_is_an_actor.algebra.laws.functions import Composed, Raising, again, raised
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


def fail(error: Exception) -> Flow[object, Never]:
    """`fail e`: the flow that fails, whatever comes.

    >>> fail(ValueError("no"))
    pure(Raising(error=ValueError('no')))
    """
    return pure(Raising(error))


@dataclass(frozen=True, slots=True)
class RaisingAs:
    """`e ↦ raise h(e)`"""

    h: Callable[[Exception], Exception]

    def __call__(self, error: Exception, /) -> Never:
        """Raises it."""
        raise again(self.h(error))


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


# ----------------------------------------------------------------------------- errors on their way


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
        adapts_a_failure,
        adapts_no_success,
        on_error_of_a_failure,
        on_error_of_a_success,
        left_zero,
        left_zero_of_bind,
        right_zero,
        fails_on_the_left,
        fails_on_the_right,
    ),
    (MONAD,),
)
"""Failure and its handlers, `recover` and `recover_with`."""
