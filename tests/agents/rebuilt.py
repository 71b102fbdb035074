"""The tree of calls that a flat stream of events tells of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.flow import FlowTimeoutError

STARTS = ("task_started", "flow_started")
ENDINGS = {
    "task_completed": "completed",
    "task_failed": "failed",
    "task_cancelled": "cancelled",
    "flow_completed": "flow",
    "flow_failed": "flow",
}


def _outcome(event: TaskEvent) -> Any:
    if event.type == "task_cancelled":
        assert isinstance(event.data, BaseException | None)
        return None
    if event.type.startswith("flow"):
        return None
    return event.data


@dataclass
class Tree:
    """One task: from when to when, what was told of it meanwhile, and what it ended in.

    The node that an agent has executed stands for the agent; a flow has none. Where it is expected
    that it may be cut short, only so many of the notes and children are sure.
    """

    node: Any
    began: float
    path: str
    notes: list[tuple[str, Any]] = field(default_factory=list)
    children: list[Tree] = field(default_factory=list)
    ended: float = -1.0
    ending: str = ""
    data: Any = None
    may_be_cut: bool = False
    sure_notes: int = 0
    sure_children: int = 0


def rebuilt(events: Iterable[tuple[TaskEvent, float]]) -> Tree:
    """The tree, each event with its time; asserts all that a stream of events promises."""
    trees: dict[str, Tree] = {}
    paths: dict[str, str] = {}
    parents: dict[str, str | None] = {}
    open_tasks: dict[str, Tree] = {}
    root = ""
    run_id = ""
    stamp = 0.0
    for event, now in events:
        assert event.timestamp >= stamp
        stamp = event.timestamp
        id, parent = event.task_id, event.parent_task_id
        if event.type in STARTS:
            assert id not in trees, "a task starts once"
            if not root:
                root, run_id = id, event.run_id
                outside = parent
            else:
                assert parent in open_tasks, "children lie inside their parents"
            trees[id] = open_tasks[id] = Tree(
                getattr(event.data, "node", None), now, event.agent_path
            )
            paths[id], parents[id] = event.agent_path, parent
            if parent in trees:
                trees[parent].children.append(trees[id])
        tree = open_tasks[id]
        assert event.run_id == run_id
        assert event.agent_path == paths[id]
        assert parent == parents[id]
        assert (
            event.parent_agent_path == (None if parent is None else paths.get(parent, "?"))
            or parent == outside
        )
        if event.type in ENDINGS:
            tree.ended, tree.ending = now, ENDINGS[event.type]
            tree.data = _outcome(event)
            assert not any(child.ended < 0 for child in tree.children), "children end first"
            del open_tasks[id]
            assert (id == root) == (not open_tasks)
        elif event.type == "side_failed":
            assert isinstance(event.data, Exception)
        elif event.type not in STARTS:
            tree.notes.append((event.type, event.data))
    assert not open_tasks, "every task ends"
    return trees[root]


def differences(tree: Tree, meant: Tree, where: str = "root") -> list[str]:
    """In what a tree differs from the one that is meant; a function does not know its path."""
    found: list[str] = []
    if meant.may_be_cut:
        if meant.sure_notes <= len(tree.notes):
            meant.notes = meant.notes[: len(tree.notes)]
        if meant.sure_children <= len(tree.children):
            meant.children = meant.children[: len(tree.children)]
        if tree.ending == "cancelled":
            meant.ending, meant.data = "cancelled", None
    for name in ("node", "began", "path", "notes", "ended", "ending", "data"):
        here, there = getattr(tree, name), getattr(meant, name)
        is_the_timeout = there is FlowTimeoutError and isinstance(here, FlowTimeoutError)
        if here != there and there != UNKNOWN and not is_the_timeout:
            found.append(f"{where}: {name} is {here!r}, not {there!r}")
    if len(tree.children) != len(meant.children):
        paths = [child.path for child in tree.children], [child.path for child in meant.children]
        return [*found, f"{where}: the children are {paths[0]}, not {paths[1]}"]
    for i, (child, there) in enumerate(zip(tree.children, meant.children, strict=True)):
        found += differences(child, there, f"{where}.{i}")
    return found


UNKNOWN = "?"
