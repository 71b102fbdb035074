"""The call tree is what the events say, whatever is missing, and in whatever order they come."""

from asyncio import CancelledError
from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.cli.board import Board, Row
from everything_is_an_actor.cli.calltree import Call, Calls, Run
from tests.cli.runs import Executed, Expected, Recorded, executions, garbage, renamed


def folded(events: list[TaskEvent]) -> Calls:
    calls = Calls()
    for event in events:
        calls.take(event)
    return calls


def the_run(events: list[TaskEvent]) -> Run:
    (run,) = folded(events).runs
    return run


def told(call: Call) -> Expected:
    assert call.start is not None
    parent = None if call.parent is None else call.parent.task_id
    return Expected(
        call.task_id,
        call.name,
        parent,
        call.start,
        call.end,
        call.state,
        call.chunks,
        call.last,
        call.error,
    )


def parents(run: Run) -> dict[str, str | None]:
    return {call.task_id: call.parent.task_id if call.parent else None for call in run.calls()}


@given(executions())
def test_the_tree_is_rebuilt_exactly(executed: Executed) -> None:
    run = the_run(executed.events)
    assert {call.task_id: told(call) for call in run.calls()} == executed.calls
    for call in run.calls():
        starts = [child.start for child in call.children if child.start is not None]
        assert starts == sorted(starts)
        assert call.depth == len(list(call.ancestors()))


@given(executions(), st.data())
def test_what_is_left_of_a_stream_in_any_order_is_the_same_tree_with_gaps(
    executed: Executed, data: st.DataObject
) -> None:
    left = data.draw(st.permutations(executed.events))[: data.draw(st.integers(1, 40))]
    run = the_run(left)
    found = {call.task_id: call for call in run.calls()}
    named = {event.task_id for event in left}
    assert set(found) == named | {e.parent_task_id for e in left if e.parent_task_id}
    for task_id, call in found.items():
        expected, mine = executed.calls[task_id], [e for e in left if e.task_id == task_id]
        kinds = Counter(event.type.partition("_")[2] for event in mine)
        assert call.is_known is bool(mine)
        if mine:
            assert (call.parent and call.parent.task_id) == expected.parent
            assert call.name == expected.name
        assert call.start == (expected.start if kinds["started"] else None)
        assert call.chunks == kinds["chunk"]
        has_ended = kinds["completed"] + kinds["failed"] + kinds["cancelled"]
        assert (call.end, call.state) == (
            (expected.end, expected.state) if has_ended else (None, "running")
        )


@given(executions(), st.data())
def test_a_start_or_an_end_told_again_says_nothing_new(
    executed: Executed, data: st.DataObject
) -> None:
    again = [e for e in executed.events if e.type not in ("task_chunk", "task_progress")]
    later = data.draw(st.lists(st.sampled_from(again), max_size=5))
    run = the_run([*executed.events, *later])
    assert {call.task_id: told(call) for call in run.calls()} == executed.calls


@given(executions(run_id="one"), executions(run_id="two"), st.randoms(use_true_random=False))
def test_runs_whose_events_are_mixed_are_told_apart(
    one: Executed, two: Executed, random: Random
) -> None:
    events = [one.events[0], two.events[0]]
    rest = [one.events[1:], two.events[1:]]
    while any(rest):
        events.append(random.choice([left for left in rest if left]).pop(0))
    for run, executed in zip(folded(events).runs, (one, two), strict=True):
        assert {call.task_id: told(call) for call in run.calls()} == executed.calls


@given(executions(), executions())
def test_runs_of_the_same_ids_may_follow_one_another(one: Executed, two: Executed) -> None:
    later = [
        TaskEvent(
            e.type,
            e.task_id,
            e.agent_path,
            e.data,
            e.parent_task_id,
            e.parent_agent_path,
            e.run_id,
            e.timestamp + 1000,
        )
        for e in two.events
    ]
    first, second = folded([*one.events, *later]).runs
    assert {call.task_id: told(call) for call in first.calls()} == one.calls
    assert parents(second) == {task: call.parent for task, call in two.calls.items()}


