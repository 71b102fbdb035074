"""A folder with modules and documents, in which a command is run within this process."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from everything_is_an_actor.cli import main
from everything_is_an_actor.cli.template import files_of

AGENTS = """
from everything_is_an_actor.flow import Continue, Done, agent, pure, race

__all__ = ["Search", "Browse", "Write", "words", "loud", "untyped", "Note"]

class Note(str): ...

class Search:
    async def execute(self, query: str, /) -> list[str]: return query.split()

class Browse:
    async def execute(self, query: str, /) -> list[str]: return [query]

class Write:
    async def execute(self, found: list[str], /) -> str: return ", ".join(found)

def words(found: list[str]) -> int: return len(found)
def loud(text: str) -> str: return text.upper()
def untyped(value): return value

found = race(agent(Search), agent(Browse))
answer = found.flat_map(agent(Write)).map(loud)
misfit = agent(Search).flat_map(agent(Search))
secret = pure(lambda text: text)
chosen = agent(Search).bind(lambda found: pure(words))
looping = agent(Search).timeout(5).notify(agent(Write, timeout=None))
"""

ANSWER = """\
flow: Answer
version: 1
steps:
  - race: [Search, Browse]
  - Write
  - map: loud
"""


@dataclass(frozen=True)
class Answer:
    """What a command answered to the shell, and what it printed."""

    code: int
    out: str
    err: str


type Command = Callable[..., Answer]


@pytest.fixture
def eiaa(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """A command, run in a folder with `library.py`, `answer.yaml` and the files of a project."""
    for name, content in {
        **files_of("project"),
        "library.py": AGENTS,
        "answer.yaml": ANSWER,
        "broken.py": "1 / 0\n",
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    before = set(sys.modules)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.path_importer_cache, "", raising=False)  # of another directory

    def answered(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["eiaa", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Answer(ended.value.code, out, err)

    yield answered
    for name in {"agents", "library", "broken", "other", "large"} - before:
        sys.modules.pop(name, None)
