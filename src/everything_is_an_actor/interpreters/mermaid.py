"""A flow as a picture: a flowchart in the language of Mermaid.

| node | drawn as |
|---|---|
| agent | a box with doubled sides: the agent, its name, its timeout if it is not the usual one |
| pure, map, and_then | a small rounded box with the name of the function |
| flat_map, identity | an arrow: they only connect |
| zip, each, race, … | a dot where the input forks, and a join that says what decides |
| traverse | a frame "for each" |
| branch, branch_on | a question, and an arrow for each answer |
| filter, guard, absolve | a question that only one answer passes: the other one is an error |
| recover, fallback_to, attempt, … | a thick arrow from what may fail to what is done then |
| retry | a thick arrow back to where it begins again |
| tap | a way off the main one and back to it; the value goes past |
| notify, divert_to | a dotted arrow to what nobody waits for |
| loop, loop_with_state | a question at the end of the body, and an arrow back to where it begins |
| timeout, named | a frame with the seconds, or with the name |
| bind | a slanted box: what follows is chosen when it runs |

**Arrows.** A flow is drawn from left to right, given the arrows that lead into it; drawn it is a
`Part`, with the arrows that leave it. So the exits of a question run on to whatever comes next, a
chain is one box a step, and an identity is no box at all but the arrow itself.

**Errors.** What a handler handles comes out of the part before it, wherever in it an error arises.
If that is a single box or frame, or ends in a handler that handles all the others, the thick arrow
begins there; otherwise a frame "try" is drawn around the part. From a frame it leads to the handler
by way of a box that says so.

**Sharing.** A part that occurs several times is drawn wherever it occurs. But `f = f.zip(f)` sixty
times over is sixty nodes and 2 ** 60 places: once `REPEATED` nodes have been drawn again, the next
part that would be is a box with the name of the frame where it is drawn.

Every kind of node is a generator that asks for its sub-flows to be drawn and is sent the parts, and
one loop keeps those that wait: linear time, at any depth.
"""

import math
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, assert_never, get_args

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
)
from everything_is_an_actor.algebra.path import AnyNode
from everything_is_an_actor.algebra.plain import name_of
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.interpreters.captions import agent_words, retry_words, state_words
from everything_is_an_actor.interpreters.course import Course, any_taken
from everything_is_an_actor.interpreters.dry_run import DryRun
from everything_is_an_actor.interpreters.flowchart import (
    Arrow,
    Border,
    Chart,
    Edge,
    Frame,
    Outcome,
    Shape,
)
from everything_is_an_actor.interpreters.mermaid_run import course_of
from everything_is_an_actor.runtime.events import TaskEvent

type Direction = Literal["LR", "RL", "TB", "TD", "BT"]
"""Which way a picture goes: from left to right, from right to left, down (twice), or up."""

REPEATED: Final = 500  # nodes that are drawn again before parts are only referred to


