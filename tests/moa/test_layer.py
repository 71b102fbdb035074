"""`moa_layer`: proposers that answer at once, and an aggregator of what they propose."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor import moa
from everything_is_an_actor.agents import AgentActor
from everything_is_an_actor.algebra.node import Leaf
from everything_is_an_actor.flow import (
    FlowTimeoutError,
    QuorumError,
    QuorumResult,
    agent,
    at_least,
    identity,
    pure,
)
from everything_is_an_actor.moa import MoASystem, moa_layer, moa_tree
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import AnyFlow, World, hangs, leaf, says

make: Any = moa  # so that mypy lets the wrong programs below pass
results: AnyFlow = identity()


class Brief(AgentActor[str, str]):
    async def execute(self, input: str) -> str:
        return f"{input}: brief"


class Thorough:
    async def execute(self, question: str) -> str:
        return f"{question}: thorough"


async def witty(question: str) -> str:
    return f"{question}: witty"


async def fail(question: str) -> str:
    raise OSError(question)


class Judge(AgentActor[QuorumResult[str], str]):
    async def execute(self, input: QuorumResult[str]) -> str:
        return " | ".join(input.succeeded)


def agent_of(flow: AnyFlow) -> Any:
    """The scripted agent of a leaf, by itself: what a user passes as it is."""
    assert isinstance(flow.node, Leaf)
    return flow.node.target


# ------------------------------------------------------------------------------------- meaning


def test_it_is_a_quorum_and_then_the_aggregator() -> None:
    layer = moa_layer([Brief, witty], Judge, min_success=2, timeout=5)
    quorum = at_least(2, agent(Brief, timeout=5), agent(witty, timeout=5))
    assert layer == quorum.flat_map(agent(Judge, timeout=5))


def test_an_agent_has_thirty_seconds_if_nothing_else_is_said() -> None:
    assert moa_layer([Brief], Judge) == at_least(1, agent(Brief)).flat_map(agent(Judge))


def test_all_take_the_same_input_and_the_aggregator_their_outputs_in_order(world: World) -> None:
    layer = moa_layer(
        [leaf("a", lambda x: x + 1), says("b", "late", 2.0), says("c", 3, 1.0)],
        leaf("judge", lambda quorum: quorum),
    )
    outcome = world.run(layer, 4)
    assert outcome.value == QuorumResult((5, "late", 3), ())
    assert outcome.seconds == 2.0


def test_those_that_failed_are_in_the_result(world: World) -> None:
    errors = OSError("a"), KeyError("c")
    layer = moa_layer([says("a", errors[0]), says("b", 2), says("c", errors[1], 1.0)], results)
    assert world.run(layer, 0).value == QuorumResult((2,), errors)


def test_too_few_successes_are_a_quorum_error_and_the_aggregator_is_not_asked(
    world: World,
) -> None:
    proposers = [says("a", 1), says("b", OSError()), says("c", 3)]
    outcome = world.run(moa_layer(proposers, says("judge", 0), min_success=3), 0)
    assert isinstance(outcome.error, QuorumError)
    assert (outcome.error.n, outcome.error.k) == (3, 3)
    assert outcome.error.result.succeeded == (1, 3)
    assert not any("judge" in call for call in outcome.calls)


@pytest.mark.parametrize("min_success", [1, 2])
def test_as_many_as_needed_are_enough(world: World, min_success: int) -> None:
    proposers = [says("a", 1), says("b", OSError()), says("c", 3)]
    layer = moa_layer(proposers, results.map(lambda q: q.succeeded), min_success=min_success)
    assert world.run(layer, 0).value == (1, 3)


def test_an_error_of_the_aggregator_is_that_of_the_layer(world: World) -> None:
    outcome = world.run(moa_layer([says("a", 1)], says("judge", KeyError("no"))), 0)
    assert isinstance(outcome.error, KeyError)


# ------------------------------------------------------------------------------------- timeouts


@pytest.mark.parametrize("of", [agent_of, lambda flow: flow], ids=["agent", "flow"])
def test_a_slow_proposer_times_out_and_has_failed(
    world: World, of: Callable[[AnyFlow], Any]
) -> None:
    layer = moa_layer([of(says("slow", 1, 9.0)), says("quick", 2)], results, timeout=3.0)
    outcome = world.run(layer, 0)
    assert outcome.value.succeeded == (2,)
    (error,) = outcome.value.failed
    assert isinstance(error, FlowTimeoutError)
    assert error.seconds == 3.0
    assert outcome.seconds == 3.0


def test_each_proposer_has_the_whole_time(world: World) -> None:
    layer = moa_layer([says("a", 1, 2.0), says("b", 2, 2.0)], results, timeout=3.0)
    assert world.run(layer >> layer, 0).value == QuorumResult((1, 2), ())


@pytest.mark.parametrize("of", [agent_of, lambda flow: flow], ids=["agent", "flow"])
def test_without_a_timeout_they_are_waited_for(world: World, of: Callable[[AnyFlow], Any]) -> None:
    layer = moa_layer([of(says("slow", 1, 9e5))], of(says("judge", 2, 9e5)), timeout=None)
    outcome = world.run(layer, 0)
    assert outcome.value == 2
    assert outcome.seconds == 18e5


def test_an_aggregator_that_is_an_agent_has_as_long(world: World) -> None:
    layer = moa_layer([says("a", 1)], agent_of(hangs("judge")), timeout=3.0)
    outcome = world.run(layer, 0)
    assert isinstance(outcome.error, FlowTimeoutError)
    assert outcome.seconds == 3.0


def test_an_aggregator_that_is_a_flow_has_its_own_bound_or_none(world: World) -> None:
    layer = moa_layer([says("a", 1)], says("judge", 2, 50.0), timeout=3.0)
    assert world.run(layer, 0).value == 2


def test_a_shorter_bound_of_a_proposer_holds(world: World) -> None:
    layer = moa_layer([hangs("a").timeout(1.0), says("b", 2)], results, timeout=3.0)
    outcome = world.run(layer, 0)
    assert outcome.value.failed[0].seconds == 1.0
    assert outcome.seconds == 1.0


# ------------------------------------------------------------------------- what may be proposers


@on_virtual_time
async def test_classes_functions_and_flows_propose_side_by_side() -> None:
    layer = moa_layer([Brief, Thorough, witty, pure(str.upper), fail], Judge, min_success=4)
    async with MoASystem() as system:
        answer = await system.run(layer, input="who?")
    assert answer == "who?: brief | who?: thorough | who?: witty | WHO?"


@on_virtual_time
async def test_a_layer_and_a_tree_propose_like_any_other_flow() -> None:
    layer = moa_layer([Brief, Thorough], Judge)
    tree = moa_tree([layer, layer])
    async with MoASystem() as system:
        answer = await system.run(moa_layer([layer, tree, witty], Judge), input="?")
        alone = [await system.run(each, input="?") for each in (layer, tree)]
    assert answer == " | ".join([*alone, "?: witty"])


def test_a_nested_layer_that_lacks_its_quorum_has_failed(world: World) -> None:
    inner = moa_layer([says("a", OSError())], results)
    outcome = world.run(moa_layer([inner, says("b", 2)], results), 0)
    assert outcome.value.succeeded == (2,)
    assert isinstance(outcome.value.failed[0], QuorumError)


@pytest.mark.parametrize("sequence", [list, tuple, deque])
def test_proposers_are_any_sequence(sequence: Callable[[Any], Any]) -> None:
    assert moa_layer(sequence([Brief, witty]), Judge) == moa_layer([Brief, witty], Judge)


def test_a_list_of_proposers_may_change_afterwards() -> None:
    proposers = [Brief]
    layer = moa_layer(proposers, Judge)
    proposers.clear()
    assert layer == moa_layer([Brief], Judge)


# ------------------------------------------------------------------------------ wrong arguments


class Blocking:
    def execute(self, question: str) -> str:
        return question


LEAF = "agent: expected a class with an async `execute`, or an `async def`"
WRONG: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "no proposer": (
        lambda: make.moa_layer([], Judge),
        ValueError,
        "moa_layer: at least 1 proposer is needed, got none",
    ),
    "a text": (
        lambda: make.moa_layer("Brief", Judge),
        TypeError,
        "moa_layer: proposers must be a sequence of agents and flows, got 'Brief' (str)",
    ),
    "one agent": (
        lambda: make.moa_layer(witty, Judge),
        TypeError,
        "(function): a single proposer goes into a list as well",
    ),
    "one flow": (
        lambda: make.moa_layer(pure(len), Judge),
        TypeError,
        "got pure(len) (Flow): a single proposer goes into a list as well",
    ),
    "a set": (
        lambda: make.moa_layer({1}, Judge),
        TypeError,
        "moa_layer: proposers must be a sequence of agents and flows, got {1} (set)",
    ),
    "no agent": (
        lambda: make.moa_layer([Brief, 3], Judge),
        TypeError,
        f"moa_layer: proposers[1] must be a flow or an agent; {LEAF}; got 3 (int): pass a class",
    ),
    "an instance": (
        lambda: make.moa_layer([Brief()], Judge),
        TypeError,
        "moa_layer: proposers[0] must be a flow or an agent;",
    ),
    "a function": (
        lambda: make.moa_layer([Brief, len], Judge),
        TypeError,
        f"proposers[1] must be a flow or an agent; {LEAF}; len is a plain function: "
        "lift it with pure(len)",
    ),
    "an agent that blocks": (
        lambda: make.moa_layer([Blocking], Judge),
        TypeError,
        "Blocking.execute is not async",
    ),
    "no aggregator": (
        lambda: make.moa_layer([Brief]),
        TypeError,
        "moa_layer() missing 1 required positional argument: 'aggregator'",
    ),
    "None for an aggregator": (
        lambda: make.moa_layer([Brief], None),
        TypeError,
        "moa_layer: aggregator must be a flow or an agent;",
    ),
    "a list of aggregators": (
        lambda: make.moa_layer([Brief], [Judge]),
        TypeError,
        "moa_layer: aggregator must be a flow or an agent;",
    ),
    "more successes than proposers": (
        lambda: make.moa_layer([Brief, witty], Judge, min_success=3),
        ValueError,
        "moa_layer: min_success=3 of 2 proposers can never succeed",
    ),
    "no success": (
        lambda: make.moa_layer([Brief], Judge, min_success=0),
        ValueError,
        "moa_layer: min_success must be at least 1, got 0",
    ),
    "a share for a number": (
        lambda: make.moa_layer([Brief], Judge, min_success=0.5),
        TypeError,
        "moa_layer: min_success must be an int, got 0.5 (float)",
    ),
    "no time": (
        lambda: make.moa_layer([Brief], Judge, timeout=0),
        ValueError,
        "moa_layer: timeout must be a finite number of seconds > 0, got 0",
    ),
    "a text for seconds": (
        lambda: make.moa_layer([Brief], Judge, timeout="30"),
        TypeError,
        "moa_layer: timeout must be a number of seconds, got '30' (str)",
    ),
}


@pytest.mark.parametrize(("build", "error", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_refused_when_the_layer_is_built(
    build: Callable[[], object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error) as raised:
        build()
    assert text in str(raised.value)
    assert "moa_layer" in str(raised.value)
