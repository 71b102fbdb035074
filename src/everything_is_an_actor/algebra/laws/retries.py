"""To try again: `retry` is `<|>` with itself, so many times, for the errors that it is for.

How long it waits between two tries is in `timing.py`.

Source: the method of `Flow`, as it is documented.
"""

from dataclasses import dataclass

from everything_is_an_actor.algebra.build import identity, pure
from everything_is_an_actor.algebra.flow import Flow, on
from everything_is_an_actor.algebra.laws.functions import Constant, raised
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, Total, holds


@dataclass(frozen=True, slots=True)
class HandledFor[A, B]:
    """`x ↦ f.recover_with(on(kind, arr (const x) >>> g).on(Exception, arr (e ↦ ⇑ e)))`"""

    kind: type[Exception]
    f: Flow[A, B]
    g: Flow[A, B]

    def __call__(self, x: A, /) -> Flow[A, B]:
        """Its value."""
        again: Flow[Exception, B] = pure(Constant(x)) >> self.g
        return self.f.recover_with(on(self.kind, again).on(Exception, pure(raised)))


@holds(TRACE)
def no_retry[I, A](f: Flow[I, A]) -> IsEq[Flow[I, A]]:
    """`f.retry(0) ≈ f`"""
    return IsEq(f.retry(0), f)


@holds(TRACE)
def retries_by_falling_back[I, A](f: Flow[I, A], n: int) -> IsEq[Flow[I, A]]:
    """`f.retry(n) ≈ f <|> f.retry(n - 1)`"""
    return IsEq(f.retry(n), f.fallback_to(f.retry(n - 1)))


@holds(TRACE)
def retry_is_a_fallback[A, B](f: Flow[A, B], n: int) -> IsEq[Flow[A, B]]:
    """`f.retry(n) ≈ f <|> f <|> … <|> f`, `n` times"""
    tries = f
    for _ in range(n):
        tries = tries.fallback_to(f)
    return IsEq(f.retry(n), tries)


@holds(TRACE)
def retries_of_a_success[A, B](f: Total[A, B], n: int) -> IsEq[Flow[A, B]]:
    """`f.retry(n) ≈ f`"""
    return IsEq(f.retry(n), f)


@holds(TRACE)
def retry_of_one_kind[A, B](f: Flow[A, B], n: int) -> IsEq[Flow[A, B]]:
    """`f.retry(n, on=KeyError) ≈ id >>= (x ↦ f.recover_with(on(KeyError, …).on(Exception, …)))`

    With `f.retry(n - 1, on=KeyError)` on `x` for a `KeyError`; any other error is raised again.
    """
    start: Flow[A, A] = identity()
    tries = f
    for _ in range(n):
        tries = start.bind(HandledFor(KeyError, f, tries))
    return IsEq(f.retry(n, on=KeyError), tries)


@holds(TRACE)
def retries_multiply[A, B](f: Flow[A, B], m: int, n: int) -> IsEq[Flow[A, B]]:
    """`f.retry(m).retry(n) ≈ f.retry((m + 1) * (n + 1) - 1)`"""
    return IsEq(f.retry(m).retry(n), f.retry((m + 1) * (n + 1) - 1))


RETRIES = RuleSet(
    "retries",
    (
        no_retry,
        retries_by_falling_back,
        retry_is_a_fallback,
        retries_of_a_success,
        retries_multiply,
        retry_of_one_kind,
    ),
)
"""`retry`."""
