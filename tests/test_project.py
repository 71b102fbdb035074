"""The files that describe the project agree with each other, and `make` keeps its promises."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Set
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
SUPPORTED = ("3.12", "3.13")


def declared() -> dict[str, list[Requirement]]:
    """What is asked for: the core, and each extra and group under its name."""
    asked = {
        "dependencies": PROJECT["dependencies"],
        **PROJECT["optional-dependencies"],
        **PYPROJECT["dependency-groups"],
    }
    return {name: [Requirement(line) for line in lines] for name, lines in asked.items()}


def locked(python: str) -> dict[str, Version]:
    """What `constraints.txt` pins on the given Python."""
    environment: dict[str, str | Set[str]] = {
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    pins: dict[str, Version] = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if pin := line.partition("#")[0].strip():
            requirement = Requirement(pin)
            (exact,) = requirement.specifier
            assert exact.operator == "==", line
            if requirement.marker is None or requirement.marker.evaluate(environment):
                pins[canonicalize_name(requirement.name)] = Version(exact.version)
    return pins


# -- what the files say ------------------------------------------------------------------------


def test_the_installed_version_is_the_declared_one() -> None:
    assert metadata.version("everything-is-an-actor") == PROJECT["version"]


def test_the_package_ships_its_types() -> None:
    assert (resources.files("everything_is_an_actor") / "py.typed").is_file()


def test_the_command_is_a_function_without_arguments() -> None:
    (command,) = metadata.entry_points(group="console_scripts", name="eiaa")
    assert not inspect.signature(command.load()).parameters


def test_the_python_of_a_checkout_is_a_supported_one() -> None:
    assert (ROOT / ".python-version").read_text().strip() in SUPPORTED
    classifiers = {f"Programming Language :: Python :: {python}" for python in SUPPORTED}
    assert classifiers <= set(PROJECT["classifiers"])


def test_the_oldest_supported_python_is_the_same_everywhere() -> None:
    oldest = SUPPORTED[0]
    assert PROJECT["requires-python"] == f">={oldest}"
    assert PYPROJECT["tool"]["mypy"]["python_version"] == oldest
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert f"NEEDED := {oldest}\n" in (ROOT / "Makefile").read_text()
    assert f"python{oldest}" in (ROOT / ".ci/run").read_text()


@pytest.mark.parametrize("python", SUPPORTED)
@pytest.mark.parametrize("name", declared())
def test_every_requirement_is_locked_within_its_bounds(name: str, python: str) -> None:
    pins = locked(python)
    for requirement in declared()[name]:
        pin = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pin), f"{requirement} is locked at {pin}"


def test_core_requirements_have_a_lower_and_an_upper_bound() -> None:
    for requirement in declared()["dependencies"]:
        operators = {bound.operator for bound in requirement.specifier}
        assert operators == {">=", "<"}, str(requirement)


@pytest.mark.parametrize("python", SUPPORTED)
def test_mypy_is_one_that_returns_declares_compatible(python: str) -> None:
    (compatible,) = [
        requirement.specifier
        for requirement in map(Requirement, metadata.requires("returns") or [])
        if requirement.name == "mypy"
    ]
    pins = locked(python)
    assert str(pins["returns"]) == metadata.version("returns"), "the bounds below are another's"
    assert compatible.contains(pins["mypy"])


# -- ground rules ------------------------------------------------------------------------------


def test_the_algebra_imports_only_returns_and_typing_extensions() -> None:
    graph = grimp.build_graph(
        "everything_is_an_actor", include_external_packages=True, cache_dir=None
    )
    algebra = "everything_is_an_actor.algebra"
    imported = {
        name
        for module in graph.find_descendants(algebra) | {algebra}
        for name in graph.find_modules_directly_imported_by(module)
        if graph.is_module_squashed(name)
    }
    assert imported, "the graph has no external packages"
    assert imported - sys.stdlib_module_names <= {"returns", "typing_extensions"}


def test_every_type_ignore_gives_its_reason() -> None:
    ignore = re.compile(r"#\s*type:\s*ignore(?P<code>\[[a-z, -]+\])?(?P<rest>.*)")
    without = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("src", "tests", "laws", "manual", "examples", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (found := ignore.search(line))
        and not (found["code"] and re.match(r"\s+#\s*\w", found["rest"]))
    ]
    assert without == []


# -- make --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FakePython:
    """Stands in for an interpreter of some version, and for the environments it makes.

    It answers what the Makefile asks of its version as a real one would, and writes down whatever
    else it is told to do. While the file `broken` exists, pip fails.
    """

    folder: Path
    version: str

    @property
    def path(self) -> Path:
        return self.folder / f"python-{self.version}"

    @property
    def told(self) -> list[str]:
        log = self.folder / "told"
        return log.read_text().splitlines() if log.exists() else []

    def install(self) -> FakePython:
        as_tuple = "({}, {}, {}, 'final', 0)".format(*self.version.split("."))
        self.path.write_text(
            f"""#!/bin/sh
            case "$1 $2" in
              "-c "*) exec {sys.executable} -c \\
                        "import sys; sys.version_info = {as_tuple}; exec(sys.argv[1])" "$2";;
            esac
            echo "$1 $2" >> {self.folder}/told
            case "$1 $2" in
              "-m venv") rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python";;
              "-m pip") test ! -e {self.folder}/broken;;
            esac
            """
        )
        self.path.chmod(0o755)
        return self

    def make(self, target: str) -> subprocess.CompletedProcess[str]:
        return make(target, f"PYTHON={self.path}", f"VENV={self.folder / 'venv'}")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # An outer make hands its own variables down through the environment.
    outer = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PYTHON", "VENV", "ARGS")
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "target",
    ["demo", "test", "check", "bench", "bench-peers", "bench-results", "format", "lock"],
)
def test_an_older_python_is_refused_in_one_line(target: str, tmp_path: Path) -> None:
    python = FakePython(tmp_path, "3.11.7").install()
    run = python.make(target)
    (line,) = (run.stdout + run.stderr).splitlines()
    assert f"{python.path} is Python 3.11.7" in line
    assert "Python 3.12 or newer is needed" in line
    assert "`make PYTHON=python3.13 test`" in line
    assert run.returncode != 0
    assert python.told == []


def test_a_missing_python_is_refused_in_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "no-such-python"
    run = make("test", f"PYTHON={missing}", f"VENV={tmp_path / 'venv'}")
    (line,) = (run.stdout + run.stderr).splitlines()
    assert f"{missing} does not run, but Python 3.12 or newer is needed" in line
    assert run.returncode != 0


def test_an_environment_is_made_once(tmp_path: Path) -> None:
    python = FakePython(tmp_path, "3.12.9").install()
    assert python.make("test").returncode == 0
    assert python.told == ["-m venv", "-m pip", "-m pip", "-m pytest"]
    assert python.make("test").returncode == 0
    assert python.told[4:] == ["-m pytest"]


def test_an_environment_left_half_made_is_made_anew(tmp_path: Path) -> None:
    python = FakePython(tmp_path, "3.12.9").install()
    (tmp_path / "broken").touch()
    assert python.make("test").returncode != 0
    assert python.told == ["-m venv", "-m pip"]
    (tmp_path / "broken").unlink()
    assert python.make("test").returncode == 0
    assert python.told[2:] == ["-m venv", "-m pip", "-m pip", "-m pytest"]


def test_another_python_means_another_environment(tmp_path: Path) -> None:
    older = FakePython(tmp_path, "3.12.9").install()
    newer = FakePython(tmp_path, "3.13.1").install()
    assert older.make("test").returncode == 0
    assert newer.make("test").returncode == 0
    assert newer.told.count("-m venv") == 2
    assert (tmp_path / "venv/bin/python").read_text() == newer.path.read_text()


# -- a test that needs a server ----------------------------------------------------------------

IN_A_TEST = """
import pytest

