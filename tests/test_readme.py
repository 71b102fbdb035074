"""The README is true: its programs run, and its commands print what it says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from doctest import ELLIPSIS, Example, OutputChecker
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/everything_is_an_actor"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"# (?P<name>\w+\.py)\n")


@dataclass(frozen=True)
class Block:
    """A fenced block of the README, and the line on which its text begins."""

    language: str
    text: str
    line: int


BLOCKS = [
    Block(found["language"], found["text"], README.count("\n", 0, found.start("text")) + 1)
    for found in BLOCK.finditer(README)
]
PROGRAMS = {
    found["name"]: block.text
    for block in BLOCKS
    if block.language == "python" and (found := FILE_NAME.match(block.text))
}


def commands() -> Iterator[tuple[str, str, int]]:
    """Every command, what it prints, and its line."""
    for block in BLOCKS:
        if block.language == "console":
            line = block.line
            for session in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                command, _, printed = session.partition("\n")
                yield command, printed, line
                line += session.count("\n")


SHOWN = [pytest.param(command, printed, id=f"line {line}") for command, printed, line in commands()]
MADE = [command for command, _, _ in commands() if command.startswith("make ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs of the README, as a reader would have saved them."""
    folder = tmp_path_factory.mktemp("readme")
    for name, text in PROGRAMS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("command", "printed"), SHOWN)
def test_a_command_prints_what_is_shown(command: str, printed: str, folder: Path) -> None:
    words = shlex.split(command, comments=True)
    if words[0] == "make":  # what it does is run by those who make this test
        words, cwd = ["make", "--dry-run", *words[1:]], ROOT
        assert not printed
    else:
        program = words[0].removeprefix(".venv/bin/")
        assert program in {"python", "eiaa", "mypy"}
        words, cwd = [str(Path(sys.executable).parent / program), *words[1:]], folder
    run = subprocess.run(
        words,
        cwd=cwd,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if words[0] == "make":
        assert run.returncode == 0, run.stdout
    elif not OutputChecker().check_output(printed, run.stdout, ELLIPSIS):
        example = Example(command, printed)
        pytest.fail(OutputChecker().output_difference(example, run.stdout, ELLIPSIS))


def environment(folder: Path) -> dict[str, str]:
    """That of a reader in a clone, whose files go to `folder`."""
    ours = ("MAKE", "MFLAGS", "PYTEST", "PYTHON", "MYPY")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return inherited | {
        "ASK_DOCS_LOG": str(folder / "log.jsonl"),
        "MYPY_CACHE_DIR": str(folder / "mypy"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",  # the two outputs in the order in which a terminal shows them
        "PYTHONUTF8": "1",
    }


def test_every_program_is_run_or_imported_by_what_is_shown() -> None:
    """So that none can be there that does not work."""
    used = " ".join([*(command for command, _, _ in commands()), *PROGRAMS.values()])
    for name in PROGRAMS:
        module = name.removesuffix(".py")
        assert re.search(rf"{name}\b(?!\n)|\b{module}:|from {module} import", used), name
    assert len(PROGRAMS) == sum(block.language == "python" for block in BLOCKS)


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert {block.language for block in BLOCKS} == {"python", "console", "text"}


def test_the_layout_is_what_is_there() -> None:
    (layout,) = [block.text for block in BLOCKS if block.language == "text"]
    folder = ROOT
    for line in layout.splitlines():
        path = line.split()[0]
        if line.startswith(" "):
            assert (folder / path).exists(), path
        else:
            folder = ROOT / path
            assert folder.is_dir(), path


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_every_option_is_in_the_table(folder: Path) -> None:
    command = [str(Path(sys.executable).parent / "eiaa"), "run", "--help"]
    shown = environment(folder) | {"COLUMNS": "200"}
    run = subprocess.run(command, env=shown, capture_output=True, encoding="utf-8", check=True)
    offered = set(re.findall(r"│ +(--[a-z-]+)", run.stdout))
    assert set(re.findall(r"^\| `(--[a-z-]+)", README, re.MULTILINE)) == offered - {"--help"}


def test_the_files_to_which_contributors_are_sent_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(r"`([\w./]+(?:\.\w+|/))`", text.partition("## Adding a node")[2])
    assert len(paths) > 10
    for path in paths:
        assert any((place / path).exists() for place in (ROOT, PACKAGE)), path


def test_the_commands_of_a_developer_are_the_ones_shown() -> None:
    assert [shlex.split(command, comments=True)[1] for command in MADE] == ["demo", "test", "check"]


def test_the_quick_start_has_ten_lines() -> None:
    lines = PROGRAMS["hello.py"].splitlines()[1:]
    assert len([line for line in lines if line.strip()]) == 10
