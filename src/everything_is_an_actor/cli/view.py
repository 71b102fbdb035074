"""The agents at work, as a tree on a terminal that is drawn from the event stream.

A leaf of a flow may run a thousand times in a loop or a traversal. So the tree has one row for
each kind of agent at its place, with what its runs came to: it is as large as the program, not as
long as the run.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import time
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.text import Text
from rich.tree import Tree

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.cli.messages import headline

_ENDINGS: Final = {
    "task_completed": "done",
    "task_failed": "failed",
    "task_cancelled": "cancelled",
    "flow_completed": "done",
    "flow_failed": "failed",
}
_MARKS: Final = {"done": ("✓", "+", "green"), "failed": ("✗", "x", "red")}
_SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ERROR_LENGTH = 200


@dataclass(slots=True)
class Row:
    """The runs of one kind of agent at one place of the tree."""

    name: str
    rows: "dict[str, Row]" = field(default_factory=dict)
    running: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    chunks: int = 0
    error: str = ""
    busy: float = 0.0
    """Seconds in which at least one run was under way, up to `since`."""
    since: float = 0.0

    def start(self, at: float) -> None:
        """One more run."""
        if not self.running:
            self.since = at
        self.running += 1

    def end(self, ending: str, at: float) -> None:
        """One run less under way."""
        self.ended[ending] += 1
        self.running -= 1
        if not self.running:
            self.busy += max(at - self.since, 0.0)

    def seconds(self, now: float) -> float:
        """How long this row has been busy."""
        return self.busy + (max(now - self.since, 0.0) if self.running else 0.0)

    @property
    def state(self) -> str:
        """`running`, also before the first run; else `failed` if one did; else `done` if one is."""
        if self.running or not self.ended:
            return "running"
        return next((state for state in ("failed", "done") if self.ended[state]), "cancelled")


class Board:
    """The state of a run, folded from its events so far; the root is the flow."""

    def __init__(self, name: str) -> None:
        self.root = Row(name)
        self._open: dict[str, Row] = {}
        self._lock = Lock()  # the screen is drawn by another thread

    def update(self, event: TaskEvent) -> None:
        """Take an event in."""
        with self._lock:
            match event.type:
                case "flow_started":
                    self._start(event, self.root)
                case "task_started":
                    self._start(event, self._row(event))
                case "task_chunk":
                    self._open.get(event.task_id, self.root).chunks += 1
                case "task_completed" | "task_failed" | "task_cancelled":
                    self._end(event)
                case "flow_completed" | "flow_failed":
                    self._end(event)
                    for row in self._open.values():  # given up with the run
                        row.end("cancelled", event.timestamp)
                    self._open.clear()
                case "task_progress" | "side_failed":
                    pass

    def _row(self, event: TaskEvent) -> Row:
        parent = self._open.get(event.parent_task_id or "", self.root)
        name = re.sub(r"-\d+$", "", event.agent_path.rsplit("/", 1)[-1])
        return parent.rows.setdefault(name, Row(name))

    def _start(self, event: TaskEvent, row: Row) -> None:
        self._open[event.task_id] = row
        row.start(event.timestamp)

    def _end(self, event: TaskEvent) -> None:
        row = self._open.pop(event.task_id)
        row.end(_ENDINGS[event.type], event.timestamp)
        if event.type == "task_failed" and isinstance(event.data, BaseException):
            row.error = headline(event.data)

    def drawn(self, *, ascii_only: bool = False) -> Tree:
        """The tree as it is now."""
        with self._lock:
            now = time()
            tree = Tree(_line(self.root, now, ascii_only), guide_style="dim")
            pending = [(row, tree) for row in reversed(self.root.rows.values())]
            while pending:
                row, parent = pending.pop()
                branch = parent.add(_line(row, now, ascii_only))
                pending += [(inner, branch) for inner in reversed(row.rows.values())]
            return tree


def _line(row: Row, now: float, ascii_only: bool) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    name = _printable(row.name)
    match row.state:
        case "running":
            frame = "*" if ascii_only else _SPINNER[int(now * 10) % len(_SPINNER)]
            line.append(f"{frame} ", style="yellow").append(name, style="bold")
        case "cancelled":
            line.append("- " if ascii_only else "– ", style="dim").append(name, style="dim strike")
        case state:
            unicode, ascii_mark, style = _MARKS[state]
            line.append(f"{ascii_mark if ascii_only else unicode} ", style=style).append(name)
    line.append(f"  {_duration(row.seconds(now))}", style="dim")
    if told := _told(row):
        line.append(f"  {told}", style="dim")
    if row.error:
        line.append(f"  {_printable(row.error)[:_ERROR_LENGTH]}", style="red")
    return line


def _told(row: Row) -> str:
    """What a row's runs came to, if there were several, and how many chunks they have yielded."""
    counts = {"running": row.running, **row.ended}
    parts = [f"{count} {state}" for state, count in counts.items() if count]
    if sum(counts.values()) <= 1:
        parts = []
    if row.chunks:
        parts.append(f"{row.chunks} chunk{'' if row.chunks == 1 else 's'}")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    """Seconds for people.

    >>> _duration(0.0123), _duration(2.34), _duration(65.0)
    ('12 ms', '2.3 s', '1 min 05 s')
    """
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def _printable(text: str) -> str:
    """One line without control characters, which would move the cursor."""
    return "".join(c if c.isprintable() else " " for c in text)


@contextmanager
def live_view(board: Board) -> Iterator[None]:
    """Draw the board on standard error while the block runs, if that is a terminal.

    The last state stays on the screen. What is printed meanwhile appears above the tree.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    console = Console(stderr=True)
    ascii_only = console.options.ascii_only
    with Live(
        get_renderable=lambda: board.drawn(ascii_only=ascii_only),
        console=console,
        refresh_per_second=10,
    ):
        yield
