"""`eiaa draw`: trees, Mermaid and pictures."""

import os
import pty
import signal
import struct
import subprocess
import sys
from importlib import util
from pathlib import Path
from xml.etree import ElementTree

import pytest

from everything_is_an_actor.cli import picture
from everything_is_an_actor.flow import to_mermaid
from tests.cli.conftest import Command
from tests.cli.process import COMMAND, ENVIRONMENT, HERE

DONE, BAD_USAGE, INTERRUPTED = 0, 2, 130

TREE = """\
steps
├─ race
│  ├─ agent Search
│  └─ agent Browse
├─ agent Write
└─ map loud
"""


def test_a_program_is_shown_as_a_tree(eiaa: Command) -> None:
    for arguments in (["answer.yaml", "--registry", "library"], ["library:answer"]):
        drawn = eiaa("draw", *arguments)
        assert (drawn.code, drawn.out, drawn.err) == (DONE, TREE, "")


def test_a_program_is_drawn_as_mermaid(eiaa: Command) -> None:
    drawn = eiaa("draw", "library:answer", "--format", "mermaid", "--direction", "TB")
    library = sys.modules["library"]
    assert (drawn.code, drawn.out) == (DONE, f"{to_mermaid(library.answer, 'TB')}\n")


def test_the_name_of_the_file_says_the_format(eiaa: Command, tmp_path: Path) -> None:
    for name, beginning in (("a.mmd", "flowchart LR\n"), ("a.txt", "steps\n"), ("a", "steps\n")):
        drawn = eiaa("draw", "library:answer", "-o", name)
        assert (drawn.code, drawn.out, drawn.err) == (DONE, "", "")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)


def test_a_name_that_says_no_format_is_refused(eiaa: Command, tmp_path: Path) -> None:
    drawn = eiaa("draw", "library:answer", "-o", "a.pdf")
    assert (drawn.code, drawn.out) == (BAD_USAGE, "")
    assert drawn.err == (
        "eiaa: --output: the name a.pdf says no format: end it in .svg, .png, .mmd, .mermaid or "
        ".txt, or name one with --format.\n"
    )
    assert not (tmp_path / "a.pdf").exists()
    assert eiaa("draw", "library:answer", "-o", "a.pdf", "--format", "tree").code == DONE


def test_pictures_are_drawn_by_mermaid(eiaa: Command, tmp_path: Path) -> None:
    for name in ("a.svg", "a.png"):
        drawn = eiaa("draw", "library:answer", "--output", name)
        assert (drawn.code, drawn.out, drawn.err) == (DONE, "", "")
    svg = ElementTree.parse(tmp_path / "a.svg").getroot()
    texts = {text.strip() for text in svg.itertext()}
    assert svg.tag.endswith("svg")
    assert {"Search", "Browse", "Write", "loud", "first to succeed"} <= texts
    png = (tmp_path / "a.png").read_bytes()
    assert png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width > 3 * height > 300


def test_a_recorded_run_is_drawn(eiaa: Command) -> None:
    ran = ["pipeline.yaml", "--registry", "agents"]
    assert eiaa("run", *ran, "--input", "", "--trace", "t.jsonl").out == "(empty) []\n"
    drawn = eiaa("draw", *ran, "--run", "t.jsonl")
    assert (drawn.code, drawn.err) == (DONE, "")
    assert drawn.out.startswith("flowchart LR\n")
    [failed] = [line for line in drawn.out.splitlines() if "Summarise" in line]
    assert "failed" in failed
    assert "ValueError: there is" in failed


def test_a_run_is_for_drawings_and_one_at_a_time(eiaa: Command, tmp_path: Path) -> None:
    ran = ["pipeline.yaml", "--registry", "agents"]
    for _ in range(2):
        eiaa("run", *ran, "--input", "hello", "--trace", "t.jsonl")
        with (tmp_path / "both.jsonl").open("a") as both:
            both.write((tmp_path / "t.jsonl").read_text())
    for arguments, message in (
        (["t.jsonl", "--format", "tree"], "--run is for drawings, not for trees"),
        (["both.jsonl"], "--run both.jsonl: these are the events of several runs"),
        (["nowhere.jsonl"], "cannot read nowhere.jsonl: No such file or directory."),
        (["answer.yaml"], "answer.yaml, line 1: not JSON"),
    ):
        drawn = eiaa("draw", *ran, "--run", *arguments)
        assert (drawn.code, drawn.out) == (BAD_USAGE, "")
        assert drawn.err.startswith(f"eiaa: {message}")


