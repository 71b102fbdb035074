"""What a program has done, as data: its trace, read in order, and as JSON.

A trace is a tree: a `Par` holds the steps of its branches, an `Attempt` those of its program. Here
it is read as a flat list, every step before what is within it, each with its place: the same words
by which an error says where it happened.

    steps[2].par[1].steps[0]

is the first step of the second branch of the third step. Reading is a loop with a stack, not a
recursion, so that 100,000 attempts within one another are no harder than 100,000 in a row; and of a
place that is deeper than `DEPTH` only the end is spelled, so that they are not longer either.
"""

from asyncio import CancelledError
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from returns.result import Failure, Success

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.fold_map import DEPTH, Step
from everything_is_an_actor.algebra.free import Free
from everything_is_an_actor.algebra.operations import (
    Ask,
    Attempt,
    GetRef,
    Par,
    Sleep,
    Spawn,
    Stop,
    Tell,
)
from everything_is_an_actor.algebra.plain import bounded, exactly, message_of, text_of

type Links = tuple[Links, str] | None
"""The way to a list of steps within others: the way to the outer one, and the link from there."""
type Visit = Begun | Branch | Ended


@dataclass(frozen=True, slots=True)
class Begun:
    """The step is next: number `number` of those at the end of `links`."""

    step: Step
    number: int
    links: Links

    @property
    def place(self) -> str:
        """The place of the step in the program, as in `steps[2].par[1].steps[0]`."""
        way, links = self.links, [f"steps[{self.number}]"]
        while way is not None and len(links) <= DEPTH:
            way, link = way
            links.append(link)
        if way is not None:
            links.append("….")
        return "".join(reversed(links))


@dataclass(frozen=True, slots=True)
class Branch:
    """What is within `step` goes on with its program `number`, whose steps are at `links`."""

    step: Step
    number: int
    links: Links


@dataclass(frozen=True, slots=True)
class Ended:
    """Everything within the step has been visited."""

    step: Step


def visits(steps: Sequence[Step]) -> Iterator[Visit]:
    """Every step of a trace in order, at any depth: `Begun`, what is within it, `Ended`.

    >>> from everything_is_an_actor.free import Sleep, Step
    >>> from returns.result import Success
    >>> [type(visit).__name__ for visit in visits([Step(Sleep(1.0), Success(None))])]
    ['Begun', 'Ended']
    """
    _need_steps(steps)
    stack = [_along(steps, None)]
    while stack:
        visit = next(stack[-1], None)
        match visit:
            case None:
                stack.pop()
                continue
            case Begun():
                stack.append(_branches(visit))
            case Branch():
                stack.append(_along(visit.step.within[visit.number], visit.links))
            case Ended():
                pass
            case _ as unreachable:
                assert_never(unreachable)
        yield visit


def _need_steps(steps: object) -> None:
    """A sequence of steps. Raises `TypeError`."""
    if isinstance(steps, Sequence) and all(isinstance(step, Step) for step in steps):
        return
    hint = ""
    if hasattr(steps, "trace"):
        hint = ": pass its .trace"
    elif isinstance(steps, Free):
        hint = ": run the program first"
    raise TypeError(f"a trace is a sequence of Steps, got {shown(steps)}{hint}")


def _along(steps: Sequence[Step], links: Links) -> Iterator[Visit]:
    for number, step in enumerate(steps):
        yield Begun(step, number, links)
        yield Ended(step)


def _branches(visit: Begun) -> Iterator[Visit]:
    step = visit.step
    for number in range(len(step.within)):
        link = f"steps[{visit.number}].{within_name(step, number)}."
        yield Branch(step, number, (visit.links, link))


def within_name(step: Step, number: int) -> str:
    """How the way into a program within a step is called, in the place of a step and in errors."""
    match step.op:
        case Par():
            return f"par[{number}]"
        case Attempt():
            return "attempt"
        case other:
            return f"{type(other).__name__}[{number}]"


