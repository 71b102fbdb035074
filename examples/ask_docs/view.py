"""The agents at work, from the event stream: a live tree on a terminal, elsewhere plain lines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.algebra.durations import duration
from everything_is_an_actor.cli.board import Board
from everything_is_an_actor.cli.calltree import Call, Calls
from everything_is_an_actor.cli.console import LineConsole
from everything_is_an_actor.cli.marks import printable
from everything_is_an_actor.cli.view import live_view

__all__ = ["watching"]

_NAME_WIDTH: Final = 24


@contextmanager
def watching(console: LineConsole, board: Board) -> Iterator[Callable[[TaskEvent], None]]:
    """What to tell of every event: a live view on a terminal, else a line for each ending."""
    if console.is_terminal:
        with live_view(board, console):
            yield board.update
        return
    calls = Calls()

    def tell(event: TaskEvent) -> None:
        board.update(event)
        call = calls.take(event)
        if event.type in ("task_completed", "task_failed", "task_cancelled"):
            console.put(printable(_line(call), ascii_only=console.options.ascii_only))

    yield tell


def _line(call: Call) -> str:
    """How a call ended, indented by what it is within; the outermost is the flow."""
    name = f"{'  ' * call.depth}{call.name}"
    chunks = f", {call.chunks} chunk{'' if call.chunks == 1 else 's'}" if call.chunks else ""
    error = f": {call.error}" if call.error else ""
    took = duration(call.seconds or 0.0)
    return f"{name:<{_NAME_WIDTH}} {call.state:<9} {took:>7}{chunks}{error}"
