"""The README is true: its programs run, and its commands print what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from everything_is_an_actor.flow import to_mermaid
from examples.ask_docs.flow import ask
from tests.documents import ROOT, Command, Document, check, environment, shown

PACKAGE = ROOT / "src/everything_is_an_actor"
README = Document("README.md")
MADE = [command.text for command in README.commands if command.text.startswith("make ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs of the README, as a reader would have saved them."""
    return README.write(tmp_path_factory.mktemp("readme"))


@pytest.mark.parametrize("command", shown(README))
def test_a_command_prints_what_is_shown(command: Command, folder: Path) -> None:
    check(command, folder, {})


def test_every_program_is_run_or_imported_by_what_is_shown() -> None:
    README.check_that_every_program_is_used()


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert {block.language for block in README.blocks} == {
        "python",
        "yaml",
        "console",
        "mermaid",
        "text",
    }


def test_the_drawing_is_of_the_pipeline_of_the_example() -> None:
    (drawing,) = [block.text for block in README.blocks if block.language == "mermaid"]
    assert drawing == f"{to_mermaid(ask)}\n"


def test_the_layout_is_what_is_there() -> None:
    (layout,) = [block.text for block in README.blocks if block.language == "text"]
    folder = ROOT
    for line in layout.splitlines():
        path = line.split()[0]
        if line.startswith(" "):
            assert (folder / path).exists(), path
        else:
            folder = ROOT / path
            assert folder.is_dir(), path


def test_links_lead_somewhere() -> None:
    README.check_that_links_lead_somewhere()


def test_every_option_is_in_the_table(folder: Path) -> None:
    command = [str(Path(sys.executable).parent / "eiaa"), "run", "--help"]
    shown = environment(folder) | {"COLUMNS": "200"}
    run = subprocess.run(command, env=shown, capture_output=True, encoding="utf-8", check=True)
    offered = set(re.findall(r"│ +(--[a-z-]+)", run.stdout))
    assert set(re.findall(r"^\| `(--[a-z-]+)", README.text, re.MULTILINE)) == offered - {"--help"}


def test_the_files_to_which_contributors_are_sent_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(r"`([\w./]+(?:\.\w+|/))`", text.partition("## Adding a node")[2])
    assert len(paths) > 10
    for path in paths:
        assert any((place / path).exists() for place in (ROOT, PACKAGE)), path


def test_the_commands_of_a_developer_are_the_ones_shown() -> None:
    assert [shlex.split(command, comments=True)[1] for command in MADE] == ["demo", "test", "check"]


def test_the_quick_start_has_ten_lines() -> None:
    lines = README.programs["hello.py"].splitlines()[1:]
    assert len([line for line in lines if line.strip()]) == 10
