"""Programs that fail, and programs at the same time: what holds of `attempt` and `par`.

An attempt and a par are steps of a trace, so that a side with one more of them is another trace:
most of these are told by the operations that are performed (M).

Source: `ApplicativeErrorLaws`, `MonadErrorLaws` and `ParallelLaws` of cats; of these, `fail`,
`rethrow` and `handle_with` have no constructor and are written out here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Never

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.free import Free, Pure
from everything_is_an_actor.algebra.laws.free import (
    FREE_APPLICATIVE,
    FREE_FUNCTOR,
    FREE_MONAD,
    Independent,
    Program,
    TotalProgram,
)
from everything_is_an_actor.algebra.laws.functions import (
    Both,
    Constant,
    OnSuccess,
    Raising,
    WithFirst,
    alone,
    flattened,
    fst,
    snd,
    swap,
)
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    TRACE,
    IsEq,
    RuleSet,
    holds,
)
from everything_is_an_actor.algebra.operations import attempt, par


def fail(error: BaseException) -> Free[Never, Never]:
    """The program that fails by `error`, and does nothing."""
    return Pure(None).map(Raising(error))


def rethrow[A](result: Result[A, Exception]) -> Free[Never, A]:
    """The value of a success; a failure fails: the other way round than `attempt`."""
    return fail(result.failure()) if isinstance(result, Failure) else Pure(result.unwrap())


@dataclass(frozen=True, slots=True)
class Handling[A]:
    """`λresult. k e` of a failure by `e`, and the value of a success."""

    k: Callable[[Exception], Program[A]]

    def __call__(self, result: Result[A, Exception], /) -> Program[A]:
        """Its value."""
        return self.k(result.failure()) if isinstance(result, Failure) else rethrow(result)


def handle_with[A](p: Program[A], k: Callable[[Exception], Program[A]]) -> Program[A]:
    """`attempt p >>= fold k pure`"""
    return attempt(p).flat_map(Handling(k))


# ------------------------------------------------------------------------------------ failing


@holds(CALLS)
def an_attempt_of_a_value_succeeds[A](a: A) -> IsEq[Program[Result[A, Exception]]]:
    """`attempt (pure a) ≈ pure (Success a)`"""
    succeeded: Result[A, Exception] = Success(a)
    return IsEq(attempt(Pure(a)), Pure(succeeded))


@holds(CALLS)
def an_attempt_of_an_error_yields_it(e: Exception) -> IsEq[Program[Result[Any, Exception]]]:
    """`attempt (fail e) ≈ pure (Failure e)`"""
    failed: Result[Any, Exception] = Failure(e)
    return IsEq(attempt(fail(e)), Pure(failed))


@holds(CALLS)
def rethrow_undoes_attempt[A](p: Program[A]) -> IsEq[Program[A]]:
    """`attempt p >>= rethrow ≈ p`"""
    return IsEq(attempt(p).flat_map(rethrow), p)


@holds(CALLS)
def attempt_undoes_rethrow[A](p: Program[A]) -> IsEq[Program[Result[A, Exception]]]:
    """`attempt (attempt p >>= rethrow) ≈ attempt p`"""
    return IsEq(attempt(attempt(p).flat_map(rethrow)), attempt(p))


@holds(CALLS)
def an_attempt_does_not_fail[A](
    p: Program[A],
) -> IsEq[Program[Result[Result[A, Exception], Exception]]]:
    """`attempt (attempt p) ≈ (attempt p).map(Success)`"""
    succeeded: Callable[[Any], Result[Result[A, Exception], Exception]] = Success
    return IsEq(attempt(attempt(p)), attempt(p).map(succeeded))


@holds(TRACE)
def fatal_errors_go_through_an_attempt(e: MemoryError) -> IsEq[Program[Any]]:
    """`attempt (fail e) ≈ fail e`, for an `e` past recovery"""
    return IsEq(attempt(fail(e)), fail(e))


@holds(CALLS)
def attempt_is_natural[A, B](
    p: Program[A], h: Callable[[A], B]
) -> IsEq[Program[Result[B, Exception]]]:
    """`attempt (p.map(h)) ≈ (attempt p).map(map h)`, for an `h` that does not fail"""
    return IsEq(attempt(p.map(h)), attempt(p).map(OnSuccess(h)))


@holds(CALLS)
def handlers_are_given_the_error[A](
    e: Exception, k: Callable[[Exception], Program[A]]
) -> IsEq[Program[A]]:
    """`handle_with (fail e) k ≈ k e`"""
    return IsEq(handle_with(fail(e), k), k(e))


@holds(CALLS)
def handlers_leave_values_alone[A](a: A, k: Callable[[Exception], Program[A]]) -> IsEq[Program[A]]:
    """`handle_with (pure a) k ≈ pure a`"""
    return IsEq(handle_with(Pure(a), k), Pure(a))


@holds(TRACE)
def an_error_is_a_left_zero[A, B](e: Exception, k: Callable[[A], Program[B]]) -> IsEq[Program[B]]:
    """`fail e >>= k ≈ fail e`"""
    return IsEq(fail(e).flat_map(k), fail(e))


@holds(TRACE)
def an_error_is_a_left_zero_of_ap[A](e: Exception, p: Program[A]) -> IsEq[Program[Any]]:
    """`(fail e).ap(p) ≈ fail e`"""
    failing: Program[Callable[[A], Any]] = fail(e)
    return IsEq(failing.ap(p), fail(e))


@holds(TRACE)
def what_fails_at_last_does_what_came_before[A](e: Exception, p: Program[A]) -> IsEq[Program[Any]]:
    """`p.then(fail e) ≈ p.map(λ_. raise e)`"""
    return IsEq(p.then(fail(e)), p.map(Raising(e)))


# -------------------------------------------------------------------------- at the same time


def flattened_right(nested: Any) -> Any:
    """`(x, (y, z)) ↦ (x, y, z)`"""
    x, (y, z) = nested
    return x, y, z


@dataclass(frozen=True, slots=True)
class FollowedBy[B]:
    """`λa. q.map(λb. (a, b))`"""

    q: Program[B]

    def __call__[A](self, a: A, /) -> Program[tuple[A, B]]:
        """Its value."""
        return self.q.map(WithFirst(a))


def one_may_fail(ps: tuple[Program[Any], ...], n: int) -> tuple[Program[Any], ...]:
    """The programs as they are, but an attempt of each but the `n`-th (from 1)."""
    return tuple(p if i == n else attempt(p) for i, p in enumerate(ps, 1))


@holds(CALLS)
def par_of_none_is_a_value[A](a: A) -> IsEq[Program[A]]:
    """`par().map(λ_. a) ≈ pure a`"""
    nothing: Program[Any] = par()
    return IsEq(nothing.map(Constant(a)), Pure(a))


@holds(CALLS)
def par_of_one_is_that_one[A](p: Program[A]) -> IsEq[Program[tuple[A]]]:
    """`par(p) ≈ p.map(λa. (a,))`"""
    return IsEq(par(p), p.map(alone))


@holds(CALLS)
def a_value_is_a_left_unit[A, B](p: Program[A], b: B) -> IsEq[Program[A]]:
    """`par(pure b, p).map(snd) ≈ p`"""
    return IsEq(par(Pure(b), p).map(snd), p)


@holds(CALLS)
def a_value_is_a_right_unit[A, B](p: Program[A], b: B) -> IsEq[Program[A]]:
    """`par(p, pure b).map(fst) ≈ p`"""
    return IsEq(par(p, Pure(b)).map(fst), p)


@holds(CALLS)
def nests_to_the_left[A](
    ps: Independent[Program[A], Program[A], Program[A]], n: int
) -> IsEq[Program[Any]]:
    """`par(par(p, q), r) ≈ par(p, q, r)` up to nesting, where no more than one fails

    Of two that fail, the first in time is raised: at the same time, that of the outer `par`.
    """
    p, q, r = one_may_fail(ps, n)
    return IsEq(par(par(p, q), r).map(flattened), par(p, q, r))


@holds(CALLS)
def nests_to_the_right[A](
    ps: Independent[Program[A], Program[A], Program[A]], n: int
) -> IsEq[Program[Any]]:
    """`par(p, par(q, r)) ≈ par(p, q, r)` up to nesting, where no more than one fails"""
    p, q, r = one_may_fail(ps, n)
    return IsEq(par(p, par(q, r)).map(flattened_right), par(p, q, r))


@holds(CALLS)
def par_is_natural[A, B, C, D](
    both: Independent[Program[A], Program[B]], h: Callable[[A], C], k: Callable[[B], D]
) -> IsEq[Program[tuple[C, D]]]:
    """`par(p.map(h), q.map(k)) ≈ par(p, q).map(h × k)`"""
    p, q = both
    return IsEq(par(p.map(h), q.map(k)), par(p, q).map(Both(h, k)))


@holds(CALLS)
def par_is_commutative[A](both: Independent[Program[A], Program[A]], n: int) -> IsEq[Program[Any]]:
    """`par(p, q) ≈ par(q, p).map(swap)`, where no more than one fails"""
    p, q = one_may_fail(both, n)
    return IsEq(par(p, q), par(q, p).map(swap))


@holds(CALLS)
def independent_programs_do_the_same_in_turn[A, B](
    both: Independent[Program[A], Program[B]],
) -> IsEq[Program[Any]]:
    """`par(p, q) ≈ p >>= λa. q.map(λb. (a, b))`, where neither fails"""
    p, q = attempt(both[0]), attempt(both[1])
    return IsEq(par(p, q), p.flat_map(FollowedBy(q)))


@holds(RESULT)
def an_error_is_a_zero_of_par[A](e: Exception, p: TotalProgram[A]) -> IsEq[Program[Any]]:
    """`par(p, fail e) ≈ fail e`, where `p` does not fail: it is cancelled"""
    return IsEq(par(p, fail(e)), fail(e))


FREE_ERRORS = RuleSet(
    "free_errors",
    (
        an_attempt_of_a_value_succeeds,
        an_attempt_of_an_error_yields_it,
        rethrow_undoes_attempt,
        attempt_undoes_rethrow,
        an_attempt_does_not_fail,
        fatal_errors_go_through_an_attempt,
        attempt_is_natural,
        handlers_are_given_the_error,
        handlers_leave_values_alone,
        an_error_is_a_left_zero,
        an_error_is_a_left_zero_of_ap,
        what_fails_at_last_does_what_came_before,
    ),
)
"""Programs that fail, and `attempt`."""

FREE_PAR = RuleSet(
    "free_par",
    (
        par_of_none_is_a_value,
        par_of_one_is_that_one,
        a_value_is_a_left_unit,
        a_value_is_a_right_unit,
        nests_to_the_left,
        nests_to_the_right,
        par_is_natural,
        par_is_commutative,
        independent_programs_do_the_same_in_turn,
        an_error_is_a_zero_of_par,
    ),
)
"""Programs at the same time, `par`."""

FREE = RuleSet("free", (), (FREE_FUNCTOR, FREE_APPLICATIVE, FREE_MONAD, FREE_ERRORS, FREE_PAR))
"""Every law of programs on actors."""
