"""A drawing of a run shows what became of each box, and the way that was taken."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from everything_is_an_actor.agents import AgentSystem, event_from_json, event_to_json
from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    agent,
    identity,
    loop,
    pure,
    race,
    to_mermaid,
    traverse,
)
from everything_is_an_actor.interpreters.dry_run import DryRun, dry_run
from everything_is_an_actor.interpreters.recording import recorded
from everything_is_an_actor.interpreters.reference import NEVER, Answer
from everything_is_an_actor.runtime.events import TaskEvent
from everything_is_an_actor.testing import run as on_virtual_time
from tests.agreement.programs import flows
from tests.agreement.worlds import Scripts
from tests.dry_run.test_agreement import live, scripted
from tests.free.traces import HOSTILE
from tests.mermaid.parser import Flowchart, Mermaid

type AnyFlow = Flow[Any, Any]


async def fetch(x: Any) -> Any:
    return x


async def mirror(x: Any) -> Any:
    return x


async def write(x: Any) -> Any:
    if x == "bad":
        raise ValueError("no")
    return f"{x}!"


def is_long(x: Any) -> bool:
    return len(x) > 3


f, m, w = agent(fetch), agent(mirror), agent(write)


def drawn(mermaid: Mermaid, flow: AnyFlow, run: Any) -> Flowchart:
    return mermaid.flowchart(to_mermaid(flow, run=run))


def boxes(chart: Flowchart) -> dict[str, tuple[str, str]]:
    """The text and the looks of each box by its first line."""
    first = [(box.text.partition("\n"), box.style) for box in chart.boxes]
    return {head: (text.replace("\n", " "), style) for (head, _, text), style in first}


def taken(text: str) -> list[str]:
    """The arrows of a diagram that a run has taken."""
    lines = [line.strip() for line in text.splitlines()]
    arrows = [line for line in lines if line.startswith(("n", "s")) and (
        " --> " in line or " -->|" in line or " ==> " in line or " ==>|" in line or " -.->" in line
    ) and not line.startswith("subgraph")]  # fmt: skip
    missed = next((li.split()[1] for li in lines if "stroke-width:1px" in li and "link" in li), "")
    numbers = {int(n) for n in missed.split(",") if n}
    return [arrow for i, arrow in enumerate(arrows) if i not in numbers]


def test_each_agent_says_what_became_of_it(mermaid: Mermaid) -> None:
    flow = race(f, m).timeout(9) >> w
    run = dry_run(flow, "a", {
        fetch: [Answer("x", 0.25)], mirror: [NEVER], write: [Answer(ValueError("no"), 2)],
    })  # fmt: skip
    assert boxes(drawn(mermaid, flow, run)) == {
        "start": ("", "terminal"),
        "": ("", "fork"),
        "fetch": ("✓ done, 250 ms", "done"),
        "mirror": ("⊘ cancelled, 250 ms", "cancelled"),
        "first to succeed": ("", "join"),
        "write": ("✗ failed, 2.0 s ValueError: no", "failed"),
        "end": ("✗ failed after 2.2 s ValueError: no", "failed"),
    }


def test_calls_of_one_box_are_counted_with_their_range_of_durations(mermaid: Mermaid) -> None:
    flow = traverse(f)
    run = dry_run(flow, "abc", {fetch: [Answer(1, 0.5), Answer(2, 3), Answer(3, 1)]})
    assert boxes(drawn(mermaid, flow, run))["fetch"] == (
        "3 calls ✓ done 3 500 ms to 3.0 s", "done",
    )  # fmt: skip


def test_an_agent_at_two_places_is_told_apart(mermaid: Mermaid) -> None:
    flow = w.branch_on(is_long, w, pure(is_long))
    chart = drawn(mermaid, flow, dry_run(flow, "a", {write: [Answer("a", 1)]}))
    writes = [(box.text, box.style) for box in chart.boxes if box.text.startswith("write")]
    assert writes == [("write\n✓ done, 1.0 s", "done"), ("write\nnot reached", "missed")]


def test_the_way_that_was_taken_is_strong_and_the_others_are_not() -> None:
    flow: AnyFlow = identity().branch_on(is_long, pure(str), identity()) >> f
    script = {fetch: lambda x: x}
    long, short = (to_mermaid(flow, run=dry_run(flow, x, script)) for x in ("long", "a"))
    assert taken(long) == ["n0 --> n1", 'n1 -->|"yes"| n2', "n2 --> n3", "n3 --> n4"]
    assert taken(short) == ["n0 --> n1", 'n1 -->|"no"| n3', "n3 --> n4"]
    assert 'n2("str"):::missed' in short


def test_an_error_that_was_handled_is_on_the_way() -> None:
    flow = f.retry(1) | m
    good = to_mermaid(flow, run=dry_run(flow, 0, {fetch: [1], mirror: []}))
    bad = to_mermaid(flow, run=dry_run(flow, 0, {fetch: [OSError("x")] * 2, mirror: [1]}))
    assert taken(good) == ["n0 --> n1", "n1 --> n3"]
    assert sorted(taken(bad)) == [
        "n0 --> n1", 'n1 ==>|"on error, the same input"| n2', 'n1 ==>|"retry, at most 1 more"| n1',
        "n2 --> n3",
    ]  # fmt: skip


def test_a_loop_that_went_round_shows_it() -> None:
    flow: AnyFlow = loop(f)
    once = to_mermaid(flow, run=dry_run(flow, 0, {fetch: [Done(1)]}))
    twice = to_mermaid(flow, run=dry_run(flow, 0, {fetch: [Continue(0), Done(1)]}))
    assert not any("Continue" in arrow for arrow in taken(once))
    assert any("Continue" in arrow for arrow in taken(twice))


def test_what_a_bind_chose_is_told_at_the_bind(mermaid: Mermaid) -> None:
    flow: AnyFlow = f.bind(lambda _: w >> w)
    chart = drawn(mermaid, flow, dry_run(flow, "a", {fetch: [1], write: ["a", "b"]}))
    [bind] = [box for box in chart.boxes if box.style == "unknown"]
    assert "2 calls\n✓ done 2" in bind.text


def test_without_a_run_nothing_is_changed() -> None:
    assert to_mermaid(f | m, run=None) == to_mermaid(f | m)


@st.composite
def ran(draw: st.DrawFn) -> tuple[AnyFlow, DryRun[Any]]:
    scripts = Scripts()
    flow = draw(flows(scripts))
    plan = dry_run(flow)
    is_in = plan.agents.__contains__ if plan.complete else bool
    mine = {agent: does for agent, does in scripts.by_agent.items() if is_in(agent)}
    return flow, dry_run(flow, draw(st.integers(-4, 8)), mine)


@given(some=st.lists(ran(), min_size=1, max_size=4))
@settings(deadline=None, max_examples=15, derandomize=True, database=None)
def test_any_run_of_any_flow_is_drawn(mermaid: Mermaid, some: list[Any]) -> None:
    charts = mermaid.flowcharts([to_mermaid(flow, run=run) for flow, run in some])
    for (_, run), chart in zip(some, charts, strict=True):
        outcomes = {"done", "failed", "cancelled", "unknown", "seen"}
        called = {call.agent.__name__ for call in run.calls}
        shown = {b.text.partition("\n")[0] for b in chart.boxes if b.style in outcomes}
        if not any(b.style in ("unknown", "seen") for b in chart.boxes):
            assert called <= shown <= called | {"end"}


def test_hostile_texts_in_errors_are_drawn(mermaid: Mermaid) -> None:
    for text in HOSTILE:
        drawn(mermaid, f, dry_run(f, 0, {fetch: [ValueError(text)]}))


# --------------------------------------------------------------------------------- live runs


def events_of(flow: AnyFlow, input: Any) -> list[TaskEvent]:
    async def live() -> list[TaskEvent]:
        events: list[TaskEvent] = []
        async with AgentSystem() as system:
            try:
                async for event in system.run_flow_stream(flow, input):
                    events.append(event)  # noqa: PERF401  # also those before an error
            except ValueError:
                pass
        return events

    return asyncio.run(live())


def test_the_events_of_a_live_run_are_drawn_where_they_happened(mermaid: Mermaid) -> None:
    flow = w.branch_on(is_long, w, m) | f
    long = drawn(mermaid, flow, events_of(flow, "long"))
    assert [box.style for box in long.boxes if box.text.startswith("write")] == ["done", "done"]
    short = drawn(mermaid, flow, events_of(flow, "a"))
    assert [box.style for box in short.boxes if box.text.startswith("write")] == ["done", "missed"]
    bad = boxes(drawn(mermaid, flow, events_of(flow, "bad")))
    assert bad["fetch"][1] == "done"


def test_events_that_were_written_and_read_back_are_drawn_the_same() -> None:
    flow = w.branch_on(is_long, w, m) | f
    for input in ("long", "a", "bad"):
        events = events_of(flow, input)
        again = map(event_from_json, map(event_to_json, events))
        assert to_mermaid(flow, run=again) == to_mermaid(flow, run=events)


def without_paths(events: list[TaskEvent]) -> list[TaskEvent]:
    return [replace(event, flow_path=None) for event in events]


def test_events_without_paths_are_told_by_agent(mermaid: Mermaid) -> None:
    flow = w.zip(w).map(str) >> m
    events = without_paths(events_of(flow, "a"))
    found = [(box.text, box.style) for box in drawn(mermaid, flow, events).boxes]
    writes = [text for text, style in found if text.startswith("write")]
    assert len(writes) == 2
    assert all("here or elsewhere" in text and "2 calls" in text for text in writes)
    assert all(style != "missed" for _, style in found)


def test_no_function_is_called_for_a_drawing() -> None:
    sent: list[Any] = []
    turns = iter((False,))
    flow = f.and_then(sent.append).branch_on(lambda _: next(turns), f, f.map(str))
    events = events_of(flow, "a")
    text = to_mermaid(flow, run=events)
    assert sent == ["a"]
    assert taken(text) == [
        "n0 --> n1", "n1 --> n2", "n2 --> n3", 'n3 -->|"no"| n5', "n5 --> n6", "n6 --> n7",
    ]  # fmt: skip


def test_an_agent_at_several_places_is_told_apart_live(mermaid: Mermaid) -> None:
    flow = traverse(race(w, w >> m).named("a.b")) >> w.timeout(9).retry(1)
    chart = drawn(mermaid, flow, events_of(flow, ("x", "y", "z")))
    texts = [box.text.split("\n")[1:3] for box in chart.boxes if box.text.startswith("write")]
    assert [text[0] for text in texts[:1]] == ["3 calls"]
    assert texts[2][0].startswith("✓ done")


def test_a_run_that_was_given_up_on_is_drawn_as_far_as_it_came(mermaid: Mermaid) -> None:
    async def hang(x: Any) -> Any:
        await asyncio.sleep(60)

    flow = (f >> agent(hang).timeout(4)).fallback_to(pure(str)) >> w
    events: list[TaskEvent] = []

    async def collect(system: AgentSystem) -> None:
        async for event in system.run_flow_stream(flow, 1, run_id="r"):
            events.append(event)
            if event.type == "task_started" and "hang" in event.agent_path:
                await system.abort("r")

    async def live() -> None:
        async with AgentSystem() as system:
            with pytest.raises(asyncio.CancelledError):
                await collect(system)

    asyncio.run(live())
    whole = boxes(drawn(mermaid, flow, events))
    assert whole["fetch"][1] == "done"
    assert whole["hang"][0].startswith("⊘ cancelled")
    assert whole["write"] == ("not reached", "missed")
    assert whole["end"][0].startswith("⊘ cancelled after")
    part = boxes(drawn(mermaid, flow, events[:4]))
    assert part["hang"] == ("… running", "running")
    assert part["end"] == ("not reached yet", "missed")


def test_agents_of_any_name_are_drawn(mermaid: Mermaid) -> None:
    for name in ("my/agent", "a%b", "%2F", "a%2Fb-1", "steps[0].x"):
        flow: AnyFlow = agent(fetch, name=name)
        events = events_of(flow, 1)
        assert recorded(flow, events)[fetch].calls
        for run in (events, without_paths(events)):
            [box] = [box for box in drawn(mermaid, flow, run).boxes if box.style == "done"][:1]
            assert "done" in box.text


def test_events_of_another_flow_are_refused() -> None:
    events = events_of(f >> m, 1)
    for other in (f >> w, f, w.zip(m), f.zip(m)):
        with pytest.raises(ValueError, match=r"another flow: it called .* and there is none"):
            to_mermaid(other, run=events)
    with pytest.raises(ValueError, match="run of another flow: it called mirror, and there is"):
        to_mermaid(f >> w, run=without_paths(events))


def test_what_a_bind_chose_is_told_at_the_bind_live(mermaid: Mermaid) -> None:
    flow: AnyFlow = pure(str) >> f.bind(lambda _: w >> w.bind(lambda _: m)).named("chosen")
    chart = drawn(mermaid, flow, events_of(flow, 1))
    [bind] = [box for box in chart.boxes if box.style == "unknown"]
    assert "3 calls\n✓ done 3" in bind.text


ARROWS = re.compile(r"^ +linkStyle ([0-9,]+) (.*)$", re.MULTILINE)


def ways(text: str) -> tuple[set[str], set[str]]:
    """The arrows that are known to be taken, and those known not to be."""
    yes: set[str] = set()
    no: set[str] = set()
    for numbers, style in ARROWS.findall(text):
        (yes if "stroke-width:4px" in style else no).update(numbers.split(","))
    return yes, no


@given(program=scripted())
@settings(deadline=None, max_examples=30, derandomize=True, database=None)
def test_what_is_said_of_a_live_run_is_so(program: Any) -> None:
    flow, scripts, input = program
    assume(dry_run(flow).complete)  # a drawing does not say whether what a bind chose has ended
    dry = dry_run(flow, input, scripts)
    _, events = on_virtual_time(live(flow, input))
    paths = [event.flow_path for event in events if event.type == "task_started"]
    assume(Counter(paths) == Counter(call.path for call in dry.calls))
    exact, told = ways(to_mermaid(flow, run=dry)), ways(to_mermaid(flow, run=events))
    assert told[0] <= exact[0]
    assert told[1] <= exact[1]
    for count in range(1, len(events), 3):
        assert ways(to_mermaid(flow, run=events[:count]))[0] <= exact[0]


@pytest.mark.parametrize(
    ("run", "error", "text"),
    [
        (5, TypeError, "run must be a DryRun or the events of a run, got 5"),
        ([5], TypeError, "events must be TaskEvents, got int"),
        ([], ValueError, "no flow_started among these events"),
    ],
)
def test_what_is_no_run_is_refused(run: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        to_mermaid(f, run=run)


def test_the_run_of_another_flow_is_refused() -> None:
    with pytest.raises(ValueError, match="the run of another flow"):
        to_mermaid(f, run=dry_run(m, 0, {mirror: [1]}))


def test_the_branch_that_was_taken_live_is_strong_although_it_begins_by_functions() -> None:
    one: AnyFlow = pure(list) >> traverse(w) >> w
    flow = pure(str).branch({str: one.named("one"), int: one.named("other")}).recover(str) >> f
    text = to_mermaid(flow, run=events_of(flow, "ab"))
    assert 'n2 -->|"str"| n3' in taken(text)
    assert not any('"int"' in arrow for arrow in taken(text))


def test_a_live_run_of_any_depth_is_drawn() -> None:
    flow = f
    for number in range(20_000):
        flow = flow.map(str) if number % 2 else (flow.recover(str) >> pure(str))
    events = [
        TaskEvent("flow_started", "t", "/a", 0),
        TaskEvent(
            "task_started", "u", "/a/fetch-1", 0, "t", flow_path="…" + ".recover.source" * 32
        ),
    ]
    assert to_mermaid(flow, run=events).count(":::running") == 1
    chain = f
    for _ in range(20_000):
        chain = chain >> f
    steps = [f"steps[{number}]" for number in range(20_001)]
    started = [
        TaskEvent("task_started", str(n), "/a/fetch-1", 0, "t", flow_path=path)
        for n, path in enumerate(steps)
    ]
    assert to_mermaid(chain, run=[events[0], *started]).count(":::running") == 20_001
    shared = f
    for _ in range(60):
        shared = shared >> shared
    late = TaskEvent("task_started", "u", "/a/fetch-1", 0, "t", flow_path=f"steps[{2**59 + 5}]")
    assert "flowchart" in to_mermaid(shared, run=[events[0], late])
