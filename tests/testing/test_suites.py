"""What a user's suites say of what is wrong, and what they ask for."""

from typing import Any

import pytest
from hypothesis import settings

from everything_is_an_actor.algebra.laws import CALLS, CATEGORY, RESULT, SHAPE, TRACE
from everything_is_an_actor.flow import Flow, agent, identity, pure
from everything_is_an_actor.testing import (
    Check,
    Does,
    Reference,
    assert_equivalent,
    check_rules,
    interpreter_suite,
    scripted,
)

FEW = settings(max_examples=20, derandomize=True)


def fails(check: Check) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False


async def nothing(flow: Flow[Any, Any], input: Any) -> Any:
    return None


def test_an_interpreter_that_does_nothing_satisfies_equations_but_does_not_agree() -> None:
    suite = {str(check): check for check in interpreter_suite(nothing, configured=FEW)}
    assert fails(suite["agreement.means_the_same[interpreter]"])
    assert not fails(suite["category.associativity[interpreter]"])


def test_an_interpreter_is_not_observed_by_the_shape_of_flows() -> None:
    with pytest.raises(ValueError, match="SHAPE is of expressions"):
        interpreter_suite(nothing, observing=SHAPE)
    with pytest.raises(ValueError, match="SHAPE is of expressions"):
        check_rules(CATEGORY, Reference(), observing=SHAPE)


async def shout(text: str) -> str:
    return text.upper()


def test_calls_of_agents_that_do_not_note_them_are_not_compared() -> None:
    once, twice = agent(shout), agent(shout).tap(agent(shout))
    assert_equivalent(once, twice, ["a"])
    for by in (CALLS, TRACE):
        with pytest.raises(ValueError, match="the calls of shout are not seen"):
            assert_equivalent(once, twice, ["a"], by=by)


def test_calls_of_scripted_agents_are_compared() -> None:
    slow = scripted("slow", {"a": Does("b", after=1.0), "b": "c"})
    once, twice = agent(slow), agent(slow).tap(agent(slow))
    assert_equivalent(once, twice, ["a"], by=RESULT)
    with pytest.raises(AssertionError, match="not equivalent in T on actors"):
        assert_equivalent(once, twice, ["a"])
    with pytest.raises(AssertionError, match="not equivalent in M on reference"):
        assert_equivalent(once, twice, ["a"], by=CALLS, interpreter=Reference())


def test_shapes_are_compared_in_normal_form_and_nothing_is_run() -> None:
    start: Flow[str, str] = identity()
    assert_equivalent(start >> agent(shout), agent(shout), ["a"], by=SHAPE)
    with pytest.raises(AssertionError, match="not equivalent in S on paper"):
        assert_equivalent(pure(str.upper), agent(shout), ["a"], by=SHAPE)


def test_of_no_input_nothing_is_said() -> None:
    with pytest.raises(ValueError, match="inputs are empty"):
        assert_equivalent(pure(abs), pure(int), [])
