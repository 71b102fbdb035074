"""Programs on actors at random, and the world that they are about: live, and on paper.

A world has counters at `/app/a` … `/app/d`, which add what they are told, say so, and fail at a
negative number: past recovery at -4. Of their class `Counter` more can be spawned, at
`/app/aa` … as well. Programs are built from expressions that print and shrink. The branches of a
`par` are about actors of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, override

from hypothesis import strategies as st
from returns.result import Failure, Success

from everything_is_an_actor.algebra.free import Free, Pure
from everything_is_an_actor.algebra.laws.free import Program
from everything_is_an_actor.algebra.operations import ask, attempt, par, sleep, stop, tell
from everything_is_an_actor.interpreters.model import ActorModel
from everything_is_an_actor.runtime.actor import Actor
from everything_is_an_actor.runtime.programs import get_ref, spawn
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.supervision import Directive, OneForOneStrategy

type AnyProgram = Program[Any]

SYSTEM = "app"
NAMES = ("a", "b", "c", "d")


# ---------------------------------------------------------------------------------- the world


def count(total: int, n: int) -> tuple[int, int]:
    """The next total, and the reply, which is that."""
    if n == -4:
        raise MemoryError(n)
    if n < 0:
        raise ValueError(n)
    return total + n, total + n


class Counter(Actor[int, int]):
    """What lives in the world: it counts."""

    def __init__(self, total: int = 0) -> None:
        self.total = total

    @override
    async def on_receive(self, message: int) -> int:
        self.total, reply = count(self.total, message)
        return reply


def counter(total: int = 0) -> ActorModel[int, int, int]:
    """The model of a `Counter`."""
    return ActorModel(total, count)


MODEL: Mapping[Any, Any] = {Counter: counter} | {f"/{SYSTEM}/{each}": counter() for each in NAMES}
"""The world on paper."""


class Forgetful(Counter):
    """A counter that counts from 0 each time: a script knows what it says."""

    @override
    async def on_receive(self, message: int) -> int:
        return forgetting("", message)


def forgetting(path: str, n: int) -> int:
    """The script of a world whose counters forget."""
    return count(0, n)[1]


def _forgot(total: int, n: int) -> tuple[int, int]:
    return 0, forgetting("", n)


FORGETFUL: Mapping[Any, Any] = {f"/{SYSTEM}/{each}": ActorModel(0, _forgot) for each in NAMES}
"""That world on paper."""


def judge(error: Exception) -> Directive:
    """A decider of every directive that an actor at the top can be given."""
    match error:
        case ValueError(args=(-1,)):
            return Directive.restart
        case MemoryError() | ValueError(args=(-2,)):
            return Directive.resume
        case _:
            return Directive.stop


def resumes(error: Exception) -> Directive:
    """A decider that lets an actor go on, whatever it fails by."""
    return Directive.resume


RESUMING = OneForOneStrategy(decider=resumes)

STRATEGIES = (
    OneForOneStrategy(),
    OneForOneStrategy(max_restarts=1, within_seconds=1.0),
    OneForOneStrategy(decider=judge),
)
"""What becomes of counters that fail."""


# ---------------------------------------------------------------------------------- functions


def number(value: Any) -> int:
    """Something of any value, to make the next step depend on it."""
    match value:
        case int():
            return value
        case str():
            return sum(map(ord, value))
        case Success(inner):
            return number(inner)
        case Failure(error):
            return len(type(error).__name__)
        case tuple():
            return sum(map(number, value))
        case ActorRef():
            return len(value.path)
        case _:
            return 1


@dataclass(frozen=True, slots=True)
class Pick[A]:
    """A function of anything: one of these values, by its number."""

    values: tuple[A, ...]

    def __call__(self, value: object, /) -> A:
        """Its value."""
        return self.values[number(value) % len(self.values)]


@dataclass(frozen=True, slots=True)
class Raise:
    """A continuation that fails."""

    error: str

    def __call__(self, value: object, /) -> AnyProgram:
        """It raises."""
        raise LookupError(self.error, number(value))


@dataclass(frozen=True, slots=True)
class Choose:
    """A continuation that depends on the value."""

    even: AnyProgram
    odd: AnyProgram

    def __call__(self, value: object, /) -> AnyProgram:
        """Its value."""
        return self.odd if number(value) % 2 else self.even


@dataclass(frozen=True, slots=True)
class AskIt:
    """A continuation that asks the ref it is given, if it is one."""

    n: int

    def __call__(self, value: Any, /) -> AnyProgram:
        """Its value."""
        return value.free_ask(self.n) if isinstance(value, ActorRef) else Pure(value)


# ----------------------------------------------------------------------------------- programs


def operations(names: tuple[str, ...] = NAMES, least: int = -4) -> st.SearchStrategy[AnyProgram]:
    """Programs of one operation, about the counters of these names or about nobody."""
    free = [f"{name}{name}" for name in names]
    name = st.sampled_from([*free, *names])
    paths = st.sampled_from([f"/{SYSTEM}/{each}" for each in (*4 * tuple(names), *free, "nobody")])
    numbers = st.one_of(st.integers(0, 3), st.integers(least, 3))
    asked = st.builds(ask, paths, numbers)
    return st.one_of(
        st.builds(Pure, st.integers(0, 3)),
        asked,
        asked,
        st.builds(tell, paths, numbers),
        st.builds(tell, paths, numbers),
        st.builds(sleep, st.sampled_from([0.5, 1.0, 1.5])),
        st.builds(get_ref, paths),
        st.builds(stop, paths),
        st.builds(_spawned, name, st.integers(0, 3)),
    )


def _spawned(name: str, total: int) -> AnyProgram:
    return spawn(Counter, name, args=(total,)) if total else spawn(Counter, name)


def recoverable(names: tuple[str, ...] = NAMES) -> st.SearchStrategy[AnyProgram]:
    """Those of which none fails past recovery."""
    return operations(names, -3)


def replies(names: tuple[str, ...] = NAMES) -> st.SearchStrategy[AnyProgram]:
    """Programs of one operation of which a script knows what comes: nobody remembers anything.

    None tells: an actor with mail replies a turn later, which is a tie with who fails meanwhile.
    """
    paths = st.sampled_from([f"/{SYSTEM}/{each}" for each in names])
    return st.one_of(
        st.builds(Pure, st.integers(0, 3)),
        st.builds(ask, paths, st.integers(-4, 3)),
        st.builds(sleep, st.sampled_from([0.5, 1.0, 1.5])),
        st.builds(get_ref, paths),
    )


def failures(names: tuple[str, ...] = NAMES) -> st.SearchStrategy[AnyProgram]:
    """Programs of one operation, about one counter: many of them are failures of it, attempted.

    So it is soon seen what becomes of it, and of its total.
    """
    path = f"/{SYSTEM}/{names[0]}"
    asked = st.builds(ask, st.just(path), st.integers(-3, 3)).map(attempt)
    return st.one_of(asked, asked, st.builds(tell, st.just(path), st.integers(-3, 3)))


type Operations = Callable[[tuple[str, ...]], st.SearchStrategy[AnyProgram]]


@cache
def programs(
    names: tuple[str, ...] = NAMES, of: Operations = operations
) -> st.SearchStrategy[AnyProgram]:
    """Programs about the counters of these names, which yield anything.

    >>> from hypothesis import find
    >>> find(programs(), lambda program: "par" in repr(program))
    par(Pure(0), Pure(0))
    """

    def larger(inner: st.SearchStrategy[AnyProgram]) -> st.SearchStrategy[AnyProgram]:
        continuations = st.one_of(
            st.builds(Raise, st.sampled_from("xy")),
            st.builds(Choose, inner, inner),
            st.builds(AskIt, st.integers(-1, 3)),
            st.just(Pure),
        )
        ways = [
            st.builds(Free.flat_map, inner, continuations),
            st.builds(Free.then, inner, inner),
            st.builds(Free.map, inner, st.just(number)),
            st.builds(attempt, inner),
        ]
        if len(names) > 1:
            half = len(names) // 2
            ways.append(st.builds(par, programs(names[:half], of), programs(names[half:], of)))
        return st.one_of(ways)

    return st.recursive(of(names), larger, max_leaves=12)


def yielding[A](
    values: st.SearchStrategy[A], names: tuple[str, ...] = NAMES, of: Operations = operations
) -> st.SearchStrategy[Program[A]]:
    """Programs about the counters of these names, which yield one of the values.

    >>> from hypothesis import find
    >>> find(yielding(st.booleans()), lambda program: True)
    Pure(False)
    """
    picks = st.lists(values, min_size=1, max_size=3).map(tuple).map(Pick)
    several = st.builds(Free.then, programs(names, of), programs(names, of))
    mapped = st.builds(Free.map, st.one_of(programs(names, of), several), picks)
    return st.one_of(st.builds(Pure, values), mapped, mapped, mapped)


def total[A](
    values: st.SearchStrategy[A], names: tuple[str, ...] = NAMES
) -> st.SearchStrategy[Program[A]]:
    """Programs about these that always yield one of the values."""
    picks = st.lists(values, min_size=1, max_size=3).map(tuple).map(Pick)
    return st.builds(Free.map, st.builds(attempt, programs(names, recoverable)), picks)