def trace_json(steps: Sequence[Step]) -> list[dict[str, object]]:
    """A trace as a list of records for `json.dumps`, in order, a step before what is within it.

    Each record has its place in the program as `step`, the name of the operation as `op`, and its
    arguments; then what came of it: the value, under the name that it has (`reply`, `ref`,
    `values`; of an attempt `succeeded` or `failed`), an `error` with its `type` and `message`, or
    `cancelled`. An operation
    of your own goes by the name of its class, with its `fields` and its `value`. A ref is its path;
    seconds are seconds.

    The same steps give the same records: there is no time in them, and no identity. Values may be
    anything: what is deep, long or cyclic is cut where a reader would stop, and says so. Raises
    `TypeError` for what is no trace.

    >>> from everything_is_an_actor.free import Ask, Step
    >>> from returns.result import Success
    >>> trace_json([Step(Ask("/app/greeter", "Ada"), Success("hello, Ada"))]) == [
    ...     {
    ...         "step": "steps[0]",
    ...         "op": "ask",
    ...         "to": "/app/greeter",
    ...         "message": "Ada",
    ...         "timeout": 5.0,
    ...         "reply": "hello, Ada",
    ...     }
    ... ]
    True
    """
    return [_record(visit) for visit in visits(steps) if isinstance(visit, Begun)]


def _record(visit: Begun) -> dict[str, object]:
    name, arguments, yields = _described(visit.step)
    record: dict[str, object] = {"step": visit.place, "op": name}
    record |= {argument: bounded(value) for argument, value in arguments.items()}
    outcome = visit.step.outcome
    error = error_of(visit.step)
    if error is None:
        value = outcome.unwrap()
        if isinstance(visit.step.op, Attempt) and isinstance(value, Success):
            value = value.unwrap()
        return record | ({yields: bounded(value)} if yields else {})
    if is_cancellation(error):
        return record | {"cancelled": True}
    ended = "failed" if isinstance(outcome, Success) else "error"
    return record | {ended: {"type": type(error).__name__, "message": message_of(error)}}


def _described(step: Step) -> tuple[str, dict[str, Any], str]:
    """The name of an operation, its arguments, and the name of what it yields, if it does."""
    match step.op:
        case Ask() as op:
            arguments = {"to": path_text(op.ref), "message": op.message, "timeout": op.timeout}
            return "ask", arguments, "reply"
        case Tell() as op:
            return "tell", {"to": path_text(op.ref), "message": op.message}, ""
        case Spawn() as op:
            arguments = {"class": class_name(op.actor_cls), "name": op.name}
            return "spawn", arguments | ({"options": dict(op.options)} if op.options else {}), "ref"
        case Stop() as op:
            return "stop", {"to": path_text(op.ref)}, ""
        case GetRef() as op:
            return "get_ref", {"path": op.path}, "ref"
        case Sleep() as op:
            return "sleep", {"seconds": op.seconds}, ""
        case Par() as op:
            return "par", {"branches": len(op.programs)}, "values"
        case Attempt():
            return "attempt", {}, "succeeded"
        case other:
            return type(other).__name__, {"fields": other}, "value"


def error_of(step: Step) -> BaseException | None:
    """The error by which a step has failed, if it has, or that an attempt has caught."""
    outcome = step.outcome
    if isinstance(step.op, Attempt) and isinstance(outcome, Success):
        outcome = outcome.unwrap()
    return outcome.failure() if isinstance(outcome, Failure) else None


def is_cancellation(error: BaseException) -> bool:
    """Whether an operation with this error was given up, rather than failed."""
    return isinstance(error, CancelledError | GeneratorExit)


def path_text(ref: object) -> str:
    """The path of an actor that is named by a ref or by its path; else the text of the ref."""
    return exactly(ref) if isinstance(ref, str) else text_of(ref)


def class_name(cls: object) -> str:
    """The name of what is spawned, as the expression of the program has it."""
    try:
        return callable_name(cls)
    except Exception:
        return text_of(cls)
