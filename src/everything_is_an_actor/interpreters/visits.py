"""Where a run came to in its flow: of each place, how often it was entered, left and gone round.

A place is a node where it stands: a part that stands twice in a flow is two places. The way to it
(`algebra/path.py`) is a chain of links, new ones in each iteration of a loop; here it becomes two
numbers, the same whenever and however often the place is come to:

    place = (chain, step)

A chain is a list of `flat_map`s and `map`s, or a single node, that stands below some other node;
chain 0 is the flow itself. So a drawing, which goes down the same flow node by node, finds what
happened at each.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final, override

from everything_is_an_actor.algebra.node import (
    AtLeast,
    Attempt,
    DivertTo,
    Each,
    FallbackTo,
    FirstCompleted,
    FlatMap,
    Loop,
    LoopWithState,
    Map,
    Notify,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Timeout,
    Traverse,
    ZipAll,
)
from everything_is_an_actor.algebra.path import AnyNode, Slot, Where
from everything_is_an_actor.interpreters.reference import Call, Frame, Machine, Script, Visit

type Chain = int
type Place = tuple[Chain, int]

ROOT: Final[Place] = (0, 0)

ENTERED: Final = 0
LEFT: Final = 1  # with a value
AGAIN: Final = 2  # an error of its source was handled, or its body begins once more

_NOTES: Final = 1_000  # visits that are kept before it is asked whether they can be counted
_LINKS: Final = 10_000


class Places:
    """Numbers for ways. `Each` element of a `traverse` has a place of its own, or all have one."""

    def __init__(self, *, elements: bool) -> None:
        self._elements = elements
        self._chains: dict[tuple[Chain, int, int], Chain] = {}
        self._bound: dict[Chain, Place] = {}  # within a flow that the bind at a place chose
        # By the id of the link, which is kept alive; forgotten when there are many.
        self._known: dict[int, tuple[Where, Place]] = {}
        self._limit = _LINKS

    def of(self, where: Where) -> Place:
        """The place to which `where` is the way."""
        links: list[tuple[Where, AnyNode, Slot]] = []
        place = ROOT
        while where is not None:
            known = self._known.get(id(where))
            if known is not None:
                place = known[1]
                break
            links.append(where)
            where = where[0]
        if len(self._known) + len(links) > self._limit:
            self._limit = max(self._limit, 4 * len(links))
            self._known.clear()
        for link in reversed(links):
            _, node, slot = link
            if isinstance(node, FlatMap):
                place = (place[0], slot if isinstance(slot, int) else 0)
            else:
                chain = self._below(place, self._number(node, slot))
                if not isinstance(slot, int):
                    self._bound.setdefault(chain, self._bound.get(place[0], place))
                elif place[0] in self._bound:
                    self._bound[chain] = self._bound[place[0]]
                place = (chain, 0)
            self._known[id(link)] = (link, place)
        return place

    def find(self, place: Place, number: int) -> Chain:
        """The sub-flow of that number of the node at a place; -1 if nothing came to it."""
        return self._chains.get((*place, number), -1)

    def bind_of(self, place: Place) -> Place | None:
        """The place of the bind that chose the flow in which a place is, if one did."""
        return self._bound.get(place[0])

    def _below(self, place: Place, number: int) -> Chain:
        return self._chains.setdefault((*place, number), len(self._chains) + 1)

    def _number(self, node: AnyNode, slot: Slot) -> int:
        if not isinstance(slot, int):
            return 1  # the flow that a bind chose
        return slot if self._elements or not isinstance(node, Traverse) else 0


class Visits:
    """How often what happened where."""

    def __init__(self) -> None:
        self.places = Places(elements=False)
        self._counts: Counter[tuple[Place, int]] = Counter()

    def add(self, visit: Visit) -> None:
        """Counts a visit."""
        self._counts[place_of(visit.node, self.places.of(visit.here)), visit.what] += 1

    def count(self, place: Place, what: int) -> int:
        """How often it has happened there that it was entered, left, or gone round."""
        return self._counts[place, what]


def place_of(node: AnyNode, here: Place) -> Place:
    """The place of a node to which one came by `here`: that of a `map` is its function's."""
    return (here[0], here[1] + node.source.steps) if isinstance(node, Map) else here


class Visiting(Machine):
    """The reference semantics, which notes where it came to.

    The notes of what may yet be given up on are kept among the calls; they are counted when
    nothing can take them back.
    """

    def __init__(self, root: AnyNode, agents: Script, value: Any) -> None:
        super().__init__(root, agents, value)
        self.visits = Visits()
        self._notes = 0
        self._limit = _NOTES

    @override
    def run(self) -> None:
        super().run()
        self._count()

    @override
    def _down(self, node: AnyNode, here: Where, script: Callable[[Any], Any] | None) -> None:
        self._note(ENTERED, node, here)
        depth = len(self._stack)
        super()._down(node, here, script)
        if self._node is None and len(self._stack) == depth:
            self._note(LEFT, node, here)

    @override
    def _up(self, node: AnyNode, here: Where, saved: Any) -> None:
        super()._up(node, here, saved)
        if self._node is not None:
            if isinstance(node, Loop | LoopWithState):
                self._note(AGAIN, node, here)
        elif self.error is None:
            self._note(LEFT, node, here)

    @override
    def _fail(self, node: AnyNode, here: Where, saved: Any, error: BaseException) -> None:
        super()._fail(node, here, saved, error)
        if self.error is not None:
            return
        if isinstance(node, Recover | RecoverWith | FallbackTo | Attempt | Retry):
            self._note(AGAIN, node, here)
        if self._node is None:
            self._note(LEFT, node, here)

    def _note(self, what: int, node: AnyNode, here: Where) -> None:
        if isinstance(node, FlatMap):
            return
        self.trace.append(Visit(what, node, here, self.now, self.now, None))
        self._latest = max(self._latest, self.now)
        self._notes += 1
        if self._notes >= self._limit:
            if any(map(_may_give_up, self._stack)):
                self._limit *= 2
            else:
                self._count()

    def _count(self) -> None:
        calls: list[Call | Visit] = []
        for made in self.trace:
            if isinstance(made, Visit):
                self.visits.add(made)
            else:
                calls.append(made)
        self.trace = calls
        self._notes = 0
        self._limit = max(_NOTES, len(self._stack))


def _may_give_up(frame: Frame) -> bool:
    """Whether what runs within the frame may be cut, or belongs to a side flow."""
    return isinstance(
        frame[0],
        ZipAll | Each | Race | FirstCompleted | AtLeast | Traverse | Timeout | Notify | DivertTo,
    )
