"""A flow as an indented tree of text, for terminals.

A line is a node, and begins with the keyword that it has in a document. A chain is a list of steps,
however it is nested: what only does something to the value of its source (`map`, `filter`, `guard`,
`tap`, …) is a step after it. Where the parts of a node differ in what they are for, their lines say
so: `then: …`, `on error: …`, the type of a case.

A part that occurs several times is shown once, with a number behind it, and referred to by that
number elsewhere: `f = f.zip(f)` sixty times over is a tree of some hundred lines. From `LEVELS` on
a line is not indented any further, and begins with its depth.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.flow import AnyFlow, Flow, need_flow
from everything_is_an_actor.algebra.node import (
    Absolve,
    AndThen,
    AtLeast,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    Each,
    FallbackTo,
    Filter,
    FirstCompleted,
    FlatMap,
    Guard,
    Identity,
    Leaf,
    Loop,
    LoopWithState,
    Map,
    Match,
    Named,
    Notify,
    Pure,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Tap,
    Timeout,
    Traverse,
    ZipAll,
    children,
)
from everything_is_an_actor.algebra.plain import name_of
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.interpreters.captions import (
    agent_words,
    in_words,
    retry_words,
    state_words,
)

LEVELS: Final = 20  # that are indented


def to_tree(flow: Flow[Any, Any], *, ascii_only: bool = False) -> str:
    """`flow` as lines of text, one or more a node; in ASCII alone if asked for.

    Takes any flow, of any depth, in linear time; the same flow is the same text. Raises `TypeError`
    for what is no flow.

    >>> from everything_is_an_actor.flow import identity, pure
    >>> print(to_tree(pure(str.strip).map(len).zip(identity()).fallback_to(pure(repr))))
    fallback_to
    ├─ try: all
    │  ├─ steps
    │  │  ├─ pure str.strip
    │  │  └─ map len
    │  └─ identity
    └─ on error: pure repr
    """
    need_flow("to_tree", "flow", flow)
    lines = _Lines(flow, _ASCII if ascii_only else _UNICODE).of(flow)
    text = "\n".join(lines)
    if not ascii_only:
        return text
    return text.translate(_IN_ASCII).encode("ascii", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class _Guides:
    """What a line is led to its parent by, and those below it past it."""

    inner: str
    last: str
    past: str
    beyond: str = "   "


_UNICODE: Final = _Guides("├─ ", "└─ ", "│  ")
_ASCII: Final = _Guides("|- ", "`- ", "|  ")
_IN_ASCII: Final = str.maketrans({"…": "...", "λ": "lambda"})


@dataclass(frozen=True, slots=True)
class _Part:
    """A flow, and what it is for; or its outermost node alone, the source of which is above."""

    flow: AnyFlow
    label: str = ""
    is_step: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """How a node is shown: in a line, with parts below it."""

    text: str
    parts: Sequence[_Part] = ()
    body: AnyFlow | None = None  # a part whose steps need no line of their own that says so
    source: AnyFlow | None = None  # what it is a step after


type _Pending = tuple[_Part, str, str, int]  # with the guides of its line and of those below it


class _Lines:
    __slots__ = ("_guides", "_numbers", "_shared")

    def __init__(self, flow: AnyFlow, guides: _Guides) -> None:
        self._guides = guides
        self._shared = _shared(flow)
        self._numbers: dict[int, int] = {}  # of the shared parts that were shown

    def of(self, flow: AnyFlow) -> Iterator[str]:
        pending: list[_Pending] = [(_Part(flow), "", "", 0)]
        while pending:
            part, lead, below, depth = pending.pop()
            text, parts = self._line(part)
            label = f"{part.label}: " if part.label else ""
            yield f"{lead}{label}{text}"
            pending += reversed(list(self._guided(parts, below, depth + 1)))

    def _guided(self, parts: Sequence[_Part], below: str, depth: int) -> Iterator[_Pending]:
        guides = self._guides
        for number, part in enumerate(parts, start=1):
            if depth > LEVELS:
                yield part, f"{below}[depth {depth:,}] ", below, depth
            elif number < len(parts):
                yield part, f"{below}{guides.inner}", f"{below}{guides.past}", depth
            else:
                yield part, f"{below}{guides.last}", f"{below}{guides.beyond}", depth

    def _line(self, part: _Part) -> tuple[str, Sequence[_Part]]:
        """The text of a part, and what is to be shown below it."""
        flow, number = part.flow, ""
        shown = _shown(flow)
        if not part.is_step:
            if id(flow) in self._numbers:
                text = "steps" if shown.source else shown.text
                return f"{text}, as in ({self._numbers[id(flow)]})", ()
            if id(flow) in self._shared:
                self._numbers[id(flow)] = len(self._numbers) + 1
                number = f"  ({self._numbers[id(flow)]})"
            if shown.source is not None:
                return f"steps{number}", self._steps(flow)
        body = shown.body
        if body is None:
            return f"{shown.text}{number}", shown.parts
        below = [_Part(body)] if id(body) in self._shared else self._steps(body)
        return f"{shown.text}{number}", below

    def _steps(self, chain: AnyFlow) -> list[_Part]:
        """The steps of a chain; of what is none, itself."""
        steps: list[_Part] = []
        pending = [_Part(chain)]
        while pending:
            part = pending.pop()
            flow = part.flow
            source = None if part.is_step else _shown(flow).source
            if source is None or (flow is not chain and id(flow) in self._shared):
                steps.append(part)
            elif isinstance(flow.node, FlatMap):
                pending += [_Part(flow.node.next), _Part(source)]
            else:
                pending += [_Part(flow, is_step=True), _Part(source)]
        return steps


def _shared(flow: AnyFlow) -> frozenset[int]:
    """The parts of more than one line that occur several times, by their `id`."""
    occurrences: Counter[int] = Counter()
    pending = [flow]
    while pending:
        for part in children(pending.pop().node):
            if children(part.node):
                occurrences[id(part)] += 1
                if occurrences[id(part)] == 1:
                    pending.append(part)
    return frozenset(part for part, count in occurrences.items() if count > 1)


def _shown(flow: AnyFlow) -> _Shown:
    match flow.node:
        case Leaf(target, timeout, name):
            return _Shown(in_words("agent", *agent_words(target, timeout, name)))
        case Pure(fn):
            return _Shown(in_words("pure", name_of(fn)))
        case Identity():
            return _Shown("identity")
        case FlatMap(source):
            return _Shown("steps", source=source)
        case Map(source, fn):
            return _Shown(in_words("map", name_of(fn)), source=source)
        case Filter(source, predicate):
            return _Shown(in_words("filter", name_of(predicate)), source=source)
        case AndThen(source, effect):
            return _Shown(in_words("and_then", name_of(effect)), source=source)
        case Absolve(source):
            return _Shown("absolve", source=source)
        case Guard(source, check):
            return _Shown("guard", body=check, source=source)
        case Tap(source, side):
            return _Shown("tap", body=side, source=source)
        case Notify(source, side):
            return _Shown("notify", body=side, source=source)
        case DivertTo(source, side, when):
            return _Shown(in_words("divert_to", f"if {name_of(when)}"), body=side, source=source)
        case BranchOn(source, predicate, then, otherwise):
            ways = [_Part(then, "then"), _Part(otherwise, "otherwise")]
            return _Shown(in_words("branch_on", name_of(predicate)), ways, source=source)
        case Bind(source, k):
            chosen = "chooses the rest as it runs, on the same input"
            return _Shown(in_words("bind", name_of(k), chosen), body=source)
        case ZipAll(flows):
            return _Shown("all", [_Part(part) for part in flows])
        case Each(flows):
            return _Shown("each", [_Part(part, f"[{i}]") for i, part in enumerate(flows)])
        case Race(flows):
            return _Shown("race", [_Part(part) for part in flows])
        case FirstCompleted(flows):
            return _Shown("first_completed", [_Part(part) for part in flows])
        case AtLeast(n, flows, stop_early):
            text = in_words("at_least", f"{n} of {len(flows)}", *["stop early"] * stop_early)
            return _Shown(text, [_Part(part) for part in flows])
        case Traverse(body, max_concurrency):
            bound = "" if max_concurrency is None else f"{shown(max_concurrency)} at a time"
            return _Shown(in_words("traverse", bound), body=body)
        case Match(types, flows):
            cases = zip(map(name_of, types), flows, strict=True)
            return _Shown("branch", [_Part(part, in_words(case)) for case, part in cases])
        case Recover(source, handler):
            return _Shown(in_words("recover", f"on error {name_of(handler)}"), body=source)
        case RecoverWith(source, handling):
            return _Shown("recover_with", [_Part(source, "try"), _Part(handling, "on error")])
        case FallbackTo(source, fallback):
            return _Shown("fallback_to", [_Part(source, "try"), _Part(fallback, "on error")])
        case Attempt(source):
            return _Shown("attempt", body=source)
        case Retry(source, times, backoff, on):
            return _Shown(in_words("retry", *retry_words(times, backoff, on)), body=source)
        case Timeout(source, seconds):
            return _Shown(in_words("timeout", f"{seconds:g} s"), body=source)
        case Loop(body, max_iter):
            return _Shown(in_words("loop", _runs(max_iter)), body=body)
        case LoopWithState(body, init_state, max_iter):
            text = in_words("loop_with_state", _runs(max_iter), state_words(init_state))
            return _Shown(text, body=body)
        case Named(source, label):
            return _Shown(in_words("named", label), body=source)
        case _ as unreachable:
            assert_never(unreachable)


def _runs(max_iter: int | None) -> str:
    if max_iter is None:
        return "without a bound"
    return f"at most {shown(max_iter)} {plural(max_iter, 'run')}"
