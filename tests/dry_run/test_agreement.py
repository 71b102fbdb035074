"""The dry run, the reference semantics, the bounds, the plan and a live run agree."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Success

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Flow, agent, bounds
from everything_is_an_actor.interpreters.dry_run import DryRun, dry_run
from everything_is_an_actor.interpreters.recording import recorded
from everything_is_an_actor.interpreters.reference import NEVER, Answer, Call, Evaluation, evaluate
from everything_is_an_actor.runtime.events import TaskEvent
from everything_is_an_actor.testing import run
from tests.agreement.programs import flows
from tests.agreement.test_bounds import assert_within
from tests.agreement.worlds import Script, Scripts

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=40)


@st.composite
def scripted(draw: st.DrawFn) -> tuple[Flow[int, int], dict[Any, Script], int]:
    scripts = Scripts()
    flow = draw(flows(scripts))
    plan = dry_run(flow)
    is_in = plan.agents.__contains__ if plan.complete else bool
    mine = {agent: does for agent, does in scripts.by_agent.items() if is_in(agent)}
    return flow, mine, draw(st.integers(-4, 8))


type Program = tuple[Flow[int, int], dict[Any, Script], int]


def told(call: Call) -> tuple[Any, ...]:
    return call.agent, call.path, call.input, call.start, call.end, call.ending, call.side


def ending(meaning: Evaluation | DryRun[Any]) -> tuple[Any, ...]:
    if isinstance(meaning.result, Success):
        return meaning.result.unwrap(), meaning.seconds
    error = meaning.result.failure()
    return type(error), repr(error.args), meaning.seconds


@given(scripted())
@SETTINGS
def test_a_dry_run_is_what_the_reference_says_within_its_plan_and_bounds(program: Program) -> None:
    flow, scripts, input = program
    meaning = evaluate(flow, input, scripts)
    dry, plan = dry_run(flow, input, scripts), dry_run(flow)
    assert ending(dry) == ending(meaning)
    by_time = sorted(meaning.calls, key=lambda call: call.start)
    assert list(map(told, dry.calls)) == list(map(told, by_time))
    assert_within(bounds(flow), Evaluation(dry.result, dry.seconds, dry.calls))
    if plan.complete:
        assert {call.agent for call in dry.calls} <= plan.agents
    assert plan.agents <= scripts.keys()
    assert plan.complete == bounds(flow).complete


def as_lists(dry: DryRun[Any], scripts: dict[Any, Script]) -> dict[Any, list[Answer]]:
    """What each agent did, one call after the other; what was cancelled never answers."""
    lists: dict[Any, list[Answer]] = {agent: [] for agent in scripts}
    for call in dry.calls:
        is_over = call.ending != "cancelled"
        lists[call.agent].append(Answer(call.output, call.end - call.start) if is_over else NEVER)
    return lists


async def live(flow: Flow[int, int], input: int) -> tuple[Any, list[TaskEvent]]:
    events: list[TaskEvent] = []
    async with AgentSystem() as system:
        try:
            async for event in system.run_flow_stream(flow, input):
                now = asyncio.get_running_loop().time()  # the stamps are those of a real clock
                events.append(replace(event, timestamp=now))
        except BaseException as error:
            assert events[-1].type == "flow_failed"
            return (type(error), repr(error.args)), events
    return (events[-1].data,), events


@given(scripted())
@SETTINGS
def test_what_was_recorded_is_run_again(program: Program) -> None:
    flow, scripts, input = program
    dry = dry_run(flow, input, scripts)
    again = dry_run(flow, input, as_lists(dry, scripts))
    assert [(c.agent, c.path, c.input, c.ending) for c in again.calls] == [
        (c.agent, c.path, c.input, c.ending) for c in dry.calls
    ]
    assert ending(again)[:-1] == ending(dry)[:-1]
    result, events = run(live(flow, input))
    chosen = [] if dry_run(flow).complete else map(agent, scripts)
    script = recorded(flow, events, also=chosen)
    assert ending(dry_run(flow, input, script))[:-1] == result
