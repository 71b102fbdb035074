"""Each error says what happened, is the builtin that a user would catch, and can be pickled."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor.algebra import failure
from everything_is_an_actor.algebra.failure import is_handled_by
from everything_is_an_actor.flow import (
    AllFailedError,
    FlowError,
    FlowFilterError,
    FlowTimeoutError,
    LoopLimitError,
    NoBranchError,
    QuorumError,
    QuorumResult,
    is_recoverable,
)

X, Y = ValueError("x"), KeyError("y")

# Each error, its text, the builtin that it is, and its attributes.
ERRORS: dict[type[FlowError], tuple[FlowError, str, type[Exception], dict[str, Any]]] = {
    FlowTimeoutError: (
        FlowTimeoutError(2.5, "agent(Writer)"),
        "agent(Writer) did not finish within 2.5 s",
        TimeoutError,
        {"seconds": 2.5, "what": "agent(Writer)"},
    ),
    FlowFilterError: (
        FlowFilterError([3], "filter(is_even)"),
        "filter(is_even) rejected [3]",
        ValueError,
        {"value": [3], "what": "filter(is_even)"},
    ),
    NoBranchError: (
        NoBranchError("a", ("int", "float")),
        "no case for 'a' (str): the cases are int, float",
        KeyError,
        {"value": "a", "cases": ("int", "float")},
    ),
    LoopLimitError: (
        LoopLimitError(10, {"n": 3}),
        "the loop did not say Done within max_iter=10 iterations; its last value was {'n': 3}",
        RuntimeError,
        {"max_iter": 10, "value": {"n": 3}},
    ),
    QuorumError: (
        QuorumError(2, 3, QuorumResult(("a",), (X, Y))),
        "1 of 3 flows succeeded, at least 2 were needed: ValueError('x'), KeyError('y')",
        RuntimeError,
        {"n": 2, "k": 3, "result": QuorumResult(("a",), (X, Y))},
    ),
    AllFailedError: (
        AllFailedError([X, Y]),
        "every flow of the race failed (2 sub-exceptions)",
        ExceptionGroup,
        {"exceptions": (X, Y), "message": "every flow of the race failed"},
    ),
}

error_types = pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)


def test_every_error_of_the_module_is_tested() -> None:
    defined = {
        value
        for value in vars(failure).values()
        if isinstance(value, type) and value.__module__ == failure.__name__
    }
    assert defined == {*ERRORS, FlowError}


@error_types
def test_an_error_says_what_happened(kind: type[FlowError]) -> None:
    error, text, _, _ = ERRORS[kind]
    assert str(error) == text


@error_types
def test_an_error_is_a_flow_error_and_the_builtin_that_one_would_catch(
    kind: type[FlowError],
) -> None:
    error, _, builtin, _ = ERRORS[kind]
    assert isinstance(error, FlowError)
    assert isinstance(error, builtin)
    assert is_recoverable(error)


@error_types
def test_an_error_has_attributes(kind: type[FlowError]) -> None:
    error, _, _, attributes = ERRORS[kind]
    assert {name: getattr(error, name) for name in attributes} == attributes


def via_pickle(error: FlowError) -> FlowError:
    back = pickle.loads(pickle.dumps(error))
    assert isinstance(back, FlowError)
    return back


@pytest.mark.parametrize("back", [via_pickle, copy.copy, copy.deepcopy])
@error_types
def test_an_error_comes_back_whole(
    kind: type[FlowError], back: Callable[[FlowError], FlowError]
) -> None:
    error = copy.copy(ERRORS[kind][0])
    error.add_note("at steps[2]")
    again = back(error)
    assert type(again) is kind
    assert str(again) == str(error)
    assert again.__notes__ == ["at steps[2]"]
    for name, value in ERRORS[kind][3].items():
        assert repr(getattr(again, name)) == repr(value)


@pytest.mark.parametrize("seconds", [1, 2, 2.5])
def test_a_timeout_is_not_taken_for_an_error_of_the_operating_system(seconds: float) -> None:
    """`TimeoutError` is an `OSError`, whose first of two arguments is an errno: 2 is `ENOENT`."""
    error = FlowTimeoutError(seconds, "agent(Writer)")
    assert error.errno is None
    assert error.strerror is None


@pytest.mark.parametrize(
    "error",
    [
        FlowFilterError("x" * 10_000, "filter(f)"),
        NoBranchError("x" * 10_000, ("int",)),
        LoopLimitError(10, list(range(10_000))),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_long_value_is_cut_short_in_the_text(error: FlowError) -> None:
    assert len(str(error)) < 200
    assert "..." in str(error)


class TestAllFailed:
    def test_its_errors_are_in_flow_order(self) -> None:
        assert AllFailedError([X, Y]).exceptions == (X, Y)
        assert AllFailedError([Y, X]).exceptions == (Y, X)

    def test_it_splits_into_groups_like_itself(self) -> None:
        raced = AllFailedError([X, Y])
        raced.add_note("at race[0]")
        matched, rest = raced.split(ValueError)
        assert isinstance(matched, AllFailedError)
        assert isinstance(rest, AllFailedError)
        assert (matched.exceptions, rest.exceptions) == ((X,), (Y,))
        assert matched.__notes__ == rest.__notes__ == ["at race[0]"]

    def test_its_subgroup_is_a_group_like_itself(self) -> None:
        found = AllFailedError([X, Y, ValueError("z")]).subgroup(ValueError)
        assert isinstance(found, AllFailedError)
        assert list(map(str, found.exceptions)) == ["x", "z"]

    def test_except_star_takes_it_apart(self) -> None:
        seen: list[str] = []
        try:
            raise AllFailedError([X, Y])
        except* ValueError as group:
            seen += map(repr, group.exceptions)
        except* KeyError as group:
            seen += map(repr, group.exceptions)
        assert seen == ["ValueError('x')", "KeyError('y')"]

    def test_the_race_of_races_nests(self) -> None:
        raced = AllFailedError([AllFailedError([X]), Y])
        values, others = raced.split(ValueError)
        assert values is not None
        assert others is not None
        assert isinstance(values.exceptions[0], AllFailedError)
        assert others.exceptions == (Y,)
        assert pickle.loads(pickle.dumps(raced)).exceptions[0].exceptions[0].args == ("x",)

    def test_it_holds_at_least_one_error(self) -> None:
        with pytest.raises(ValueError, match="non-empty"):
            AllFailedError([])

    def test_it_holds_no_error_that_handlers_may_not_see(self) -> None:
        fatal: Any = KeyboardInterrupt()
        with pytest.raises(TypeError, match="BaseException"):
            AllFailedError([fatal])


@pytest.mark.parametrize(
    ("error", "recoverable"),
    [
        (Exception(), True),
        (ValueError(), True),
        (OSError(), True),
        (TimeoutError(), True),
        (RecursionError(), True),
        (AssertionError(), True),
        (StopIteration(), True),
        (ExceptionGroup("several", [ValueError()]), True),
        (MemoryError(), False),
        (type("OutOfVideoMemory", (MemoryError,), {})(), False),
        (KeyboardInterrupt(), False),
        (SystemExit(), False),
        (GeneratorExit(), False),
        (BaseException(), False),
        (BaseExceptionGroup("several", [KeyboardInterrupt()]), False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_every_exception_but_a_memory_error_is_recoverable(
    error: BaseException, recoverable: bool
) -> None:
    assert is_recoverable(error) is recoverable
    assert is_handled_by((Exception,), error) is recoverable


def test_a_handler_for_some_types_sees_these_only() -> None:
    assert is_handled_by((KeyError, OSError), FileNotFoundError())
    assert is_handled_by((LookupError,), NoBranchError(1, ("str",)))
    assert not is_handled_by((KeyError, OSError), ValueError())
    assert not is_handled_by((MemoryError,), MemoryError())