def test_an_interrupt_ends_a_drawing_at_once(tmp_path: Path) -> None:
    (tmp_path / "flows.py").write_text(
        "from everything_is_an_actor.flow import pure\n"
        "f = pure(str)\n"
        "for _ in range(450): f = f.map(str)\n"  # which takes a minute
    )
    terminal, slave = pty.openpty()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # if ignored, it is inherited
    try:
        process = subprocess.Popen(
            [*COMMAND, "draw", "flows:f", "--format", "svg"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=slave,
            cwd=tmp_path,
            env=ENVIRONMENT | {"TERM": "xterm"},
        )
    finally:
        signal.signal(signal.SIGINT, before)
    os.close(slave)
    seen = b""
    with process:
        while b"drawing" not in seen:
            seen += os.read(terminal, 4096)
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=30)
    while b"interrupted" not in seen:
        seen += os.read(terminal, 4096)
    os.close(terminal)
    assert (process.returncode, printed) == (INTERRUPTED, b"")


def test_without_the_extra_pictures_are_refused_and_trees_are_not(
    eiaa: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    drawn = eiaa("draw", "library:answer", "--format", "svg")
    assert (drawn.code, drawn.out) == (BAD_USAGE, "")
    assert drawn.err == (
        "eiaa: --format svg needs the extra `draw`: pip install 'everything-is-an-actor[draw]'. "
        "Without it there are --format mermaid and --format tree.\n"
    )
    assert eiaa("draw", "library:answer").code == DONE


@pytest.mark.parametrize("module", ["cli", "cli.render_mermaid"])
def test_the_extra_is_imported_by_nothing_but_a_drawing(module: str) -> None:
    assert util.find_spec("mermaidx") is not None
    code = f"import sys, everything_is_an_actor.{module}; sys.exit('mermaidx' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)


def test_a_drawing_that_is_too_large_for_a_picture_is_refused(
    eiaa: Command, tmp_path: Path
) -> None:
    (tmp_path / "large.py").write_text(
        "from everything_is_an_actor.flow import identity, pure\n"
        "def step(text: str) -> str: return text\n"
        "long = many = pure(step)\n"
        "for _ in range(600): many = many.flat_map(pure(step))\n"
        "for _ in range(2000): long = long.flat_map(pure(step))\n"
    )
    for name, reason in (
        ("many", "602 arrows, of at most 500"),
        ("long", "characters of Mermaid, of at most 50,000"),
    ):
        drawn = eiaa("draw", f"large:{name}", "--format", "svg")
        assert (drawn.code, drawn.out) == (BAD_USAGE, "")
        assert reason in drawn.err
        assert drawn.err.endswith("--format mermaid and --format tree have no such bound.\n")


def test_without_unicode_a_tree_is_ascii(tmp_path: Path) -> None:
    (tmp_path / "flows.py").write_text(
        "from everything_is_an_actor.flow import pure\nf = pure(str.strip).map(len)\n"
    )
    drawn = subprocess.run(
        [*COMMAND, "draw", "flows:f"],
        capture_output=True,
        cwd=tmp_path,
        env=ENVIRONMENT | {"PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert drawn.stdout.replace(os.linesep.encode(), b"\n") == (
        b"steps\n|- pure str.strip\n`- map len\n"
    )
    assert drawn.stderr == b""


def test_a_png_is_not_written_to_a_terminal() -> None:
    terminal, slave = pty.openpty()
    drawn = subprocess.run(
        [*COMMAND, "draw", "programs:shouted", "--format", "png"],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=subprocess.PIPE,
        cwd=HERE,
        env=ENVIRONMENT,
        check=False,
    )
    os.close(slave)
    os.close(terminal)
    assert drawn.returncode == BAD_USAGE
    assert drawn.stderr == b"eiaa: a PNG is not for a terminal: name a file with --output.\n"


def test_a_format_that_is_not_there_is_bad_usage(eiaa: Command) -> None:
    drawn = eiaa("draw", "library:answer", "--format", "gif")
    assert (drawn.code, drawn.out) == (BAD_USAGE, "")
    assert "'--format': 'gif' is not one of 'tree', 'mermaid', 'svg', 'png'" in drawn.err
