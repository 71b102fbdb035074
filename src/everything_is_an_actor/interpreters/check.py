"""The static checker: what a flow takes and gives, and where that does not fit, found unrun.

Agents say what they take and give by their generic parameters, functions by their annotations.
These are composed along the flow as the types of `Flow[I, O]` are, but at run time: a flow that was
read from a document, or built by a program, is checked by what it is made of, where no type checker
has seen it. The rules are those of mypy over the signatures of the combinators, with two more: a
`branch` by a mapping, which is unchecked there, has to cover its source; and a case that nothing
reaches is a fault.

Where an annotation is missing or is `Any` nothing is said against it. It is listed as unchecked,
so that a reader knows how much a report is worth: a flow without findings and with nothing
unchecked raises no routing or type error when it runs on an input of its type.

The pass is `inference.py`, what a flow takes is `demands.py`, and hints are compared in
`subtyping.py`.
"""

from dataclasses import dataclass, replace
from typing import Any, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.flow import Flow, need_flow
from everything_is_an_actor.interpreters.documents.reading import Document
from everything_is_an_actor.interpreters.findings import Finding, Unchecked
from everything_is_an_actor.interpreters.hint_terms import is_hint, spelled
from everything_is_an_actor.interpreters.inference import Inference

__all__ = ["CheckReport", "Finding", "Unchecked", "check"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check has found: the findings, and what was not checked, in the order of the flow.

    `input` and `output` are the hints of the flow as a whole, as far as they are known, else `Any`.
    The text has one line for each finding and each thing that is unchecked; of a sound flow it says
    the type.
    """

    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]
    input: object
    output: object
    type: str

    @property
    def ok(self) -> bool:
        """Whether there is no finding; what is unchecked is none."""
        return not self.findings

    @override
    def __str__(self) -> str:
        lines = [*map(str, self.findings), *map(str, self.unchecked)]
        return "\n".join(lines) if lines else f"sound: {self.type}"


def check(flow: Flow[Any, Any] | Document, input_type: object | None = None) -> CheckReport:
    """Check the types along `flow` without running anything.

    Of a document that was read from a text, what is found has its line and column.

    `input_type` is the hint of what will flow in: any hint, but `None`, which stands for what the
    flow takes (`types.NoneType` is the type of `None`). In time linear in the nodes. Raises
    `TypeError` for what is no flow or no hint; whatever annotations are or raise is no error.

    >>> from everything_is_an_actor.flow import agent, pure
    >>> async def search(query: str) -> list[str]: ...
    >>> async def write(found: list[str]) -> str: ...
    >>> def shorten(text: str) -> str: ...
    >>> print(check(agent(search) >> agent(write)))
    sound: str → str
    >>> print(check(agent(search).map(shorten) >> agent(write)))
    at steps[1]: map: expected str, got list[str]
    at steps[2]: steps: expected list[str], got str
    >>> print(check(agent(search).map(lambda found: found[0])))
    at steps[1]: <lambda> is unchecked: its parameter found and its result: no annotation
    >>> from everything_is_an_actor.flow import read_document
    >>> text = "steps:\\n  - agent: search\\n  - agent: write\\n  - agent: write\\n"
    >>> print(check(read_document(text, {"search": search, "write": write})))
    line 4, column 5: at steps[2]: steps: expected list[str], got str
    """
    program = flow.flow if isinstance(flow, Document) else flow
    need_flow("check", "flow", program)
    inference = Inference(program)
    terms = inference.terms
    if not is_hint(input_type):
        raise TypeError(f"check: {_no_hint(input_type)}")
    try:
        given = None if input_type is None else terms.read(input_type)
    except Exception as error:
        raise TypeError(
            f"check: input_type must be a hint, got {shown(input_type)}, which cannot be looked "
            f"at: {type(error).__name__}: {error}"
        ) from error
    input, output = inference.run(given)
    wrong, skipped = inference.findings.wrong_ones, inference.findings.skipped_ones
    if isinstance(flow, Document):
        wrong = tuple(replace(finding, position=flow.position(finding.at)) for finding in wrong)
        skipped = tuple(replace(part, position=flow.position(part.at)) for part in skipped)
    return CheckReport(
        wrong,
        skipped,
        terms.hint(input),
        terms.hint(output),
        f"{spelled(input)} → {spelled(output)}",
    )


def _no_hint(value: object) -> str:
    """What is said of an `input_type` that is none."""
    if isinstance(value, str):
        teaching = ": a hint is no text here; write the class itself, as in check(flow, int)"
    elif isinstance(value, list | tuple | dict):
        teaching = ": write what is in it by its type, as in list[int] or dict[str, int]"
    else:
        teaching = ": write a type, not a value of it, as in check(flow, int)"
    return (
        "input_type must be a hint (a class, list[int], int | None, Literal['a'], Any), "
        f"got {shown(value)}{teaching}"
    )
