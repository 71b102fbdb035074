"""A trace is data: flat, in order, and JSON whatever the values are."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from returns.result import Failure, Success

from everything_is_an_actor import ActorSystem
from everything_is_an_actor.algebra.operations import Ask as AskOp
from everything_is_an_actor.algebra.plain import CHARACTERS, bounded
from everything_is_an_actor.free import (
    Ask,
    Free,
    GetRef,
    Operation,
    Par,
    Sleep,
    Spawn,
    Step,
    Stop,
    Tell,
    ask,
    attempt,
    get_ref,
    par,
    sleep,
    spawn,
    stop,
    tell,
    trace_json,
)
from tests.free.traces import (
    Colour,
    Get,
    Greeter,
    Odd,
    OddError,
    OddText,
    Ref,
    attempted,
    in_parallel,
    nested,
    spawned,
    step,
    traces,
)

NO = ValueError("no")
GIVEN_UP = asyncio.CancelledError()


def dumped(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def of_one(one: Step) -> dict[str, object]:
    """The record of the only step, without its place."""
    (record,) = trace_json([one])
    assert record.pop("step") == "steps[0]"
    return record


@pytest.mark.parametrize(
    ("op", "value", "record"),
    [
        (
            Ask("/app/a", "hi", 1.5),
            "hello",
            {"op": "ask", "to": "/app/a", "message": "hi", "timeout": 1.5, "reply": "hello"},
        ),
        (Tell(Ref("/app/a"), Get(1)), None, {"op": "tell", "to": "/app/a", "message": {"key": 1}}),
        (
            Spawn(Greeter, "a"),
            Ref("/app/a"),
            {"op": "spawn", "class": "Greeter", "name": "a", "ref": "/app/a"},
        ),
        (Stop("/app/a"), None, {"op": "stop", "to": "/app/a"}),
        (GetRef("/app/a"), Ref("/app/a"), {"op": "get_ref", "path": "/app/a", "ref": "/app/a"}),
        (Sleep(0.5), None, {"op": "sleep", "seconds": 0.5}),
        (Par([]), (), {"op": "par", "branches": 0, "values": []}),
        (Get("k"), Success(1), {"op": "Get", "fields": {"key": "k"}, "value": {"success": 1}}),
    ],
)
def test_a_step_is_its_operation_and_what_came_of_it(
    op: Operation[Any, Any], value: object, record: dict[str, object]
) -> None:
    assert of_one(step(op, value)) == record
    arguments = {k: v for k, v in record.items() if k not in ("reply", "ref", "values", "value")}
    no = {"type": "ValueError", "message": "no"}
    assert of_one(step(op, NO)) == arguments | {"error": no}
    assert of_one(step(op, GIVEN_UP)) == arguments | {"cancelled": True}


def test_the_options_of_a_spawn_are_told_if_there_are_any() -> None:
    record = of_one(step(Spawn(Greeter, "a", [("mailbox_size", 3)]), Ref("/app/a")))
    assert record["options"] == {"mailbox_size": 3}


def test_a_step_comes_before_what_is_within_it() -> None:
    nap = step(Sleep(1.0))
    steps = [nap, in_parallel(NO, [nap], [nap, attempted(NO, nap)]), attempted(1), nap]
    assert [record["step"] for record in trace_json(steps)] == [
        "steps[0]",
        "steps[1]",
        "steps[1].par[0].steps[0]",
        "steps[1].par[1].steps[0]",
        "steps[1].par[1].steps[1]",
        "steps[1].par[1].steps[1].attempt.steps[0]",
        "steps[2]",
        "steps[3]",
    ]


def test_an_attempt_tells_its_value_or_the_error_that_it_has_dealt_with() -> None:
    assert of_one(attempted(1)) == {"op": "attempt", "succeeded": 1}
    assert of_one(attempted(NO))["error"] == {"type": "ValueError", "message": "no"}


async def test_the_place_of_a_step_is_the_one_in_the_note_of_its_error() -> None:
    program = sleep(0).then(par(sleep(0), attempt(sleep(0).then(ask("/app/nobody", 1)))))
    steps: list[Step] = []
    async with ActorSystem("app") as system:
        value = await system.run_free(program, trace=steps)
    [note] = value[1].failure().__notes__
    [failed] = [r["step"] for r in trace_json(steps) if r["op"] == "ask"]
    assert f" {failed}: " in note


def everything() -> Free[Any, Any]:
    def talk(path: str) -> Free[Any, Any]:
        return (
            tell(path, {"b", "a", "c"})
            .then(get_ref(path))
            .flat_map(lambda ref: par(ask(ref, "Ada"), attempt(ask("/app/nobody", object()))))
            .then(stop(path))
        )

    return spawn(Greeter, "a").flat_map(lambda ref: talk("/app/a"))


async def test_two_runs_that_did_the_same_are_the_same_json() -> None:
    async def run() -> str:
        steps: list[Step] = []
        async with ActorSystem("app") as system:
            await system.run_free(everything(), trace=steps)
        return dumped(trace_json(steps))

    assert await run() == await run()


def test_a_set_is_the_same_json_in_another_process() -> None:
    code = (
        "from everything_is_an_actor.algebra.plain import bounded;"
        "print(bounded({'a', 'b', ('c', 1), frozenset({'d', 'e'}), 10, 9, 1.5, None}))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "12"
    ]
    assert runs[0] == runs[1]
    assert runs[0].startswith("[1.5, 9, 10, ")


def cyclic() -> list[object]:
    value: list[object] = [1]
    value.append({"again": value})
    return value


def deep(kind: Any) -> object:
    value: object = kind([])
    for _ in range(100_000):
        value = kind([value])
    return value


WRITTEN: list[tuple[object, object]] = [
    (float("nan"), "nan"),
    ([float("inf"), -0.0], ["inf", -0.0]),
    (b"\xff", "b'\\xff'"),
    (b"x" * 20_000, f"b'{'x' * CHARACTERS}'… (20000 bytes)"),
    ("x" * 20_000, f"{'x' * CHARACTERS}… (20000 characters)"),
    (list(range(105)), [*range(100), "… 5 more"]),
    ({i: i for i in range(105)}, {str(i): i for i in range(100)} | {"…": "5 more"}),
    (set(range(105)), "<set of 105 elements>"),
    (Colour.RED, "Colour.RED"),
    (Failure(NO), {"failure": {"error": "ValueError", "message": "no", "notes": []}}),
    (cyclic(), [1, {"again": "…"}]),
    (Odd(), "<Odd: cannot be shown: OSError>"),
    ([Odd(), 1], ["<Odd: cannot be shown: OSError>", 1]),
    (OddError(), "<OddError: cannot be shown: OSError>"),
    (object(), "<object object>"),
    (ask("/app/a", object()), "ask('/app/a', <object object>)"),
    (OddText("x"), "x"),
    ({OddText("x"): 1}, {"x": 1}),
    (10**5000, "<int of 16610 bits>"),
    ("\ud800", "\ud800"),
]


@pytest.mark.parametrize(("value", "written"), WRITTEN, ids=map(str, range(len(WRITTEN))))
def test_a_value_of_any_kind_is_written_in_bounded_size(value: object, written: object) -> None:
    assert bounded(value) == written
    dumped(bounded(value))


@pytest.mark.parametrize("kind", [list, tuple, frozenset])
def test_a_value_of_any_depth_is_written(kind: Any) -> None:
    dumped(trace_json([step(AskOp("/app/a", deep(kind)), deep(kind))]))


def test_a_value_of_many_values_is_written_in_bounded_size() -> None:
    wide: object = 1
    for _ in range(10):
        wide = [wide] * 100
    assert len(dumped(bounded(wide))) < 30_000


def test_an_error_that_cannot_be_shown_is_told_by_its_type() -> None:
    error = of_one(step(Sleep(1.0), OddError()))["error"]
    assert error == {"type": "OddError", "message": "<OddError: cannot be shown: OSError>"}


@given(traces)
@settings(deadline=None, max_examples=100)
def test_any_trace_is_json_and_the_same_every_time(steps: list[Step]) -> None:
    assert dumped(trace_json(steps)) == dumped(trace_json(steps))


def test_a_trace_of_any_depth_is_a_flat_list() -> None:
    records = trace_json(nested(100_000))
    assert len(records) == 100_001
    assert records[-1]["op"] == "ask"
    assert str(records[-1]["step"]).startswith("….steps[0].")
    assert max(len(str(record["step"])) for record in records) < 1_000
    dumped(records)


def test_a_trace_of_any_length_is_a_list() -> None:
    assert len(trace_json([spawned("/app/a")] * 20_000)) == 20_000
