"""Runs as lists of events, made up; and random ones, with the tree that they are of."""

from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from everything_is_an_actor.agents import EventType, TaskEvent

START = 1_700_000_000.0
ENDINGS: tuple[tuple[EventType, str], ...] = (
    ("task_completed", "done"),
    ("task_failed", "failed"),
    ("task_cancelled", "cancelled"),
)


@dataclass
class Recorded:
    """The events of one run, written down by hand; times are in seconds since its start."""

    run_id: str = "run-1"
    begin: float = START
    events: list[TaskEvent] = field(default_factory=list)

    def tell(
        self,
        kind: EventType,
        path: str,
        at: float,
        data: object = None,
        *,
        within: str | None = "/app",
    ) -> "Recorded":
        """One event; tasks are called as their paths, which are under that of their parent."""
        event = TaskEvent(kind, path, path, data, within, within, self.run_id, self.begin + at)
        self.events.append(event)
        return self

    def call(
        self,
        path: str,
        start: float,
        end: float,
        ending: EventType = "task_completed",
        data: object = None,
        *,
        chunks: tuple[float, ...] = (),
        within: str | None = "/app",
    ) -> "Recorded":
        """A whole call."""
        self.tell(
            "flow_started" if ending.startswith("flow") else "task_started",
            path,
            start,
            within=within,
        )
        for at in chunks:
            self.tell("task_chunk", path, at, "a chunk", within=within)
        return self.tell(ending, path, end, data, within=within)


@dataclass
class Expected:
    """What is to be known of a call."""

    task_id: str
    name: str
    parent: str | None
    start: float
    end: float | None = None
    state: str = "running"
    chunks: int = 0
    last: object = None
    error: str = ""


@dataclass
class Executed:
    """The events of a run in order, and the calls that they tell of, by their ids."""

    events: list[TaskEvent]
    calls: dict[str, Expected]


@st.composite
def executions(draw: st.DrawFn, run_id: str = "run", size: int = 10) -> Executed:
    """Runs as they may be: children within their parents, each call with one start and one end."""
    executed = Executed([], {})
    paths: dict[str, str] = {}
    under_way: list[str] = []

    def tell(kind: EventType, task: str, data: object = None) -> TaskEvent:
        parent = executed.calls[task].parent
        at = START + len(executed.events)
        event = TaskEvent(
            kind, task, paths[task], data, parent, paths[parent] if parent else None, run_id, at
        )
        executed.events.append(event)
        return event

    def begin(name: str, parent: str | None) -> None:
        task = f"t{len(paths)}"
        paths[task] = f"{paths[parent]}/{name}-{len(paths)}" if parent else "/app"
        is_flow = parent is None
        at = START + len(executed.events)
        executed.calls[task] = Expected(task, "flow" if is_flow else name, parent, at)
        tell("flow_started" if is_flow else "task_started", task)
        under_way.append(task)

    def end(task: str) -> None:
        kind, state = draw(st.sampled_from(ENDINGS))
        call = executed.calls[task]
        if call.parent is None:
            kind, state = (
                ("flow_failed", "failed") if state == "failed" else ("flow_completed", "done")
            )
        event = tell(kind, task, ValueError("no") if state == "failed" else None)
        call.end, call.state = event.timestamp, state
        call.error = "ValueError: no" if state == "failed" else ""
        under_way.remove(task)

    def chunk(task: str) -> None:
        kinds: tuple[EventType, ...] = ("task_chunk", "task_progress")
        kind = draw(st.sampled_from(kinds))
        call = executed.calls[task]
        call.last = tell(kind, task, len(executed.events)).data
        call.chunks += kind == "task_chunk"

    begin("flow", None)
    for _ in range(draw(st.integers(0, 3 * size))):
        if draw(st.booleans()) and len(paths) < size:
            begin(draw(st.sampled_from("ABC")), draw(st.sampled_from(under_way)))
        elif len(under_way) > 1 and draw(st.booleans()):
            chunk(draw(st.sampled_from(under_way[1:])))
        elif leaves := [t for t in under_way[1:] if not _has_open_child(t, under_way, executed)]:
            end(draw(st.sampled_from(leaves)))
    while under_way:
        end(next(t for t in under_way if not _has_open_child(t, under_way, executed)))
    return executed


def _has_open_child(task: str, under_way: list[str], executed: Executed) -> bool:
    return any(executed.calls[other].parent == task for other in under_way)


_ids = st.sampled_from(("t0", "t1", "t2", "t3"))
_kinds: st.SearchStrategy[EventType] = st.sampled_from(
    (
        "task_started",
        "task_chunk",
        "task_progress",
        "task_completed",
        "task_failed",
        "task_cancelled",
        "flow_started",
        "flow_completed",
        "flow_failed",
        "side_failed",
    )
)
garbage = st.lists(
    st.builds(
        TaskEvent,
        _kinds,
        _ids,
        st.sampled_from(("/app", "/app/A-1", "/app/A-1/B-2", "", "/ü-3\x1b")),
        st.sampled_from((None, "text", 1, {"error": "E", "message": "m"}, OSError("gone"))),
        st.none() | _ids,
        st.none() | st.just("/app/A-1"),
        st.sampled_from(("run-1", "run-2")),
        st.floats(-1e18, 1e18) | st.sampled_from((0.0, 1.0, 2.0)),
    ),
    max_size=30,
)
"""Events that no run can have: without starts, ended twice, within themselves, at any time."""


def renamed(events: list[TaskEvent], run_id: str) -> list[TaskEvent]:
    """The same events, of another run."""
    return [replace(event, run_id=run_id) for event in events]
