"""What a run was like, for a drawing of its flow: which boxes it came to, and what became of them.

The drawing (`mermaid.py`) goes down a flow node by node. Beside it a `Course` goes down the places
that the run has visited (`visits.py`), by the same numbers of sub-flows. So what happened is told
of the very box at which it did. A dry run has noted where it came to; of a live one the events say
which agents it called (`mermaid_live.py`), or, if they are old, only their names.

An arrow is taken if what it leaves was left that way and what it leads to was entered; a box is
reached if an arrow to it is taken.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from returns.result import Failure

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import (
    Bind,
    BranchOn,
    FallbackTo,
    FlatMap,
    Leaf,
    Map,
    Match,
    Named,
    RecoverWith,
    children,
)
from everything_is_an_actor.algebra.path import AnyNode, occurrences
from everything_is_an_actor.algebra.plain import error_text
from everything_is_an_actor.interpreters.course import (
    NOT_ENDED,
    Course,
    Fate,
    Happened,
    Told,
    ended,
    not_taken,
    told,
)
from everything_is_an_actor.interpreters.dry_run import DryRun
from everything_is_an_actor.interpreters.flowchart import Edge, Outcome
from everything_is_an_actor.interpreters.mermaid_live import LiveCourse
from everything_is_an_actor.interpreters.read_back import with_errors
from everything_is_an_actor.interpreters.recording import AgentCall, agent_calls, agent_name
from everything_is_an_actor.interpreters.sites import Site, Sites
from everything_is_an_actor.interpreters.visits import (
    AGAIN,
    ENTERED,
    LEFT,
    ROOT,
    Place,
    Visits,
    place_of,
)
from everything_is_an_actor.runtime.events import TaskEvent


def course_of(flow: AnyFlow, run: DryRun[Any] | Iterable[TaskEvent]) -> Course:
    """The course of a run of `flow`: a dry run, or the events of a live one."""
    if isinstance(run, DryRun):
        return _of_dry_run(flow, run)
    if not isinstance(run, Iterable):
        raise TypeError(
            f"to_mermaid: run must be a DryRun or the events of a run, "
            f"got {shown(run)} ({type(run).__name__})"
        )
    events = list(run)
    calls = agent_calls(events, "to_mermaid")
    sited = _sited(flow, calls)
    end, is_left = _end_of(events)
    if sited is None:
        return _by_name(flow, calls, end)
    return LiveCourse(flow, sited, end, is_left=is_left)


def _of_dry_run(flow: AnyFlow, run: DryRun[Any]) -> Course:
    if run.calls and run.calls[0].way[0] != flow.node:
        raise ValueError(_ANOTHER)
    by_place: dict[Place, list[Happened]] = {}
    places = run.visits.places
    for call in run.calls:
        place = places.of(call.way[1])
        text = error_text(call.output) if isinstance(call.output, BaseException) else ""
        happened = Happened(call.ending, call.end - call.start, text)
        by_place.setdefault(places.bind_of(place) or place, []).append(happened)
    error = run.result.failure() if isinstance(run.result, Failure) else None
    return _DryCourse(run.visits, by_place, ended(run.seconds, error))


_ANOTHER = "to_mermaid: run is the run of another flow"


def _sited(flow: AnyFlow, calls: Iterable[AgentCall]) -> list[tuple[Site, Happened]] | None:
    """The calls, and at which leaves they were made; `None` if that is not known of all.

    Raises `ValueError` for a call at a leaf that is not there.
    """
    sites = Sites(flow)
    sited: list[tuple[Site, Happened]] = []
    for call in calls:
        path = call.start.flow_path
        if path is None or path.startswith("…"):
            return None
        found = [site for site in sites.at(path) if _may_be(site, call.name)]
        if not found:
            at = f" at {path}" if path else ""
            raise ValueError(f"{_ANOTHER}: it called {call.name}{at}, and there is none")
        if len(found) > 1:
            return None
        sited.append((found[0], _happened(call)))
    return sited


def _may_be(site: Site, name: str) -> bool:
    return isinstance(site.node, Bind) or agent_name(site.node) == name


def _by_name(flow: AnyFlow, calls: Iterable[AgentCall], end: Told) -> Course:
    by_agent: dict[str, list[Happened]] = {}
    for call in calls:
        by_agent.setdefault(call.name, []).append(_happened(call))
    nodes = [flow.node, *(f.node for node, _ in occurrences(flow) for f in children(node))]
    places = Counter(agent_name(node) for node in nodes if isinstance(node, Leaf))
    others = by_agent.keys() - places.keys()
    if others and not any(isinstance(node, Bind) for node in nodes):
        raise ValueError(f"{_ANOTHER}: it called {min(others)}, and there is none")
    several = frozenset(name for name, count in places.items() if count > 1)
    return _CourseByName(by_agent, several, end)


def _happened(call: AgentCall) -> Happened:
    end = call.end
    if end is None:
        return Happened("running", None, "")
    error = error_text(end.data) if isinstance(end.data, BaseException) else ""
    return Happened(
        _FATES[end.type],
        max(end.timestamp - call.start.timestamp, 0.0),
        error if end.type == "task_failed" else "",
    )


_FATES: Mapping[str, Fate] = {
    "task_completed": "completed",
    "task_failed": "failed",
    "task_cancelled": "cancelled",
}


def _end_of(events: Sequence[TaskEvent]) -> tuple[Told, bool]:
    """What the flow has come to, and whether that is a value."""
    start = next(event for event in events if event.type == "flow_started")
    for event in events:
        if event.task_id == start.task_id and event.type in ("flow_completed", "flow_failed"):
            is_left = event.type == "flow_completed"
            data = with_errors(event).data
            error = None if is_left else data if isinstance(data, BaseException) else Exception()
            return ended(max(event.timestamp - start.timestamp, 0.0), error), is_left
    return NOT_ENDED, False


# ------------------------------------------------------------------------------------ of a dry run


class _DryCourse(Course):
    """What a dry run has noted."""

    def __init__(self, visits: Visits, by_place: dict[Place, list[Happened]], end: Told) -> None:
        self._visits = visits
        self._by_place = by_place
        self._end = end
        self._above: list[_Level] = []

    @override
    def begins(self, node: AnyNode, edges: list[Edge]) -> None:
        here = self._above[-1].next(self._visits) if self._above else ROOT
        self._above.append(_Level(node, here))
        if not isinstance(node, FlatMap | Map) and not self.is_reached():
            not_taken(edges)

    @override
    def ends(self, exits: list[Edge]) -> None:
        node = self._above[-1].node
        ends_by_itself = not isinstance(
            node, FlatMap | Match | Named | Bind | BranchOn | RecoverWith | FallbackTo
        )
        if ends_by_itself and not self._has(LEFT):
            not_taken(exits)
        self._above.pop()

    @override
    def is_reached(self) -> bool:
        return self._has(ENTERED)

    @override
    def goes_round(self) -> bool:
        return self._has(AGAIN)

    @override
    def agent(self, leaf: Leaf[AnyFlow]) -> Told:
        return told(self._by_place.get(self._above[-1].place, ()))

    @override
    def chosen(self) -> Sequence[str]:
        calls = self._by_place.get(self._above[-1].place)
        return told(calls)[0] if calls else ()

    @override
    def end(self) -> Told:
        return self._end

    def _has(self, what: int) -> bool:
        return self._visits.count(self._above[-1].place, what) > 0


@dataclass(slots=True)
class _Level:
    """A node that is being drawn, the way by which one comes to it, and how many of its sub-flows
    have been.
    """

    node: AnyNode
    here: Place
    drawn: int = 0

    @property
    def place(self) -> Place:
        return place_of(self.node, self.here)

    def next(self, visits: Visits) -> Place:
        """The way to its next sub-flow."""
        number, self.drawn = self.drawn, self.drawn + 1
        chain, step = self.here
        match self.node:
            case FlatMap(source, _):
                return chain, step + source.steps if number else step
            case Map():
                return self.here
            case _:
                return visits.places.find(self.here, number), 0


# ------------------------------------------------------------------------------------ of old events


class _CourseByName(Course):
    """The calls of agents by their names, of which `several` stand at more than one place."""

    knows_the_way = False

    def __init__(
        self, by_agent: Mapping[str, Sequence[Happened]], several: frozenset[str], end: Told
    ) -> None:
        self._by_agent = by_agent
        self._several = several
        self._end = end

    @override
    def begins(self, node: AnyNode, edges: list[Edge]) -> None:
        """Nothing is known of arrows."""

    @override
    def ends(self, exits: list[Edge]) -> None:
        """Nothing is known of arrows."""

    @override
    def is_reached(self) -> None:
        return None

    @override
    def goes_round(self) -> None:
        return None

    @override
    def agent(self, leaf: Leaf[AnyFlow]) -> Told:
        name = agent_name(leaf)
        texts, outcome = told(self._by_agent.get(name, ()))
        is_elsewhere = name in self._several and outcome is not Outcome.MISSED
        return ([*texts, "here or elsewhere"] if is_elsewhere else texts), outcome

    @override
    def chosen(self) -> Sequence[str]:
        return ()

    @override
    def end(self) -> Told:
        return self._end
