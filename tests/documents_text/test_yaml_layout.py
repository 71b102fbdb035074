"""YAML is written the way a person would write it."""

from collections.abc import Callable
from inspect import cleandoc

import pytest

from everything_is_an_actor.interpreters.documents.json_text import json_text
from everything_is_an_actor.interpreters.documents.yaml_writer import yaml_text

type Write = Callable[[object], str]


def written(value: object) -> str:
    return yaml_text(value).removesuffix("\n")


def test_a_program_as_it_is_in_the_guide() -> None:
    agents = [{"agent": name} for name in ("Google", "Bing", "DuckDuckGo")]
    program = {
        "flow": "ResearchReport",
        "version": 1,
        "steps": [
            {"at_least": {"n": 2, "flows": agents}},
            {"all": ["Researcher", "Analyst"]},
            {"guard": {"source": {"agent": {"name": "Writer", "timeout": 60}}, "check": "Checker"}},
            {"pure": None},
        ],
    }
    assert written(program) == cleandoc("""
        flow: ResearchReport
        version: 1
        steps:
          - at_least: {n: 2, flows: [{agent: Google}, {agent: Bing}, {agent: DuckDuckGo}]}
          - all: [Researcher, Analyst]
          - guard: {source: {agent: {name: Writer, timeout: 60}}, check: Checker}
          - pure: null
    """)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": {"b": 1}}, "a:\n  b: 1"),
        ({"a": {"b": 1, "c": 2}}, "a: {b: 1, c: 2}"),
        ({"a": {}, "b": []}, "a: {}\nb: []"),
        ({"a": [{}, []]}, "a: [{}, []]"),
        ([[1, 2], [[3]]], "- [1, 2]\n- - [3]"),
        ([{"a": [{"b": 1}], "c": 2}], "- a: [{b: 1}]\n  c: 2"),
        ([[{"a": 1}, {"b": [{"c": 2}]}]], "- - a: 1\n  - b: [{c: 2}]"),
        ({"a": ["x" * 30, "y" * 51]}, f"a: [{'x' * 30}, {'y' * 51}]"),  # 88 columns
        ({"a": ["x" * 30, "y" * 52]}, f"a:\n  - {'x' * 30}\n  - {'y' * 52}"),
        ({"k" * 1_001: [{"a": 1}]}, f"? {'k' * 1_001}\n:\n  - a: 1"),
        ({"k" * 1_001: 1}, f"? {'k' * 1_001}\n: 1"),
        (["yes", "a", ""], '- "yes"\n- a\n- ""'),
        ([1e20, -1e-7, 1.5, 10**30], "- 1.0e+20\n- -1.0e-07\n- 1.5\n- 1" + "0" * 30),
        (["a\nb", "a\x85b", "🚀", "é"], '- "a\\nb"\n- "a\\u0085b"\n- "🚀"\n- é'),
        ({"n": "n", "on": "a: b"}, 'n: "n"\n"on": "a: b"'),
        ([["a, b", "c:d"]], '- ["a, b", "c:d"]'),
        (["a, b", "c:d"], "- a, b\n- c:d"),
        ("a", "a"),
        ({}, "{}"),
        ([], "[]"),
        (None, "null"),
    ],
)  # fmt: skip
def test_layout(value: object, text: str) -> None:
    assert written(value) == text


def test_json_is_indented_by_two_or_on_one_line() -> None:
    assert json_text({"a": [1, "é"]}) == '{\n  "a": [\n    1,\n    "é"\n  ]\n}\n'
    assert json_text({"a": [1, "é"]}, indent=None) == '{"a": [1, "é"]}\n'
