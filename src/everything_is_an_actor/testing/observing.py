"""What is seen of a run, in a form in which two runs can be compared."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, assert_never, override

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.failure import FlowFilterError, FlowTimeoutError
from everything_is_an_actor.algebra.laws.law import Observation
from everything_is_an_actor.algebra.values import Continue, Done, QuorumResult


def told(value: Any) -> object:
    """Any value, so that it can be compared and hashed: an error by its type and arguments.

    `True` is not `1` here, and an error is equal to another one that says the same; its notes are
    for people, and say where in a flow it was raised; so is the expression in the text of an error
    of the algebra.

    >>> told(ValueError("no")) == told(ValueError("no"))
    True
    >>> told(True) == told(1)
    False
    """
    match value:
        case None | str() | bytes():
            return value
        case BaseExceptionGroup():
            return (type(value), value.message, told(value.exceptions))
        case FlowTimeoutError():
            return (type(value), value.seconds)
        case FlowFilterError():
            return (type(value), told(value.value))
        case BaseException():
            return (type(value), told(value.args))
        case Success(inner):
            return ("Success", told(inner))
        case Failure(inner):
            return ("Failure", told(inner))
        case Continue(inner):
            return ("Continue", told(inner))
        case Done(inner):
            return ("Done", told(inner))
        case QuorumResult(succeeded, failed):
            return ("QuorumResult", told(succeeded), told(failed))
        case list() | tuple():
            return (type(value), *map(told, value))
        case set() | frozenset():
            return (type(value), frozenset(map(told, value)))
        case dict():
            return ("dict", *((told(key), told(inner)) for key, inner in value.items()))
        case _ if type(value).__hash__ is None and is_dataclass(value):
            compared = (each.name for each in fields(value) if each.compare)
            return (type(value), *(told(getattr(value, name)) for name in compared))
        case _:
            return (type(value), value)


@dataclass(frozen=True, slots=True)
class Seen:
    """One call of one agent: what came in, from when to when (seconds), and how it ended.

    Whoever gives it up, a timeout or a sibling, has cancelled it.
    """

    agent: str
    input: object
    start: float
    end: float
    ending: str

    @override
    def __str__(self) -> str:
        return f"{self.agent}({self.input!r}) {self.ending}, {self.start:g}–{self.end:g} s"


@dataclass(frozen=True, slots=True)
class Observed:
    """A run: what came of it (None: it never ends), when, and the calls, side flows' included.

    `wrong` says what is wrong with any run that is so: a task left running, an event lost.

    >>> print(Observed(Success("a"), 1.5, (Seen("slow", True, 0.0, 1.5, "completed"),)))
    <Success: 'a'> after 1.5 s
      slow(True) completed, 0–1.5 s
    """

    result: Result[Any, BaseException] | None
    seconds: float = 0.0
    calls: tuple[Seen, ...] = ()
    wrong: str | None = None

    def by(self, observation: Observation) -> object:
        """What of it is seen by an observation."""
        outcome = (told(self.result), self.wrong)
        match observation:
            case Observation.RESULT:
                return outcome
            case Observation.CALLS:
                calls = ((call.agent, told(call.input), call.ending) for call in self.calls)
                return outcome, Counter(calls)
            case Observation.TRACE:
                seen = (
                    (call.agent, told(call.input), call.ending, call.start, call.end)
                    for call in self.calls
                )
                return outcome, self.seconds, Counter(seen)
            case Observation.SHAPE:
                raise ValueError("a run has no shape: compare the flows in normal form")
            case _ as unreachable:
                assert_never(unreachable)

    @override
    def __str__(self) -> str:
        lines = [] if self.wrong is None else [f"wrong: {self.wrong}"]
        if self.result is not None:
            lines.insert(0, f"{_outcome(self.result)} after {self.seconds:g} s")
        elif not lines:
            lines = ["never ends"]
        lines += [f"  {call}" for call in sorted(self.calls, key=in_time)]
        return "\n".join(lines)


def _outcome(result: Result[Any, BaseException]) -> str:
    """As `returns` shows it, but `1` is not `'1'`, nor an error another one of the same text."""
    if isinstance(result, Failure):
        return f"<Failure: {result.failure()!r}>"
    return f"<Success: {result.unwrap()!r}>"


def in_time(call: Seen) -> tuple[float, float, str, str]:
    """The order of a trace: by the beginning, then by the end."""
    return call.start, call.end, call.agent, repr(call.input)


def differ(one: Iterable[Observed], other: Iterable[Observed], by: Observation) -> int | None:
    """Where two rows of runs first differ."""
    for index, (left, right) in enumerate(zip(one, other, strict=True)):
        if left.by(by) != right.by(by):
            return index
    return None
