"""Who called whom: the events of a run, folded into the tree of its calls.

A call is one run of one flow or agent. Every event names its call and the caller of that, so the
tree does not depend on which of a call's events are there, nor on their order: of a stream that
has lost some, it is the same tree with gaps in it. What is not known is not made up: a call that
was only named as a parent has neither start nor end, one whose ending was not told has no end.

The ids of tasks are those of one process. So a file may hold two runs of the same ids, one after
the other: the second begins where an outermost call starts once more.
"""

from asyncio import CancelledError
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.cli.messages import headline
from everything_is_an_actor.runtime.paths import agent_name

type State = Literal["running", "done", "failed", "cancelled"]

FLOW: Final = "flow"
"""The name of a flow: its events carry none."""

_MARKS: Final = 512


@dataclass(slots=True, eq=False)
class Call:
    """One run of one flow or agent; `start` and `end` are in seconds since the epoch."""

    run: "Run"
    task_id: str
    path: str
    name: str
    parent: "Call | None" = None
    children: "dict[Call, None]" = field(default_factory=dict)
    """In order of appearance."""
    is_known: bool = False
    """Whether an event of its own was seen, not only ones that name it as their parent."""
    start: float | None = None
    end: float | None = None
    state: State = "running"
    error: str = ""
    chunks: int = 0
    last: object = None
    """The last chunk or progress."""
    marks: list[float] = field(default_factory=list)
    """When chunks came: some of those times, evenly chosen, if there were very many."""
    _stride: int = 1

    @property
    def depth(self) -> int:
        """How many calls it is within."""
        return sum(1 for _ in self.ancestors())

    @property
    def seconds(self) -> float | None:
        """How long it took, if that is known; never less than 0."""
        if self.start is None or self.end is None:
            return None
        return max(self.end - self.start, 0.0)

    def ancestors(self) -> "Iterator[Call]":
        """The calls that it is within, the nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def take(self, event: TaskEvent) -> None:
        """Learn from an event of this call; what was told before is not told anew."""
        match event.type:
            case "task_started" | "flow_started":
                if self.start is None:
                    self.start = event.timestamp
            case "task_chunk":
                self._chunk(event)
            case "task_progress":
                self.last = event.data
            case "side_failed":  # the agent in the side flow has told it as its own
                pass
            case "task_completed" | "flow_completed":
                self._end("done", event)
            case "flow_failed" if _is_cancellation(event.data):  # flows have no type for it
                self._end("cancelled", event)
            case "task_failed" | "flow_failed":
                self._end("failed", event)
            case "task_cancelled":
                self._end("cancelled", event)

    def _end(self, state: State, event: TaskEvent) -> None:
        if self.end is None:
            self.end = event.timestamp
            self.state = state
            self.error = _error_of(event.data) if state == "failed" else ""

    def _chunk(self, event: TaskEvent) -> None:
        if self.chunks % self._stride == 0:
            self.marks.append(event.timestamp)
        self.chunks += 1
        self.last = event.data
        if len(self.marks) > _MARKS:
            del self.marks[1::2]
            self._stride *= 2


@dataclass(slots=True, eq=False)
class Run:
    """The calls of one run: the outermost one, and those of which the caller is not known."""

    id: str
    roots: dict[Call, None] = field(default_factory=dict)
    _calls: dict[str, Call] = field(default_factory=dict)

    def take(self, event: TaskEvent) -> Call:
        """Learn from an event; the call that it is about."""
        call = self._called(event.task_id, event.agent_path)
        if not call.is_known:
            call.is_known = True
            call.path = event.agent_path
            call.name = event.agent
            self._place(call, event)
        if event.type.startswith("flow_"):
            call.name = FLOW
        call.take(event)
        return call

    def begins_anew(self, event: TaskEvent) -> bool:
        """Whether the event starts an outermost call, when there has been a start of one."""
        return (
            event.type in ("flow_started", "task_started")
            and event.parent_task_id is None
            and any(
                root.start is not None and (root.task_id, root.start) != _start_of(event)
                for root in self.roots
                if root.is_known
            )
        )

    def calls(self) -> Iterator[Call]:
        """Every call, each before those within it."""
        pending = list(reversed(self.roots))
        while pending:
            call = pending.pop()
            yield call
            pending += reversed(call.children)

    def forget(self, call: Call) -> None:
        """Let go of a call, which has ended."""
        self._calls.pop(call.task_id, None)
        siblings = self.roots if call.parent is None else call.parent.children
        siblings.pop(call, None)

    def _called(self, task_id: str, path: str) -> Call:
        call = self._calls.get(task_id)
        if call is None:
            call = self._calls[task_id] = Call(self, task_id, path, agent_name(path))
            self.roots[call] = None
        return call

    def _place(self, call: Call, event: TaskEvent) -> None:
        parent = self._parent(event)
        if parent is None or parent is call or call in parent.ancestors():
            return
        self.roots.pop(call, None)
        call.parent = parent
        parent.children[call] = None

    def _parent(self, event: TaskEvent) -> Call | None:
        if event.parent_task_id is None:
            return None
        if event.parent_agent_path is None:
            return self._calls.get(event.parent_task_id)
        return self._called(event.parent_task_id, event.parent_agent_path)


class Calls:
    """The calls of any number of runs, whose events may be mixed."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._latest: dict[str, Run] = {}

    def take(self, event: TaskEvent) -> Call:
        """Learn from an event; the call that it is about."""
        run = self._latest.get(event.run_id)
        if run is None or run.begins_anew(event):
            run = self._latest[event.run_id] = Run(event.run_id)
            self.runs.append(run)
        return run.take(event)


def _start_of(event: TaskEvent) -> tuple[str, float]:
    return event.task_id, event.timestamp


def _is_cancellation(data: object) -> bool:
    match data:
        case CancelledError():
            return True
        case {"error": "CancelledError"}:  # as it is written in a trace
            return True
        case _:
            return False


def _error_of(data: object) -> str:
    match data:
        case BaseException():
            return headline(data)
        case {"error": str(kind), "message": str(text)}:
            return f"{kind}: {text}" if text else kind
        case _:
            return ""
