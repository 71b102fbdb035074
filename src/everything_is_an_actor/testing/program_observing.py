"""What is seen of a run of a program on actors, in a form in which two runs can be compared."""

from collections import Counter as Multiset
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, override

from returns.result import Failure, Success

from everything_is_an_actor.algebra.fold_map import Step
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, Observation
from everything_is_an_actor.algebra.operations import Attempt, Par
from everything_is_an_actor.runtime.ref import ActorRef


def told(value: Any) -> object:
    """A value that can be compared: a ref by its path, an error by what it says."""
    match value:
        case ActorRef():
            return f"ref {value.path}"
        case BaseException():
            return (type(value).__name__, told(value.args))
        case Success(inner):
            return ("Success", told(inner))
        case Failure(error):
            return ("Failure", told(error))
        case tuple():
            return tuple(map(told, value))
        case _:
            return (type(value).__name__, value)


def notes(value: Any) -> object:
    """Where errors say that they were raised: the notes of those in a value."""
    match value:
        case BaseException():
            return tuple(getattr(value, "__notes__", ()))
        case Success(inner) | Failure(inner):
            return notes(inner)
        case tuple():
            return tuple(map(notes, value))
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Did:
    """A step of a trace: the operation, what came of it, and the steps within it."""

    op: str
    inside: object
    outcome: object
    notes: object
    within: "tuple[tuple[Did, ...], ...]"

    @override
    def __str__(self) -> str:
        within = "".join(f" [{'; '.join(map(str, each))}]" for each in self.within)
        return f"{self.op}{self.inside or ''} → {self.outcome}{within}"


def did(step: Step) -> Did:
    """A step, so that it can be compared."""
    fields = [getattr(step.op, name) for name in getattr(step.op, "__match_args__", ())]
    return Did(
        type(step.op).__name__,
        () if step.within else tuple(map(told, fields)),
        told(step.outcome),
        notes(step.outcome),
        tuple(tuple(map(did, branch)) for branch in step.within),
    )


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of a program: what came of it, in how many seconds, and what it has done.

    Of a run that ends by a fatal error the model does not tell what it has done: nobody does here.
    """

    outcome: object
    notes: object = ()
    seconds: float = 0.0
    steps: tuple[Did, ...] = ()
    wrong: str | None = None

    def by(self, observation: Observation) -> object:
        """What of it is seen by an observation."""
        if observation is RESULT:
            return self.outcome, self.wrong
        if observation is CALLS:
            return self.outcome, self.wrong, Multiset(map(str, performed(self.steps)))
        return self.outcome, self.wrong, self.seconds, tuple(map(str, self.steps))

    @override
    def __str__(self) -> str:
        lines = [f"{self.outcome} after {self.seconds:g} s", *map(str, self.steps)]
        return "\n       ".join(lines + ([] if self.wrong is None else [self.wrong]))


def performed(steps: Sequence[Did]) -> Iterator[Did]:
    """The operations on actors among the steps, however deep within attempts and pars."""
    for step in steps:
        if step.op not in (Attempt.__name__, Par.__name__):
            yield step
        for branch in step.within:
            yield from performed(branch)


def ran(result: Any, seconds: float, trace: Sequence[Step], wrong: str | None = None) -> Ran:
    """A run, of what came of it."""
    return Ran(told(result), notes(result), seconds, tuple(map(did, trace)), wrong)


def died(error: BaseException, wrong: str | None = None) -> Ran:
    """A run that was ended by a fatal error."""
    return Ran(told(error), notes(error), wrong=wrong)
