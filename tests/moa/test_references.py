"""`format_references`: proposals as a numbered list, for the prompt of an aggregator."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor import moa
from everything_is_an_actor.flow import QuorumResult
from everything_is_an_actor.moa import format_references

make: Any = moa  # so that mypy lets the wrong programs below pass


def test_outputs_are_numbered_from_one() -> None:
    assert format_references(["Paris", "Lyon", "Nice"]) == "1. Paris\n2. Lyon\n3. Nice"


def test_of_a_quorum_those_that_succeeded_are_numbered() -> None:
    quorum = QuorumResult(("Paris", "Lyon"), (OSError("Nice"),))
    assert format_references(quorum) == "1. Paris\n2. Lyon"


@pytest.mark.parametrize("nothing", [[], (), QuorumResult[str]((), (OSError(),))], ids=repr)
def test_of_nothing_it_is_the_empty_text(nothing: Any) -> None:
    assert format_references(nothing) == ""


def test_further_lines_are_indented_under_the_first() -> None:
    assert format_references(["Paris:\n- the Louvre\n\n- the Seine\n", "Lyon"]) == (
        "1. Paris:\n   - the Louvre\n\n   - the Seine\n2. Lyon"
    )


def test_they_are_indented_by_the_width_of_the_number() -> None:
    tenth = format_references(["a"] * 9 + ["b\nc"])
    assert tenth.endswith("\n10. b\n    c")


def test_what_is_not_a_text_is_written_as_print_would() -> None:
    assert format_references([3, None, ("a",)]) == "1. 3\n2. None\n3. ('a',)"


@given(st.lists(st.text(), min_size=1))
def test_each_output_has_one_number_at_the_margin_and_keeps_its_lines(outputs: list[str]) -> None:
    lines = format_references(outputs).split("\n")
    numbered = [i for i, line in enumerate(lines) if not re.match(" |$", line)]
    assert [lines[i].partition(".")[0] for i in numbered] == [
        str(n) for n in range(1, len(outputs) + 1)
    ]
    for n, (start, end) in enumerate(zip(numbered, [*numbered[1:], len(lines)], strict=True)):
        margin = len(f"{n + 1}. ")
        found = [line[margin:] for line in lines[start:end]]
        expected = outputs[n].rstrip().splitlines() or [""]
        assert found[0] == expected[0]
        assert found[1:] == [line.rstrip() for line in expected[1:]]


@pytest.mark.parametrize("wrong", ["Paris", b"Paris", 3, None, {"Paris"}, iter(["Paris"])])
def test_anything_else_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="format_references: results must be a QuorumResult or a"):
        make.format_references(wrong)
