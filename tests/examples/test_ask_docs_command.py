"""The command: what it prints, writes and answers to the shell."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Coroutine
from io import StringIO
from pathlib import Path
from typing import Any, Never

import pytest
from rich.console import Console

from everything_is_an_actor.agents import TaskEvent
from examples.ask_docs.__main__ import ANSWERED, BAD_USAGE, FAILED, INTERRUPTED, main
from examples.ask_docs.retrieval import library_of
from examples.ask_docs.trace import as_json
from examples.ask_docs.view import Board, watching

ROOT = Path(__file__).parents[2]
QUESTION = "What is a generator?"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every file that the command writes by default goes here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASK_DOCS_LOG", raising=False)
    library_of()
    return tmp_path


def event(kind: Any, task: str, at: float, data: object = None, agent: str = "Bm25-1") -> TaskEvent:
    return TaskEvent(kind, task, f"/system/{agent}", data, None, None, "run", at)


def test_without_arguments_real_questions_are_answered(folder: Path) -> None:
    path = os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "default"}
    done = subprocess.run(
        [sys.executable, "-m", "examples.ask_docs"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (ANSWERED, "")
    assert "Default parameter values are evaluated from left to right" in done.stdout
    assert "I found nothing that answers this" in done.stdout
    assert "Bm25 done in" in done.stdout
    assert "\x1b" not in done.stdout
    assert {path.name for path in folder.iterdir()} == {
        "ask_docs-log.jsonl",
        "ask_docs-trace.jsonl",
    }


def test_answers_come_with_sources_and_times(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([QUESTION]) == ANSWERED
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert lines[0].startswith("Reading the Python language reference: ")
    assert lines[2] == QUESTION
    assert "called a generator function. [1]" in out
    assert (
        "  [1] types: The standard type hierarchy › Callable types › Generator functions" in lines
    )
    assert lines[-1] == "Trace: ask_docs-trace.jsonl   Log: ask_docs-log.jsonl"
    assert lines[-3].endswith("agents")


def test_the_trace_is_json_lines_that_bracket_every_task(folder: Path) -> None:
    assert main([QUESTION, "How do I bake bread?", "--trace", "my trace.jsonl"]) == ANSWERED
    lines = (folder / "my trace.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert [e["type"] for e in events].count("flow_completed") == 2
    assert len({e["run_id"] for e in events}) == 2
    started = [e["task_id"] for e in events if e["type"] == "task_started"]
    ended = [e["task_id"] for e in events if e["type"] == "task_completed"]
    assert sorted(started) == sorted(ended) == sorted(set(started))


def test_json_is_the_events_and_nothing_else(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([QUESTION, "--json"]) == ANSWERED
    out, err = capsys.readouterr()
    events = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert events[0]["type"] == "flow_started"
    assert events[-1]["type"] == "flow_completed"
    assert events[-1]["data"]["question"] == QUESTION
    assert events[-1]["data"]["claims"][0]["source"] == 1
    assert (folder / "ask_docs-trace.jsonl").read_text(encoding="utf-8") == out


@pytest.mark.parametrize("question", ["", "🍞?", "x" * 10_000, "\ud800", "[bold]bread[/bold] [/]"])
def test_any_question_can_be_printed(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--", question]) == ANSWERED
    assert "I found no" in capsys.readouterr().out


def test_another_folder_can_be_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = folder / "docs"
    docs.mkdir()
    (docs / "bread.txt").write_text("Bread\n=====\n\nTo bake bread, heat the oven.")
    (docs / "noise.txt").write_bytes(b"\0\1\2")
    assert main(["--docs", str(docs), "How do I bake bread?"]) == ANSWERED
    out, err = capsys.readouterr()
    assert "To bake bread, heat the oven. [1]" in out
    assert "  [1] bread.txt: Bread" in out
    assert err == "left out, not readable as text: noise.txt\n"


@pytest.mark.parametrize("docs", ["nowhere", "empty"])
def test_a_folder_without_documents_is_bad_usage(
    docs: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty").mkdir()
    assert main(["--docs", docs, QUESTION]) == BAD_USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"no documents: {docs} ")
    assert err.count("\n") == 1


def test_a_trace_that_cannot_be_written_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--trace", "no/such/folder.jsonl", QUESTION]) == BAD_USAGE
    assert capsys.readouterr().err.startswith("cannot write the trace: ")


def test_an_unknown_option_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--nonsense"])
    assert ended.value.code == BAD_USAGE
    assert "usage: python -m examples.ask_docs" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[QUESTION], [QUESTION, "--json"]])
def test_a_flow_that_fails_is_told_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str, docs: Path | None = None) -> Never:
        raise OSError("the disk is gone")

    monkeypatch.setattr("examples.ask_docs.flow.understand", broken)
    monkeypatch.setattr("examples.ask_docs.agents.understand", broken)
    assert main(arguments) == FAILED
    assert capsys.readouterr().err == "the flow failed: OSError: the disk is gone\n"


@pytest.mark.parametrize("arguments", [[QUESTION], [QUESTION, "--json"]])
def test_a_log_that_cannot_be_written_is_told_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASK_DOCS_LOG", "no/such/folder.jsonl")
    assert main(arguments) == ANSWERED
    out, err = capsys.readouterr()
    assert "called a generator function" in out
    assert err.startswith("failed in the background: FileNotFoundError: ")
    assert err.count("\n") == 1


def test_an_interrupt_ends_it_cleanly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(running: Coroutine[Any, Any, int]) -> Never:
        running.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(asyncio, "run", interrupted)
    assert main([QUESTION]) == INTERRUPTED
    assert capsys.readouterr().err == "\nInterrupted.\n"


def test_the_board_counts_the_runs_of_each_kind_of_agent() -> None:
    board = Board()
    assert board.update(event("task_started", "1", 10.0)) is None
    assert board.update(event("task_started", "2", 10.5, agent="Bm25-7")) is None
    assert board.update(event("task_completed", "1", 10.25)) == 0.25
    assert board.update(event("task_failed", "2", 11.5)) == 1.0
    assert list(board.rows) == ["Bm25"]
    row = board.rows["Bm25"]
    assert (row.running, row.done, row.failed, row.seconds) == (0, 1, 1, 1.25)
    assert board.runs == 2


def test_elsewhere_than_on_a_terminal_the_view_is_plain_lines() -> None:
    console = Console(file=StringIO(), force_terminal=False)
    with watching(console, Board()) as view:
        view.show(event("task_started", "1", 10.0))
        view.show(event("task_completed", "1", 10.25))
    assert isinstance(console.file, StringIO)
    (line,) = console.file.getvalue().splitlines()
    assert line.endswith("s  Bm25 done in 250 ms")


def test_on_a_terminal_the_view_is_a_table() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=60)
    with watching(console, Board()) as view:
        view.show(event("task_started", "1", 10.0))
        view.show(event("task_completed", "1", 10.25))
        view.show(event("task_started", "2", 11.0, agent="Lsa-2"))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert "✓ done" in shown
    assert "250 ms" in shown
    assert "● 1 running" in shown


def test_whatever_an_event_carries_is_written_as_json() -> None:
    odd = [{1: {2}}, Path("p"), OSError("gone"), object, float("nan"), "\ud800"]
    line = as_json(event("task_completed", "1", 1.0, odd))
    assert "\n" not in line
    data = json.loads(line, parse_constant=pytest.fail)["data"]
    assert data[1:3] == ["p", {"error": "OSError", "message": "gone"}]
