"""Charts: what they look like, and what holds for all of them."""

from itertools import pairwise
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.cli.axis import Axis
from everything_is_an_actor.cli.calltree import Calls, Run
from everything_is_an_actor.cli.chart import chart
from everything_is_an_actor.cli.folding import ROWS, spans
from tests.cli.runs import Executed, Recorded, executions, garbage


def the_run(recorded: Recorded) -> Run:
    (run,) = runs(recorded.events)
    return run


def runs(events: list[TaskEvent]) -> list[Run]:
    calls = Calls()
    for event in events:
        calls.take(event)
    return calls.runs


def drawn(run: Run, width: int, *, ascii_only: bool = False) -> list[str]:
    lines = chart(run, width, title="What is it?", ascii_only=ascii_only)
    return [line.plain.rstrip() for line in lines]


def picture(text: str) -> list[str]:
    return dedent(text).strip("\n").splitlines()


SEARCH = "/app/Search-2"


@pytest.fixture
def recorded() -> Recorded:
    """Everything that a chart can show: every ending, none at all, chunks, no time, depth."""
    run = Recorded().tell("flow_started", "/app", 0, within=None)
    run.call("/app/LookUp-1", 0, 0)
    run.tell("task_started", SEARCH, 0)
    run.call(f"{SEARCH}/Bm25-3", 1, 11, within=SEARCH)
    run.call(f"{SEARCH}/Lsa-4", 1, 8, "task_failed", OSError("gone"), within=SEARCH)
    run.call(f"{SEARCH}/Fuzzy-5", 1, 12, "task_cancelled", within=SEARCH)
    run.tell("task_completed", SEARCH, 12)
    run.call("/app/Write-6", 13, 22, chunks=(15, 18, 20.5))
    run.tell("task_started", "/app/KeepLog-7", 22)
    return run.tell("flow_completed", "/app", 25, within=None)


# -- pictures ----------------------------------------------------------------------------------


def test_every_ending_has_a_bar_of_its_own(recorded: Recorded) -> None:
    assert drawn(the_run(recorded), 60) == picture("""
        What is it?
        2023-11-14 22:13:20 UTC, 25.0 s, 8 calls, 1 failed,
        1 cancelled, 1 without an end
                    0       5 s     10 s    15 s    20 s
                    ┬───────┬───────┬───────┬───────┬────────
        ✓ flow      ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 25.0 s
          ✓ LookUp  │       ┊       ┊       ┊       ┊           0 ms
          ✓ Search  ━━━━━━━━━━━━━━━━━━━━    ┊       ┊         12.0 s
            ✓ Bm25   ━━━━━━━━━━━━━━━━━━     ┊       ┊         10.0 s
            ✗ Lsa    ━━━━━━━━━━━━✗  ┊       ┊       ┊          7.0 s
            – Fuzzy  ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌    ┊       ┊         11.0 s
          ✓ Write           ┊       ┊    ━━━●━━━━●━━━●━━━      9.0 s
          ? KeepLog         ┊       ┊       ┊       ┊   ┈┈┈┈┈      ?
        ✗ Lsa: OSError: gone
        ● chunk   ✗ failed   ╌ cancelled   ┈ end not known
        │ no time at all
    """)


def test_ascii_is_enough(recorded: Recorded) -> None:
    assert drawn(the_run(recorded), 60, ascii_only=True)[3:] == picture("""
                    0       5 s     10 s    15 s    20 s
                    +-------+-------+-------+-------+--------
        + flow      ========================================= 25.0 s
          + LookUp  |       :       :       :       :           0 ms
          + Search  ====================    :       :         12.0 s
            + Bm25   ==================     :       :         10.0 s
            x Lsa    ============x  :       :       :          7.0 s
            - Fuzzy  -------------------    :       :         11.0 s
          + Write           :       :    ===o====o===o===      9.0 s
          ? KeepLog         :       :       :       :   .....      ?
        x Lsa: OSError: gone
        o chunk   x failed   - cancelled   . end not known
        | no time at all
    """)


def test_thirty_columns_are_enough(recorded: Recorded) -> None:
    assert drawn(the_run(recorded), 30)[4:-4] == picture("""
                    0     15 s
                    ┬─────┬────
        ✓ flow      ━━━━━━━━━━━ 25.0 s
          ✓ LookUp  │     ┊       0 ms
          ✓ Search  ━━━━━━┊     12.0 s
            ✓ Bm25  ━━━━━ ┊     10.0 s
            ✗ Lsa   ━━━✗  ┊      7.0 s
            – Fuzzy ╌╌╌╌╌╌┊     11.0 s
          ✓ Write        ━●●━●   9.0 s
          ? KeepLog       ┊  ┈┈      ?
    """)


def test_a_thousand_runs_are_a_row() -> None:
    run = Recorded().tell("flow_started", "/app", 0, within=None)
    for n in range(1000):
        run.call(
            f"/app/Page-{n}",
            n / 10,
            n / 10 + 5,
            "task_failed" if n == 500 else "task_completed",
            OSError("gone"),
        )
        run.call(f"/app/Page-{n}/Fetch-{n}", n / 10, n / 10 + 1, within=f"/app/Page-{n}")
    run.tell("flow_completed", "/app", 105, within=None)
    assert drawn(the_run(run), 80)[1:] == picture("""
        2023-11-14 22:13:20 UTC, 1 min 45 s, 2,001 calls, 1 failed
                                   0           0:30 min    1:00 min
                                   ┬───────────┬───────────┬─────────────────
        ✓ flow                     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1 min 45 s
          ✗ Page ×1,000 (1 failed) ━━━━━━━━━━━━━━━━━━━━━━✗━━━━━━━━━━━━━━━━━━━ 1 min 45 s
            ✓ Fetch ×1,000         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  1 min 41 s
        ✗ Page: OSError: gone
        ✗ failed
    """)


