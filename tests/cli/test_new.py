"""`eiaa new`: a project that runs at once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shlex import quote

import jsonschema
import pytest
import yaml

from tests.cli.conftest import Command
from tests.cli.process import COMMAND, ENVIRONMENT, eiaa

DONE, BAD_USAGE = 0, 2
SETTINGS = '[tool.pytest.ini_options]\naddopts = "--import-mode=importlib"\n'
"""Of the folder around it, which are not its own."""
PIPELINE = ("pipeline.yaml", "--registry", "agents")


def test_a_new_project_runs_at_once(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    made = eiaa("new", "demo", cwd=tmp_path)
    assert made.returncode == DONE
    names = "README.md agents.py pipeline.yaml pytest.ini schema.json script.yaml test_pipeline.py"
    assert made.stdout.splitlines() == [str(Path("demo") / name) for name in names.split()]
    assert made.stderr.startswith("eiaa: next: cd demo && ")
    assert made.stderr.endswith("eiaa run pipeline.yaml --registry agents --input hello\n")
    commands = {
        "run": [*COMMAND, "run", *PIPELINE, "--input", "hello"],
        "check": [*COMMAND, "check", *PIPELINE],
        "dry-run": [
            *COMMAND,
            *("dry-run", *PIPELINE, "--script", "script.yaml", "--input", "hello"),
        ],
        "bounds": [*COMMAND, "bounds", *PIPELINE],
        "draw": [*COMMAND, "draw", *PIPELINE],
        "schema": [*COMMAND, "schema", "--registry", "agents"],
        "test": [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
    }
    running = {
        name: subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path / "demo",
            env=ENVIRONMENT | ({"PYTHONWARNINGS": ""} if name == "test" else {}),
        )
        for name, command in commands.items()
    }
    printed = {}
    for name, process in running.items():
        out, err = process.communicate()
        assert process.returncode == DONE, (name, out, err)
        printed[name] = out.decode()
    assert printed["run"] == "hello [hello]\n"
    assert printed["check"] == ""
    assert printed["dry-run"] == "Hello [hello, world]\n"
    assert "agent calls    at least 2 (3 to succeed), at most 4\n" in printed["bounds"]
    assert "on error: agent FirstWords" in printed["draw"]
    assert printed["schema"] == (tmp_path / "demo" / "schema.json").read_text(encoding="utf-8")
    assert "2 passed" in printed["test"]


def test_the_readme_has_the_commands_and_the_document_its_schema(
    eiaa: Command, tmp_path: Path
) -> None:
    assert eiaa("new", "some/where").code == DONE
    made = tmp_path / "some" / "where"
    readme = (made / "README.md").read_text()
    assert readme.startswith("# where\n")
    for command in ("run", "check", "dry-run", "bounds", "draw", "schema"):
        assert f"\n    eiaa {command} " in readme
    document = (made / "pipeline.yaml").read_text()
    assert document.startswith("# yaml-language-server: $schema=schema.json\n")
    schema = json.loads((made / "schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(document), schema)
    misspelled = yaml.safe_load(document.replace("FirstWords", "FristWords"))
    assert not jsonschema.Draft202012Validator(schema).is_valid(misspelled)


def test_what_comes_next_is_a_line_for_the_shell(
    eiaa: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = Path(sys.executable).parent
    for path, command in ((str(scripts), "eiaa"), (os.devnull, quote(str(scripts / "eiaa")))):
        monkeypatch.setenv("PATH", path)
        said = eiaa("new", f"some where {len(command)}").err
        assert f"eiaa: next: cd 'some where {len(command)}' && {command} run " in said


def test_nothing_is_overwritten(eiaa: Command, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for name, folder in ((".", "."), ("", "."), ("pipeline.yaml", "pipeline.yaml")):
        answer = eiaa("new", name)
        assert (answer.code, answer.out) == (BAD_USAGE, "")
        assert answer.err == f"eiaa: {folder} is there already, and nothing is overwritten.\n"
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_bad_usage(eiaa: Command) -> None:
    answer = eiaa("new", "pipeline.yaml/below")
    assert (answer.code, answer.out) == (BAD_USAGE, "")
    assert answer.err == "eiaa: cannot make pipeline.yaml/below: Not a directory.\n"
