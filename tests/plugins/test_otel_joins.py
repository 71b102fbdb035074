"""An agent whose input was joined from several agents has links to their spans, in order."""

from __future__ import annotations

from typing import Any

import pytest

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    agent,
    at_least,
    each,
    identity,
    loop,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import Does, journal, leaf, says
from tests.plugins.spans import Recorder


async def join(input: Any) -> Any:
    return input


a, b, c = says("a", 1, 2.0), says("b", 2, 1.0), says("c", 3, 3.0)
fails = says("fails", ValueError("no"), 0.5)
JOIN = agent(join)


def twice(value: Any) -> tuple[Any, Any]:
    return value, value


def listed(value: Any) -> tuple[Any]:
    return (value,)


def is_done(value: Any) -> Continue[Any] | Done[Any]:
    return Done(value)


LINKS: dict[str, tuple[Flow[Any, Any], list[str]]] = {
    "zip": (a.zip(b) >> JOIN, ["a", "b"]),
    "zip_all": (zip_all(c, a, b) >> JOIN, ["c", "a", "b"]),
    "each": (pure(twice) >> each(b, a) >> JOIN, ["b", "a"]),
    "at_least, of those that have succeeded": (at_least(1, a, fails, b) >> JOIN, ["a", "b"]),
    "traverse": (pure(twice) >> traverse(a) >> JOIN, ["a", "a"]),
    "traverse, with a bound": (
        pure(twice) >> traverse(says("x", 1) >> a, max_concurrency=1) >> JOIN,
        ["a", "a"],
    ),
    "joins within joins": (zip_all(zip_all(a, b), c) >> JOIN, ["a", "b", "c"]),
    "a join that was mapped": (a.zip(b).map(twice) >> JOIN, ["a", "b"]),
    "chains: the last of each": (zip_all(a >> b, b >> c) >> JOIN, ["b", "c"]),
    "what came before, if a branch passes it on": (
        a >> zip_all(identity(), b) >> JOIN,
        ["a", "b"],
    ),
    "a join in a loop": (loop(zip_all(a, b).map(is_done), max_iter=2) >> JOIN, ["a", "b"]),
    "a join within a timeout": (zip_all(a, b).timeout(9.0) >> JOIN, ["a", "b"]),
    "a join that is retried": (zip_all(a, b).retry(times=1) >> JOIN, ["a", "b"]),
    "a join that was tapped": (zip_all(a, b).tap(c) >> JOIN, ["a", "b"]),
    "a join that was guarded": (zip_all(a, b).guard(says("ok", True)) >> JOIN, ["a", "b"]),
    "a join as a fallback": (fails.fallback_to(zip_all(a, b)) >> JOIN, ["a", "b"]),
    "a fallback goes back to its input": (
        zip_all(a, b) >> (fails.fallback_to(JOIN)),
        ["a", "b"],
    ),
    "the winner of a race is alone": (race(a, b) >> JOIN, []),
    "one after the other is no join": (a >> b >> JOIN, []),
    "a join of one is none": (pure(listed) >> traverse(a) >> JOIN, []),
    "a join of one with itself is none": (a >> zip_all(identity(), identity()) >> JOIN, []),
    "a join that an agent has taken in": (zip_all(a, b) >> c >> JOIN, []),
    "an error is made of no outputs": (
        (zip_all(a, b) >> fails).recover_with(JOIN),
        [],
    ),
}


@pytest.mark.parametrize("flow", LINKS)
@on_virtual_time
async def test_the_links_are_to_those_that_were_joined(flow: str) -> None:
    seen = Recorder()
    program, expected = LINKS[flow]
    with journal():
        async with AgentSystem(tracer=seen.tracer) as system:
            await system.run_flow(program, 0)
    assert seen.links(seen.one("join")) == expected


@on_virtual_time
async def test_a_side_flow_has_links_to_what_was_joined_as_well() -> None:
    seen = Recorder()
    with journal():
        async with AgentSystem(tracer=seen.tracer) as system:
            await system.run_flow(zip_all(a, b).notify(JOIN), 0)
    assert seen.links(seen.one("join")) == ["a", "b"]
    assert seen.parent(seen.one("join")) == "invoke_workflow"


@on_virtual_time
async def test_what_an_agent_runs_itself_does_not_follow_what_the_agent_follows() -> None:
    seen = Recorder()

    async def runs(_: Any) -> Any:
        return await system.run_flow(agent(join), 0)

    with journal():
        async with AgentSystem(tracer=seen.tracer) as system:
            await system.run_flow(zip_all(a, b) >> agent(runs), 0)
    assert seen.links(seen.one("runs")) == ["a", "b"]
    assert seen.links(seen.one("join")) == []


@on_virtual_time
async def test_each_of_those_that_work_on_a_join_follows_it() -> None:
    seen = Recorder()
    doubles = leaf("doubles", lambda x: Does(x, 1.0))
    with journal():
        async with AgentSystem(tracer=seen.tracer) as system:
            await system.run_flow(zip_all(a, b) >> zip_all(doubles, doubles) >> JOIN, 0)
    assert [seen.links(span) for span in seen.named("doubles")] == [["a", "b"]] * 2
    assert seen.links(seen.one("join")) == ["doubles", "doubles"]
