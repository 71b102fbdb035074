"""What is said of an error."""

import logging

import pytest

from everything_is_an_actor.cli.messages import Told, say_failure
from everything_is_an_actor.flow import AllFailedError, QuorumError, QuorumResult


def noted[E: BaseException](error: E, note: str) -> E:
    error.add_note(note)
    return error


def said(error: BaseException, capsys: pytest.CaptureFixture[str]) -> list[str]:
    say_failure("the flow failed", error, with_traceback=False)
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_the_errors_in_a_group_are_told_with_their_paths(
    capsys: pytest.CaptureFixture[str],
) -> None:
    inner = AllFailedError([noted(KeyError("y"), "in flow at race[1].race[0]: agent(b)")])
    error = AllFailedError([noted(ValueError("x"), "in flow at race[0]: agent(a)"), inner])
    assert said(noted(error, "in flow: race(..., ...)"), capsys) == [
        "eiaa: the flow failed: AllFailedError: every flow of the race failed (2 sub-exceptions)",
        "  in flow: race(..., ...)",
        "  - ValueError: x",
        "    in flow at race[0]: agent(a)",
        "  - AllFailedError: every flow of the race failed (1 sub-exception)",
        "    - KeyError: 'y'",
        "      in flow at race[1].race[0]: agent(b)",
    ]


def test_the_errors_of_a_quorum_are_told_with_their_paths(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failed = (noted(ValueError("x"), "in flow at at_least[0]: agent(a)"),)
    assert said(QuorumError(2, 2, QuorumResult((1,), failed)), capsys) == [
        "eiaa: the flow failed: QuorumError: 1 of 2 flows succeeded, at least 2 were needed: "
        "ValueError('x')",
        "  - ValueError: x",
        "    in flow at at_least[0]: agent(a)",
    ]


def test_a_cause_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    error = ValueError("two\nlines")
    error.__cause__ = OSError("gone")
    assert said(error, capsys) == [
        "eiaa: the flow failed: ValueError: two",
        "  lines",
        "  because of OSError: gone",
    ]


def test_an_error_without_a_text_that_can_be_had_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    error = Broken()
    assert said(error, capsys) == [
        "eiaa: the flow failed: Broken: (its text cannot be had: RuntimeError)"
    ]


@pytest.mark.parametrize("with_traceback", [False, True])
def test_a_log_record_is_one_line_unless_tracebacks_are_wanted(
    with_traceback: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Told(with_traceback=with_traceback)
    error = ValueError("x")
    told.emit(
        logging.LogRecord(
            "log", logging.ERROR, __file__, 1, "it %s", ("failed",), (ValueError, error, None)
        )
    )
    first, *others = capsys.readouterr().err.splitlines()
    assert first == "eiaa: error: it failed: ValueError: x"
    assert bool(others) is with_traceback
