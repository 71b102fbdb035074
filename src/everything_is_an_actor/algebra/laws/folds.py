"""`fold_map` is the homomorphism that an interpreter of the operations determines.

What a program is folded into is the monad of coroutines (`fold_map.py`): a monad of one's own is an
interpreter that keeps a state, writes a log or raises, under it. So the two sides of these
equations are coroutines, of every interpreter.

Source: `FreeSuite` of cats ("compile consistent with foldMap", "compile id"), `monadMorphism` of
checkers. A natural transformation is a function from an operation to a program. There is no `hoist`
to change the operations of a program by one: `hoist` here is what it would be, to say that an
interpreter that performs operations by programs does the same, without the stack for it.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, override

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.failure import is_recoverable
from everything_is_an_actor.algebra.fold_map import Interpreter, Step, fold_map
from everything_is_an_actor.algebra.free import FlatMap, Pure, Suspend
from everything_is_an_actor.algebra.laws.free import Independent, Program
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, RuleSet, holds
from everything_is_an_actor.algebra.operations import ActorOp, Attempt, Par, attempt, par

type Handler = Interpreter[ActorOp]
type Folded[A] = Callable[[Handler], Coroutine[Any, Any, A]]
"""What a program means: a coroutine, of each interpreter of its operations."""

type Single[A] = Suspend[ActorOp, A]
"""Programs of a single operation."""

type Transformation = Callable[[Any], Program[Any]]
"""A natural transformation: what an operation yields, its program does as well. Hence the `Any`."""

type Interpreters = tuple[Callable[[Program[Any]], object], Callable[[Program[Any]], object]]
"""Two that run any program: hence the `Any`."""


# -------------------------------------------------------------------------- the two sides


@dataclass(frozen=True, slots=True)
class Meaning[A]:
    """`⟦p⟧`"""

    p: Program[A]

    def __call__(self, handler: Handler, /) -> Coroutine[Any, Any, A]:
        """Of this interpreter."""
        return fold_map(self.p, handler)


@dataclass(frozen=True, slots=True)
class Traced[A]:
    """`⟦p⟧`, with a trace."""

    p: Program[A]

    def __call__(self, handler: Handler, /) -> Coroutine[Any, Any, A]:
        """Of this interpreter."""
        steps: list[Step] = []
        return fold_map(self.p, handler, steps)


@dataclass(frozen=True, slots=True)
class Value[A]:
    """`return a`"""

    a: A

    async def __call__(self, handler: Handler, /) -> A:
        """Of any interpreter."""
        return self.a


@dataclass(frozen=True, slots=True)
class Performed[A]:
    """`handler op`"""

    op: Any  # an operation that yields an `A`, which its own type says

    async def __call__(self, handler: Handler, /) -> A:
        """By this interpreter."""
        value: A = await handler.perform(self.op)
        return value


@dataclass(frozen=True, slots=True)
class MeaningBound[A, B]:
    """`⟦p⟧ >>= λa. ⟦k a⟧`"""

    p: Program[A]
    k: Callable[[A], Program[B]]

    async def __call__(self, handler: Handler, /) -> B:
        """Of this interpreter."""
        return await fold_map(self.k(await fold_map(self.p, handler)), handler)


@dataclass(frozen=True, slots=True)
class MeaningMapped[A, B]:
    """`fmap h ⟦p⟧`"""

    p: Program[A]
    h: Callable[[A], B]

    async def __call__(self, handler: Handler, /) -> B:
        """Of this interpreter."""
        return self.h(await fold_map(self.p, handler))


@dataclass(frozen=True, slots=True)
class Together:
    """`together [⟦p⟧, …]`"""

    ps: tuple[Program[Any], ...]

    async def __call__(self, handler: Handler, /) -> Any:
        """By this interpreter."""
        branches: Sequence[Coroutine[Any, Any, Any]] = [fold_map(p, handler) for p in self.ps]
        return tuple(await handler.together(branches))


@dataclass(frozen=True, slots=True)
class Tried[A]:
    """`try ⟦p⟧`: of recoverable errors."""

    p: Program[A]

    async def __call__(self, handler: Handler, /) -> Result[A, Exception]:
        """Of this interpreter."""
        try:
            return Success(await fold_map(self.p, handler))
        except Exception as error:
            if is_recoverable(error):
                return Failure(error)
            raise


class Through(Interpreter[ActorOp]):
    """`handler ∘ h`: performs an operation by the program that `h` makes of it."""

    def __init__(self, h: Transformation, handler: Handler) -> None:
        self._h = h
        self._handler = handler

    @override
    def perform(self, op: ActorOp, /) -> Coroutine[Any, Any, Any]:
        return fold_map(self._h(op), self._handler)

    @override
    async def together(self, branches: Sequence[Coroutine[Any, Any, Any]]) -> Sequence[Any]:
        return await self._handler.together(branches)

    @override
    async def pause(self) -> None:
        await self._handler.pause()

    @override
    def is_cancelled(self) -> bool:
        return self._handler.is_cancelled()


@dataclass(frozen=True, slots=True)
class MeaningThrough[A]:
    """`⟦p⟧` by `handler ∘ h`"""

    h: Transformation
    p: Program[A]

    def __call__(self, handler: Handler, /) -> Coroutine[Any, Any, A]:
        """Of this interpreter, after `h`."""
        return fold_map(self.p, Through(self.h, handler))


def hoist(h: Transformation, p: Program[Any]) -> Program[Any]:
    """`p` with `h op` for each operation on actors; by recursion, so for small programs."""
    match p:
        case FlatMap(q, k):
            return hoist(h, q).flat_map(Hoisting(h, k))
        case Suspend(Par(programs)):
            return par(*(hoist(h, q) for q in programs))
        case Suspend(Attempt(q)):
            return attempt(hoist(h, q))
        case Suspend(ActorOp() as op):
            return h(op)
        case _:
            return p


@dataclass(frozen=True, slots=True)
class Hoisting:
    """`λa. hoist h (k a)`"""

    h: Transformation
    k: Callable[[Any], Program[Any]]

    def __call__(self, a: Any, /) -> Program[Any]:
        """Its value."""
        return hoist(self.h, self.k(a))


# ---------------------------------------------------------------------------------- the laws


@holds(TRACE)
def of_a_value[A](a: A) -> IsEq[Folded[A]]:
    """`⟦pure a⟧ = return a`"""
    return IsEq(Meaning(Pure(a)), Value(a))


@holds(TRACE)
def of_an_operation[A](p: Single[A]) -> IsEq[Folded[A]]:
    """`⟦liftF op⟧ = handler op`"""
    return IsEq(Meaning(p), Performed(p.op))


@holds(TRACE)
def of_a_bind[A, B](p: Program[A], k: Callable[[A], Program[B]]) -> IsEq[Folded[B]]:
    """`⟦p >>= k⟧ = ⟦p⟧ >>= λa. ⟦k a⟧`"""
    return IsEq(Meaning(p.flat_map(k)), MeaningBound(p, k))


@holds(TRACE)
def of_a_map[A, B](p: Program[A], h: Callable[[A], B]) -> IsEq[Folded[B]]:
    """`⟦p.map(h)⟧ = fmap h ⟦p⟧`"""
    return IsEq(Meaning(p.map(h)), MeaningMapped(p, h))


@holds(TRACE)
def of_a_par[A, B](both: Independent[Program[A], Program[B]]) -> IsEq[Folded[Any]]:
    """`⟦par(p, q)⟧ = together [⟦p⟧, ⟦q⟧]`"""
    return IsEq(Meaning(par(*both)), Together(both))


@holds(TRACE)
def of_an_attempt[A](p: Program[A]) -> IsEq[Folded[Result[A, Exception]]]:
    """`⟦attempt p⟧ = try ⟦p⟧`"""
    return IsEq(Meaning(attempt(p)), Tried(p))


@holds(TRACE)
def a_trace_changes_nothing[A](p: Program[A]) -> IsEq[Folded[A]]:
    """`fold_map(p, i, trace) = fold_map(p, i)`"""
    return IsEq(Traced(p), Meaning(p))


@holds(TRACE)
def the_identity_transforms_nothing[A](p: Program[A]) -> IsEq[Folded[A]]:
    """`⟦p⟧ by handler ∘ liftF = ⟦p⟧ by handler`"""
    return IsEq(MeaningThrough(Suspend, p), Meaning(p))


@holds(TRACE)
def hoisting_the_identity_changes_nothing[A](p: Program[A]) -> IsEq[Folded[A]]:
    """`⟦hoist liftF p⟧ = ⟦p⟧`"""
    return IsEq(Meaning(hoist(Suspend, p)), Meaning(p))


@holds(TRACE)
def hoisting_is_interpreting_by_programs[A](p: Program[A], h: Transformation) -> IsEq[Folded[A]]:
    """`⟦hoist h p⟧ by handler = ⟦p⟧ by handler ∘ h`"""
    return IsEq(Meaning(hoist(h, p)), MeaningThrough(h, p))


@holds(TRACE)
def interpreters_agree[A](p: Program[A], two: Interpreters) -> IsEq[object]:
    """`⟦p⟧ = ⟦p⟧`, by either interpreter: outcome, trace, where errors are noted, and time"""
    one, other = two
    return IsEq(one(p), other(p))


FOLDS = RuleSet(
    "fold_map",
    (
        of_a_value,
        of_an_operation,
        of_a_bind,
        of_a_map,
        of_a_par,
        of_an_attempt,
        a_trace_changes_nothing,
        the_identity_transforms_nothing,
        hoisting_the_identity_changes_nothing,
        hoisting_is_interpreting_by_programs,
    ),
)
"""What `fold_map` does, of every interpreter of the operations."""

AGREEMENT = RuleSet("free_agreement", (interpreters_agree,))
"""What interpreters have in common."""
