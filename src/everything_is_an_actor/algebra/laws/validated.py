"""Errors that accumulate: an attempt of each, at once, and what failed is collected in order.

`zip` gives up at the first error. `validated` makes a flow's errors values; `both` is the product
of such flows, which runs every one to its end. A quorum of all is the same for flows of one type.

Source: `ValidatedSuite` of cats.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.build import at_least, identity, pure
from everything_is_an_actor.algebra.failure import QuorumError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import APPLICATIVE, always
from everything_is_an_actor.algebra.laws.attempt import redeem
from everything_is_an_actor.algebra.laws.error import fail
from everything_is_an_actor.algebra.laws.functions import (
    Both,
    OnSuccess,
    alone,
    assoc,
    fst,
    snd,
    swap,
)
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    TRACE,
    Fallible,
    IsEq,
    RuleSet,
    Total,
    Wait,
    holds,
)
from everything_is_an_actor.algebra.laws.parallel import in_turn
from everything_is_an_actor.algebra.values import QuorumResult

type Errors = tuple[Exception, ...]
type Checked[A] = Result[A, Errors]


def validated[I, A](f: Flow[I, A]) -> Flow[I, Checked[A]]:
    """`f.attempt()`, with the error as the first of several."""
    return f.attempt().map(with_errors)


def both[I, A, B](v: Flow[I, Checked[A]], w: Flow[I, Checked[B]]) -> Flow[I, Checked[tuple[A, B]]]:
    """`v <&> w`: both values, or the errors of both."""
    return v.zip(w).map(collected)


def with_errors[A](result: Result[A, Exception]) -> Checked[A]:
    """`Failure e ↦ Failure (e,)`"""
    return result.alt(alone)


def collected[A, B](pair: tuple[Checked[A], Checked[B]]) -> Checked[tuple[A, B]]:
    """Both values, or the errors in order."""
    one, other = pair
    errors = (*errors_of(one), *errors_of(other))
    return Failure(errors) if errors else Success((one.unwrap(), other.unwrap()))


def errors_of[A](result: Checked[A]) -> Errors:
    """`Failure es ↦ es`, `Success x ↦ ()`"""
    return () if isinstance(result, Success) else result.failure()


def mapped[I, A, B](v: Flow[I, Checked[A]], h: Callable[[A], B]) -> Flow[I, Checked[B]]:
    """`v.map(Success x ↦ Success h(x))`: what `map` is to validated flows."""
    return v.map(OnSuccess(h))


def counted[A](result: Checked[A]) -> Result[A, int]:
    """The errors by their number, which does not depend on their order."""
    return result.alt(len)


def is_success(result: Checked[Any]) -> bool:
    """`Success x ↦ True`, `Failure es ↦ False`; of any value, hence the `Any`."""
    return isinstance(result, Success)


# ------------------------------------------------------------------------------- an applicative


@holds(TRACE)
def associativity[I, A, B, C](
    f: Flow[I, A], g: Flow[I, B], h: Flow[I, C], sleep: Wait[I], d: float
) -> IsEq[Flow[I, Checked[tuple[A, tuple[B, C]]]]]:
    """`((f <&> g) <&> h).map(assoc) ≈ f <&> (g <&> h)`, of validated flows

    They begin one after the other: two fatal errors at the same instant are a tie.
    """
    u, v, w = validated(f), validated(sleep(d) >> g), validated(sleep(2 * d) >> h)
    return IsEq(mapped(both(both(u, v), w), assoc), both(u, both(v, w)))


@holds(TRACE)
def left_unit[I, A](f: Flow[I, A]) -> IsEq[Flow[I, Checked[A]]]:
    """`(always () <&> f).map(snd) ≈ f`, of validated flows"""
    unit: Flow[I, None] = always(None)
    return IsEq(mapped(both(validated(unit), validated(f)), snd), validated(f))


@holds(TRACE)
def right_unit[I, A](f: Flow[I, A]) -> IsEq[Flow[I, Checked[A]]]:
    """`(f <&> always ()).map(fst) ≈ f`, of validated flows"""
    unit: Flow[I, None] = always(None)
    return IsEq(mapped(both(validated(f), validated(unit)), fst), validated(f))


@holds(TRACE)
def naturality[I, A, B, C, D](
    f: Flow[I, A], g: Flow[I, B], h: Callable[[A], C], k: Callable[[B], D]
) -> IsEq[Flow[I, Checked[tuple[C, D]]]]:
    """`f.map(h) <&> g.map(k) ≈ (f <&> g).map(h × k)`, of validated flows"""
    parts = both(validated(f.map(h)), validated(g.map(k)))
    return IsEq(parts, mapped(both(validated(f), validated(g)), Both(h, k)))


@holds(TRACE)
def commutativity[I, A, B](f: Flow[I, A], g: Flow[I, B]) -> IsEq[Flow[I, Result[tuple[A, B], int]]]:
    """`f <&> g ≈ (g <&> f).map(swap)`, of validated flows, up to the order of the errors"""
    v, w = validated(f), validated(g)
    return IsEq(both(v, w).map(counted), mapped(both(w, v), swap).map(counted))


@holds(CALLS)
def at_once_or_in_turn[I, A, B](
    f: Fallible[I, A], g: Fallible[I, B]
) -> IsEq[Flow[I, Checked[tuple[A, B]]]]:
    """`f <&> g ≈ (f ; g).map(collected)`, of validated flows, if neither fails fatally

    Not in time.
    """
    v, w = validated(f), validated(g)
    return IsEq(both(v, w), in_turn(v, w).map(collected))


# ------------------------------------------------------------------------------------- its errors


@holds(TRACE)
def collects_in_order[I, A](d: Exception, e: Exception) -> IsEq[Flow[I, Checked[tuple[A, A]]]]:
    """`fail d <&> fail e ≈ always (Failure (d, e))`, of validated flows"""
    one: Flow[I, A] = fail(d)
    other: Flow[I, A] = fail(e)
    return IsEq(both(validated(one), validated(other)), always(Failure((d, e))))


@holds(TRACE)
def succeeds_as_a_zip[I, A, B](
    f: Total[I, A], g: Total[I, B]
) -> IsEq[Flow[I, Checked[tuple[A, B]]]]:
    """`f <&> g ≈ (f &&& g).map(Success)`, if neither fails"""
    return IsEq(both(validated(f), validated(g)), f.zip(g).map(checked))


@holds(TRACE)
def adds_an_error[I, A, B](e: Exception, f: Flow[I, A]) -> IsEq[Flow[I, Checked[tuple[B, A]]]]:
    """`fail e <&> f ≈ f.map(Success x ↦ Failure (e,), Failure es ↦ Failure (e, *es))`, of
    validated flows
    """
    failing: Flow[I, B] = fail(e)
    return IsEq(both(validated(failing), validated(f)), validated(f).map(WithError(e)))


@dataclass(frozen=True, slots=True)
class WithError:
    """`Success x ↦ Failure (e,)`, `Failure es ↦ Failure (e, *es)`; of any value."""

    error: Exception

    def __call__[A](self, result: Checked[Any], /) -> Checked[A]:
        """Its value."""
        return Failure((self.error, *errors_of(result)))


@holds(TRACE)
def handles_as_a_flow[I, A](f: Flow[I, A], h: Flow[Exception, A]) -> IsEq[Flow[I, Checked[A]]]:
    """`validated f >>> (arr first_of >>> validated h ||| id) ≈ validated (f.recover_with(h))`"""
    error: Flow[Checked[A], Exception] = pure(first_of)
    handled: Flow[Checked[A], Checked[A]] = error >> validated(h)
    # A mapping, since `Result` is no union of its two classes to a type checker.
    cases = validated(f).branch({Failure: handled, Success: identity()})
    return IsEq(cases, validated(f.recover_with(h)))


def first_of(result: Checked[Any]) -> Exception:
    """`Failure (e, *es) ↦ e`; of any value, hence the `Any`."""
    return errors_of(result)[0]


def checked[A](value: A) -> Checked[A]:
    """`Success`"""
    return Success(value)


@holds(RESULT)
def fails_as_a_zip[I, A, B](f: Fallible[I, A], g: Fallible[I, B]) -> IsEq[Flow[I, bool]]:
    """`f <&> g` has errors if and only if `f &&& g` fails, unless fatally

    Not in its calls: `&&&` gives up at the first error.
    """
    accumulated = both(validated(f), validated(g)).map(is_success)
    return IsEq(accumulated, validated(f.zip(g)).map(is_success))


@holds(TRACE)
def validates_as_a_quorum[I, A](
    f: Flow[I, A], g: Flow[I, A]
) -> IsEq[Flow[I, Checked[tuple[A, ...]]]]:
    """`f <&> g ≈ redeem (at_least 2 f g) (e ↦ e.result.failed) (q ↦ q.succeeded)`"""
    pair: Flow[I, Checked[tuple[A, ...]]] = both(validated(f), validated(g))
    return IsEq(pair, redeem(at_least(2, f, g), missed, reached))


def missed[A](error: Exception) -> Checked[tuple[A, ...]]:
    """`e ↦ Failure e.result.failed`"""
    if not isinstance(error, QuorumError):
        raise error
    return Failure(error.result.failed)


def reached[A](result: QuorumResult[A]) -> Checked[tuple[A, ...]]:
    """`q ↦ Success q.succeeded`"""
    return Success(result.succeeded)


VALIDATED = RuleSet(
    "validated",
    (
        associativity,
        left_unit,
        right_unit,
        naturality,
        commutativity,
        at_once_or_in_turn,
        collects_in_order,
        adds_an_error,
        handles_as_a_flow,
        succeeds_as_a_zip,
        fails_as_a_zip,
        validates_as_a_quorum,
    ),
    (APPLICATIVE,),
)
"""Errors that accumulate."""
