"""`eiaa convert` and `eiaa schema`: documents and what is known of them."""

import json
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from everything_is_an_actor.flow import Registry, from_yaml
from tests.cli.conftest import ANSWER, Command

DONE, BAD_USAGE = 0, 2


def test_yaml_becomes_json_and_comes_back_equal(eiaa: Command, tmp_path: Path) -> None:
    assert eiaa("convert", "answer.yaml", "-o", "answer.json").code == DONE
    assert json.loads((tmp_path / "answer.json").read_text()) == yaml.safe_load(ANSWER)
    assert eiaa("convert", "answer.json", "--output", "back.yaml").code == DONE
    assert yaml.safe_load((tmp_path / "back.yaml").read_text()) == yaml.safe_load(ANSWER)


def test_the_other_syntax_is_what_is_meant(eiaa: Command) -> None:
    printed = eiaa("convert", "answer.yaml").out
    assert json.loads(printed) == yaml.safe_load(ANSWER)
    assert list(json.loads(printed)) == ["flow", "version", "steps"]
    assert yaml.safe_load(eiaa("convert", "answer.yaml", "--to", "yaml").out) == (
        yaml.safe_load(ANSWER)
    )


def test_a_program_in_python_becomes_a_document_and_comes_back_equal(
    eiaa: Command, tmp_path: Path
) -> None:
    assert eiaa("convert", "library:answer", "--to", "yaml", "-o", "a.yaml").code == DONE
    text = (tmp_path / "a.yaml").read_text()
    assert text.startswith("flow: answer\n")
    assert from_yaml(text, Registry.from_module("library")) == sys.modules["library"].answer


def test_what_has_no_name_cannot_be_written(eiaa: Command) -> None:
    answer = eiaa("convert", "library:secret", "--to", "json")
    assert (answer.code, answer.out) == (BAD_USAGE, "")
    assert answer.err.startswith("eiaa: library:secret cannot be written as a document: ")
    assert "lambda" in answer.err


def test_a_document_with_problems_is_not_converted(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("steps: [{agnt: Search}]")
    answer = eiaa("convert", "bad.yaml")
    assert (answer.code, answer.out) == (BAD_USAGE, "")
    assert answer.err.startswith("bad.yaml:1:10: steps[0].agnt: there is no keyword")


def test_with_a_registry_the_names_are_looked_up(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("steps: [Elsewhere]")
    assert eiaa("convert", "other.yaml").code == DONE
    answer = eiaa("convert", "other.yaml", "--registry", "library")
    assert (answer.code, answer.out) == (BAD_USAGE, "")


def test_a_file_that_cannot_be_written_is_bad_usage(eiaa: Command) -> None:
    answer = eiaa("convert", "answer.yaml", "-o", "nowhere/a.json")
    assert (answer.code, answer.out) == (BAD_USAGE, "")
    assert answer.err == "eiaa: cannot write to nowhere/a.json: No such file or directory.\n"


@pytest.mark.parametrize("arguments", [[], ["--registry", "library"]])
def test_the_schema_takes_the_documents(arguments: list[str], eiaa: Command) -> None:
    answer = eiaa("schema", *arguments)
    assert (answer.code, answer.err) == (DONE, "")
    schema = json.loads(answer.out)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    assert validator.is_valid(yaml.safe_load(ANSWER))
    assert not validator.is_valid({"steps": [{"agnt": "Search"}]})


def test_a_registry_lists_the_names_for_completion(eiaa: Command, tmp_path: Path) -> None:
    assert eiaa("schema", "--registry", "library", "-o", "schema.json").code == DONE
    schema = json.loads((tmp_path / "schema.json").read_text())
    assert not jsonschema.Draft202012Validator(schema).is_valid({"steps": ["Serch"]})
