"""The guides in docs/ are true; every public name is documented, with an example that is run."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from everything_is_an_actor import flow
from tests.documents import ROOT, Command, Document, check, environment, shown

GUIDES = [
    Document(path.relative_to(ROOT).as_posix())
    for folder in ("docs", "docs/explanation")
    for path in sorted((ROOT / folder).glob("*.md"))
    if path.name != "tutorial.md"  # which is tested with the how-to guides, by `test_guides.py`
]
COMMANDS = Document("docs/command-line.md")
ACTORS = Document("docs/actors.md")
PLUGINS = tuple(f"everything_is_an_actor.plugins.{name}" for name in ("redis", "retry"))
GUIDE_TO = dict.fromkeys(("everything_is_an_actor", *PLUGINS), ACTORS) | {
    "everything_is_an_actor.agents": Document("docs/agents.md"),
    "everything_is_an_actor.algebra.laws": Document("docs/laws.md"),
    "everything_is_an_actor.free": Document("docs/free.md"),
    "everything_is_an_actor.moa": Document("docs/moa.md"),
    "everything_is_an_actor.plugins.otel": Document("docs/otel.md"),
    "everything_is_an_actor.testing": Document("docs/laws.md"),
}
MODULES = tuple(GUIDE_TO)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each guide, with its programs as a reader would have saved them."""
    return {guide.path: guide.write(tmp_path_factory.mktemp("guide")) for guide in GUIDES}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.path)
class TestGuide:
    def test_every_program_is_run_or_imported(self, guide: Document) -> None:
        guide.check_that_every_program_is_used()

    def test_every_block_is_of_a_kind_that_is_tested(self, guide: Document) -> None:
        assert {block.language for block in guide.blocks} <= {
            "python",
            "yaml",
            "console",
            "mermaid",
        }

    def test_every_drawing_is_what_a_program_prints(self, guide: Document) -> None:
        consoles = [block.text for block in guide.blocks if block.language == "console"]
        printed = "".join([*consoles, *(command.printed for command in guide.drawings)])
        drawings = [block.text for block in guide.blocks if block.language == "mermaid"]
        assert [drawing for drawing in drawings if drawing not in printed] == []

    def test_links_lead_somewhere(self, guide: Document) -> None:
        guide.check_that_links_lead_somewhere()

    def test_links_within_lead_to_a_heading(self, guide: Document) -> None:
        titles = re.findall(r"^#+ (.+)$", guide.prose, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
        assert set(re.findall(r"\]\(#([^)]+)\)", guide.prose)) <= anchors


def test_a_reader_who_saves_every_program_of_every_page_overwrites_none() -> None:
    """Files of the same name are the same file."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    seen: dict[str, tuple[str, str]] = {}
    for page in (Document(path.relative_to(ROOT).as_posix()) for path in sorted(pages)):
        for name, text in page.files.items():
            first, where = seen.setdefault(name, (text, page.path))
            assert first.split() == text.split(), f"{name}: {where}, {page.path}"


def test_every_command_and_every_option_of_run_is_in_a_table(tmp_path: Path) -> None:
    def helped(*words: str) -> str:
        command = [str(Path(sys.executable).parent / "eiaa"), *words, "--help"]
        shown = environment(tmp_path) | {"COLUMNS": "200"}
        return subprocess.run(
            command, env=shown, capture_output=True, encoding="utf-8", check=True
        ).stdout

    commands = set(re.findall(r"^│ ([a-z-]+) ", helped().partition("Commands")[2], re.MULTILINE))
    assert set(re.findall(r"^\| `eiaa ([a-z-]+)", COMMANDS.text, re.MULTILINE)) == commands
    options = set(re.findall(r"│ +(--[a-z-]+)", helped("run"))) - {"--help"}
    assert set(re.findall(r"^\| `(--[a-z-]+)", COMMANDS.text, re.MULTILINE)) == options


@pytest.mark.parametrize(
    ("path", "command"),
    [
        pytest.param(guide.path, *each.values, id=each.id)
        for guide in GUIDES
        for each in shown(guide)
    ],
)
def test_a_command_prints_what_is_shown(
    path: str, command: Command, folders: dict[str, Path]
) -> None:
    check(command, folders[path], {})


def test_what_needs_redis_is_in_the_guide_that_is_run_with_one() -> None:
    """By `tests/plugins/test_redis_example.py`."""
    assert shown(ACTORS, redis=True)
    assert not [each for guide in GUIDES if guide != ACTORS for each in shown(guide, redis=True)]


def test_the_programs_have_the_types_that_they_say(folders: dict[str, Path]) -> None:
    for guide in [each for each in GUIDES if each.programs]:
        folder = folders[guide.path]
        words = [sys.executable, "-m", "mypy", "--strict", *sorted(guide.programs)]
        run = subprocess.run(
            words, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr


# -- public names ------------------------------------------------------------------------------


NAMES = [
    pytest.param(module, name, id=f"{module.removeprefix('everything_is_an_actor.')}.{name}")
    for module in MODULES
    for name in importlib.import_module(module).__all__
]


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_public_name_is_shown_in_an_example_that_is_run(module: str, name: str) -> None:
    value = getattr(importlib.import_module(module), name)
    programs = GUIDE_TO[module].programs.values()
    used = any(re.search(rf"\b{name}\b", program) for program in programs)
    assert used or ">>> " in (inspect.getdoc(value) or "")


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_public_name_is_in_a_guide_or_is_an_error(module: str, name: str) -> None:
    value = getattr(importlib.import_module(module), name)
    is_error = isinstance(value, type) and issubclass(value, Exception)
    assert is_error or re.search(rf"\b{name}\b", GUIDE_TO[module].text)


INTERPRETERS = [
    name
    for name in flow.__all__
    if getattr(flow, name).__module__.startswith("everything_is_an_actor.interpreters.")
]


@pytest.mark.parametrize("name", INTERPRETERS)
def test_what_interprets_a_flow_is_in_the_guide_to_documents(name: str) -> None:
    value = getattr(flow, name)
    assert re.search(rf"\b{name}\b", Document("docs/documents.md").text)
    assert not inspect.isfunction(value) or ">>> " in (inspect.getdoc(value) or "")


CLASSES = [
    pytest.param(value, id=name)
    for module in MODULES
    for name, value in inspect.getmembers(importlib.import_module(module), inspect.isclass)
    if name in importlib.import_module(module).__all__
]


@pytest.mark.parametrize("cls", CLASSES)
def test_a_public_class_says_what_it_is_and_so_do_its_methods(cls: type[Any]) -> None:
    assert cls.__doc__
    assert not cls.__doc__.startswith(f"{cls.__name__}("), (
        "only what dataclasses have by themselves"
    )
    public = {
        name: member
        for name, member in inspect.getmembers(cls)
        if not name.startswith("_")
        and (not issubclass(cls, BaseException) or name in vars(cls))
        and (inspect.isroutine(member) or isinstance(member, property))
        and (getattr(member, "__module__", None) or "everything").startswith("everything")
    }
    assert [name for name, member in public.items() if not inspect.getdoc(member)] == []
