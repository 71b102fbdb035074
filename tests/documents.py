"""Documents that are true: their programs run, and their commands print what is shown.

A program is a block of Python whose first line is its file name, as that of a block of YAML is; a
command is a line of a console block that begins with `$`, followed by what it prints, where `...`
is anything. A command that ends in `&` goes on in the background while the next one runs, and is
ended by Ctrl-C after it. A drawing is what the command prints that stands before it in a comment,
`<!-- $ eiaa draw … -->`.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from doctest import ELLIPSIS, Example, OutputChecker
from functools import cached_property
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet  # what `pytest.param` returns

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
DRAWING = re.compile(r"^<!-- \$ (?P<command>.*) -->\n(?=```mermaid$)", re.MULTILINE)
FILE_NAME = re.compile(r"# (?P<name>\w+\.(?:py|yaml))\n")
ENDS_WITHIN = 20.0  # seconds


@dataclass(frozen=True)
class Block:
    """A fenced block of a document, and the line on which its text begins."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """A command, what it prints, its line, and what runs in the background meanwhile."""

    text: str
    printed: str
    line: int
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A Markdown file, by its path within the project."""

    path: str

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def blocks(self) -> list[Block]:
        return [
            Block(
                found["language"], found["text"], self.text.count("\n", 0, found.start("text")) + 1
            )
            for found in BLOCK.finditer(self.text)
        ]

    @cached_property
    def files(self) -> dict[str, str]:
        """The text of each program and document, by its file name."""
        return {
            found["name"]: block.text
            for block in self.blocks
            if block.language in ("python", "yaml") and (found := FILE_NAME.match(block.text))
        }

    @cached_property
    def programs(self) -> dict[str, str]:
        """The programs among them."""
        return {name: text for name, text in self.files.items() if name.endswith(".py")}

    @cached_property
    def commands(self) -> list[Command]:
        return [*(command for block in self.blocks for command in _commands(block)), *self.drawings]

    @cached_property
    def drawings(self) -> list[Command]:
        """What draws the blocks of Mermaid that say so."""
        drawn = {block.line - 1: block for block in self.blocks if block.language == "mermaid"}
        return [
            Command(found["command"], drawn[line].text, line)
            for found in DRAWING.finditer(self.text)
            for line in [self.text.count("\n", 0, found.end()) + 1]
        ]

    @cached_property
    def prose(self) -> str:
        """What is not in a block."""
        return BLOCK.sub("", self.text)

    def write(self, folder: Path) -> Path:
        """The files in a folder, as a reader would have saved them."""
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    def check_that_every_program_is_used(self) -> None:
        """By a command, or by another program: so that none can be there that does not work."""
        used = " ".join([*(each.text for each in self._all_commands()), *self.programs.values()])
        for name in self.files:
            module = name.removesuffix(".py")
            called = rf"\b{name}\b(?!\n)|\b{module}:|--registry {module}\b|from {module} import"
            assert re.search(called, used), name
        are_files = [block.language in ("python", "yaml") for block in self.blocks]
        assert len(self.files) == sum(are_files)

    def check_that_links_lead_somewhere(self) -> None:
        for target in re.findall(r"\]\(([^)#]+)", self.prose):
            assert ((ROOT / self.path).parent / target).exists(), target

    def needs_redis(self, command: Command) -> bool:
        """Whether the command runs a program that is about Redis."""
        run = " ".join([command.text, *command.beside])
        return any(name in run and "redis" in text for name, text in self.programs.items())

    def _all_commands(self) -> Iterator[Command]:
        for command in self.commands:
            yield from (Command(text, "", command.line) for text in command.beside)
            yield command


def _commands(block: Block) -> Iterator[Command]:
    if block.language != "console":
        return
    line, beside = block.line, []
    for session in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        text, _, printed = session.partition("\n")
        if text.endswith(" &"):
            assert not printed, f"line {line}: what a background command prints comes in no order"
            beside.append(text.removesuffix(" &"))
        else:
            yield Command(text, printed, line, tuple(beside))
            beside = []
        line += session.count("\n")
    assert not beside, f"line {line}: nothing runs beside the background command"


def shown(document: Document, *, redis: bool = False) -> list[ParameterSet]:
    """The commands of a document that need a Redis, or those that do not, for a test of each."""
    return [
        pytest.param(command, id=f"{document.path} line {command.line}")
        for command in document.commands
        if document.needs_redis(command) is redis
    ]


def check(command: Command, folder: Path, settings: dict[str, str]) -> None:
    """Run a command in a folder; fail if it prints something else than what is shown."""
    if command.text.startswith("make "):  # what it does is run by those who make this test
        words = shlex.split(command.text, comments=True)
        run = _run(["make", "--dry-run", *words[1:]], ROOT, folder, settings)
        assert run.returncode == 0, run.stdout
        assert not command.printed
        return
    with ExitStack() as background:
        for beside in command.beside:
            background.enter_context(_running(_words(beside), folder, settings))
        run = _run(_words(command.text), folder, folder, settings)
    if not OutputChecker().check_output(command.printed, run.stdout, ELLIPSIS):
        example = Example(command.text, command.printed)
        pytest.fail(OutputChecker().output_difference(example, run.stdout, ELLIPSIS))


def _words(command: str) -> list[str]:
    """A command of a reader, whose programs are those that this test has."""
    first, *others = shlex.split(command, comments=True)
    program = first.removeprefix(".venv/bin/")
    assert program in {"python", "eiaa", "mypy"}, command
    return [str(Path(sys.executable).parent / program), *others]


def _run(
    words: list[str], cwd: Path, folder: Path, settings: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=cwd,
        env=environment(folder) | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


@contextmanager
def _running(words: list[str], folder: Path, settings: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        words,
        cwd=folder,
        env=environment(folder) | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
        process.send_signal(signal.SIGINT)
        process.wait(ENDS_WITHIN)
    finally:
        process.kill()
        process.wait()


def environment(folder: Path) -> dict[str, str]:
    """That of a reader in a clone, whose files go to `folder`."""
    ours = ("MAKE", "MFLAGS", "PYTEST", "PYTHON", "MYPY")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return inherited | {
        "ASK_DOCS_LOG": str(folder / "log.jsonl"),
        "MYPY_CACHE_DIR": str(folder / "mypy"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "MYPYPATH": str(ROOT / "src"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        "PYTHONUNBUFFERED": "1",  # the two outputs in the order in which a terminal shows them
        "PYTHONUTF8": "1",
    }
