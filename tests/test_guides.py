"""The tutorial and the how-to guides are true: what is shown is what happens, pictures included."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import ROOT, Command, Document, check, environment, shown

TUTORIAL = Document("docs/tutorial.md")
HOW_TO = [
    Document(path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / "docs/how-to").glob("*.md"))
]
GUIDES = [TUTORIAL, *HOW_TO]
WITH_REDIS = "docs/how-to/virtual-actors-with-redis.md"
PICTURE = re.compile(r"--output (?P<name>\S+\.mmd)")


def name_of(guide: Document) -> str:
    return guide.path.removeprefix("docs/")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each guide, with its programs as a reader would have saved them."""
    return {guide.path: guide.write(tmp_path_factory.mktemp("guide")) for guide in GUIDES}


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
class TestGuide:
    def test_every_program_is_run_or_imported(self, guide: Document) -> None:
        guide.check_that_every_program_is_used()

    def test_every_block_is_of_a_kind_that_is_tested(self, guide: Document) -> None:
        """Only the code of another library is not: it is text, beside what it becomes here."""
        tested = {"python", "yaml", "console", "mermaid"}
        others = {"text"} if "/coming-from-" in guide.path else set[str]()
        assert {block.language for block in guide.blocks} <= tested | others

    def test_every_picture_is_what_the_command_above_it_draws(
        self, guide: Document, folders: dict[str, Path]
    ) -> None:
        folder, drawn = folders[guide.path], []
        for command in guide.commands:
            if found := PICTURE.search(command.text):
                check(command, folder, {})
                drawn.append((folder / found["name"]).read_text(encoding="utf-8"))
        assert [block.text for block in guide.blocks if block.language == "mermaid"] == drawn

    def test_links_lead_somewhere(self, guide: Document) -> None:
        for target in re.findall(r"\]\(([^)]+)", guide.prose):
            path, _, heading = target.partition("#")
            if not target.startswith("https://"):
                file = (ROOT / guide.path).parent / path if path else ROOT / guide.path
                assert file.exists(), target
                assert not heading or heading in anchors(file.read_text(encoding="utf-8")), target


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


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
    assert [guide.path for guide in GUIDES if shown(guide, redis=True)] == [WITH_REDIS]


def test_the_programs_have_the_types_that_they_say(tmp_path: Path) -> None:
    """All in one folder and in one run: hence no two guides have programs of the same name."""
    names = [name for guide in GUIDES for name in guide.programs]
    assert len(names) == len(set(names))
    for guide in GUIDES:
        guide.write(tmp_path)
    typed = sorted(name for name in names if not is_mistaken(name))
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *typed],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def is_mistaken(program: str) -> bool:
    """Whether a guide shows what mypy says of the program."""
    return any(f"mypy {program}" in each.text for guide in GUIDES for each in guide.commands)


def test_the_tutorial_leads_to_every_guide() -> None:
    linked = set(re.findall(r"\]\((how-to/[^)]+)\)", TUTORIAL.text))
    assert linked == {name_of(guide) for guide in HOW_TO}


def test_a_guide_is_short() -> None:
    words = {guide.path: len(guide.prose.split()) for guide in HOW_TO}
    assert {path: count for path, count in words.items() if not 200 <= count <= 600} == {}
