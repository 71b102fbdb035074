"""A trace as a picture: a sequence diagram in the language of Mermaid.

The program is one participant, and each actor another, in order of appearance. What is drawn:

| step | drawn as |
|---|---|
| ask | a solid arrow, and the reply as a dotted one; an error is a dotted arrow with a cross |
| tell | an open arrow: nobody waits |
| spawn | an arrow that creates the participant |
| stop | an arrow with a cross that ends its lifeline |
| par | a `par` block, with a section for each branch |
| attempt | a `critical` block, with the error in its `option` |
| get_ref, sleep, your own operations | a note over the program |

**Lifelines.** In Mermaid a participant that is created or destroyed is that once, and before or
after it there is nothing to draw an arrow to. A trace may disagree: two branches of a `par` are
drawn one below the other, and what the first stops, the second may have asked in time; others than
the program start and stop actors as well. So a lifeline begins with a spawn only where that is the
first the diagram knows of its path, and ends with a stop only where nothing follows but a spawn,
which begins another lifeline of the same name. Everywhere else an arrow is just an arrow.

**Texts.** A path, a message or an error may contain anything: `mermaid_text.py` writes it so that
it is drawn as it is. No text begins a line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from everything_is_an_actor.algebra.fold_map import Step
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
from everything_is_an_actor.algebra.plain import message_of, text_of
from everything_is_an_actor.interpreters.mermaid_text import LONGEST, unquoted
from everything_is_an_actor.interpreters.trace import (
    Begun,
    Branch,
    Ended,
    class_name,
    error_of,
    is_cancellation,
    path_text,
    visits,
    within_name,
)

INDENTS: Final = 16  # what is nested deeper is not indented further, so that lines stay short


def sequence_diagram(steps: Sequence[Step], *, program: str = "program") -> str:
    """A trace as a Mermaid `sequenceDiagram`, the program in it under the name `program`.

    Takes any trace, whatever its texts are, at any depth; raises `TypeError` for what is none. A
    renderer has bounds of its own: Mermaid's `maxTextSize` is 50,000 characters unless it is
    configured.

    >>> from everything_is_an_actor.free import Ask, Step
    >>> from returns.result import Success
    >>> print(sequence_diagram([Step(Ask("/app/greeter", "Ada"), Success("hello, Ada"))]))
    sequenceDiagram
      participant p as program
      participant a0 as /app/greeter
      p->>+a0: 'Ada'
      a0-->>-p: 'hello, Ada'
    """
    lines = ["sequenceDiagram", f"  participant p as {unquoted(path_text(program))}"]
    lines += _Drawing(_lifelines(steps)).lines(steps)
    return "\n".join(lines)


@dataclass(slots=True)
class _Lifeline:
    """One participant: an actor from where the diagram first knows of it, until it ends.

    Uses of an actor are numbered over the whole diagram.
    """

    id: str
    path: str
    first_use: int
    is_created: bool  # by its first use
    destroyed_by: int | None = None


def _lifelines(steps: Sequence[Step]) -> list[_Lifeline]:
    """The lifeline on which each use of an actor is."""
    now: dict[str, _Lifeline] = {}
    of_use: list[_Lifeline] = []
    known = 0
    for visit in visits(steps):
        if not isinstance(visit, Begun) or (path := _used(visit.step)) is None:
            continue
        op, number = visit.step.op, len(of_use)
        lifeline = now.get(path)
        if lifeline is None or (isinstance(op, Spawn) and lifeline.destroyed_by is not None):
            lifeline = _Lifeline(f"a{known}", path, number, isinstance(op, Spawn))
            now[path] = lifeline
            known += 1
        has_ended = isinstance(op, Stop) and error_of(visit.step) is None
        lifeline.destroyed_by = number if has_ended else None
        of_use.append(lifeline)
    return of_use


def _used(step: Step) -> str | None:
    """The path of the actor to which a step is an arrow, if it is one."""
    match step.op:
        case Ask() | Tell() | Stop() as op:
            return path_text(op.ref)
        case Spawn() if error_of(step) is None:
            return path_text(step.outcome.unwrap())
        case _:
            return None


class _Drawing:
    """Writes the lines of the steps, one visit after the other."""

    __slots__ = ("_lifelines", "_uses")

    def __init__(self, lifelines: Sequence[_Lifeline]) -> None:
        self._lifelines = lifelines
        self._uses = 0

    def lines(self, steps: Sequence[Step]) -> Iterator[str]:
        nesting = 1
        for visit in visits(steps):
            match visit:
                case Begun():
                    drawn, at = self._begun(visit.step), nesting
                    nesting += bool(visit.step.within)
                case Branch():
                    drawn, at = _section(visit), nesting - 1
                case Ended():
                    nesting -= bool(visit.step.within)
                    drawn, at = _ended(visit.step), nesting
                case _ as unreachable:
                    assert_never(unreachable)
            for line in drawn:
                yield "  " * min(at, INDENTS) + line

    def _begun(self, step: Step) -> Iterator[str]:
        lifeline, number = None, self._uses
        if _used(step) is not None:
            lifeline = self._lifelines[number]
            self._uses += 1
            if lifeline.first_use == number:
                create = "create " if lifeline.is_created else ""
                yield f"{create}participant {lifeline.id} as {unquoted(_end_of(lifeline.path))}"
        failure = _failure(step)
        match step.op:
            case Ask() as op if lifeline is not None:
                yield f"p->>+{lifeline.id}: {unquoted(text_of(op.message))}"
                if failure is None:
                    yield f"{lifeline.id}-->>-p: {unquoted(text_of(step.outcome.unwrap()))}"
                else:
                    yield f"{lifeline.id}--x-p: {unquoted(failure)}"
            case Tell() as op if lifeline is not None:
                yield f"p-){lifeline.id}: {unquoted(text_of(op.message))}"
                if failure is not None:
                    yield _over(f"p,{lifeline.id}", failure)
            case Stop() if lifeline is not None:
                if lifeline.destroyed_by == number:
                    yield f"destroy {lifeline.id}"
                    yield f"p-x{lifeline.id}: stop"
                else:
                    yield f"p->>{lifeline.id}: stop"
                if failure is not None:
                    yield _over(f"p,{lifeline.id}", failure)
            case Spawn() as op if lifeline is not None:
                yield f"p->>{lifeline.id}: {unquoted(f'spawn {class_name(op.actor_cls)}')}"
            case Par() | Attempt() if step.within:
                pass  # its first section begins the block
            case _:
                yield _over("p", _note(step), failure)


def _section(visit: Branch) -> Iterator[str]:
    if isinstance(visit.step.op, Attempt):
        yield "option attempt" if visit.number else "critical attempt"
    else:
        keyword = "and" if visit.number else "par"
        yield f"{keyword} {unquoted(within_name(visit.step, visit.number))}"
    if not visit.step.within[visit.number]:
        yield "  Note over p: no operation"  # Mermaid cannot place a block that is empty


def _ended(step: Step) -> Iterator[str]:
    if not step.within:
        return
    failure = _failure(step)
    if failure is not None and isinstance(step.op, Attempt):
        short = failure.partition(":")[0]  # of what is drawn already
        yield "option cancelled" if failure == "cancelled" else "option failed"
        yield "  " + _over("p", short if _is_explained(step) else failure)
    yield "end"
    if failure is not None and isinstance(step.op, Par) and not _is_explained(step):
        yield _over("p", "par", failure)


def _is_explained(step: Step) -> bool:
    """Whether the error of a step is already drawn, as that of a step within it."""
    error = error_of(step)
    if error is None:
        return True
    inner = [error_of(branch[-1]) for branch in step.within if branch]
    return any(
        each is error or (each is not None and is_cancellation(each) and is_cancellation(error))
        for each in inner
    )


def _note(step: Step) -> str:
    """What a step is, and what it yields if that is of interest."""
    match step.op:
        case GetRef() as op:
            return f"get_ref {_end_of(path_text(op.path))}"
        case Sleep() as op:
            return f"sleep {op.seconds:g} s"
        case Spawn() as op:
            return f"spawn {class_name(op.actor_cls)} as {path_text(op.name)}"
        case Par():
            return "par of no programs"
        case op if error_of(step) is None:
            return f"{text_of(op)} → {text_of(step.outcome.unwrap())}"
        case op:
            return text_of(op)


def _over(participants: str, *texts: str | None) -> str:
    lines = "<br/>".join(unquoted(text) for text in texts if text is not None)
    return f"Note over {participants}: {lines}"


def _failure(step: Step) -> str | None:
    """The error of a step, if it has failed, or that it was cancelled."""
    error = error_of(step)
    if error is None:
        return None
    if is_cancellation(error):
        return "cancelled"
    message = message_of(error)
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _end_of(path: str) -> str:
    """A path, or of a long one the end, where paths differ."""
    return path if len(path) <= LONGEST else f"…{path[1 - LONGEST :]}"
