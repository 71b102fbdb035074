"""What has to be true of the events of every run, whatever it runs.

    flow_started … (task_started task_chunk* … one ending)* … flow_completed | flow_failed

One start and one ending for each task, children within their parents, and all within one flow; the
calls of agents that the events tell of, and their chunks, are those that the agents have noted:
nothing is lost and nothing is there twice. From "Streams" of `run_flow_stream`.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from everything_is_an_actor.algebra.failure import FlowTimeoutError
from everything_is_an_actor.runtime.events import EventType, TaskEvent
from everything_is_an_actor.testing.observing import told
from everything_is_an_actor.testing.scripted import Journal

ENDINGS: Mapping[EventType, str] = {
    "task_completed": "completed",
    "task_failed": "failed",
    "task_cancelled": "cancelled",
}


def wrong_with(events: Sequence[TaskEvent], input: Any, kept: Journal) -> str | None:
    """What is first found wrong with the events of a run on an input, whose calls were noted.

    >>> wrong_with([TaskEvent("flow_started", "t", "/", 3)], 3, Journal(0.0))
    'the last event is flow_started, not the ending of the flow'
    """
    return next(_found(events, input, kept), None)


def _found(events: Sequence[TaskEvent], input: Any, kept: Journal) -> Iterator[str]:
    if not events:
        yield "there is no event"
        return
    first, last = events[0], events[-1]
    if first.type != "flow_started" or told(first.data) != told(input):
        yield f"the first event is {first.type} of {first.data!r}, not flow_started of {input!r}"
    if last.type not in ("flow_completed", "flow_failed") or last.task_id != first.task_id:
        yield f"the last event is {last.type}, not the ending of the flow"
    yield from _unbracketed(first, events[1:-1])
    yield from _apart("calls", _calls(events), _noted(kept))
    yield from _apart("chunks", _chunks(events), ((who, told(what)) for who, what in kept.chunks))


def _unbracketed(flow: TaskEvent, events: Sequence[TaskEvent]) -> Iterator[str]:
    """Where a task does not begin and end once, within its parent."""
    opened: dict[str, set[str]] = {flow.task_id: set()}  # each with its children that are open
    ended: set[str] = set()
    for event in events:
        task, parent = event.task_id, event.parent_task_id or flow.task_id
        if event.run_id != flow.run_id:
            yield f"{_shown(event)} is of another run"
        elif event.type == "task_started":
            if task in opened or task in ended:
                yield f"{_shown(event)} for the second time"
            elif parent not in opened:
                yield f"{_shown(event)} outside of its parent"
            else:
                opened[parent].add(task)
                opened[task] = set()
        elif task not in opened:
            yield f"{_shown(event)} {'after its ending' if task in ended else 'without a start'}"
        elif event.type in ENDINGS:
            if opened.pop(task):
                yield f"{_shown(event)} before its children have ended"
            ended.add(task)
            opened[parent].discard(task)
        elif event.type not in ("task_chunk", "task_progress", "side_failed"):
            yield f"{_shown(event)} within a flow"
    for task in opened.keys() - {flow.task_id}:
        yield f"task {task} has no ending"


def _calls(events: Sequence[TaskEvent]) -> Iterator[tuple[object, ...]]:
    """The calls of agents that the events tell of, as the agents see them.

    One that was given up at its own timeout has failed, and the agent was cancelled.
    """
    inputs = {event.task_id: event.data for event in events if event.type == "task_started"}
    for event in events:
        if event.type in ENDINGS:
            cut = isinstance(event.data, FlowTimeoutError)
            ending = "cancelled" if cut else ENDINGS[event.type]
            yield _name(event), told(inputs.get(event.task_id)), ending


def _noted(kept: Journal) -> Iterator[tuple[object, ...]]:
    return ((call.agent, told(call.input), call.ending) for call in (*kept.calls, *kept.waits))


def _chunks(events: Sequence[TaskEvent]) -> Iterator[tuple[object, ...]]:
    return ((_name(event), told(event.data)) for event in events if event.type == "task_chunk")


def _apart(
    what: str, found: Iterator[tuple[object, ...]], noted: Iterator[tuple[object, ...]]
) -> Iterator[str]:
    """What is lost of what was noted, each by its agent's name first, and what is made up.

    A leaf may have a label, which events tell of in the place of the name.
    """
    by_events, by_agents = Counter(found), Counter(noted)
    lost, made_up = by_agents - by_events, by_events - by_agents
    names = {name for name, *_ in by_agents}
    labelled = all(name not in names for name, *_ in made_up)
    if labelled and _nameless(lost) == _nameless(made_up):
        return
    yield f"{what} lost: {list(lost.elements())}, made up: {list(made_up.elements())}"


def _nameless(of: Counter[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    return Counter(each[1:] for each in of.elements())


def _name(event: TaskEvent) -> str:
    """The agent that an event is about, without its number."""
    return event.agent_path.rpartition("/")[2].rpartition("-")[0]


def _shown(event: TaskEvent) -> str:
    return f"{event.type} of {event.agent_path} ({event.task_id})"


def ending_of(events: Sequence[TaskEvent]) -> Any:
    """What the last event says: the output; or the error is raised. Of any flow: hence the `Any`.

    Raises `CancelledError` of a flow that was given up.
    """
    last = events[-1]
    if last.type == "flow_completed":
        return last.data
    if isinstance(last.data, asyncio.CancelledError):
        raise asyncio.CancelledError
    raise last.data
