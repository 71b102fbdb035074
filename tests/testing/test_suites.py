"""What a user's suites say of what is wrong, and what they ask for."""

from typing import Any, override

import pytest
from hypothesis import Phase, settings
from returns.result import Success

from everything_is_an_actor import Actor
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.algebra.laws import CALLS, CATEGORY, RESULT, SHAPE, TRACE
from everything_is_an_actor.flow import Flow, agent, identity, pure
from everything_is_an_actor.testing import (
    STREAMS,
    Check,
    Does,
    Reference,
    assert_equivalent,
    check_rules,
    interpreter_suite,
    running_in_system,
    scripted,
)

FEW = settings(max_examples=20, derandomize=True, phases=[Phase.generate])


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
    for observing in (CALLS, TRACE):
        with pytest.raises(ValueError, match="the calls of shout are not seen"):
            assert_equivalent(once, twice, ["a"], observing=observing)


def test_calls_of_scripted_agents_are_compared() -> None:
    slow = scripted("slow", {"a": Does("b", after=1.0), "b": "c"})
    once, twice = agent(slow), agent(slow).tap(agent(slow))
    assert_equivalent(once, twice, ["a"], observing=RESULT)
    with pytest.raises(AssertionError, match="not equivalent in T on actors"):
        assert_equivalent(once, twice, ["a"])
    with pytest.raises(AssertionError, match="not equivalent in M on reference"):
        assert_equivalent(once, twice, ["a"], observing=CALLS, interpreter=Reference())


def test_shapes_are_compared_in_normal_form_and_nothing_is_run() -> None:
    start: Flow[str, str] = identity()
    assert_equivalent(start >> agent(shout), agent(shout), ["a"], observing=SHAPE)
    with pytest.raises(AssertionError, match="not equivalent in S on paper"):
        assert_equivalent(pure(str.upper), agent(shout), ["a"], observing=SHAPE)


def test_of_no_input_nothing_is_said() -> None:
    with pytest.raises(ValueError, match="inputs are empty"):
        assert_equivalent(pure(abs), pure(int), [])


class Idle(Actor[int, None]):
    @override
    async def on_receive(self, message: int) -> None:
        raise NotImplementedError  # nobody tells it anything


async def leaving_an_actor(system: AgentSystem, flow: Flow[Any, Any], input: Any) -> Any:
    await system.actors.spawn(Idle, "helper")
    return await system.run_flow(flow, input)


async def leaving_nothing(system: AgentSystem, flow: Flow[Any, Any], input: Any) -> Any:
    return await system.run_flow(flow, input)


def test_an_actor_that_is_left_behind_is_seen() -> None:
    leaky = running_in_system("leaky", leaving_an_actor)
    with pytest.raises(AssertionError, match="lhs: wrong: left running: /laws/helper"):
        check_rules(CATEGORY, leaky, configured=FEW)
    check_rules(CATEGORY, running_in_system("tidy", leaving_nothing), configured=FEW)


def test_side_flows_go_on_after_the_output_of_an_interpreter_in_a_system() -> None:
    tidy = running_in_system("tidy", leaving_nothing)
    later = agent(scripted("later", {1: Does(2, after=3.0)}))
    [observed] = tidy.observe([(pure(abs).notify(later), 1)])
    assert (observed.result, observed.seconds, observed.wrong) == (Success(1), 0.0, None)
    assert [(call.agent, call.end) for call in observed.calls] == [("later", 3.0)]


def test_a_disagreement_says_who_has_seen_what() -> None:
    [agreement] = [each for each in interpreter_suite(nothing) if str(each).startswith("agree")]
    with pytest.raises(AssertionError, match=r"lhs by interpreter: .*\n  rhs by reference: "):
        agreement()


def test_labels_of_agents_are_not_taken_for_other_agents() -> None:
    named = agent(scripted("a", {1: 2}), name="label").zip(agent(scripted("b", {1: 3})))
    [observed] = STREAMS.observe([(named, 1)])
    assert (observed.result, observed.wrong) == (Success((2, 3)), None)
