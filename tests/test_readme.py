"""The README is true: its programs run, and its commands print what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.documents import ROOT, Command, Document, check, shown

PACKAGE = ROOT / "src/everything_is_an_actor"
README = Document("README.md")
CONTRIBUTING = Document("CONTRIBUTING.md")
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
        "console",
        "mermaid",
    }


def test_the_layout_is_what_is_there() -> None:
    (layout,) = [block.text for block in CONTRIBUTING.blocks if block.language == "text"]
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


def test_the_files_to_which_contributors_are_sent_exist() -> None:
    nodes = CONTRIBUTING.text.partition("## Adding a node")[2]
    paths = re.findall(r"`([\w./]+(?:\.\w+|/))`", nodes)
    assert len(paths) > 10
    for path in paths:
        assert any((place / path).exists() for place in (ROOT, PACKAGE)), path


def test_the_two_commands_are_the_ones_shown() -> None:
    assert [shlex.split(command, comments=True)[1] for command in MADE] == ["demo", "test"]


def test_the_quick_start_has_ten_lines() -> None:
    lines = README.programs["hello.py"].splitlines()[1:]
    assert len([line for line in lines if line.strip()]) == 10
