"""`eiaa timeline`, as a real process."""

import json
import subprocess
from pathlib import Path

import pytest

from everything_is_an_actor.agents import event_to_json
from tests.cli.process import COMMAND, ENVIRONMENT, HERE, eiaa, started
from tests.cli.runs import START, Recorded

DONE, BAD_USAGE, READER_GONE = 0, 2, 141


def trace_of(run_id: str = "run-1", begin: float = START) -> str:
    run = Recorded(run_id, begin).tell("flow_started", "/app", 0, within=None)
    run.call("/app/fast-1", 0, 1).call("/app/slow-2", 0, 1, "task_cancelled")
    run.tell("flow_completed", "/app", 4, within=None)
    return "".join(f"{event_to_json(event)}\n" for event in run.events)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "trace.jsonl"
    path.write_text(trace_of(), encoding="utf-8")
    return path


def test_a_trace_is_charted(trace: Path) -> None:
    run = eiaa("timeline", str(trace), environment={"COLUMNS": "60"})
    assert [line.rstrip() for line in run.stdout.splitlines()] == [
        "run-1",
        "2023-11-14 22:13:20 UTC, 4.0 s, 3 calls, 1 cancelled",
        "         0          1 s        2 s        3 s",
        "         ┬──────────┬──────────┬──────────┬───────────",
        "✓ flow   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 4.0 s",
        "  ✓ fast ━━━━━━━━━━━━          ┊          ┊            1.0 s",
        "  – slow ╌╌╌╌╌╌╌╌╌╌╌╌          ┊          ┊            1.0 s",
        "╌ cancelled",
    ]
    assert (run.stderr, run.returncode) == ("", DONE)


def test_a_trace_may_come_from_standard_input() -> None:
    run = eiaa("timeline", "-", stdin=trace_of().encode())
    assert "– slow" in run.stdout
    assert (run.stderr, run.returncode) == ("", DONE)


def test_what_run_writes_is_charted(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    printed = eiaa("run", "programs:both", "--input", "a", "--json", "--trace", str(path)).stdout
    charted = eiaa("timeline", str(path))
    assert "  ✓ shout" in charted.stdout
    assert eiaa("timeline", "-", stdin=printed.encode()).stdout == charted.stdout


def test_the_runs_in_a_file_follow_one_another(trace: Path) -> None:
    trace.write_text(
        trace_of() + trace_of(begin=START + 60) + "\n" + trace_of("run-2"), encoding="utf-8"
    )
    run = eiaa("timeline", str(trace))
    titles = [part.splitlines()[0] for part in run.stdout.split("\n\n")]
    assert titles == ["run-1", "run-1", "run-2"]


def test_a_chart_is_as_wide_as_it_may_be(trace: Path) -> None:
    for columns in (30, 80, 200):
        run = eiaa("timeline", str(trace), environment={"COLUMNS": str(columns)})
        lines = run.stdout.splitlines()
        assert max(map(len, lines)) == columns


def test_without_unicode_a_chart_is_ascii(trace: Path) -> None:
    run = eiaa("timeline", str(trace), environment={"PYTHONIOENCODING": "ascii"})
    assert "  - slow" in run.stdout
    assert run.stdout.isascii()
    assert (run.stderr, run.returncode) == ("", DONE)


def test_without_colour_a_terminal_gets_none(trace: Path) -> None:
    coloured = eiaa("timeline", str(trace), environment={"FORCE_COLOR": "1", "TERM": "xterm"})
    plain = eiaa("timeline", str(trace), environment={"NO_COLOR": "1"})
    assert "\x1b[32m" in coloured.stdout
    assert "\x1b" not in plain.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", " is empty: there are no events in it."),
        (b"\n \n", " is empty: there are no events in it."),
        (b"hello\n", ", line 1: not JSON: Expecting value at column 1, near 'hello'."),
        (b"\n[1]", ", line 2: not an event: expected an object, got an array."),
        (b"\x7fELF\0\xd0", ", line 1: not text in UTF-8: byte 0xd0 at 5."),
        (b"[" * 100_000, ", line 1: not JSON: it is nested too deeply."),
        (b'{"type": NaN}', ", line 1: not JSON: NaN is not a JSON value."),
        (b'{"type": "flow_started"}', ", line 1: not an event: it has no 'timestamp'."),
    ],
)
def test_what_is_no_trace_is_told_in_one_line(trace: Path, content: bytes, message: str) -> None:
    trace.write_bytes(content)
    run = eiaa("timeline", "trace.jsonl", cwd=trace.parent)
    assert run.stderr == f"eiaa: trace.jsonl{message}\n"
    assert (run.stdout, run.returncode) == ("", BAD_USAGE)


def test_the_line_that_is_no_event_is_named(trace: Path) -> None:
    trace.write_text(f'{trace_of()}{{"type": "task', encoding="utf-8")
    run = eiaa("timeline", "-", stdin=trace.read_bytes())
    assert run.stderr.startswith("eiaa: standard input, line 7: not JSON: Unterminated string ")
    assert run.returncode == BAD_USAGE


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.jsonl", "cannot read nowhere.jsonl: No such file or directory."),
        (".", "cannot read .: Is a directory."),
    ],
)
def test_a_trace_that_cannot_be_read_is_told_in_one_line(
    name: str, message: str, tmp_path: Path
) -> None:
    run = eiaa("timeline", name, cwd=tmp_path)
    assert run.stderr == f"eiaa: {message}\n"
    assert (run.stdout, run.returncode) == ("", BAD_USAGE)


def test_a_trace_is_needed() -> None:
    run = eiaa("timeline")
    assert "TRACE" in run.stderr
    assert run.stderr.endswith(" See `eiaa timeline --help`.\n")
    assert run.returncode == BAD_USAGE


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text("".join(trace_of(f"run-{n}") for n in range(2000)), encoding="utf-8")
    with started("timeline", str(many)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "run-0\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == READER_GONE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_told_in_one_line(trace: Path) -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [*COMMAND, "timeline", str(trace)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=HERE,
            env=ENVIRONMENT,
            check=False,
        )
    assert run.stderr == "eiaa: cannot write to standard output: No space left on device\n"
    assert run.returncode == 1


def test_an_event_that_carries_anything_can_be_charted(trace: Path) -> None:
    record = json.loads(trace_of().splitlines()[0]) | {"data": {"deep": [[["\ud800"]]]}}
    trace.write_text(json.dumps(record), encoding="utf-8")
    run = eiaa("timeline", str(trace))
    assert "? flow" in run.stdout
    assert "1 without an end" in run.stdout