def test_an_error_is_told_where_it_was_raised_first() -> None:
    run = Recorded().tell("flow_started", "/app", 0, within=None)
    run.tell("task_started", "/app/A-1", 0)
    for n in range(3):
        run.call(f"/app/A-1/B-{n}", 0, 1, "task_failed", OSError("gone"), within="/app/A-1")
    run.tell("task_failed", "/app/A-1", 1, OSError("gone"))
    run.tell("flow_failed", "/app", 1, OSError("gone"), within=None)
    assert [line for line in drawn(the_run(run), 80) if ":" in line][1:] == [
        "✗ B: OSError: gone (3 times)"
    ]


def test_a_name_is_one_line_whatever_it_is() -> None:
    run = Recorded().call(
        "/app/A\n\x1b[2J[bold]日本語のエージェント" + "x" * 500, 0, 1, within=None
    )
    row = drawn(the_run(run), 60)[4]
    assert row.startswith("✓ A  [2J[bold]日本")
    assert cell_len(row) == 60


def test_a_run_of_no_duration_has_a_chart() -> None:
    run = Recorded().call("/app", 0, 0, "flow_completed", within=None)
    assert drawn(the_run(run), 30)[3:6] == [
        "       0",
        f"       ┬{'─' * 17}",
        "✓ flow ━                  0 ms",
    ]


# -- properties --------------------------------------------------------------------------------


@given(garbage, st.integers(1, 250), st.booleans())
def test_no_line_is_wider_than_the_terminal(
    events: list[TaskEvent], width: int, ascii_only: bool
) -> None:
    for run in runs(events):
        for line in chart(run, width, ascii_only=ascii_only):
            assert cell_len(line.plain) <= width
            assert line.plain.isprintable()
            assert line.plain.isascii() or not ascii_only


@given(executions(size=20), st.integers(40, 200))
def test_every_row_has_a_bar_and_a_duration(executed: Executed, width: int) -> None:
    (run,) = runs(executed.events)
    lines = [line.plain for line in chart(run, width)]
    ruler = next(number for number, line in enumerate(lines) if "┬" in line)
    margin = lines[ruler].index("┬")
    rows = spans(run.roots)
    for row in lines[ruler + 1 : ruler + 1 + len(rows)]:
        assert set(row[margin:]) & set("━╌✗●│┈")
        assert row.endswith("s")


@given(executions(size=30), st.integers(1, 30))
def test_folded_rows_are_of_every_call_once(executed: Executed, rows: int) -> None:
    (run,) = runs(executed.events)
    found = spans(run.roots, rows=rows)
    calls = [call for span in found for call in span.calls]
    assert len(calls) == len(set(calls)) == len(executed.calls)
    for span in found:
        assert {call.name for call in span.calls} == {span.name}
        assert {call.depth for call in span.calls} == {span.depth}
    places = {(call.name, *(above.name for above in call.ancestors())) for call in run.calls()}
    assert len(found) <= max(rows, len(places))


def test_only_what_would_not_fit_is_folded() -> None:
    run = Recorded()
    for n in range(ROWS):
        run.call(f"/app/Page-{n}", 0, 1)
    assert len(spans(the_run(run).roots)) == 2  # of their parent nothing else is known
    few = Recorded()
    for n in range(8):
        few.call(f"/app/Page-{n}", 0, 1)
    assert len(spans(the_run(few).roots)) == 9


@given(st.floats(0, 1e12), st.integers(1, 300))
def test_ticks_are_in_order_and_their_labels_have_room(seconds: float, width: int) -> None:
    axis = Axis(1e9, 1e9 + seconds, width)
    ticks = axis.ticks()
    assert all(
        before.column + len(before.label) < after.column for before, after in pairwise(ticks)
    )
    assert all(tick.column + len(tick.label) <= width for tick in ticks)
    assert len({tick.label for tick in ticks}) == len(ticks)
    if ticks:
        assert (ticks[0].column, ticks[0].label) == (0, "0")


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (3e-5, ["0", "10 µs", "20 µs"]),
        (0.5, ["0", "200 ms", "400 ms"]),
        (2.0, ["0", "0.5 s", "1 s", "1.5 s"]),
        (45.0, ["0", "10 s", "20 s", "30 s", "40 s"]),
        (200.0, ["0", "1 min", "2 min"]),
        (3000.0, ["0", "15 min", "30 min"]),
        (6000.0, ["0", "0:30 h", "1:00 h"]),
        (1e6, ["0", "2 d", "4 d", "6 d", "8 d", "10 d"]),
    ],
)
def test_ticks_are_round(seconds: float, labels: list[str]) -> None:
    assert [tick.label for tick in Axis(0.0, seconds, 40).ticks()] == labels


def test_a_call_of_which_only_the_start_is_known_at_the_end_is_not_said_to_take_no_time() -> None:
    run = (
        Recorded().tell("flow_started", "/app", 0, within=None).tell("task_started", "/app/A-1", 1)
    )
    *_, row, legend = drawn(the_run(run), 40)
    assert row.endswith("┈ ?")
    assert legend == "┈ end not known"
