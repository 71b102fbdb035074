"""`check` finds in a flow at hand what mypy finds in the expression that builds it."""

import re
import subprocess
import sys
from pathlib import Path
from textwrap import indent
from types import ModuleType
from typing import Any

import pytest

from everything_is_an_actor import flow as face
from everything_is_an_actor.algebra.node import KINDS
from everything_is_an_actor.interpreters.check import check
from tests.check.programs import PROGRAMS, WORLD, Program

CONFIG = """
[mypy]
strict = True
python_version = 3.12
mypy_path = {source}
cache_dir = {cache}
color_output = False
pretty = False
"""


def names() -> dict[str, Any]:
    world = sys.modules["world"] = ModuleType("world")
    exec(compile(WORLD, "world", "exec"), vars(world))
    return vars(world)


NAMES = names()


@pytest.fixture(scope="module")
def rejected(tmp_path_factory: pytest.TempPathFactory) -> set[int]:
    """The numbers of the programs in which mypy finds an error."""
    folder = tmp_path_factory.mktemp("mypy")
    text, lines = WORLD, list[int]()
    for number, program in enumerate(PROGRAMS):
        target = "" if program.input is None else f"_: Flow[{program.input}, object] = "
        lines.append(text.count("\n") + 2)
        text += f"def program_{number}() -> None:\n" + indent(f"{target}{program.text}\n", "    ")
    (folder / "programs.py").write_text(text)
    (folder / "mypy.ini").write_text(
        CONFIG.format(source=Path(face.__file__).parents[2], cache=folder / "cache")
    )
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "programs.py"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not said.stderr, said.stderr
    assert said.returncode == 1, said.stdout
    wrong = {int(n) for n in re.findall(r"^programs.py:(\d+): error: ", said.stdout, re.MULTILINE)}
    assert wrong <= set(lines), said.stdout  # the world itself is right
    return {number for number, line in enumerate(lines) if line in wrong}


@pytest.mark.parametrize(
    ("number", "program"),
    list(enumerate(PROGRAMS)),
    ids=[f"{program.text}<-{program.input}" for program in PROGRAMS],
)
def test_check_and_mypy_agree(number: int, program: Program, rejected: set[int]) -> None:
    flow = eval(program.text, NAMES)
    report = check(flow, None if program.input is None else eval(program.input, NAMES))
    assert report.ok == (program.right or program.is_open), str(report)
    if report.ok:
        assert bool(report.unchecked) == program.is_open, str(report)
    mypy_is_right = program.right != bool(program.unlike_mypy)
    assert (number not in rejected) == mypy_is_right


def test_every_kind_of_node_is_in_a_right_and_in_a_wrong_program() -> None:
    keyword = {"Leaf": "agent", "ZipAll": "zip", "FlatMap": ">>", "Match": "branch", "Pure": "pure"}
    names = {kind: re.sub(r"(?<=.)([A-Z])", r"_\1", kind).lower() for kind in map(_name, KINDS)}
    for right in (True, False):
        texts = " ".join(program.text for program in PROGRAMS if program.right is right)
        missing = [kind for kind, name in names.items() if keyword.get(kind, name) not in texts]
        assert missing == ([] if right else ["Identity"])


def _name(kind: type[Any]) -> str:
    return kind.__name__
