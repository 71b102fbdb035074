"""Interpreters under test: each is given flows and inputs, and says what was seen of the runs."""

import math
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from typing import Any, Protocol, override, runtime_checkable

from returns.result import Failure, Result

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.failure import FlowTimeoutError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.interpreters.dry_run import dry_run
from everything_is_an_actor.interpreters.reference import Answer, Call, evaluate
from everything_is_an_actor.interpreters.reference import Never as NeverEnds
from everything_is_an_actor.testing.observing import Observed, Seen
from everything_is_an_actor.testing.scripted import (
    Scripted,
    Silent,
)

type AnyFlow = Flow[Any, Any]
type Run = tuple[AnyFlow, Any]


@runtime_checkable
class FlowInterpreter(Protocol):
    """What laws are checked on: an interpreter of flows whose agents are scripted.

    `running` makes one of an async function. (An `Interpreter` of `everything_is_an_actor.free`
    gives meaning to the operations of programs, not to flows.)

    >>> from everything_is_an_actor.flow import pure
    >>> on_paper: FlowInterpreter = Reference()
    >>> [observed] = on_paper.observe([(pure(abs), -1)])
    >>> observed.result
    <Success: 1>
    """

    @property
    def name(self) -> str:
        """What it is called in the ids of tests."""

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        """What is seen of each run, of a flow on an input, on its own."""
        ...


def need_interpreter(where: str, value: object) -> None:
    """An interpreter of flows; a function or a class is told how to become one."""
    if isinstance(value, FlowInterpreter) and not isinstance(value, type):
        return
    hint = "one has a `name`, and a method `observe` from runs to what is seen of each"
    if isinstance(value, type):
        hint = f"make one of the class: {value.__name__}(...)"
    elif callable(value):
        name = callable_name(value)
        hint = f"make one of an async function of a flow and an input: running({name!r}, {name})"
    raise TypeError(f"{where}: interpreter must be a FlowInterpreter, got {shown(value)}: {hint}")


# ----------------------------------------------------------------------------------- on paper


class _Scripts(Mapping[Any, Callable[[Any], Any]]):
    """What each agent does: a scripted one says so itself."""

    @override
    def __getitem__(self, target: Any) -> Callable[[Any], Answer]:
        if not isinstance(target, Scripted):
            raise KeyError(target)

        def script(input: Any) -> Answer:
            does = target.does(input)
            value = does.value
            if isinstance(value, BaseException):
                value = type(value)(*value.args)
            return Answer(value, does.after)

        return script

    @override
    def __iter__(self) -> Iterator[Any]:
        return iter(())

    @override
    def __len__(self) -> int:
        return 0


def _on_paper(
    result: Result[Any, BaseException], seconds: float, calls: Iterable[Call]
) -> Observed:
    seen = tuple(_seen(call) for call in calls if not isinstance(call.agent, Silent))
    if isinstance(result, Failure) and isinstance(result.failure(), NeverEnds):
        return Observed(None, math.inf, seen)
    return Observed(result, seconds, seen)


def _seen(call: Call) -> Seen:
    """A call; one that its own timeout has cut short was cancelled, as the agent sees it."""
    cut = isinstance(call.output, FlowTimeoutError)
    ending = "cancelled" if cut else call.ending
    return Seen(call.agent.__name__, call.input, call.start, call.end, ending)


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference semantics."""

    name: str = "reference"

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        """What the semantics says of each run."""
        meanings = (evaluate(flow, input, _Scripts()) for flow, input in runs)
        return [_on_paper(found.result, found.seconds, found.calls) for found in meanings]


@dataclass(frozen=True, slots=True)
class DryRuns:
    """The dry run."""

    name: str = "dry-run"

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        """What comes of each dry run."""
        found = (dry_run(flow, input, _Scripts()) for flow, input in runs)
        return [_on_paper(each.result, each.seconds, each.calls) for each in found]
