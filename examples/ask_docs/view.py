"""The agents at work, drawn from the event stream: a live table on a terminal, plain lines
elsewhere.

An agent's leaf runs many times in one question (a retriever once a round, a summary once a
passage), so there is one row for each kind of agent, with what its runs came to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, Protocol

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from everything_is_an_actor.agents import TaskEvent

__all__ = ["Board", "View", "watching"]

_ENDINGS: Final = {
    "task_completed": "done",
    "task_failed": "failed",
    "task_cancelled": "cancelled",
}


class View(Protocol):
    """What is told of every event."""

    def show(self, event: TaskEvent) -> None: ...


@dataclass(slots=True)
class _Row:
    running: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0
    seconds: float = 0.0
    """Of all runs that have ended, one after the other."""


@dataclass(slots=True)
class Board:
    """The state of every kind of agent, folded from the events so far."""

    rows: dict[str, _Row] = field(default_factory=dict)
    _started: dict[str, float] = field(default_factory=dict)

    def update(self, event: TaskEvent) -> float | None:
        """Take an event in; for one that ends a task, how long the task took in seconds."""
        row = self.rows.setdefault(agent_name(event), _Row()) if event.type in _TASKS else _Row()
        match event.type:
            case "task_started":
                row.running += 1
                self._started[event.task_id] = event.timestamp
            case "task_completed":
                row.done += 1
            case "task_failed":
                row.failed += 1
            case "task_cancelled":
                row.cancelled += 1
            case _:
                pass
        if event.type not in _ENDINGS:
            return None
        took = event.timestamp - self._started.pop(event.task_id, event.timestamp)
        row.running -= 1
        row.seconds += took
        return took

    @property
    def runs(self) -> int:
        """Agents that have ended."""
        return sum(row.done + row.failed + row.cancelled for row in self.rows.values())


_TASKS: Final = frozenset({"task_started", *_ENDINGS})


def agent_name(event: TaskEvent) -> str:
    """The kind of agent that an event is about: its path's last segment without the number."""
    return event.agent_path.rstrip("/").rsplit("/", 1)[-1].rstrip("0123456789").rstrip("-#$~")


@contextmanager
def watching(console: Console, board: Board) -> Iterator[View]:
    """A live view of the board on a terminal, else a line for every agent that ends."""
    if not console.is_terminal:
        yield _Lines(console, board)
        return
    table = _LiveTable(board)
    with Live(get_renderable=table.render, console=console, refresh_per_second=20):
        yield table


@dataclass(slots=True)
class _Lines:
    console: Console
    board: Board
    begun: float = field(default_factory=perf_counter)

    def show(self, event: TaskEvent) -> None:
        took = self.board.update(event)
        if took is None:
            return
        at = perf_counter() - self.begun
        line = f"  {at:6.3f} s  {agent_name(event)} {_ENDINGS[event.type]} in {took * 1000:.0f} ms"
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)


@dataclass(slots=True)
class _LiveTable:
    board: Board

    def show(self, event: TaskEvent) -> None:
        self.board.update(event)

    def render(self) -> Table:
        table = Table(box=None, padding=(0, 2), pad_edge=True)
        for title in ("agent", "state", "runs", "time"):
            table.add_column(title, justify="right" if title in ("runs", "time") else "left")
        for name, row in self.board.rows.items():
            table.add_row(name, _state(row), str(_runs(row)), f"{row.seconds * 1000:.0f} ms")
        return table


def _runs(row: _Row) -> int:
    return row.running + row.done + row.failed + row.cancelled


def _state(row: _Row) -> Text:
    if row.running:
        return Text(f"● {row.running} running", style="yellow")
    if row.failed:
        return Text(f"✗ {row.failed} failed", style="red")
    if row.cancelled:
        return Text(f"– {row.cancelled} cancelled", style="dim")
    return Text("✓ done", style="green")
