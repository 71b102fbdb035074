"""`eiaa dry-run`: what would happen, with scripted agents."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

DONE, FAILED, BAD_USAGE = 0, 1, 2


@pytest.fixture
def dry_run(eiaa: Command, tmp_path: Path) -> Command:
    """`eiaa dry-run answer.yaml` by a script."""

    def command(script: str, *arguments: str) -> object:
        (tmp_path / "s.yaml").write_text(script)
        given = ["--script", "s.yaml", "--input", "owls", *arguments]
        return eiaa("dry-run", "answer.yaml", "--registry", "library", *given)

    return command  # type: ignore[return-value]  # it takes the script first


def test_the_result_is_printed_and_every_call_on_standard_error(dry_run: Command) -> None:
    answer = dry_run("Search: [[a, b]]\nBrowse: [{output: [], after: 2}]\nWrite: [so it is]\n")
    assert (answer.code, answer.out) == (DONE, "SO IT IS\n")
    assert "'owls' → ['a', 'b']" in answer.err
    assert "so it is" in answer.err


def test_an_output_may_be_an_error_and_may_come_late(dry_run: Command) -> None:
    answer = dry_run(
        "Search: [{raises: no route, after: 1}]\n"
        "Browse: [{output: [c], after: 2.5}]\n"
        "Write: {always: done}\n",
        "--json",
    )
    record = json.loads(answer.out)
    assert (answer.code, record["output"], record["seconds"]) == (DONE, "DONE", 2.5)
    assert [(call["agent"], call["ending"], call["end"]) for call in record["calls"]] == [
        ("Search", "failed", 1.0),
        ("Browse", "completed", 2.5),
        ("Write", "completed", 2.5),
    ]


def test_an_output_may_be_chosen_by_the_input(dry_run: Command) -> None:
    by_input = "Browse: {when: {owls: [hoot]}, always: [quiet]}\n"
    answer = dry_run(f"Search: [{{raises: gone}}]\n{by_input}Write: [x]\n", "--json")
    assert json.loads(answer.out)["calls"][1]["output"] == ["hoot"]
    nothing = "Search: {when: {cats: [meow]}}\nBrowse: [{raises: gone}]\nWrite: [x]\n"
    answer = dry_run(nothing)
    assert (answer.code, answer.out) == (FAILED, "")
    assert "the script says nothing for 'owls'" in answer.err


def test_a_flow_that_fails_is_told(dry_run: Command) -> None:
    answer = dry_run("Search: [[a]]\nBrowse: [[b]]\nWrite: [{raises: no paper}]\n")
    assert (answer.code, answer.out) == (FAILED, "")
    assert "eiaa: the flow failed: ScriptedError: no paper\n" in answer.err
    record = json.loads(
        dry_run("Search: [[a]]\nBrowse: [[b]]\nWrite: [{raises: no paper}]\n", "--json").out
    )
    assert record["error"]["message"] == "no paper"


def test_without_a_script_the_plan_is_shown(eiaa: Command) -> None:
    answer = eiaa("dry-run", "answer.yaml", "--registry", "library")
    assert (answer.code, answer.err) == (DONE, "")
    for name in ("Search", "Browse", "Write", "loud"):
        assert name in answer.out


def test_a_flow_in_python_is_run_by_the_names_of_its_agents(eiaa: Command, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"Search": [[]], "Browse": [["b"]], "Write": ["w"]}')
    answer = eiaa("dry-run", "library:answer", "--script", "s.json", "--input-json", '"x"')
    assert (answer.code, answer.out) == (DONE, "W\n")


def test_an_agent_that_a_bind_chooses_goes_by_its_name_in_the_registry(
    eiaa: Command, tmp_path: Path
) -> None:
    (tmp_path / "other.py").write_text(
        "from everything_is_an_actor.flow import Flow, agent\n"
        "from library import Write\n"
        "__all__ = ['choose', 'Write']\n"
        "def choose(found: list[str]) -> Flow[list[str], str]: return agent(Write)\n"
    )
    (tmp_path / "bound.yaml").write_text("bind: {k: choose, source: Search}")
    (tmp_path / "s.yaml").write_text("Search: [[]]\nWrite: [so it is]\n")
    names = ["--registry", "library", "--registry", "other"]
    answer = eiaa("dry-run", "bound.yaml", *names, "--script", "s.yaml", "--input", "owls")
    assert (answer.code, answer.out) == (DONE, "so it is\n")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "Serch: [1]",
            "s.yaml: the program has no agent 'Serch'. Did you mean Search?",
        ),
        (
            "zzz: [1]",
            "s.yaml: the program has no agent 'zzz'. Its agents are Browse, Search, Write.",
        ),
        ("[1]", "s.yaml must map the names of agents to their outputs."),
        (
            "Search: hello",
            "s.yaml: Search: expected a list of outputs, or `always: OUTPUT`, or "
            "`when: {INPUT: OUTPUT, ...}` with or without `always`, got 'hello'.",
        ),
        (
            "Search: [{output: 1, after: soon}]",
            "s.yaml: Search: `after` must be in seconds, got 'soon'.",
        ),
        (
            "Search: {always: {output: 1, aftr: 2}}",
            "s.yaml: Search: beside `output` or `raises` there may be `after`, no more, got "
            "{'aftr': 2, 'output': 1}. A mapping that is itself the output goes under `output:`.",
        ),
        (
            "Search: []\nBrowse: [[]]\nWrite: [x]",
            "s.yaml: Search is called at steps[0].race[0] on 'owls', which is its call number 1, "
            "and has 0 recorded outputs. Give it a list with an output for each call, or "
            "`always: OUTPUT`.",
        ),
        (
            "Search: [[]]\nBrowse: [[]]\n",
            "s.yaml: there is no script for Write at steps[1]. Give it a list with an output for "
            "each call, or `always: OUTPUT`.",
        ),
    ],
)
def test_a_script_that_cannot_be_followed_is_refused(
    script: str, message: str, dry_run: Command
) -> None:
    answer = dry_run(script)
    assert (answer.code, answer.out, answer.err) == (BAD_USAGE, "", f"eiaa: --script: {message}\n")


def test_an_output_that_looks_like_an_answer_goes_under_output(dry_run: Command) -> None:
    answer = dry_run("Search: [[]]\nBrowse: [[]]\nWrite: [{output: {output: 1, by: a}}]", "--json")
    *_, write = json.loads(answer.out)["calls"]
    assert write["output"] == {"output": 1, "by": "a"}


def test_a_script_that_is_no_yaml_is_told_with_its_place(dry_run: Command) -> None:
    for script, place in (("Search: [1\n", "s.yaml:"), ("Search: []\nSearch: []\n", "s.yaml:2:1:")):
        answer = dry_run(script)
        assert answer.code == BAD_USAGE
        assert answer.err.startswith(place)


def test_an_input_without_a_script_is_refused(eiaa: Command) -> None:
    answer = eiaa("dry-run", "answer.yaml", "--registry", "library", "--input", "x")
    assert (answer.code, answer.out) == (BAD_USAGE, "")
    assert "--script" in answer.err
