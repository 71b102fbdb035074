"""The agents at work, as a tree on a terminal that is drawn from the event stream."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from reprlib import Repr
from time import time
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text
from rich.tree import Tree

from everything_is_an_actor.algebra.durations import duration
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.cli.board import Board, Row
from everything_is_an_actor.cli.marks import MARKS, printable, shortened

_SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ERROR_LENGTH = 200
_LAST_LENGTH = 60


@contextmanager
def live_view(board: Board, console: Console) -> Iterator[None]:
    """Draw the board while the block runs, if the console is a terminal.

    The last state stays on the screen. What is printed meanwhile appears above the tree.
    """
    if not console.is_terminal:
        yield
        return
    with Live(BoardView(board), console=console, refresh_per_second=10):
        yield


class BoardView:
    """A board as rich draws it, at the moment at which it is drawn.

    While the run lasts it is not taller than the terminal: what is under way is shown first.
    """

    def __init__(self, board: Board) -> None:
        self._board = board

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """One line for each row."""
        board, now = self._board, time()
        with board.lock:
            rows = list(board.rows())
            shown = rows
            if board.root.running and len(rows) > options.max_height:
                shown = _most_urgent(rows, options.max_height - 1)
            trees: dict[int, Tree] = {}
            for row, above in shown:
                line = _line(row, now, options.ascii_only)
                if above is None:
                    trees[id(row)] = Tree(line, guide_style="dim")
                else:
                    trees[id(row)] = trees[id(above)].add(line)
            yield trees[id(board.root)]
            if hidden := len(rows) - len(shown):
                dots = "..." if options.ascii_only else "…"
                yield Text(f"{dots} {hidden:,} more", style="dim")


type _Rows = list[tuple[Row, Row | None]]


def _most_urgent(rows: _Rows, room: int) -> _Rows:
    """As many rows as there is room for, with all that they stand under; those that run first."""
    above = {id(row): over for row, over in rows}
    kept: set[int] = set()
    for row, _ in sorted(rows, key=lambda pair: not pair[0].running):
        way = [id(step) for step in _way_up(row, above) if id(step) not in kept]
        if len(kept) + len(way) <= max(room, 1):
            kept.update(way)
    return [(row, over) for row, over in rows if id(row) in kept]


def _way_up(row: Row | None, above: dict[int, Row | None]) -> Iterable[Row]:
    while row is not None:
        yield row
        row = above[id(row)]


def _line(row: Row, now: float, ascii_only: bool) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    name = printable(row.name, ascii_only=ascii_only)
    if row.state == "running":
        frame = "*" if ascii_only else _SPINNER[int(now * 10) % len(_SPINNER)]
        line.append(f"{frame} ", style="yellow").append(name, style="bold")
    else:
        mark = MARKS[row.state]
        line.append(f"{mark.shown(ascii_only)} ", style=mark.style)
        line.append(name, style=mark.name_style)
    seconds = printable(duration(row.seconds(now)), ascii_only=ascii_only)
    line.append(f"  {seconds}", style="dim")
    if told := _told(row):
        line.append(f"  {told}", style="dim")
    if row.running and row.last is not None:
        line.append(f"  {_beginning(row.last, ascii_only)}", style="cyan")
    if row.error:
        line.append(f"  {printable(row.error, ascii_only=ascii_only)[:_ERROR_LENGTH]}", style="red")
    return line


def _told(row: Row) -> str:
    """What a row's runs came to, if there were several, and how many chunks they have yielded."""
    parts = []
    if row.runs > 1:
        counts = {"running": row.running, **row.ended}
        parts = [f"{count:,} {state}" for state, count in counts.items() if count]
    if row.chunks:
        parts.append(f"{row.chunks:,} {plural(row.chunks, 'chunk')}")
    return ", ".join(parts)


_repr: Final = Repr()
_repr.maxstring = _repr.maxother = _LAST_LENGTH


def _beginning(value: object, ascii_only: bool) -> str:
    """The beginning of a text, or of what any other value is shown as."""
    try:
        text = value[: 4 * _LAST_LENGTH] if isinstance(value, str) else _repr.repr(value)
    except Exception:  # its owner may be changing it at this moment
        text = type(value).__name__
    line = " ".join(printable(text, ascii_only=ascii_only).split())
    return shortened(line, _LAST_LENGTH, ascii_only=ascii_only)
