"""`<|>`, which is `fallback_to`: the first that succeeds; what failed before has had its effects.

The last error wins, so that any failing flow is a unit on the left, and on the right one up to the
error. `<|>` is left-catch: what comes after it is not tried again with the other side.

Source: `SemigroupKLaws`, `MonoidKLaws` and `AlternativeLaws` of cats; left catch: HaskellWiki,
MonadPlus reform proposal.
"""

from collections.abc import Callable
from dataclasses import dataclass

from returns.result import Result, Success

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.applicative import always, ap
from everything_is_an_actor.algebra.laws.error import ERROR, adapt, fail
from everything_is_an_actor.algebra.laws.functions import Constant, Curried
from everything_is_an_actor.algebra.laws.law import RESULT, TRACE, IsEq, RuleSet, Total, holds


@dataclass(frozen=True, slots=True)
class OrElse[I, A]:
    """`Success x ↦ always x`, `Failure e ↦ other`"""

    other: Flow[I, A]

    def __call__(self, result: Result[A, Exception], /) -> Flow[I, A]:
        """Its value."""
        return always(result.unwrap()) if isinstance(result, Success) else self.other


# ------------------------------------------------------------------------------------- a monoid


@holds(TRACE)
def associativity[I, A](f: Flow[I, A], g: Flow[I, A], h: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`(f <|> g) <|> h ≈ f <|> (g <|> h)`"""
    return IsEq(f.fallback_to(g).fallback_to(h), f.fallback_to(g.fallback_to(h)))


@holds(TRACE)
def left_unit[I, A](e: Exception, f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`fail e <|> f ≈ f`"""
    failing: Flow[I, A] = fail(e)
    return IsEq(failing.fallback_to(f), f)


@holds(TRACE)
def right_unit[I, A](f: Flow[I, A], e: Exception) -> IsEq[Flow[I, A]]:
    """`f <|> fail e ≈ f`, up to the error: `f <|> fail e ≈ adapt f (λ_. e)`

    The last error wins.
    """
    failing: Flow[I, A] = fail(e)
    return IsEq(f.fallback_to(failing), adapt(f, Constant(e)))


@holds(TRACE)
def left_catch[I, A](f: Total[I, A], g: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f <|> g ≈ f`, if `f` does not fail"""
    return IsEq(f.fallback_to(g), f)


# ---------------------------------------------------------------------- with handlers and values


@holds(TRACE)
def falls_back_by_binding[I, A](f: Flow[I, A], g: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f <|> g ≈ f.attempt().bind(Success x ↦ always x, Failure e ↦ g)`"""
    return IsEq(f.fallback_to(g), f.attempt().bind(OrElse(g)))


@holds(TRACE)
def handler_without_the_error[I, A](f: Flow[I, A], x: A) -> IsEq[Flow[I, A]]:
    """`f <|> always x ≈ f.recover(λ_. x)`"""
    other: Flow[I, A] = always(x)
    return IsEq(f.fallback_to(other), f.recover(Constant(x)))


@holds(TRACE)
def an_attempt_needs_no_other[I, A](
    f: Flow[I, A], g: Flow[I, Result[A, Exception]]
) -> IsEq[Flow[I, Result[A, Exception]]]:
    """`f.attempt() <|> g ≈ f.attempt()`"""
    return IsEq(f.attempt().fallback_to(g), f.attempt())


# --------------------------------------------------------------------------------- distributivity


@holds(TRACE)
def maps_both[I, A, B](f: Flow[I, A], g: Flow[I, A], h: Callable[[A], B]) -> IsEq[Flow[I, B]]:
    """`(f <|> g).map(h) ≈ f.map(h) <|> g.map(h)`, for a function `h` that does not fail"""
    return IsEq(f.fallback_to(g).map(h), f.map(h).fallback_to(g.map(h)))


@holds(TRACE)
def distributes_over_a_function_before[I, J, A](
    h: Callable[[I], J], f: Flow[J, A], g: Flow[J, A]
) -> IsEq[Flow[I, A]]:
    """`arr h >>> (f <|> g) ≈ (arr h >>> f) <|> (arr h >>> g)`, if `h` does not fail"""
    return IsEq(pure(h) >> f.fallback_to(g), (pure(h) >> f).fallback_to(pure(h) >> g))


@holds(RESULT)
def distributes_over_what_is_before[I, J, A](
    s: Total[I, J], f: Flow[J, A], g: Flow[J, A]
) -> IsEq[Flow[I, A]]:
    """`s >>> (f <|> g) ≈ (s >>> f) <|> (s >>> g)`, if `s` does not fail

    Not in its calls: on the right `s` runs again for `g`.
    """
    return IsEq(s >> f.fallback_to(g), (s >> f).fallback_to(s >> g))


@holds(TRACE)
def distributes_over_what_is_after[I, A, B](
    f: Flow[I, A], g: Flow[I, A], t: Total[A, B]
) -> IsEq[Flow[I, B]]:
    """`(f <|> g) >>> t ≈ (f >>> t) <|> (g >>> t)`, if `t` does not fail"""
    return IsEq(f.fallback_to(g) >> t, (f >> t).fallback_to(g >> t))


@holds(RESULT)
def applies_either[I, K, A, B](
    f: Flow[I, K], g: Flow[I, K], v: Total[I, A], h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`(ff <|> gg) <*> v ≈ (ff <*> v) <|> (gg <*> v)`, if `v` does not fail, where
    `ff = f.map(curry h)`, `gg = g.map(curry h)`

    Not in its calls: on the right `v` runs again for `gg`.
    """
    ff, gg = f.map(Curried(h)), g.map(Curried(h))
    return IsEq(ap(ff.fallback_to(gg), v), ap(ff, v).fallback_to(ap(gg, v)))


@holds(RESULT)
def applies_to_either[I, K, A, B](
    f: Total[I, K], v: Flow[I, A], w: Flow[I, A], h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`ff <*> (v <|> w) ≈ (ff <*> v) <|> (ff <*> w)`, if `f` does not fail, where
    `ff = f.map(curry h)`

    Not in its calls: on the right `ff` runs again for `w`.
    """
    ff = f.map(Curried(h))
    return IsEq(ap(ff, v.fallback_to(w)), ap(ff, v).fallback_to(ap(ff, w)))


# -------------------------------------------------------------------------------------- absorption


@holds(TRACE)
def nothing_to_map[I, A, B](e: Exception, h: Callable[[A], B]) -> IsEq[Flow[I, B]]:
    """`(fail e).map(h) ≈ fail e`"""
    failing: Flow[I, A] = fail(e)
    return IsEq(failing.map(h), fail(e))


@holds(RESULT)
def nothing_to_apply_to[I, K, A, B](
    f: Total[I, K], e: Exception, h: Callable[[tuple[K, A]], B]
) -> IsEq[Flow[I, B]]:
    """`ff <*> fail e ≈ fail e`, if `f` does not fail, where `ff = f.map(curry h)`

    Not in its calls: those of `f` have begun.
    """
    failing: Flow[I, A] = fail(e)
    return IsEq(ap(f.map(Curried(h)), failing), fail(e))


ALTERNATIVE = RuleSet(
    "alternative",
    (
        associativity,
        left_unit,
        right_unit,
        left_catch,
        falls_back_by_binding,
        handler_without_the_error,
        an_attempt_needs_no_other,
        maps_both,
        distributes_over_a_function_before,
        distributes_over_what_is_before,
        distributes_over_what_is_after,
        applies_either,
        applies_to_either,
        nothing_to_map,
        nothing_to_apply_to,
    ),
    (ERROR,),
)
"""Falling back, `f | g`."""
