"""The tree of agents: what it shows at each moment."""

from io import BytesIO, TextIOWrapper

import pytest
from rich.console import Console

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.cli.board import Board
from everything_is_an_actor.cli.view import BoardView
from everything_is_an_actor.runtime.events import EventType

LATE = 1e12  # the screen's clock has passed every instant of these tests


def event(
    kind: EventType,
    task: str,
    at: float,
    *,
    agent: str = "",
    parent: str | None = "flow",
    data: object = None,
) -> TaskEvent:
    return TaskEvent(kind, task, f"/eiaa/{agent}", data, parent, None, "run", at)


@pytest.fixture
def board() -> Board:
    board = Board("app:flow")
    board.update(event("flow_started", "flow", 10.0, parent=None))
    return board


def shown(
    board: Board, *, width: int = 80, height: int = 200, encoding: str = "utf-8"
) -> list[str]:
    file = TextIOWrapper(BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, height=height, color_system=None)
    console.print(BoardView(board))
    file.seek(0)
    return file.read().splitlines()


def end(board: Board, at: float) -> list[str]:
    board.update(event("flow_completed", "flow", at, parent=None))
    return shown(board)


def test_agents_stand_under_the_one_that_runs_them(board: Board) -> None:
    board.update(event("task_started", "1", 10.0, agent="Boss-1"))
    board.update(event("task_started", "2", 10.0, agent="Boss-1/Worker-2", parent="1"))
    board.update(event("task_completed", "2", 10.25, agent="Boss-1/Worker-2", parent="1"))
    board.update(event("task_completed", "1", 10.5, agent="Boss-1"))
    assert end(board, 12.0) == [
        "✓ app:flow  2.0 s",
        "└── ✓ Boss  500 ms",
        "    └── ✓ Worker  250 ms",
    ]


def test_the_runs_of_one_agent_share_a_row_and_their_time_is_not_added_up(board: Board) -> None:
    for task in "123":
        board.update(event("task_started", task, 10.0, agent=f"Fetch-{task}"))
    board.update(event("task_completed", "1", 11.0, agent="Fetch-1"))
    board.update(event("task_cancelled", "3", 12.0, agent="Fetch-3"))
    board.update(event("task_failed", "2", 12.0, agent="Fetch-2", data=OSError("gone")))
    board.update(event("task_started", "4", 20.0, agent="Fetch-4"))
    board.update(event("task_completed", "4", 21.0, agent="Fetch-4"))
    assert end(board, 75.0) == [
        "✓ app:flow  1 min 05 s",
        "└── ✗ Fetch  3.0 s  2 done, 1 cancelled, 1 failed  OSError: gone",
    ]


def test_what_is_under_way_is_running(board: Board) -> None:
    board.update(event("task_started", "1", 10.0, agent="Fetch-1"))
    board.update(event("task_started", "2", 10.0, agent="Fetch-2"))
    board.update(event("task_chunk", "2", 10.0, agent="Fetch-2", data="a"))
    board.update(event("task_completed", "1", 10.0, agent="Fetch-1"))
    flow, fetch = shown(board)
    assert "app:flow" in flow
    assert fetch.endswith("1 running, 1 done, 1 chunk  a")


def test_a_run_that_is_cut_short_leaves_nothing_running(board: Board) -> None:
    board.update(event("task_started", "1", 10.0, agent="Fetch-1"))
    board.update(event("flow_failed", "flow", 10.5, parent=None))
    assert shown(board) == ["✗ app:flow  500 ms", "└── – Fetch  500 ms"]


def test_only_a_loser_is_struck_out(board: Board) -> None:
    board.update(event("task_started", "1", 10.0, agent="Slow-1"))
    board.update(event("task_started", "2", 10.0, agent="Fast-2"))
    board.update(event("task_completed", "2", 10.0, agent="Fast-2"))
    board.update(event("task_cancelled", "1", 10.0, agent="Slow-1"))
    console = Console(width=80, force_terminal=True, color_system="standard", no_color=False)
    with console.capture() as capture:
        console.print(BoardView(board))
    _, slow, fast = capture.get().splitlines()
    assert "\x1b[2;9mSlow\x1b[0m" in slow
    assert "Fast" in fast
    assert ";9m" not in fast