def to_mermaid(
    flow: Flow[Any, Any],
    direction: Direction = "LR",
    *,
    run: DryRun[Any] | Iterable[TaskEvent] | None = None,
) -> str:
    """`flow` as a Mermaid `flowchart`, from left to right or in another `direction`.

    With a `run` of it, what became of each agent is in its box, the way that was taken is strong,
    and what was not reached is grey and dotted. A dry run knows its way: the drawing is exact. The
    events of a live run, those that `run_flow_stream` yields, also if it was given up on or has not
    ended yet, say which agent was called where; what is between agents was reached if what comes
    after it was, and where that cannot be known, nothing is said. No function in the flow is
    called. If the events have no paths, as those of old have not, or paths too deep to be spelled
    out, each box shows all calls of its agent, says "here or elsewhere" if the agent stands at
    several places, and no way is shown.

    Takes any flow, of any depth, in linear time; the same flow is the same text. A renderer has
    bounds of its own: those of Mermaid are `maxTextSize` and `maxEdges`.

    Raises `TypeError` for what is no flow or no run, `ValueError` for what is no direction, for a
    run of another flow, and for events of no run or several.

    >>> from everything_is_an_actor.flow import pure
    >>> print(to_mermaid(pure(str.strip).map(len)))
    flowchart LR
      n0(["start"]):::terminal
      n1("str.strip"):::function
      n2("len"):::function
      n3(["end"]):::terminal
      n0 --> n1
      n1 --> n2
      n2 --> n3
      classDef terminal fill:#334155,stroke:#334155,color:#f8fafc
      classDef function fill:#f8fafc,stroke:#94a3b8,color:#334155
    """
    need_flow("to_mermaid", "flow", flow)
    directions = get_args(Direction.__value__)
    if not isinstance(direction, str):
        raise TypeError(
            f"to_mermaid: direction must be a str, one of {', '.join(directions)}, "
            f"got {shown(direction)} ({type(direction).__name__})"
        )
    if direction not in directions:
        raise ValueError(
            f"to_mermaid: direction must be one of {', '.join(directions)}, got {shown(direction)}"
        )
    course = None if run is None else course_of(flow, run)
    drawing = _Drawing(course)
    start = Edge(drawing.chart.box(Shape.TERMINAL, "start"))
    end = drawing.drawn(flow, [start]).exits
    texts, outcome = (("end",), None) if course is None else course.end()
    drawing.box(end, Shape.TERMINAL, *texts, outcome=outcome)
    return "\n".join(drawing.chart.lines(direction))


@dataclass(slots=True)
class _Part:
    """A flow that is drawn. Its exits are its own: who takes them may change them."""

    entry: str | None  # its first box; None if it is but the arrows that led into it
    exits: list[Edge]
    fails: str | None  # the box or frame that all its errors come out of, if there is one
    frame: Frame = 0


type _Parts = Generator[tuple[AnyFlow, list[Edge]], _Part, _Part]
type _Waiting = tuple[AnyFlow, _Parts, Frame, int, int]  # and how much was drawn before


# Where a part was drawn first, and how many nodes it has: infinitely many, if not all of it was
# drawn there.
type _Place = tuple[Frame, float]


