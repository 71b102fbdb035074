"""`eiaa run`, as a real process."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.process import COMMAND, ENVIRONMENT, HERE, eiaa, started

DONE, FAILED, BAD_USAGE, INTERRUPTED, READER_GONE, TERMINATED = 0, 1, 2, 130, 141, 143


def events(lines: str) -> list[dict[str, Any]]:
    return [json.loads(line, parse_constant=pytest.fail) for line in lines.splitlines()]


def the(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


# -- results ------------------------------------------------------------------------------------


def test_the_result_is_all_that_is_printed() -> None:
    run = eiaa("run", "programs:shouted", "--input", "hello")
    assert (run.stdout, run.stderr, run.returncode) == ("HELLO\n", "", DONE)


def test_the_command_is_installed_under_its_name() -> None:
    command = [str(Path(sys.executable).parent / "eiaa")]
    run = eiaa("run", "programs:shouted", "--input", "hello", command=command)
    assert (run.stdout, run.stderr, run.returncode) == ("HELLO\n", "", DONE)


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["programs:both", "--input", "hello"], '["HELLO", 5]'),
        (["programs:point", "--input", "hello"], "(5, 0)"),
        (["programs:nested.inner.flow", "--input", "a"], "A"),
    ],
)
def test_a_result_is_json_if_it_can_be_and_else_its_text(
    arguments: list[str], printed: str
) -> None:
    run = eiaa("run", *arguments)
    assert (run.stdout, run.stderr, run.returncode) == (f"{printed}\n", "", DONE)


def test_the_input_may_be_a_file_or_standard_input(tmp_path: Path) -> None:
    text, document = tmp_path / "a.txt", tmp_path / "a.json"
    text.write_text("[1]\n", encoding="utf-8-sig")
    document.write_text("[1]\n")
    for arguments, stdin, printed in (
        (["--input-file", str(text)], b"", "[1]\n\n"),
        (["--input-file", "-"], "é\r\n".encode(), "é\r\n\n"),
        (["--input-file", str(document)], b"", "[1]\n"),
    ):
        run = eiaa("run", "programs:value", *arguments, stdin=stdin)
        assert (run.stdout, run.stderr) == (printed, "")


def test_what_agents_print_goes_to_standard_error() -> None:
    run = eiaa("run", "programs:chatty", "--input", "result")
    assert (run.stdout, run.stderr) == ("result\n", "this is no result\n")


def test_any_text_passes() -> None:
    run = eiaa("run", "programs:text", "--input", "Grüße 🍞 [bold]\x1b")
    assert (run.stdout, run.stderr) == ("Grüße 🍞 [bold]\x1b\n", "")
    garbage = eiaa("run", "programs:text", b"--input=\xff")
    assert (garbage.stdout, garbage.stderr) == ("\\udcff\n", "")


def test_json_is_json_in_any_encoding() -> None:
    for option in ("--trace=/dev/null", "--json"):
        run = eiaa(
            "run",
            "programs:value",
            option,
            "--input-json",
            '["é🍞"]',
            environment={"PYTHONIOENCODING": "ascii"},
        )
        last = json.loads(run.stdout.splitlines()[-1])
        assert (last["data"] if option == "--json" else last) == ["é🍞"]
        assert run.stdout.isascii()


# -- events -------------------------------------------------------------------------------------


def test_json_prints_every_event_and_the_result_last(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    run = eiaa("run", "programs:both", "--input", "hello", "--json", "--trace", str(trace))
    told = events(run.stdout)
    assert [event["type"] for event in told] == [
        "flow_started",
        "task_started",
        "task_completed",
        "flow_completed",
    ]
    assert told[0]["data"] == "hello"
    assert told[1]["parent_task_id"] == told[0]["task_id"]
    assert told[-1]["data"] == ["HELLO", 5]
    assert run.stderr == ""
    assert trace.read_text(encoding="utf-8") == run.stdout


def test_json_tells_a_failure_last() -> None:
    run = eiaa("run", "programs:failing", "--input", "home", "--json")
    last = events(run.stdout)[-1]
    assert last["type"] == "flow_failed"
    assert last["data"] == {
        "error": "ConnectionError",
        "message": "no route to HOME",
        "notes": ["in flow at lookup.steps[1]: agent(fail)"],
    }
    assert run.returncode == FAILED


def test_the_timeline_is_shown_on_standard_error() -> None:
    for option in ([], ["--json"]):
        run = eiaa("run", "programs:first", "--input", "hello", "--timeline", *option)
        lines = run.stderr.splitlines()
        assert lines[:3] == ["started", "cleaned up", "programs:first"]
        assert [line.split()[:2] for line in lines[-4:-1]] == [
            ["✓", "flow"],
            ["–", "wait"],
            ["✓", "shout"],
        ]
        assert run.stdout.splitlines()[-1].find("HELLO") >= 0
        assert run.returncode == DONE


def test_the_timeline_is_shown_of_what_failed() -> None:
    run = eiaa("run", "programs:failing", "--input", "home", "--timeline")
    charted, message = run.stderr.split("eiaa: ")
    assert "✗ fail: ConnectionError: no route to HOME" in charted
    assert message.startswith("the flow failed: ")
    assert (run.stdout, run.returncode) == ("", FAILED)


# -- failures -----------------------------------------------------------------------------------


def test_a_failure_is_one_message_with_the_path_in_the_flow() -> None:
    run = eiaa("run", "programs:failing", "--input", "home")
    assert run.stderr.splitlines() == [
        "eiaa: the flow failed: ConnectionError: no route to HOME",
        "  in flow at lookup.steps[1]: agent(fail)",
        "  (--traceback shows where in the code)",
    ]
    assert (run.stdout, run.returncode) == ("", FAILED)


def test_a_traceback_is_shown_on_demand() -> None:
    run = eiaa("run", "programs:failing", "--input", "home", "--traceback")
    assert "Traceback (most recent call last):" in run.stderr
    assert 'programs.py", line' in run.stderr
    assert "in flow at lookup.steps[1]: agent(fail)" in run.stderr
    assert run.returncode == FAILED


def test_a_side_flow_that_fails_is_told_and_changes_nothing() -> None:
    run = eiaa("run", "programs:notified", "--input", "home")
    assert run.stderr == ("eiaa: error: a side flow failed: ConnectionError('no route to HOME')\n")
    assert (run.stdout, run.returncode) == ("HOME\n", DONE)


def test_a_flow_that_leaves_the_program_has_failed() -> None:
    run = eiaa("run", "programs:left", "--input", "")
    assert run.stderr.startswith("eiaa: the flow failed: SystemExit: 3\n")
    assert (run.stdout, run.returncode) == ("", FAILED)


def test_past_the_timeout_agents_are_finalised() -> None:
    run = eiaa("run", "programs:waiting", "--input", "", "--timeout", "0.01", "--json")
    assert run.stderr.splitlines() == [
        *["started"] * 2,
        *["cleaned up"] * 2,
        "eiaa: the flow failed: FlowTimeoutError: programs:waiting did not finish within 0.01 s",
    ]
    told = events(run.stdout)
    assert [event["type"] for event in told[-3:]] == [*["task_cancelled"] * 2, "flow_failed"]
    assert told[-1]["data"]["error"] == "FlowTimeoutError"
    assert run.returncode == FAILED


def test_a_text_that_is_not_what_the_flow_takes_is_told_when_it_has_failed() -> None:
    run = eiaa("run", "programs:counted", "--input", "3")
    assert run.stderr.splitlines()[-1] == (
        "eiaa: it takes int, and --input is a text: perhaps --input-json?"
    )
    assert run.returncode == FAILED


# -- interrupts and readers that leave ------------------------------------------------------------


def test_an_interrupt_finalises_the_agents() -> None:
    with started("run", "programs:waiting", "--input", "", "--json") as process:
        stdout, stderr = the(process.stdout), the(process.stderr)
        assert json.loads(stdout.readline())["type"] == "flow_started"
        assert [stderr.readline() for _ in range(2)] == ["started\n"] * 2
        process.send_signal(signal.SIGINT)
        assert stderr.read().splitlines() == ["cleaned up", "cleaned up", "eiaa: interrupted"]
        told = events(stdout.read())
        assert [event["type"] for event in told[-3:]] == [*["task_cancelled"] * 2, "flow_failed"]
        assert told[-1]["data"]["error"] == "KeyboardInterrupt"
        assert process.wait() == INTERRUPTED


def test_sigterm_finalises_the_agents_as_well() -> None:
    with started("run", "programs:waiting", "--input", "", "--json") as process:
        stdout, stderr = the(process.stdout), the(process.stderr)
        assert json.loads(stdout.readline())["type"] == "flow_started"
        assert [stderr.readline() for _ in range(2)] == ["started\n"] * 2
        process.send_signal(signal.SIGTERM)
        assert stderr.read().splitlines() == ["cleaned up", "cleaned up", "eiaa: terminated"]
        told = events(stdout.read())
        assert [event["type"] for event in told[-3:]] == [*["task_cancelled"] * 2, "flow_failed"]
        assert (told[-1]["data"]["error"], told[-1]["data"]["message"]) == ("Terminated", "SIGTERM")
        assert process.wait() == TERMINATED


def test_a_second_sigterm_ends_an_agent_that_blocks() -> None:
    with started("run", "programs:blocking", "--input", "") as process:
        stderr = the(process.stderr)
        assert stderr.readline() == "blocking\n"
        process.send_signal(signal.SIGTERM)
        assert stderr.readline() == "asked to end\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait() == -signal.SIGTERM


def test_an_interrupt_raised_by_an_agent_is_one() -> None:
    run = eiaa("run", "programs:interrupted", "--input", "")
    assert (run.stdout, run.stderr, run.returncode) == ("", "eiaa: interrupted\n", INTERRUPTED)


def test_a_reader_that_leaves_ends_the_run() -> None:
    with started("run", "programs:counted", "--input-json", "1000000000", "--json") as process:
        assert json.loads(the(process.stdout).readline())["type"] == "flow_started"
        the(process.stdout).close()
        assert the(process.stderr).read() == "cleaned up\n"
        assert process.wait() == READER_GONE


def test_a_reader_that_has_left_gets_no_result() -> None:
    with started("run", "programs:first", "--input", "hello") as process:
        the(process.stdout).close()
        assert the(process.stderr).read() == "started\ncleaned up\n"
        assert process.wait() == READER_GONE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_told_in_one_line() -> None:
    run = eiaa("run", "programs:shouted", "--input", "a", "--trace", "/dev/full")
    assert run.stderr == "eiaa: cannot write to /dev/full: No space left on device\n"
    assert (run.stdout, run.returncode) == ("", FAILED)
    with Path("/dev/full").open("w") as full:
        printed = subprocess.run(
            [*COMMAND, "run", "programs:shouted", "--input", "a"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=HERE,
            env=ENVIRONMENT,
            check=False,
        )
    assert printed.stderr == "eiaa: cannot write to standard output: No space left on device\n"
    assert printed.returncode == FAILED


# -- terminals ------------------------------------------------------------------------------------


def on_a_terminal(*arguments: str, environment: dict[str, str]) -> tuple[str, str, int]:
    """Standard output, what the terminal got on standard error, and the exit code."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=slave,
        cwd=HERE,
        env=ENVIRONMENT | {"TERM": "xterm", "COLUMNS": "80"} | environment,
    )
    os.close(slave)
    seen = b""
    while True:
        try:
            chunk = os.read(master, 4096)
        except OSError:  # nobody has the terminal open any more
            break
        if not chunk:
            break
        seen += chunk
    os.close(master)
    with process:
        printed = the_bytes(process.stdout).read()
    return printed.decode(), seen.decode(), process.returncode


def the_bytes(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def test_on_a_terminal_the_agents_are_shown() -> None:
    printed, seen, code = on_a_terminal(
        "run", "programs:first", "--input", "hello", environment={"NO_COLOR": "1"}
    )
    assert (printed, code) == ("HELLO\n", DONE)
    first, *others = seen.rpartition("programs:first")[2].splitlines()
    assert first.endswith(" ms\x1b[0m")
    assert "\x1b[2;9mwait" in others[0]  # dim, struck out
    assert "✓ shout" in others[1]
    assert "started\r\n" in seen


def test_a_terminal_without_unicode_gets_ascii() -> None:
    printed, seen, code = on_a_terminal(
        "run",
        "programs:first",
        "--input",
        "hello",
        environment={"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"},
    )
    assert (printed, code) == ("HELLO\n", DONE)
    assert "+ shout" in seen
    assert seen.isascii()