def test_a_row_is_one_line_whatever_it_says(board: Board) -> None:
    error = ValueError("one\ntwo \x1b[2J[bold]three[/bold] " + "x" * 1000)
    board.update(event("task_started", "1", 10.0, agent="A\nB-1"))
    board.update(event("task_failed", "1", 10.0, agent="A\nB-1", data=error))
    board.update(event("flow_failed", "flow", 10.0, parent=None))
    _, line = shown(board)
    assert line.startswith("└── ✗ A B  0 ms  ValueError: one two  [2J[bold]three[/bold] xxx")
    assert len(line) == 80


def test_what_arrives_is_shown_while_it_arrives_and_counted_afterwards(board: Board) -> None:
    board.update(event("task_started", "1", 10.0, agent="Write-1"))
    for word in ("one", "two\nlines " + "x" * 100):
        board.update(event("task_chunk", "1", 10.0, agent="Write-1", data=word))
    _, write = shown(board, width=120)
    assert write.endswith("2 chunks  two lines xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…")
    board.update(event("task_progress", "1", 10.0, agent="Write-1", data={"read": [1, 2]}))
    assert shown(board, width=120)[1].endswith("2 chunks  {'read': [1, 2]}")
    board.update(event("task_completed", "1", 10.5, agent="Write-1"))
    assert end(board, 11.0) == ["✓ app:flow  1.0 s", "└── ✓ Write  500 ms  2 chunks"]


def test_a_thousand_runs_at_any_depth_are_a_row_for_each_kind(board: Board) -> None:
    for n in range(1000):
        page, fetch = f"page-{n}", f"fetch-{n}"
        board.update(event("task_started", page, 10.0, agent=f"Page-{n}"))
        board.update(event("task_started", fetch, 10.0, agent=f"Page-{n}/Fetch-{n}", parent=page))
    for n in range(1000):
        page, fetch = f"page-{n}", f"fetch-{n}"
        board.update(event("task_completed", fetch, 11.0, agent=f"Page-{n}/Fetch-{n}", parent=page))
        board.update(event("task_completed", page, 12.0, agent=f"Page-{n}"))
    assert end(board, 12.0) == [
        "✓ app:flow  2.0 s",
        "└── ✓ Page  2.0 s  1,000 done",
        "    └── ✓ Fetch  1.0 s  1,000 done",
    ]


def test_while_it_runs_the_tree_is_not_taller_than_the_terminal(board: Board) -> None:
    for n in range(100):
        board.update(event("task_started", str(n), 10.0, agent=f"Agent{n}-{n}"))
        if n not in (40, 90):
            board.update(event("task_completed", str(n), 10.0, agent=f"Agent{n}-{n}"))
    lines = shown(board, height=6)
    assert [line.split()[2] for line in lines[1:-1]] == ["Agent0", "Agent1", "Agent40", "Agent90"]
    assert lines[-1] == "… 96 more"
    assert len(lines) == 6
    assert len(end(board, 11.0)) == 101


def test_ascii_is_enough(board: Board) -> None:
    board.update(event("task_started", "1", 10.0, agent="Größe-1"))
    board.update(event("task_cancelled", "1", 10.0001, agent="Größe-1"))
    board.update(event("flow_failed", "flow", 10.5, parent=None, data=OSError("–")))
    assert shown(board, encoding="ascii") == [
        "x app:flow  500 ms  OSError: -",
        "`-- - Gr??e  100 us",
    ]


def test_an_agent_that_outlives_its_caller_stands_under_the_flow(board: Board) -> None:
    board.update(event("task_started", "2", 10.0, agent="Log-2", parent="gone"))
    board.update(event("task_completed", "2", 10.0, agent="Log-2", parent="gone"))
    assert end(board, 10.0) == ["✓ app:flow  0 ms", "└── ✓ Log  0 ms"]