class _Drawing:
    __slots__ = ("_again", "_course", "_names", "_places", "_references", "_visits", "chart")

    def __init__(self, course: Course | None) -> None:
        self.chart = Chart(shows_run=course is not None and course.knows_the_way)
        self._course = course
        self._places: dict[int, _Place] = {}  # of parts of more than one node
        self._visits = 0  # of nodes
        self._again = 0.0  # of nodes that are drawn again
        self._references = 0
        self._names: dict[Frame, str] = {}  # of frames that are referred to

    def drawn(self, flow: AnyFlow, edges: list[Edge]) -> _Part:
        """The whole of a flow, to which `edges` lead."""
        waiting: list[_Waiting] = []
        again = 0  # how many wait for the part that is being drawn again
        part: _Part | None = None
        while True:
            if part is None:
                if self._course is not None:
                    self._course.begins(flow.node, edges)
                place = None if again else self._places.get(id(flow))
                if place is not None and self._again + place[1] > REPEATED:
                    part = self._reference(place[0], edges)
                    if self._course is not None:
                        self._course.ends(part.exits)
                    continue
                if place is not None:
                    self._again += place[1]
                    again = len(waiting)
                since = self._visits, self._references
                self._visits += 1
                frame = self.chart.open()
                part = self._atom(flow.node, edges)
                if part is None:
                    waiting.append((flow, self._parts(flow, edges), frame, *since))
                else:
                    self._ended(part, frame)
                    if not waiting:
                        return part
            flow, parts, frame, visits, references = waiting[-1]
            try:
                flow, edges = next(parts) if part is None else parts.send(part)
                part = None
            except StopIteration as done:
                waiting.pop()
                part = done.value
                self._ended(part, frame)
                if not waiting:
                    return part
                if again == len(waiting):
                    again = 0
                elif not again and (cost := self._visits - visits) > 1:
                    is_whole = references == self._references
                    self._places[id(flow)] = (frame, cost if is_whole else math.inf)

    def _ended(self, part: _Part, frame: Frame) -> None:
        self.chart.close(frame)
        part.frame = frame
        if self._course is not None:
            self._course.ends(part.exits)

    def _reference(self, first: Frame, edges: list[Edge]) -> _Part:
        self._references += 1
        if first not in self._names:
            self._names[first] = f"part {len(self._names) + 1}"
            self.chart.refer(first, self._names[first])
        frame = self.chart.open()
        part = self.box(edges, Shape.SEEN, f"{self._names[first]} again")
        self.chart.close(frame)
        part.frame = frame
        return part

    def _atom(self, node: AnyNode, edges: list[Edge]) -> _Part | None:
        """A node that has no sub-flows; `None` for one that has."""
        match node:
            case Leaf(target, timeout, name):
                texts = [*agent_words(target, timeout, name)]
                if self._course is None:
                    return self.box(edges, Shape.AGENT, *texts)
                happened, outcome = self._course.agent(node)
                return self.box(edges, Shape.AGENT, *texts, *happened, outcome=outcome)
            case Pure(fn):
                return self.box(edges, Shape.FUNCTION, name_of(fn))
            case Identity():
                return _Part(None, edges, None)
            case _:
                return None

    def _parts(self, flow: AnyFlow, edges: list[Edge]) -> _Parts:
        match flow.node:
            case Map(source, fn):
                return self._then((yield source, edges), Shape.FUNCTION, name_of(fn))
            case FlatMap(source, next):
                first = yield source, edges
                return _chained(first, (yield next, first.exits))
            case Bind(source, k):
                texts = [name_of(k), "chooses the rest as it runs, on the same input"]
                part = yield source, edges
                if self._course is not None:
                    texts += self._course.chosen()
                return self._then(part, Shape.UNKNOWN, *texts)
            case ZipAll() | Each() | Race() | FirstCompleted() | AtLeast():
                node = flow.node
                fork = self.box(edges, Shape.FORK)
                [out] = fork.exits
                ends: list[Edge] = []
                for number, each in enumerate(node.flows):
                    label = f"[{number}]" if isinstance(node, Each) else ""
                    part = yield each, [Edge(out.source, label, taken=out.taken)]
                    ends = _together(ends, part.exits)
                return _Part(fork.entry, self.box(ends, Shape.JOIN, _decides(node)).exits, None)
            case Traverse(body, max_concurrency):
                bound = "" if max_concurrency is None else f", {shown(max_concurrency)} at a time"
                part = yield body, edges
                return self._framed(part, Border.REPEATED, f"for each{bound}")
            case Match(types, flows):
                return (yield from self._cases(types, flows, edges))
            case BranchOn(source, predicate, then, otherwise):
                part = yield source, edges
                part = self._then(part, Shape.QUESTION, f"{name_of(predicate)}?")
                [asked] = part.exits
                yes = yield then, [Edge(asked.source, "yes", taken=asked.taken)]
                no = yield otherwise, [Edge(asked.source, "no", taken=asked.taken)]
                return _Part(part.entry, _together(yes.exits, no.exits), None)
            case Recover(source, handler):
                part = self._tried((yield source, edges))
                handled = self.box([self._error(part)], Shape.FUNCTION, name_of(handler))
                return _handled(part, handled)
            case RecoverWith(source, handling):
                part = self._tried((yield source, edges))
                return _handled(part, (yield handling, [self._error(part)]))
            case FallbackTo(source, fallback):
                part = self._tried((yield source, edges))
                return _handled(
                    part, (yield fallback, [self._error(part, "on error, the same input")])
                )
            case Attempt(source):
                part = self._tried((yield source, edges))
                both = _together(part.exits, [self._error(part)])
                result = self.box(both, Shape.JOIN, "Success or Failure")
                return _Part(part.entry, result.exits, result.entry)
            case Absolve(source):
                part = self._then((yield source, edges), Shape.CHECK, "Success?")
                return _labelled(part, "yes, its value")
            case Retry(source, times, backoff, on):
                part = self._tried((yield source, edges))
                return self._retried(part, ", ".join(["retry", *retry_words(times, backoff, on)]))
            case Timeout(source, seconds):
                part = yield source, edges
                return self._framed(part, Border.LIMITED, f"within {seconds:g} s")
            case Filter(source, predicate):
                part = self._then((yield source, edges), Shape.CHECK, f"{name_of(predicate)}?")
                return _labelled(part, "yes")
            case Guard(source, check):
                part = self._forking((yield source, edges))
                return (yield from self._detour(part, check, Shape.CHECK, "guard?", "yes"))
            case AndThen(source, effect):
                return self._then(
                    (yield source, edges), Shape.FUNCTION, "and then", name_of(effect)
                )
            case Tap(source, side):
                part = self._forking((yield source, edges))
                return (yield from self._detour(part, side, Shape.JOIN, "tap", ""))
            case Notify(source, side):
                part = self._forking((yield source, edges))
                return (yield from self._aside(part, side, "notify"))
            case DivertTo(source, side, when):
                part = self._forking((yield source, edges))
                return (yield from self._aside(part, side, f"divert if {name_of(when)}"))
            case Loop(body, max_iter):
                return self._looped((yield body, edges), max_iter, "Done?")
            case LoopWithState(body, init_state, max_iter):
                return self._looped((yield body, edges), max_iter, "Done?", state_words(init_state))
            case Named(source, label):
                return self._framed((yield source, edges), Border.NAMED, label)
            case Leaf() | Pure() | Identity():
                raise AssertionError("drawn at once")
            case _ as unreachable:
                assert_never(unreachable)

    # --------------------------------------------------------------------------- one box and more

    def box(
        self, edges: list[Edge], shape: Shape, *texts: str, outcome: Outcome | None = None
    ) -> _Part:
        """A part that is one box. A run comes to it along the arrows that it takes."""
        is_reached = True if self._course is None else any_taken(edges)
        if is_reached is False and outcome is None:
            outcome = Outcome.MISSED
        id = self.chart.box(shape, *texts, outcome=outcome)
        for edge in edges:
            self.chart.arrow(edge, id)
        return _Part(id, [Edge(id, taken=is_reached)], id)

    def _then(self, part: _Part, shape: Shape, *texts: str) -> _Part:
        return _chained(part, self.box(part.exits, shape, *texts))

    def _solid(self, part: _Part) -> _Part:
        """A part with a box at least, for what has to be drawn around it or lead back to it."""
        if part.entry is not None:
            return part
        frame = self.chart.open()
        box = self.box(part.exits, Shape.FUNCTION, "identity")
        self.chart.close(frame)
        box.frame = frame
        return box

    def _framed(self, part: _Part, border: Border, title: str) -> _Part:
        part = self._solid(part)
        part.fails = self._entitled(part, border, title)
        return part

    def _tried(self, part: _Part) -> _Part:
        """A part with one place where all its errors come out of."""
        part = self._solid(part)
        if part.fails is None:
            part.fails = self._entitled(part, Border.TRIED, "try")
        return part

    def _entitled(self, part: _Part, border: Border, title: str) -> str:
        if self._course is not None and self._course.is_reached() is False:
            border = Border.PASSED_BY
        return self.chart.entitle(part.frame, border, title)

    def _error(self, part: _Part, label: str = "on error") -> Edge:
        """The arrow for what goes wrong in a part that was tried.

        Mermaid hides an arrow from a frame to the box beside it behind its own label: there the
        label is a box.
        """
        fails, taken = part.fails or "", self._goes_round()
        if not self.chart.is_frame(fails):
            return Edge(fails, label, Arrow.ERROR, taken)
        [error] = self.box([Edge(fails, "", Arrow.ERROR, taken)], Shape.ERROR, label).exits
        return Edge(error.source, "", Arrow.ERROR, taken)

    def _goes_round(self) -> bool | None:
        """Whether the run took the arrow of a handler, or the one back to the beginning."""
        return True if self._course is None else self._course.goes_round()

    # ------------------------------------------------------------------------------------ one of

    def _cases(
        self, types: Sequence[type[Any]], flows: Sequence[AnyFlow], edges: list[Edge]
    ) -> _Parts:
        question = self.box(edges, Shape.QUESTION, "which type?")
        [asked] = question.exits
        ends: list[Edge] = []
        for case_type, flow in zip(types, flows, strict=True):
            part = yield flow, [Edge(asked.source, name_of(case_type), taken=asked.taken)]
            ends = _together(ends, part.exits)
        return _Part(question.entry, ends, None)

    # ------------------------------------------------------------------------ off the main way

    def _forking(self, part: _Part) -> _Part:
        """A part that has one plain exit, from which more than one arrow may lead on."""
        match part:
            case _Part(str(), [Edge(_, "", Arrow.NEXT)]):
                return part
            case _:
                return self._then(part, Shape.FORK)

    def _detour(self, part: _Part, side: AnyFlow, shape: Shape, text: str, label: str) -> _Parts:
        [main] = part.exits
        back = yield side, [main]
        joined = self.box(_together([main], back.exits), shape, text)
        return _labelled(_Part(part.entry, joined.exits, None), label)

    def _aside(self, part: _Part, side: AnyFlow, label: str) -> _Parts:
        [main] = part.exits
        self._solid((yield side, [Edge(main.source, label, Arrow.ASIDE, main.taken)]))
        return part

    # ------------------------------------------------------------------------------------- again

    def _retried(self, part: _Part, label: str) -> _Part:
        if part.fails == part.entry:
            self._back(self._error(part, label), part)
            return part
        taken = self._goes_round()
        again = self.box([Edge(part.fails or "", "", Arrow.ERROR, taken)], Shape.ERROR, label)
        self._back(Edge(again.exits[0].source, "again", Arrow.ERROR, taken), part)
        return _Part(part.entry, part.exits, again.entry)

    def _looped(self, part: _Part, max_iter: int | None, *texts: str) -> _Part:
        body = self._solid(part)
        asked = self._then(body, Shape.QUESTION, *texts)
        runs = None if max_iter is None else f"{shown(max_iter)} {plural(max_iter, 'run')}"
        bound = "" if runs is None else f", at most {runs}"
        label = f"Continue{bound}"
        self._back(Edge(asked.exits[0].source, label, taken=self._goes_round()), body)
        return _labelled(asked, "yes")

    def _back(self, edge: Edge, to: _Part) -> None:
        if to.entry is not None:
            self.chart.arrow(edge, to.entry)