@given(garbage)
def test_of_garbage_every_call_stands_in_the_tree_once(events: list[TaskEvent]) -> None:
    for run in folded(events).runs:
        found = list(run.calls())
        assert len(set(found)) == len(found)
        for call in found:
            assert call in (run.roots if call.parent is None else call.parent.children)
            assert call.seconds is None or call.seconds >= 0
    named = {(event.run_id, event.task_id) for event in events}
    known = {(run.id, c.task_id) for run in folded(events).runs for c in run.calls() if c.is_known}
    assert known == named


def test_an_agent_can_be_the_outermost() -> None:
    recorded = Recorded().call("/app/Boss-1", 0, 2, within=None)
    run = the_run(recorded.call("/app/Boss-1/Worker-2", 0, 1, within="/app/Boss-1").events)
    assert [(call.name, call.depth) for call in run.calls()] == [("Boss", 0), ("Worker", 1)]


def test_a_flow_within_an_agent_is_a_call_of_it() -> None:
    recorded = Recorded().call("/app", 0, 9, "flow_completed", within=None)
    recorded.call("/app/Boss-1", 1, 8).call("f", 2, 7, "flow_failed", within="/app/Boss-1")
    run = the_run(recorded.call("/app/Boss-1/Worker-2", 3, 6, within="f").events)
    assert [(call.name, call.depth) for call in run.calls()] == [
        ("flow", 0),
        ("Boss", 1),
        ("flow", 2),
        ("Worker", 3),
    ]


def test_a_flow_that_was_cancelled_has_not_failed() -> None:
    for error in (CancelledError(), {"error": "CancelledError", "message": "", "notes": []}):
        recorded = Recorded().call("/app", 0, 9, "flow_failed", error, within=None)
        assert [(c.state, c.error) for c in the_run(recorded.events).calls()] == [("cancelled", "")]


def test_of_very_many_chunks_some_marks_are_kept_evenly() -> None:
    recorded = Recorded()
    for at in range(100_000):
        recorded.tell("task_chunk", "/app/A-1", at)
    (call,) = [call for call in the_run(recorded.events).calls() if call.chunks]
    assert call.chunks == 100_000
    assert 256 <= len(call.marks) <= 512
    steps = {after - before for before, after in zip(call.marks, call.marks[1:], strict=False)}
    assert len(steps) == 1


def test_the_error_of_a_trace_reads_as_the_error_itself() -> None:
    errors = (ValueError("no"), {"error": "ValueError", "message": "no", "notes": []})
    for error in errors:
        recorded = Recorded().call("/app/A-1", 0, 1, "task_failed", error, within=None)
        assert [call.error for call in the_run(recorded.events).calls()] == ["ValueError: no"]


# -- the rows of the live view ---------------------------------------------------------------------

type Place = tuple[str, ...]


def counted(row: Row, above: Place = ()) -> dict[Place, tuple[Counter[str], int]]:
    place = (*above, row.name)
    found = {place: (Counter({str(k): n for k, n in row.ended.items()}), row.chunks)}
    for inner in row.rows.values():
        found |= counted(inner, place)
    return found


@given(executions(size=20))
def test_the_rows_are_the_tree_with_equal_calls_counted_together(executed: Executed) -> None:
    board = Board("flow")
    expected: dict[Place, tuple[Counter[str], int]] = {}
    for event in executed.events:
        board.update(event)
    for call in the_run(executed.events).calls():
        place = tuple(reversed([call.name, *(above.name for above in call.ancestors())]))
        states, chunks = expected.get(place, (Counter(), 0))
        expected[place] = (states + Counter({str(call.state): 1}), chunks + call.chunks)
    assert counted(board.root) == expected
    assert board.runs == len(executed.calls) - 1


@given(garbage)
def test_the_board_bears_garbage(events: list[TaskEvent]) -> None:
    board = Board("flow")
    for event in renamed(events, "run"):
        board.update(event)
    for row, _ in board.rows():
        assert row.running >= 0
