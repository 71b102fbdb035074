"""`eiaa check`: one line for everything that does not fit."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command

DONE, BAD_USAGE = 0, 2


def test_what_fits_has_no_findings(eiaa: Command) -> None:
    checked = eiaa("check", "answer.yaml", "--registry", "library")
    assert (checked.code, checked.out) == (DONE, "")
    assert checked.err == "eiaa: no findings: str → str\n"


def test_every_problem_of_a_document_is_a_line_with_file_line_and_column(
    eiaa: Command, tmp_path: Path
) -> None:
    (tmp_path / "bad.yaml").write_text(
        "steps:\n"
        "  - agnt: Search\n"
        "  - race: [Serch, Browse]\n"
        "  - guard:\n"
        "      source: Write\n"
        "      chek: Write\n"
    )
    checked = eiaa("check", "bad.yaml", "--registry", "library")
    assert checked.code == BAD_USAGE
    assert [line.split(": ", 2)[:2] for line in checked.out.splitlines()] == [
        ["bad.yaml:2:5", "steps[0].agnt"],
        ["bad.yaml:3:12", "steps[1].race[0]"],
        ["bad.yaml:5:7", "steps[2].guard"],
        ["bad.yaml:6:7", "steps[2].guard.chek"],
    ]
    assert "Did you mean Search?" in checked.out
    assert checked.err == ""


def test_types_that_do_not_fit_are_findings_at_their_place(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("steps:\n  - Search\n  - {pure: loud}\n  - {map: words}\n")
    checked = eiaa("check", "bad.yaml", "--registry", "library")
    assert checked.code == BAD_USAGE
    assert checked.out.splitlines() == [
        "bad.yaml:3:5: steps[1]: steps: expected str, got list[str]",
        "bad.yaml:4:5: steps[2]: map: expected list[str], got str",
    ]


def test_a_flow_in_python_is_checked_as_well(eiaa: Command) -> None:
    assert eiaa("check", "library:answer").code == DONE
    checked = eiaa("check", "library:misfit")
    assert checked.code == BAD_USAGE
    assert checked.out == "library:misfit: steps[1]: steps: expected str, got list[str]\n"


def test_what_is_unchecked_is_said_and_is_no_finding(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "open.yaml").write_text("steps: [Search, {pure: untyped}]\n")
    checked = eiaa("check", "open.yaml", "--registry", "library")
    assert (checked.code, checked.out) == (DONE, "")
    assert checked.err.startswith("open.yaml:1:17: steps[1]: untyped is unchecked: ")
    assert "eiaa: no findings" in checked.err


def test_the_type_of_the_input_may_be_given(eiaa: Command) -> None:
    for name in ("str", "Note"):
        arguments = ("answer.yaml", "--registry", "library", "--input-type", name)
        assert eiaa("check", *arguments).code == DONE
    checked = eiaa("check", "answer.yaml", "--registry", "library", "--input-type", "int")
    assert checked.code == BAD_USAGE
    assert "answer.yaml:4:12: steps[0].race[0]: race: expected str, got int\n" in checked.out


def test_a_type_that_is_not_there_is_bad_usage(eiaa: Command) -> None:
    checked = eiaa("check", "answer.yaml", "--registry", "library", "--input-type", "Noet")
    assert (checked.code, checked.out) == (BAD_USAGE, "")
    assert "there is no type 'Noet'" in checked.err
    assert "Did you mean Note?" in checked.err


@pytest.mark.parametrize(
    ("document", "code"), [("steps: [A, {map: b}, {retry: {source: C, times: 2}}]", 0), ("A", 0)]
)
def test_without_a_registry_the_structure_is_checked(
    document: str, code: int, eiaa: Command, tmp_path: Path
) -> None:
    (tmp_path / "some.yaml").write_text(document)
    checked = eiaa("check", "some.yaml")
    assert (checked.code, checked.out) == (code, "")
    assert checked.err == (
        "eiaa: without --registry the structure alone was checked, not names and types\n"
    )


def test_without_a_registry_only_the_structure_has_problems(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "some.json").write_text('{"steps": ["Unknown",\n  {"agnt": "A"}]}')
    checked = eiaa("check", "some.json")
    assert checked.code == BAD_USAGE
    [line] = checked.out.splitlines()
    assert line.startswith("some.json:2:4: steps[1].agnt: there is no keyword 'agnt'.")


def test_other_commands_say_the_problems_on_standard_error(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("steps: [Serch]\n")
    for command in ("draw", "bounds", "dry-run", "convert", "run"):
        arguments = ["--input", "x"] if command == "run" else []
        answer = eiaa(command, "bad.yaml", "--registry", "library", *arguments)
        assert (answer.code, answer.out) == (BAD_USAGE, "")
        assert answer.err.startswith("bad.yaml:1:9: steps[0]: there is no agent 'Serch'")


def test_names_without_a_registry_are_explained(eiaa: Command) -> None:
    answer = eiaa("draw", "answer.yaml")
    assert answer.code == BAD_USAGE
    assert answer.err.splitlines()[-1] == (
        "answer.yaml: names are those of the modules that --registry names, and there is none"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.yaml"], "cannot read nowhere.yaml: No such file or directory."),
        (
            ["answer.yaml", "--registry", "libary"],
            "there is no module 'libary' in the current directory or among the installed "
            "packages. Did you mean library?",
        ),
        (
            ["answer.yaml", "--registry", "library.py"],
            "--registry: expected a module, such as myapp.agents, got 'library.py'. "
            "Did you mean library?",
        ),
        (
            ["answer.yaml", "--registry", "broken"],
            "importing broken failed in line 1 of broken.py: ZeroDivisionError: division by zero "
            "(--traceback shows more)",
        ),
        (
            ["library:answer", "--registry", "library"],
            "--registry is for the names in a document, and library:answer is none.",
        ),
    ],
)
def test_a_document_that_cannot_be_read_is_refused(
    arguments: list[str], message: str, eiaa: Command
) -> None:
    checked = eiaa("check", *arguments)
    assert (checked.code, checked.out, checked.err) == (BAD_USAGE, "", f"eiaa: {message}\n")


def test_two_modules_with_one_name_are_refused(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("class Search: ...\n")
    checked = eiaa("check", "answer.yaml", "--registry", "library", "--registry", "other")
    assert checked.code == BAD_USAGE
    assert checked.err.startswith("eiaa: --registry other: two things are named 'Search': ")


def test_a_module_that_has_nothing_to_name_is_refused(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("from library import *\n")
    checked = eiaa("check", "answer.yaml", "--registry", "other")
    assert (checked.code, checked.out) == (BAD_USAGE, "")
    assert checked.err.startswith("eiaa: --registry other: other offers nothing: it defines no")


def test_a_module_that_promises_what_it_has_not_is_refused(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text('__all__ = ["Missing"]\n')
    checked = eiaa("check", "answer.yaml", "--registry", "other")
    assert checked.code == BAD_USAGE
    assert checked.err.startswith("eiaa: --registry other: AttributeError: ")


def test_where_an_import_failed_is_shown_on_demand(eiaa: Command) -> None:
    checked = eiaa("check", "answer.yaml", "--registry", "broken", "--traceback")
    assert 'broken.py", line 1' in checked.err
    assert checked.err.endswith(
        "importing broken failed in line 1 of broken.py: ZeroDivisionError: division by zero\n"
    )