def test_redis():
    pytest.skip("needs a server: no redis-server on PATH")
"""
IN_A_FIXTURE = """
import pytest

@pytest.fixture
def redis():
    pytest.skip("needs a server: no redis-server on PATH")

def test_redis(redis): ...
"""
IN_A_MODULE = """
import pytest

pytest.skip("needs a server: no redis-server on PATH", allow_module_level=True)
"""
FOR_ANOTHER_REASON = """
import pytest

def test_windows():
    pytest.skip("Windows only")

def test_posix(): ...
"""


def passes(source: str, folder: Path, environment: dict[str, str]) -> bool:
    shutil.copy(ROOT / "conftest.py", folder)
    (folder / "test_it.py").write_text(source)
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:asyncio"],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 skipped" in run.stdout or "needs a server" in run.stdout, run.stdout + run.stderr
    return run.returncode in {0, 5}  # 5: all were skipped


@pytest.mark.parametrize(
    "source", [IN_A_TEST, IN_A_FIXTURE, IN_A_MODULE], ids=["test", "fixture", "module"]
)
def test_a_missing_server_fails_in_ci_only(source: str, tmp_path: Path) -> None:
    assert passes(source, tmp_path, {})
    assert not passes(source, tmp_path, {"CI": "true"})


def test_a_skip_for_another_reason_passes_in_ci(tmp_path: Path) -> None:
    assert passes(FOR_ANOTHER_REASON, tmp_path, {"CI": "true"})
