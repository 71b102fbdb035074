"""Programs at random, and the world that they are about: live, and on paper.

A world has counters at `/app/a` … `/app/d`, which add what they are told and fail at a negative
number, and the class `Counter` of which more can be spawned. Programs are built from expressions
that print and shrink. The branches of a `par` are independent: each has actors of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, override

from hypothesis import strategies as st
from returns.result import Failure, Success

from everything_is_an_actor import Actor, ActorRef, ActorSystem, Directive, OneForOneStrategy
from everything_is_an_actor.free import (
    ActorModel,
    ActorOp,
    Free,
    Pure,
    Step,
    ask,
    attempt,
    get_ref,
    par,
    run_model,
    sleep,
    spawn,
    stop,
    tell,
)
from everything_is_an_actor.testing import run

NAMES = ("a", "b", "c", "d")


def count(total: int, n: int) -> tuple[int, int]:
    if n == -4:
        raise MemoryError(n)
    if n < 0:
        raise ValueError(n)
    return total + n, total + n


class Counter(Actor[int, int]):
    def __init__(self, total: int = 0) -> None:
        self.total = total

    @override
    async def on_receive(self, message: int) -> int:
        self.total, reply = count(self.total, message)
        return reply


def counter(total: int = 0) -> ActorModel[int, int, int]:
    return ActorModel(total, count)


MODEL: dict[Any, Any] = {Counter: counter} | {f"/app/{name}": counter() for name in NAMES}


def judge(error: Exception) -> Directive:
    match error:
        case ValueError(args=(-1,)):
            return Directive.restart
        case MemoryError() | ValueError(args=(-2,)):
            return Directive.resume
        case _:
            return Directive.stop


STRATEGIES = (
    OneForOneStrategy(),
    OneForOneStrategy(max_restarts=1, within_seconds=1.0),
    OneForOneStrategy(decider=judge),
)

type Program = Free[ActorOp, Any]


def number(value: Any) -> int:
    """Something of any value, to make the next step depend on it."""
    match value:
        case int():
            return value
        case Success(inner):
            return number(inner)
        case tuple():
            return sum(map(number, value))
        case ActorRef():
            return len(value.path)
        case _:
            return 1


@dataclass(frozen=True)
class Raise:
    """A continuation that fails."""

    error: str

    def __call__(self, value: object) -> Program:
        raise LookupError(self.error, number(value))


@dataclass(frozen=True)
class Choose:
    """A continuation that depends on the value."""

    even: Program
    odd: Program

    def __call__(self, value: object) -> Program:
        return self.odd if number(value) % 2 else self.even


@dataclass(frozen=True)
class AskIt:
    """A continuation that asks the ref it is given, if it is one."""

    n: int

    def __call__(self, value: Any) -> Program:
        return value.free_ask(self.n) if isinstance(value, ActorRef) else Pure(value)


def operations(names: Sequence[str]) -> st.SearchStrategy[Program]:
    paths = st.sampled_from([f"/app/{name}" for name in names] + ["/app/nobody"])
    numbers = st.integers(-4, 3)
    return st.one_of(
        st.builds(Pure, st.integers(0, 3)),
        st.builds(ask, paths, numbers),
        st.builds(tell, paths, numbers),
        st.builds(sleep, st.sampled_from([0.5, 1.0, 1.5])),
        st.builds(get_ref, paths),
        st.builds(stop, paths),
        st.builds(spawn, st.just(Counter), st.sampled_from(list(names))),
        st.builds(
            lambda name, total: spawn(Counter, name, args=(total,)),
            st.sampled_from(list(names)),
            st.integers(0, 3),
        ),
    )


def programs(names: Sequence[str] = NAMES) -> st.SearchStrategy[Program]:
    """Programs about the counters of these names."""

    def larger(inner: st.SearchStrategy[Program]) -> st.SearchStrategy[Program]:
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
            ways.append(st.builds(par, programs(names[:half]), programs(names[half:])))
        return st.one_of(ways)

    return st.recursive(operations(names), larger, max_leaves=12)


type Seen = tuple[object, object]


def told(value: Any, notes: bool = False) -> object:
    """A value that can be compared: a ref by its path, an error by what it says, and its notes."""
    match value:
        case ActorRef():
            return f"ref {value.path}"
        case BaseException():
            said = (type(value).__name__, told(value.args, notes))
            return (*said, tuple(getattr(value, "__notes__", ()))) if notes else said
        case Success(inner):
            return ("Success", told(inner, notes))
        case Failure(error):
            return ("Failure", told(error, notes))
        case tuple():
            return tuple(told(each, notes) for each in value)
        case _:
            return value


def told_steps(steps: Sequence[Step], notes: bool = False) -> object:
    """A trace, so that it can be compared."""
    return [
        (
            told_op(step),
            told(step.outcome, notes),
            [told_steps(within, notes) for within in step.within],
        )
        for step in steps
    ]


def told_op(step: Step) -> object:
    fields = [getattr(step.op, name) for name in getattr(step.op, "__match_args__", ())]
    inside = [told(value) for value in fields] if not step.within else []
    return (type(step.op).__name__, inside)


def live(
    program: Program, strategy: OneForOneStrategy = STRATEGIES[0], notes: bool = False
) -> Seen:
    """What comes of a program on actors."""

    async def main() -> Seen:
        async with ActorSystem("app", supervisor_strategy=strategy) as system:
            for name in NAMES:
                await system.spawn(Counter, name)
            steps: list[Step] = []
            try:
                result = await system.run_free(attempt(program), trace=steps)
            except MemoryError as error:  # past recovery
                return told(error, notes), None
            return told(result, notes), told_steps(steps, notes)

    return run(main())


def on_paper(
    program: Program, strategy: OneForOneStrategy = STRATEGIES[0], notes: bool = False
) -> Seen:
    """What comes of it on the model."""
    try:
        ran = run_model(attempt(program), MODEL, system="app", supervisor_strategy=strategy)
    except MemoryError as error:
        return told(error, notes), None
    return told(ran.value, notes), told_steps(ran.trace, notes)
