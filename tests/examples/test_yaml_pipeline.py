"""The pipeline in YAML, and what is made of it in Python."""

import subprocess
import sys
from pathlib import Path

import pytest

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import (
    QuorumResult,
    Registry,
    check,
    dry_run,
    from_yaml,
    to_yaml,
)
from examples.yaml_pipeline import measures
from examples.yaml_pipeline.__main__ import PIPELINE, extended, tracked, walked
from examples.yaml_pipeline.measures import Remark, Review, Source, parsed, review
from tests.examples import command

NAMES = Registry.from_module(measures)
REVIEW = from_yaml(PIPELINE.read_bytes(), NAMES)

NESTED = "".join(f"{'    ' * depth}if x:\n" for depth in range(1, 12)) + "    " * 12 + "return 1\n"
LONG = "    x = 1\n" * 50
CODE = f'''\
"""A module."""

def branchy(x):
    """Goes many ways."""
{NESTED}
def long():
    """Is long."""
{LONG}
class Bare:  # TODO: say what it is
    def _method(self):  # a note
        pass
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file with something for every measure, a good one, and two that cannot be read."""
    (tmp_path / "bad.py").write_text(CODE)
    (tmp_path / "good.py").write_text('def f():\n    """F."""\n')
    (tmp_path / "broken.py").write_text("x = [")
    (tmp_path / "latin.py").write_bytes(b'x = "\xe4"')
    (tmp_path / "other.txt").write_text("TODO")
    return tmp_path


async def test_a_file_is_reviewed(folder: Path) -> None:
    path = str(folder / "bad.py")
    line = {text: n for n, text in enumerate(CODE.splitlines(), start=1)}
    async with AgentSystem() as system:
        assert await system.run_flow(REVIEW, path) == Review(
            path,
            (
                Remark(line["def branchy(x):"], "branchy branches 11 times"),
                Remark(line["def long():"], "long has 52 lines"),
                Remark(line["class Bare:  # TODO: say what it is"], "Bare has no docstring"),
                Remark(line["class Bare:  # TODO: say what it is"], "TODO: say what it is"),
            ),
        )


async def test_a_measure_that_fails_is_counted() -> None:
    source = await parsed(str(PIPELINE.with_name("measures.py")))
    found: tuple[Source, QuorumResult[list[Remark]]] = (
        source,
        QuorumResult(([Remark(2, "b")], [Remark(1, "a")]), (ValueError("x"),)),
    )
    assert review(found) == Review(source.path, (Remark(1, "a"), Remark(2, "b")), 1)


async def test_every_file_is_reviewed_and_one_that_cannot_be_keeps_no_other(folder: Path) -> None:
    async with AgentSystem() as system:
        lines = await system.run_flow(extended(REVIEW), str(folder))
    assert [line.removeprefix(f"{folder}/").partition(": ")[0] for line in lines] == [
        "bad.py:3",
        "bad.py:18",
        "bad.py:71",
        "bad.py:71",
        "broken.py",
        "latin.py",
    ]
    assert "not reviewed: SyntaxError: '[' was never closed" in lines[-2]
    assert "not reviewed: UnicodeDecodeError: " in lines[-1]


@pytest.fixture
def known(folder: Path) -> Path:
    """The same folder, of which git knows the good file."""
    for words in (["init", "--quiet"], ["add", "good.py"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    return folder


async def test_what_git_knows_is_reviewed(known: Path) -> None:
    assert await tracked(str(known)) == [str(known / "good.py")]
    assert len(await walked(str(known))) == 4


async def test_where_git_knows_nothing_it_is_not_asked_again(folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match="git knows of no Python"):
        await tracked(str(folder))


def test_without_git_all_files_are_reviewed_as_a_rehearsal_shows() -> None:
    rehearsal = dry_run(
        extended(REVIEW),
        "here",
        {
            tracked: [FileNotFoundError("git knows of nothing")],
            walked: [["a.py", "b.py"]],
            parsed: [SyntaxError("no Python"), SyntaxError("nor this")],
        },
    )
    assert rehearsal.value == (
        "a.py: not reviewed: SyntaxError: no Python",
        "b.py: not reviewed: SyntaxError: nor this",
    )


def test_document_and_extension_are_sound() -> None:
    assert str(check(REVIEW, str)) == "sound: str → Review"
    assert str(check(extended(REVIEW), str)) == "sound: str → tuple[str, ...]"
    assert from_yaml(to_yaml(REVIEW, NAMES), NAMES) == REVIEW


# -- the command ----------------------------------------------------------------------------------


async def test_the_command_prints_what_was_found(folder: Path) -> None:
    done = await command.run("yaml_pipeline", str(folder))
    assert (done.code, done.err) == (1, "")
    assert f"{folder}/bad.py:71: TODO: say what it is" in done.out.splitlines()
    (folder / "good").mkdir()
    (folder / "good.py").rename(folder / "good" / "good.py")
    done = await command.run("yaml_pipeline", str(folder / "good"))
    assert (done.code, done.out, done.err) == (0, "", "")


def test_who_reads_no_further_ends_it_quietly(folder: Path) -> None:
    for number in range(2_000):  # more than a pipe holds
        (folder / f"bare_{number}.py").write_text("def bare(): pass")
    with subprocess.Popen(
        [sys.executable, "-m", "examples.yaml_pipeline", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=command.environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"branchy" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("check", "sound: str → tuple[str, ...]"),
        ("plan", "#2  walked(input)"),
        ("drawing", "flowchart LR"),
    ],
)
async def test_the_pipeline_is_shown_without_running_it(what: str, said: str) -> None:
    done = await command.run("yaml_pipeline", "--show", what)
    assert (done.code, done.err) == (0, "")
    assert said in done.out


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "- undocumented",
            "- undocumentd",
            "line 14, column 15: at steps[1].all[1].at_least.flows[2]: there is no agent "
            "'undocumentd' in the registry. Did you mean undocumented?",
        ),
        ("at_least:", "atleast:", "there is no keyword 'atleast'. Did you mean at_least?"),
        ("map: review", "map: [", "line 17, column 1: there is no value here"),
        ("- map: review", "- open_ends", "line 16, column 5: at steps[2]: steps: expected Source"),
        ("- map: review", "", "at steps[2]: steps: expected tuple[tuple[str, Result[Review, "),
    ],
)
async def test_a_mistake_in_the_document_is_told_before_anything_runs(
    right: str, wrong: str, said: str, tmp_path: Path
) -> None:
    document = tmp_path / "mine.yaml"
    document.write_text(PIPELINE.read_text(encoding="utf-8").replace(right, wrong))
    done = await command.run("yaml_pipeline", "--pipeline", str(document), str(tmp_path))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"{document}: ")
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("arguments", [["nowhere"], ["--pipeline", "nowhere"]])
async def test_what_is_not_there_is_bad_usage(arguments: list[str]) -> None:
    done = await command.run("yaml_pipeline", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "nowhere" in done.err