def _chained(first: _Part, then: _Part) -> _Part:
    if first.entry is None:
        return then
    return _Part(first.entry, then.exits, first.fails if then.entry is None else None)


def _handled(part: _Part, handler: _Part) -> _Part:
    return _Part(part.entry, _together(part.exits, handler.exits), handler.fails)


def _labelled(part: _Part, label: str) -> _Part:
    part.exits = [Edge(edge.source, label, taken=edge.taken) for edge in part.exits]
    return part


def _together(some: list[Edge], others: list[Edge]) -> list[Edge]:
    """All of them, the fewer behind the more: so each is moved a logarithm of times."""
    if len(some) < len(others):
        some, others = others, some
    some.extend(others)
    return some


def _decides(
    node: ZipAll[AnyFlow]
    | Each[AnyFlow]
    | Race[AnyFlow]
    | FirstCompleted[AnyFlow]
    | AtLeast[AnyFlow],
) -> str:
    match node:
        case ZipAll() | Each():
            return "all"
        case Race():
            return "first to succeed"
        case FirstCompleted():
            return "first to finish"
        case AtLeast(n, flows, stop_early):
            quorum = f"{n} of {len(flows)} succeed"
            return f"as soon as {quorum}" if stop_early else f"at least {quorum}"
        case _ as unreachable:
            assert_never(unreachable)
