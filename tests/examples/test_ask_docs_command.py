"""The command: what it prints, writes and answers to the shell."""

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Coroutine
from io import StringIO
from pathlib import Path
from typing import Any, Never

import pytest

from everything_is_an_actor.agents import TaskEvent
from everything_is_an_actor.cli.board import Board
from everything_is_an_actor.cli.console import LineConsole
from examples.ask_docs.__main__ import ANSWERED, BAD_USAGE, FAILED, INTERRUPTED, main
from examples.ask_docs.retrieval import library_of
from examples.ask_docs.view import watching

ROOT = Path(__file__).parents[2]
QUESTION = "What is a generator?"
LOOKED_UP = "What are lambdas?"
WRITTEN = "Trace: ask_docs-trace.jsonl   Log: ask_docs-log.jsonl"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every file that the command writes by default goes here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASK_DOCS_LOG", raising=False)
    library_of()
    return tmp_path


def event(
    kind: Any,
    task: str,
    at: float,
    data: object = None,
    *,
    agent: str = "Bm25-1",
    parent: str | None = "0",
) -> TaskEvent:
    return TaskEvent(kind, task, f"/system/{agent}", data, parent, None, "run", at)


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
    assert re.search(r"^    +Bm25 +done ", done.stdout, re.MULTILINE)
    assert re.search(r"^  Search +(done|cancelled) ", done.stdout, re.MULTILINE)
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
    assert lines[-2] == WRITTEN
    assert lines[-1].endswith("eiaa timeline ask_docs-trace.jsonl`.")
    assert lines[-4].endswith("agents")


def test_the_trace_is_json_lines_that_bracket_every_task(folder: Path) -> None:
    assert main([QUESTION, "How do I bake bread?", "--trace", "my trace.jsonl"]) == ANSWERED
    lines = (folder / "my trace.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert [e["type"] for e in events].count("flow_completed") == 2
    assert len({e["run_id"] for e in events}) == 2
    started = [e["task_id"] for e in events if e["type"] == "task_started"]
    ended = [e["task_id"] for e in events if e["type"] in ("task_completed", "task_cancelled")]
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


def lines_of(*events: TaskEvent) -> list[str]:
    """What is printed where there is no terminal."""
    console = LineConsole(file=StringIO(), force_terminal=False)
    with watching(console, Board("answer")) as tell:
        for each in events:
            tell(each)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def test_elsewhere_than_on_a_terminal_an_ending_is_a_line_indented_by_its_depth() -> None:
    assert lines_of(
        event("flow_started", "0", 10.0, parent=None),
        event("task_started", "1", 10.0, agent="Search-1"),
        event("task_started", "2", 10.0, agent="Search-1/Lsa-2", parent="1"),
        event("task_failed", "2", 10.25, OSError("gone"), agent="Search-1/Lsa-2", parent="1"),
        event("task_cancelled", "1", 10.5, agent="Search-1"),
        event("task_started", "3", 10.5, agent="Write-3"),
        event("task_chunk", "3", 10.5, "a sentence", agent="Write-3"),
        event("task_completed", "3", 10.5, agent="Write-3"),
        event("flow_completed", "0", 10.5, parent=None),
    ) == [
        "    Lsa                  failed     250 ms: OSError: gone",
        "  Search                 cancelled  500 ms",
        "  Write                  done         0 ms, 1 chunk",
    ]


def test_on_a_terminal_the_view_is_a_tree() -> None:
    console = LineConsole(file=StringIO(), force_terminal=True, width=60)
    board = Board("answer")
    with watching(console, board) as tell:
        tell(event("flow_started", "0", 10.0, parent=None))
        tell(event("task_started", "1", 10.0))
        tell(event("task_completed", "1", 10.25))
        tell(event("task_started", "2", 11.0, agent="Lsa-2"))
        tell(event("task_cancelled", "2", 11.0, agent="Lsa-2"))
        tell(event("flow_completed", "0", 11.0, parent=None))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert "├── \x1b[0m\x1b[32m✓ \x1b[0mBm25\x1b[2m  250 ms" in shown
    assert "\x1b[2;9mLsa" in shown  # dim, struck out
    assert board.runs == 2


# -- timelines ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("slow_retrievers")
def test_the_timeline_follows_each_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([LOOKED_UP, "--timeline"]) == ANSWERED
    out, err = capsys.readouterr()
    _, answer, chart = out.split(LOOKED_UP)
    assert "Sources" in answer
    states = {line.split()[1]: line.split()[0] for line in chart.splitlines()[4:] if line}
    losers = {"Search": "–", "Bm25": "–", "Lsa": "–", "Fuzzy": "–"}
    assert states | losers | {"LookUp": "✓", "Write": "✓"} == states
    assert "●" in chart
    assert (out.splitlines()[-1], err) == (WRITTEN, "")


def test_beside_json_the_timeline_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([QUESTION, "--json", "--timeline"]) == ANSWERED
    out, err = capsys.readouterr()
    assert json.loads(out.splitlines()[-1])["type"] == "flow_completed"
    assert QUESTION in err
    assert "✓ Search" in err


def test_the_trace_can_be_charted_later(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([QUESTION, "How do I bake bread?", "--trace", "my trace.jsonl"]) == ANSWERED
    advice = capsys.readouterr().out.splitlines()[-1]
    command = shlex.split(advice.partition("`")[2].rstrip("`."))
    assert Path(command[0]).name == "eiaa"
    assert command[1:] == ["timeline", "my trace.jsonl"]
    charted = subprocess.run(
        [sys.executable, "-m", "everything_is_an_actor", *command[1:]],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=True,
    )
    assert charted.stdout.count("✓ flow") == 2
    assert "✓ SayNothingFound" in charted.stdout
