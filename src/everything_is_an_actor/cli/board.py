"""The state of a run at each moment, in rows: as many as the program is large.

A leaf of a flow may run a thousand times in a loop or a traversal. So there is one row for each
kind of agent at its place in the call tree, with what its runs came to. A call that has ended is
added to its row and forgotten: a run may last for as long as it likes.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.cli.calltree import Call, Calls, State


@dataclass(slots=True)
class Row:
    """The runs of one kind of agent at one place of the tree."""

    name: str
    rows: "dict[str, Row]" = field(default_factory=dict)
    running: int = 0
    ended: Counter[State] = field(default_factory=Counter)
    chunks: int = 0
    last: object = None
    """The last chunk or progress of any of them."""
    error: str = ""
    busy: float = 0.0
    """Seconds in which at least one run was under way, up to `since`."""
    since: float = 0.0

    @property
    def runs(self) -> int:
        """How many there are, and have been."""
        return self.running + self.ended.total()

    @property
    def state(self) -> State:
        """`running`, also before the first run; else `failed` if one did; else `done` if one is."""
        if self.running or not self.ended:
            return "running"
        if self.ended["failed"]:
            return "failed"
        return "done" if self.ended["done"] else "cancelled"

    def start(self, at: float) -> None:
        """One more run."""
        if not self.running:
            self.since = at
        self.running += 1

    def end(self, state: State, at: float) -> None:
        """One run less under way."""
        self.ended[state] += 1
        self.running -= 1
        if not self.running:
            self.busy += max(at - self.since, 0.0)

    def seconds(self, now: float) -> float:
        """How long this row has been busy."""
        return self.busy + (max(now - self.since, 0.0) if self.running else 0.0)


class Board:
    """The rows of one run, folded from its events so far; `name` is that of the outermost."""

    def __init__(self, name: str) -> None:
        self.root = Row(name)
        self.lock = Lock()
        """To be held while rows are read: the screen is drawn by another thread."""
        self._calls = Calls()
        self._outermost: Call | None = None
        self._open: dict[Call, Row] = {}

    @property
    def runs(self) -> int:
        """How many agents have run, or do."""
        return sum(row.runs for row, _ in self.rows()) - self.root.runs

    def rows(self) -> Iterator[tuple[Row, Row | None]]:
        """Every row with the one it stands under, which comes before it."""
        pending: list[tuple[Row, Row | None]] = [(self.root, None)]
        while pending:
            row, above = pending.pop()
            yield row, above
            pending += [(inner, row) for inner in reversed(row.rows.values())]

    def update(self, event: TaskEvent) -> None:
        """Take an event in."""
        with self.lock:
            call = self._calls.take(event)
            row = self._row_of(call)
            if call not in self._open:
                self._open[call] = row
                row.start(event.timestamp)
            match event.type:
                case "task_chunk":
                    row.chunks += 1
                    row.last = event.data
                case "task_progress":
                    row.last = event.data
                case _ if call.end is not None:
                    self._end(call, call.state, call.end)
                case _:
                    pass

    def _row_of(self, call: Call) -> Row:
        if call in self._open:
            return self._open[call]
        if call.parent is not None:
            above = self._row_of(call.parent)
        elif self._outermost in (None, call):
            self._outermost = call
            return self.root
        else:
            above = self.root
        return above.rows.setdefault(call.name, Row(call.name))

    def _end(self, call: Call, state: State, at: float) -> None:
        row = self._open.pop(call)
        row.end(state, at)
        row.error = call.error or row.error
        call.run.forget(call)
        if call is self._outermost:
            for given_up in list(self._open):
                self._end(given_up, "cancelled", at)
