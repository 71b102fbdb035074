"""The plan of a flow says what it would call, and calls nothing."""

from __future__ import annotations

import copy
import pickle
import re
from functools import reduce
from typing import Any

import pytest

from everything_is_an_actor.algebra.node import KINDS, Leaf, children
from everything_is_an_actor.flow import (
    Flow,
    agent,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.interpreters.conditions import (
    Background,
    ForEach,
    If,
    IfCase,
    InParallel,
    Looped,
    OnFailure,
    Retried,
    Within,
)
from everything_is_an_actor.interpreters.dry_run import dry_run
from everything_is_an_actor.interpreters.plan import PlannedChoice, PlannedPart
from tests.algebra.flows import SAMPLES
from tests.flow.test_sizes import counting

type AnyFlow = Flow[Any, Any]


async def read(x: Any) -> Any: ...


async def think(x: Any) -> Any: ...


class Write:
    async def execute(self, x: Any) -> Any: ...


def merge(x: Any) -> Any:
    raise AssertionError("a plan calls nothing")


def good(x: Any) -> bool:
    raise AssertionError("a plan calls nothing")


r, t, w = agent(read), agent(think), agent(Write)


def plan_of(flow: AnyFlow) -> list[tuple[str, tuple[Any, ...]]]:
    return [(str(step), step.conditions) for step in dry_run(flow).steps]


def both(how: Any) -> list[tuple[str, tuple[Any, ...]]]:
    spans = ((1, 1), (2, 2))
    return [("read(input)", (InParallel(how, 0, spans),)),
            ("think(input)", (InParallel(how, 1, spans),))]  # fmt: skip


PLANS: dict[str, tuple[AnyFlow, list[tuple[str, tuple[Any, ...]]], str]] = {
    "agent": (r, [("read(input)", ())], "#1"),
    "agent by its label": (
        agent(read, timeout=5, name="A\nB") >> agent(read, timeout=None),
        [("read(input) as A B, within 5 s", ()), ("read(#1) no timeout", ())],
        "#2",
    ),
    "pure, identity": (pure(merge) >> identity(), [], "merge(input)"),
    "flat_map, map": (r.map(merge) >> w, [("read(input)", ()), ("Write(merge(#1))", ())], "#2"),
    "zip": (r & t, both("all"), "(#1, #2)"),
    "race": (race(r, t), both("race"), "race(#1, #2)"),
    "first": (first_completed(r, t), both("first_completed"), "first_completed(#1, #2)"),
    "at_least": (at_least(1, r, t), both("at_least"), "at_least(1, #1, #2)"),
    "at_least, early": (
        at_least(1, r, t, stop_early=True),
        both("at_least"),
        "at_least(1, #1, #2, stop_early)",
    ),
    "each": (
        each(r, identity()),
        [("read(input[0])", (InParallel("each", 0, ((1, 1), (2, 1))),))],
        "(#1, input[1])",
    ),
    "traverse": (
        traverse(r, max_concurrency=2),
        [("read(element)", (ForEach("input", 2),))],
        "[#1, …]",
    ),
    "branch": (
        on(int, r).on(str, t),
        [("read(input)", (IfCase("input", int),)), ("think(input)", (IfCase("input", str),))],
        "#1 or #2",
    ),
    "branch_on": (
        identity().branch_on(good, r, t),
        [
            ("read(input)", (If("good(input)", True),)),
            ("think(input)", (If("good(input)", False),)),
        ],
        "#1 or #2",
    ),
    "recover": (r.recover(merge), [("read(input)", ())], "#1 or merge(error)"),
    "recover_with": (
        r.recover_with(t),
        [("read(input)", ()), ("think(error)", (OnFailure((1, 1)),))],
        "#1 or #2",
    ),
    "fallback_to": (
        (r >> t) | w,
        [("read(input)", ()), ("think(#1)", ()), ("Write(input)", (OnFailure((1, 2)),))],
        "#2 or #3",
    ),
    "attempt, absolve": (
        r.attempt().absolve(),
        [("read(input)", ())],
        "absolve(attempt(#1))",
    ),
    "retry": (r.retry(2), [("read(input)", (Retried(2, (Exception,)),))], "#1"),
    "timeout": (r.timeout(5), [("read(input)", (Within(5),))], "#1"),
    "filter": (
        r.filter(good) >> w,
        [("read(input)", ()), ("Write(#1 if good)", ())],
        "#2",
    ),
    "guard": (r.guard(t), [("read(input)", ()), ("think(#1)", ())], "#1 if #2"),
    "and_then, named": (r.and_then(merge).named("x"), [("read(input)", ())], "#1"),
    "tap": (r.tap(t), [("read(input)", ()), ("think(#1)", ())], "#1"),
    "notify": (r.notify(t), [("read(input)", ()), ("think(#1)", (Background(),))], "#1"),
    "divert_to": (
        r.divert_to(t, good),
        [("read(input)", ()), ("think(#1)", (If("good(#1)", True), Background()))],
        "#1",
    ),
    "loop": (
        loop(r >> t, max_iter=3),
        [("read(input or Continue)", (Looped(3),)), ("think(#1)", (Looped(3),))],
        "done(#2)",
    ),
    "loop_with_state": (
        loop_with_state(r, init_state=0),
        [("read((input or Continue, 0 or Continue))", (Looped(10),))],
        "done(#1)",
    ),
    "bind": (
        r.bind(merge) >> w,
        [
            ("read(input)", ()),
            ("whatever merge(#1) chooses, on input", ()),
            ("Write(#2)", ()),
        ],
        "#3",
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_says_what_is_called_on_what_under_which_condition(name: str) -> None:
    flow, steps, output = PLANS[name]
    assert plan_of(flow) == steps
    assert dry_run(flow).output == output
    assert dry_run(flow).complete == (name != "bind")


def test_every_kind_of_node_has_a_plan_with_all_its_agents() -> None:
    assert {type(flow.node) for flow in SAMPLES.values()} == KINDS
    for flow in SAMPLES.values():
        assert dry_run(flow).agents == agents(flow)
        str(dry_run(flow))


def agents(flow: AnyFlow) -> set[Any]:
    node = flow.node
    if isinstance(node, Leaf):
        return {node.target}
    return set().union(*map(agents, children(node)))


def test_a_plan_is_a_table() -> None:
    flow = (r & t).map(merge).flat_map(w.retry(1)).fallback_to(agent(think))
    rows = [re.split("  +", line) for line in str(dry_run(flow)).splitlines()]
    assert rows == [
        ["#1", "read(input)", "in parallel with #2", "fallback_to.source.steps[0].all[0]"],
        ["#2", "think(input)", "in parallel with #1", "fallback_to.source.steps[0].all[1]"],
        ["#3", "Write(merge((#1, #2)))", "again if it fails, at most 1 more",
         "fallback_to.source.steps[2].retry.source"],
        ["#4", "think(input)", "if #1–#3 fails", "fallback_to.fallback"],
        ["→ #3 or #4"],
    ]  # fmt: skip


def test_a_long_symbol_is_a_step_of_its_own() -> None:
    chain = reduce(lambda f, _: f.map(merge), range(100), r)
    plan = dry_run(chain >> w)
    assert max(len(str(step)) for step in plan.steps) <= 60
    assert [call.agent for call in plan.calls] == [read, Write]


def test_a_part_that_stands_very_often_is_planned_linearly_often() -> None:
    flow = reduce(lambda f, _: f.zip(f), range(60), r.map(merge))
    plan = dry_run(flow)
    assert len(plan.steps) < 1_000
    assert any(isinstance(step, PlannedPart) for step in plan.steps)


def test_a_bind_is_shown_as_a_choice() -> None:
    [_, choice] = dry_run(r.bind(merge)).steps
    assert isinstance(choice, PlannedChoice)
    assert (choice.chooser, choice.value, choice.input) == (merge, "#1", "input")


DEEP: dict[str, Any] = {
    "map": lambda x: x.map(merge),
    "flat_map": lambda x: r >> x,
    "zip": lambda x: x & t,
    "race": lambda x: race(t, x),
    "fallback": lambda x: x | t,
    "handler": lambda x: t.recover_with(x),
    "branch": lambda x: identity().branch_on(good, x, t),
    "loop": lambda x: loop(x),
    "notify": lambda x: x.notify(t),
    "zip_all": lambda x: zip_all(x, t, r),
}


@pytest.mark.parametrize("name", DEEP)
def test_planning_takes_linear_work(name: str) -> None:
    def work(n: int) -> int:
        flow = reduce(lambda f, _: DEEP[name](f), range(n), w)
        with counting() as lines:
            dry_run(flow)
            return lines()

    none, once, twice = work(100), work(250), work(400)
    assert twice - once <= 1.1 * (once - none)


def test_100_000_nested_nodes_are_planned() -> None:
    flow = reduce(lambda f, _: f.map(merge).retry(1), range(50_000), w)
    [call] = dry_run(flow).calls
    assert call.path.startswith("…")
    assert len(call.conditions) == 32


def test_a_plan_is_a_value_whether_or_not_its_paths_were_looked_at() -> None:
    flow = race(r, t.retry(2)).bind(merge) >> w
    plan = dry_run(flow)
    assert pickle.loads(pickle.dumps(dry_run(flow))) == copy.deepcopy(dry_run(flow)) == plan
    assert repr(plan) == repr(dry_run(flow))
    assert hash(plan) == hash(dry_run(flow))
    assert dry_run(flow.named("x")) != plan
