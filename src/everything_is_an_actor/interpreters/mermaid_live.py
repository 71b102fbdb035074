"""The course of a live run, from what its events say: which agents were called where, to what end.

No function is called again, so what is between agents is inferred. An agent that was called was
reached, another one was not: that is exact. A part in which an agent was called was entered; one
that begins by an agent and in which none was called was not. Steps before one that was entered
were left with a value, and so is a flow that has ended well, along the nodes that do so only if
their parts did. What does not follow is not known.

*Left* is to say: at least once with a value. In what may run several times, in a loop or for each
element, one run may take another way than the next: then less follows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import override

from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.fold import para
from everything_is_an_actor.algebra.node import (
    AtLeast,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    Each,
    FallbackTo,
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
    Node,
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
from everything_is_an_actor.algebra.path import AnyNode, Where
from everything_is_an_actor.interpreters.course import (
    Course,
    Happened,
    Told,
    any_taken,
    not_taken,
    told,
)
from everything_is_an_actor.interpreters.flowchart import Edge
from everything_is_an_actor.interpreters.sites import Site
from everything_is_an_actor.interpreters.visits import Chain, Place, Places

type Fact = bool | None  # None: nobody knows


@dataclass(slots=True)
class _Level:
    """A node that is being drawn, where it stands, and what is known of it.

    `steps` is how many it has in its chain. `repeated` says that it may run several times.
    """

    node: AnyNode
    chain: Chain
    step: int
    steps: int
    entered: Fact
    left: Fact
    repeated: bool
    drawn: int = 0
    hints: Sequence[Fact] = ()  # whether its sub-flows were entered, as far as they show it

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.chain, self.step


class LiveCourse(Course):
    """What the events of a run say of its flow."""

    def __init__(
        self,
        flow: AnyFlow,
        calls: Iterable[tuple[Site, Happened]],
        end: Told,
        *,
        is_left: bool,
    ) -> None:
        """`is_left` says that the whole flow has ended with a value."""
        self._end = end
        self._is_left = is_left
        self._above: list[_Level] = []
        self._places = Places(elements=False)
        self._calls: dict[Place, list[Happened]] = {}
        self._last: dict[Chain, int] = {}  # the last step of a chain that was entered
        self._starts = _starts_with_agent(flow)
        for site, happened in calls:
            self._calls.setdefault(self._come_to(site.where), []).append(happened)

    def _come_to(self, where: Where) -> Place:
        """Notes that a run came to a place, and so to all above it."""
        here = place = self._places.of(where)
        while self._last.get(place[0], -1) < place[1]:
            self._last[place[0]] = place[1]
            if where is not None and isinstance(where[1], FlatMap):
                where = where[0]
            if where is None:
                break
            where = where[0]
            place = self._places.of(where)
        return here

    @override
    def begins(self, node: AnyNode, edges: list[Edge]) -> None:
        if not self._above:
            level = _Level(node, 0, 0, _steps(node), True, self._is_left, repeated=False)
        elif isinstance(self._above[-1].node, FlatMap | Map):
            level = self._member(self._above[-1], node, edges)
        else:
            level = self._below(self._above[-1], node, edges)
            if level.entered is None:
                edges[:] = [edge._replace(taken=edge.taken and None) for edge in edges]
        self._above.append(level)
        if isinstance(node, Leaf):
            calls = self._calls.get(level.place, ())
            level.entered = bool(calls)
            level.left = any(call.ending == "completed" for call in calls)
        elif level.entered is False:
            level.left = False
        if isinstance(node, FlatMap | Map):
            return  # its first part is told of them
        if level.entered is False:
            not_taken(edges)
        elif level.entered:
            _sure(edges)

    @override
    def ends(self, exits: list[Edge]) -> None:
        level = self._above.pop()
        match level.node:
            case (
                FlatMap() | Identity() | Match() | Named() | BranchOn() | Timeout() | Retry()
                | RecoverWith() | FallbackTo()
            ):  # fmt: skip
                return  # these are left as their parts are
            case Recover():
                own = exits[-1:]  # of the handler; the others were told of at the source
            case _:
                own = exits
        if level.left is False:
            not_taken(own)
        elif level.left and not isinstance(level.node, Recover):
            _sure(own)
        elif not isinstance(level.node, Race | Attempt | Notify | Recover):
            own[:] = [edge._replace(taken=edge.taken and None) for edge in own]
        if own is not exits:
            exits[-1:] = own

    @override
    def is_reached(self) -> bool | None:
        return self._above[-1].entered

    @override
    def goes_round(self) -> bool | None:
        level = self._above[-1]
        if level.entered is False:
            return False
        match level.node:
            case Loop(source) | LoopWithState(source) | Retry(source):
                times = self._times(level, source)
                return None if times is None or (level.repeated and times > 1) else times > 1
            case Recover(source) | RecoverWith(source) | FallbackTo(source) | Attempt(source):
                hints = self._hints(level)
                if len(hints) > 1 and hints[1]:
                    return True
                if isinstance(source.node, Leaf):
                    calls = self._calls.get((self._places.find(level.place, 0), 0), ())
                    return any(call.ending == "failed" for call in calls)
                return hints[1] if len(hints) > 1 else None
            case _:
                raise AssertionError("nothing goes round there")

    @override
    def agent(self, leaf: Leaf[AnyFlow]) -> Told:
        return told(self._calls.get(self._above[-1].place, ()))

    @override
    def chosen(self) -> Sequence[str]:
        calls = self._calls.get(self._above[-1].place)
        return told(calls)[0] if calls else ()

    @override
    def end(self) -> Told:
        return self._end

    # ------------------------------------------------------------------------- what follows

    def _member(self, above: _Level, node: AnyNode, edges: Iterable[Edge]) -> _Level:
        """The next part of a chain, to which one comes when the one before it is left."""
        number, above.drawn = above.drawn, above.drawn + 1
        is_next = isinstance(above.node, FlatMap) and number == 1
        steps = _steps(node)
        step = above.step + (above.steps - steps if is_next else 0)
        last = self._last.get(above.chain, -1)
        entered: Fact = any_taken(edges) if is_next else above.entered
        if last >= step:
            entered = True
        elif self._starts[id(node)]:
            entered = False
        left = above.left if is_next else above.left or None
        if last >= step + steps:
            left = True
        return _Level(node, above.chain, step, steps, entered, left, above.repeated)

    def _below(self, above: _Level, node: AnyNode, edges: Iterable[Edge]) -> _Level:
        """A sub-flow of a node that is no chain."""
        number, above.drawn = above.drawn, above.drawn + 1
        entered, left = self._child(above, number)
        if number and isinstance(above.node, Guard | Tap | Notify | RecoverWith | FallbackTo):
            entered = entered or any_taken(edges)
        chain = self._places.find(above.place, number)
        if chain in self._last:
            entered = True
        elif self._starts[id(node)]:
            entered = False
        again = isinstance(above.node, Loop | LoopWithState | Retry | Traverse)
        return _Level(node, chain, 0, _steps(node), entered, left, above.repeated or again)

    def _child(self, above: _Level, number: int) -> tuple[Fact, Fact]:
        """Whether a sub-flow was entered, and left, by what is known of the node above it."""
        entered, left = above.entered, above.left
        if entered is False:
            return False, False
        match above.node:
            case Named() | Timeout() | Retry():
                return entered, left
            case ZipAll() | Each():
                return entered, left or None
            case Race() | FirstCompleted() | AtLeast():
                return entered if number == 0 else None, None
            case Traverse():
                return None, left or None
            case Match():
                return self._alternative(above, number, range(len(children(above.node))))
            case BranchOn() if number:
                return self._alternative(above, number, (1, 2))
            case Recover() | Attempt():
                return entered, False if left is False else None
            case RecoverWith() | FallbackTo():
                handled = self._hints(above)[1]
                if number:
                    is_known = left is False or (handled and not above.repeated)
                    return handled, left if is_known else None
                if left is False or (left and handled is False):
                    return entered, left
                return entered, False if handled and not above.repeated else None
            case Guard() | Tap() if number:
                return left or None, left or None
            case Notify() if number:
                return left or None, None
            case DivertTo() if number:
                return None, None
            case BranchOn() | Guard() | Tap() | Notify() | DivertTo() | Bind():
                is_left = left or any(self._hints(above)[1:]) or above.place in self._calls
                return entered, True if is_left else None
            case _:
                return entered, left or None

    def _alternative(self, above: _Level, number: int, among: Iterable[int]) -> tuple[Fact, Fact]:
        """Of sub-flows of which one is chosen, in each run, one."""
        if above.repeated:
            return None, False if above.left is False else None
        hints = self._hints(above)
        others = [hints[other] for other in among if other != number]
        if any(others):
            return False, False
        if all(hint is False for hint in others):
            return above.left or None, above.left
        return None, False if above.left is False else None

    def _hints(self, level: _Level) -> Sequence[Fact]:
        if not level.hints:
            level.hints = [
                True
                if self._places.find(level.place, number) in self._last
                else False
                if self._starts[id(flow.node)]
                else None
                for number, flow in enumerate(children(level.node))
            ]
        return level.hints

    def _times(self, level: _Level, flow: AnyFlow) -> int | None:
        """How often a sub-flow was begun, if it always begins by the same agent, once."""
        place: Place = (self._places.find(level.place, 0), 0)
        while True:
            node = flow.node
            match node:
                case Leaf():
                    return len(self._calls.get(place, ()))
                case FlatMap(source) | Map(source):
                    flow = source
                case Pure() | Identity() | Traverse() | Match() | Each():
                    return None
                case Loop() | LoopWithState() | Retry():
                    return None
                case _:
                    place = (self._places.find(place, 0), 0)
                    flow = children(node)[0]


def _sure(edges: list[Edge]) -> None:
    """One of them was taken: if only one may have been, it was."""
    maybe = [i for i, edge in enumerate(edges) if edge.taken is not False]
    if len(maybe) == 1:
        edges[maybe[0]] = edges[maybe[0]]._replace(taken=True)


def _steps(node: AnyNode) -> int:
    match node:
        case FlatMap(source, next):
            return source.steps + next.steps
        case Map(source, _):
            return source.steps + 1
        case _:
            return 1


def _starts_with_agent(flow: AnyFlow) -> Mapping[int, bool]:
    """Whether a run of each node begins by calling an agent, whatever comes then; by their ids."""
    found: dict[int, bool] = {}

    def starts(flow: AnyFlow, node: Node[bool]) -> bool:
        match node:
            case Leaf():
                result = True
            case Pure() | Identity() | Traverse() | Match() | Each():
                result = False
            case _:
                result = children(node)[0]
        found[id(flow.node)] = result
        return result

    _ = para(starts, flow)
    return found
