"""The parser of Mermaid itself, in one process for all the diagrams of the tests."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"
INSTALLED = HERE / "node_modules" / ".installed"  # a copy of the lock that was installed
OPTIONS = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")


@dataclass(frozen=True, slots=True)
class Message:
    """A line of a diagram, as Mermaid has understood it."""

    type: str
    from_: str | None
    to: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What a diagram says to Mermaid: the names and lines that it would draw."""

    actors: list[str]
    created: list[str]
    destroyed: list[str]
    messages: list[Message]

    def texts(self, *types: str) -> list[str]:
        """The texts of the lines of these types."""
        return [message.text for message in self.messages if message.type in types]


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a flowchart."""

    id: str
    text: str
    shape: str
    style: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between two boxes or frames, and its line: normal, dotted or thick."""

    from_: str
    to: str
    text: str
    stroke: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A subgraph, and the boxes and frames that are in it."""

    id: str
    title: str
    inside: list[str]
    style: str


@dataclass(frozen=True, slots=True)
class Flowchart:
    """What a flowchart says to Mermaid."""

    direction: str
    boxes: list[Box]
    arrows: list[Arrow]
    frames: list[Frame]


class Mermaid:
    """Asks the parser; a diagram that it rejects is an `AssertionError` with its words."""

    def __init__(self, process: "subprocess.Popen[str]", into: IO[str], out: IO[str]) -> None:
        self._process = process
        self._into = into
        self._out = out

    def parse(self, diagram: str) -> Understood:
        """What a diagram says."""
        return self.parse_all([diagram])[0]

    def parse_all(self, diagrams: Sequence[str]) -> list[Understood]:
        """What each of several diagrams says."""
        answers = zip(diagrams, self._ask(diagrams), strict=True)
        return [_understood(diagram, answer) for diagram, answer in answers]

    def flowchart(self, diagram: str) -> Flowchart:
        """What a flowchart says."""
        return self.flowcharts([diagram])[0]

    def flowcharts(self, diagrams: Sequence[str]) -> list[Flowchart]:
        """What each of several flowcharts says."""
        answers = zip(diagrams, self._ask(diagrams), strict=True)
        return [_flowchart(diagram, answer) for diagram, answer in answers]

    def _ask(self, diagrams: Sequence[str]) -> list[dict[str, Any]]:
        self._into.write(json.dumps(diagrams) + "\n")
        self._into.flush()
        line = self._out.readline()
        assert line, f"the parser has ended: {self._process.wait(10)}"
        answers: list[dict[str, Any]] = json.loads(line)
        return answers


def _understood(diagram: str, answer: dict[str, Any]) -> Understood:
    assert "error" not in answer, f"{answer['error']}\n\n{diagram[:5000]}"
    assert answer["type"] == "sequence"
    messages = [Message(m["type"], m["from"], m["to"], m["text"]) for m in answer["messages"]]
    return Understood(answer["actors"], answer["created"], answer["destroyed"], messages)


def _flowchart(diagram: str, answer: dict[str, Any]) -> Flowchart:
    assert "error" not in answer, f"{answer['error']}\n\n{diagram[:5000]}"
    assert answer["type"] == "flowchart"
    arrows = [Arrow(a["from"], a["to"], a["text"], a["stroke"]) for a in answer["arrows"]]
    boxes = [Box(**box) for box in answer["boxes"]]
    return Flowchart(answer["direction"], boxes, arrows, [Frame(**f) for f in answer["frames"]])


@contextmanager
def running() -> Iterator[Mermaid]:
    """The parser, installed if need be; a test that cannot have it is skipped."""
    node = _found("node")
    _install()
    with subprocess.Popen(
        [node, str(HERE / "parse.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Mermaid(process, process.stdin, process.stdout)


def _install() -> None:
    """`npm ci`, unless what is locked is what is installed; one process at a time."""
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install_alone()


def _install_alone() -> None:
    if INSTALLED.exists() and INSTALLED.read_bytes() == LOCK.read_bytes():
        return
    npm = _found("npm")
    try:
        done = subprocess.run(
            [npm, "ci", *OPTIONS],
            cwd=HERE,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("needs a server: npm ci for tests/mermaid did not finish within 240 s")
    if done.returncode:
        pytest.skip(f"needs a server: npm ci for tests/mermaid failed: {done.stderr[-500:]}")
    shutil.copyfile(LOCK, INSTALLED)


def _found(command: str) -> str:
    path = shutil.which(command)
    if path is None:
        pytest.skip(f"needs a server: {command}, which is not on PATH, for the parser of Mermaid")
    return path
