"""A flow is drawn, and Mermaid understands of it what was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial, reduce
from textwrap import dedent
from typing import Any, override

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor.algebra.node import KINDS, Leaf, children
from everything_is_an_actor.flow import (
    Backoff,
    Flow,
    agent,
    at_least,
    each,
    first_completed,
    fold,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    to_mermaid,
    traverse,
    zip_all,
)
from everything_is_an_actor.interpreters.flowchart import TITLE
from everything_is_an_actor.interpreters.mermaid import REPEATED
from examples.ask_docs.flow import answer
from tests.algebra.flows import SAMPLES, flows
from tests.flow.test_sizes import counting
from tests.free.traces import HOSTILE, texts
from tests.mermaid.parser import Flowchart, Mermaid

type AnyFlow = Flow[Any, Any]


class Writer:
    async def execute(self, value: Any) -> Any: ...


class Critic:
    async def execute(self, value: Any) -> Any: ...


def f(value: Any) -> Any: ...


def g(value: Any) -> Any: ...


def ok(value: Any) -> bool:
    return bool(value)


writer, critic = agent(Writer), agent(Critic)


def drawn(flow: AnyFlow) -> str:
    """The boxes, frames and arrows of a flow, between its start and its end."""
    head, start, *lines = to_mermaid(flow).splitlines()
    assert (head, start) == ("flowchart LR", '  n0(["start"]):::terminal')
    lines = [
        line for line in lines if not line.startswith(("  classDef", "  class", "  linkStyle"))
    ]
    return "\n".join(line.removeprefix("  ") for line in lines)


def same(text: str) -> str:
    return dedent(text).strip()


DRAWINGS: dict[str, tuple[AnyFlow, str]] = {
    "agent": (
        agent(Writer, name="poet", timeout=5).flat_map(agent(Critic, timeout=None)),
        """
        n1[["Writer<br/>as poet<br/>within 5 s"]]:::agent
        n2[["Critic<br/>no timeout"]]:::agent
        n3(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n2 --> n3
        """,
    ),
    "identity": (
        identity(),
        """
        n1(["end"]):::terminal
        n0 --> n1
        """,
    ),
    "and_then and bind": (
        pure(f).and_then(g).bind(lambda _: identity()),
        """
        n1("f"):::function
        n2("and then<br/>g"):::function
        n3[/"λ<br/>chooses the rest as it<br/>runs, on the same input"/]:::unknown
        n4(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n2 --> n3
        n3 --> n4
        """,
    ),
    "zip": (
        writer.zip(identity()),
        """
        n1((" ")):::fork
        n2[["Writer"]]:::agent
        n3(["all"]):::join
        n4(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n2 --> n3
        n1 --> n3
        n3 --> n4
        """,
    ),
    "each": (
        each(writer, critic),
        """
        n1((" ")):::fork
        n2[["Writer"]]:::agent
        n3[["Critic"]]:::agent
        n4(["all"]):::join
        n5(["end"]):::terminal
        n0 --> n1
        n1 -->|"[0]"| n2
        n1 -->|"[1]"| n3
        n2 --> n4
        n3 --> n4
        n4 --> n5
        """,
    ),
    "traverse": (
        traverse(writer, max_concurrency=3),
        """
        subgraph s1["for each, 3 at a time"]
          n1[["Writer"]]:::agent
        end
        n2(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        """,
    ),
    "branch": (
        on(int, writer).on(str, identity()),
        """
        n1{{"which type?"}}:::question
        n2[["Writer"]]:::agent
        n3(["end"]):::terminal
        n0 --> n1
        n1 -->|"int"| n2
        n2 --> n3
        n1 -->|"str"| n3
        """,
    ),
    "branch_on": (
        pure(f).branch_on(ok, writer, identity()),
        """
        n1("f"):::function
        n2{{"ok?"}}:::question
        n3[["Writer"]]:::agent
        n4(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n2 -->|"yes"| n3
        n3 --> n4
        n2 -->|"no"| n4
        """,
    ),
    "recover of one step": (
        writer.recover(f),
        """
        n1[["Writer"]]:::agent
        n2("f"):::function
        n3(["end"]):::terminal
        n0 --> n1
        n1 ==>|"on error"| n2
        n1 --> n3
        n2 --> n3
        """,
    ),
    "recover_with of several": (
        writer.map(f).recover_with(critic),
        """
        subgraph s1["try"]
          n1[["Writer"]]:::agent
          n2("f"):::function
        end
        n3(["on error"]):::error
        n4[["Critic"]]:::agent
        n5(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        s1 ==> n3
        n3 ==> n4
        n2 --> n5
        n4 --> n5
        """,
    ),
    "fallback_to, twice": (
        writer.fallback_to(critic).fallback_to(pure(f)),
        """
        n1[["Writer"]]:::agent
        n2[["Critic"]]:::agent
        n3("f"):::function
        n4(["end"]):::terminal
        n0 --> n1
        n1 ==>|"on error, the same input"| n2
        n2 ==>|"on error, the same input"| n3
        n1 --> n4
        n2 --> n4
        n3 --> n4
        """,
    ),
    "attempt and absolve": (
        writer.attempt().absolve(),
        """
        n1[["Writer"]]:::agent
        n2(["Success or Failure"]):::join
        n3{{"Success?"}}:::check
        n4(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n1 ==>|"on error"| n2
        n2 --> n3
        n3 -->|"yes, its value"| n4
        """,
    ),
    "retry of one step": (
        writer.retry(2),
        """
        n1[["Writer"]]:::agent
        n2(["end"]):::terminal
        n0 --> n1
        n1 ==>|"retry, at most 2 more"| n1
        n1 --> n2
        """,
    ),
    "retry of several, or else": (
        writer.map(f).retry(2, backoff=Backoff(0.5), on=(KeyError, OSError)).recover(g),
        """
        subgraph s1["try"]
          n1[["Writer"]]:::agent
          n2("f"):::function
        end
        n3(["retry, at most 2 more,<br/>on KeyError or OSError,<br/>after 0.5 s"]):::error
        n4("g"):::function
        n5(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        s1 ==> n3
        n3 ==>|"again"| n1
        n3 ==>|"on error"| n4
        n2 --> n5
        n4 --> n5
        """,
    ),
    "filter and guard": (
        writer.filter(ok).guard(critic),
        """
        n1[["Writer"]]:::agent
        n2{{"ok?"}}:::check
        n3((" ")):::fork
        n4[["Critic"]]:::agent
        n5{{"guard?"}}:::check
        n6(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n2 -->|"yes"| n3
        n3 --> n4
        n3 --> n5
        n4 --> n5
        n5 -->|"yes"| n6
        """,
    ),
    "tap": (
        pure(f).tap(critic),
        """
        n1("f"):::function
        n2[["Critic"]]:::agent
        n3(["tap"]):::join
        n4(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n1 --> n3
        n2 --> n3
        n3 --> n4
        """,
    ),
    "notify and divert_to": (
        writer.notify(critic).divert_to(identity(), ok),
        """
        n1[["Writer"]]:::agent
        n2[["Critic"]]:::agent
        n3("identity"):::function
        n4(["end"]):::terminal
        n0 --> n1
        n1 -.->|"notify"| n2
        n1 -.->|"divert if ok"| n3
        n1 --> n4
        """,
    ),
    "loop": (
        loop(writer.map(f)),
        """
        n1[["Writer"]]:::agent
        n2("f"):::function
        n3{{"Done?"}}:::question
        n4(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n2 --> n3
        n3 -->|"Continue, at most 10<br/>runs"| n1
        n3 -->|"yes"| n4
        """,
    ),
    "loop_with_state": (
        loop_with_state(writer, init_state=[], max_iter=None),
        """
        n1[["Writer"]]:::agent
        n2{{"Done?<br/>state from []"}}:::question
        n3(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        n2 -->|"Continue"| n1
        n2 -->|"yes"| n3
        """,
    ),
    "timeout and named": (
        writer.timeout(2.5).named("quick"),
        """
        subgraph s2["quick"]
          subgraph s1["within 2.5 s"]
            n1[["Writer"]]:::agent
          end
        end
        n2(["end"]):::terminal
        n0 --> n1
        n1 --> n2
        """,
    ),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_node_is_drawn_as_what_it_means(mermaid: Mermaid, name: str) -> None:
    flow, expected = DRAWINGS[name]
    assert drawn(flow) == same(expected)
    mermaid.flowchart(to_mermaid(flow))


@pytest.mark.parametrize(
    ("flow", "decides"),
    [
        (zip_all(writer, critic, pure(f)), "all"),
        (race(writer, critic), "first to succeed"),
        (first_completed(writer, critic), "first to finish"),
        (at_least(2, writer, critic, pure(f)), "at least 2 of 3 succeed"),
        (at_least(1, writer, critic, stop_early=True), "as soon as 1 of 2 succeed"),
    ],
)
def test_a_join_says_what_decides(mermaid: Mermaid, flow: AnyFlow, decides: str) -> None:
    understood = mermaid.flowchart(to_mermaid(flow))
    [fork] = [box.id for box in understood.boxes if box.style == "fork"]
    [join] = [box for box in understood.boxes if box.style == "join"]
    assert join.text.replace("\n", " ") == decides
    branches = {a.to for a in understood.arrows if a.from_ == fork}
    assert branches == {a.from_ for a in understood.arrows if a.to == join.id}


def leaves(flow: AnyFlow) -> int:
    return fold(lambda node: isinstance(node, Leaf) + sum(children(node)), flow)


def agents(understood: Flowchart) -> int:
    return sum(box.style == "agent" for box in understood.boxes)


def assert_connected(understood: Flowchart) -> None:
    """From the start one comes to every box: along the arrows, and out of a frame by its own."""
    inside: dict[str, list[str]] = {}
    for frame in understood.frames:
        for each_id in frame.inside:
            inside.setdefault(each_id, []).append(frame.id)
    onwards: dict[str, list[str]] = dict(inside)
    for arrow in understood.arrows:
        onwards.setdefault(arrow.from_, []).append(arrow.to)
    reached, pending = set[str](), ["n0"]
    while pending:
        if (at := pending.pop()) not in reached:
            reached.add(at)
            pending += onwards.get(at, [])
    assert reached >= {box.id for box in understood.boxes}
    for frame in understood.frames:  # Mermaid cannot draw an arrow from a frame into itself
        assert not any(a.from_ == frame.id and a.to in frame.inside for a in understood.arrows)


def test_every_kind_of_node_is_drawn(mermaid: Mermaid) -> None:
    assert {type(flow.node) for flow in SAMPLES.values()} == KINDS
    understood = mermaid.flowcharts(list(map(to_mermaid, SAMPLES.values())))
    for flow, chart in zip(SAMPLES.values(), understood, strict=True):
        assert agents(chart) == leaves(flow)
        assert_connected(chart)


@given(some=st.lists(flows(), min_size=1, max_size=8))
@settings(deadline=None, max_examples=25)
def test_any_flow_is_drawn_with_all_its_agents(mermaid: Mermaid, some: list[AnyFlow]) -> None:
    diagrams = list(map(to_mermaid, some))
    assert diagrams == list(map(to_mermaid, some))
    for flow, chart in zip(some, mermaid.flowcharts(diagrams), strict=True):
        assert agents(chart) == leaves(flow)
        assert_connected(chart)


def test_a_real_pipeline_is_drawn(mermaid: Mermaid) -> None:
    understood = mermaid.flowchart(to_mermaid(answer))
    assert agents(understood) == leaves(answer) == 9
    titles = sorted(frame.title for frame in understood.frames)
    assert titles == ["find", *["for each"] * 2, *["quote"] * 2, *["summaries"] * 2, "try",
                      *["write"] * 2]  # fmt: skip
    strokes = [arrow.stroke for arrow in understood.arrows]
    assert (strokes.count("thick"), strokes.count("dotted")) == (2, 1)
    assert_connected(understood)


# ------------------------------------------------------------------------------------ texts


def letters(text: str) -> str:
    """What a reader sees of a text, wherever its lines break and its words are joined."""
    return "".join(text.replace("\u2060", "").split())


def beginning(text: str, longest: int = 80) -> str:
    """The letters that are to be seen of a text: 80 characters, with what is not printable."""
    words = " ".join(text[: 2 * longest].split())
    shown = "".join(
        c if c.isprintable() or c in "\u200c\u200d" else c.encode("unicode_escape").decode()
        for c in words
    )
    if len(shown) > longest or len(text) > 2 * longest:
        shown = f"{shown[: longest - 1]}…"
    return letters(shown) or "(empty)"


def called(text: str) -> Callable[[Any], Any]:
    """A function of that name."""

    def function(value: Any) -> Any: ...

    function.__name__ = function.__qualname__ = text
    return function


def assert_texts_survive(mermaid: Mermaid, hostile: list[str]) -> None:
    diagrams = [
        to_mermaid(
            pure(f).divert_to(pure(f), called(text)).flat_map(pure(called(text)).named(text))
        )
        for text in hostile
    ]
    for text, understood in zip(hostile, mermaid.flowcharts(diagrams), strict=True):
        _, _, _, named, _ = understood.boxes
        [frame] = understood.frames
        [label] = [arrow.text for arrow in understood.arrows if arrow.stroke == "dotted"]
        assert letters(named.text) == beginning("λ" if text == "<lambda>" else text)
        assert letters(frame.title) == beginning(text, TITLE)
        assert letters(label) == beginning(f"divert if {text}")


def test_a_text_that_means_something_to_mermaid_is_drawn_as_it_is(mermaid: Mermaid) -> None:
    assert_texts_survive(mermaid, [text for text in HOSTILE if text])


@given(hostile=st.lists(texts.filter(bool), max_size=8))
@settings(deadline=None, max_examples=20)
def test_any_text_is_drawn_as_it_is(mermaid: Mermaid, hostile: list[str]) -> None:
    assert_texts_survive(mermaid, hostile)


class Odd:
    """An object that cannot be shown."""

    def __call__(self, value: Any) -> Any: ...

    @override
    def __repr__(self) -> str:
        raise LookupError


class Long:
    def __call__(self, value: Any) -> Any: ...

    @override
    def __repr__(self) -> str:
        return '"]; end\n' * 2_000


@pytest.mark.parametrize(
    ("odd", "text"),
    [
        (lambda value: value, "λ"),
        (partial(f, 'a"]'), "functools.partial(f, 'a\"]')"),
        (partial(f, object()), "functools.partial(f, <object object>)"),
        (Odd(), "<Odd: cannot be shown: LookupError>"),
        (Long(), beginning(repr(Long()))),
    ],
)
def test_a_function_without_a_name_is_drawn_all_the_same(
    mermaid: Mermaid, odd: Callable[[Any], Any], text: str
) -> None:
    _, box, _ = mermaid.flowchart(to_mermaid(pure(odd))).boxes
    assert letters(box.text) == letters(text)


def test_numbers_of_any_size_are_drawn(mermaid: Mermaid) -> None:
    huge = 10**5000
    flow: AnyFlow = loop(agent(Writer, timeout=1e300).timeout(10**300).retry(huge), max_iter=huge)
    mermaid.flowchart(to_mermaid(traverse(flow, max_concurrency=huge)))


# ------------------------------------------------------------------------------- arguments


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "TD", "BT"])
def test_a_drawing_has_a_direction(mermaid: Mermaid, direction: Any) -> None:
    understood = mermaid.flowchart(to_mermaid(writer, direction))
    assert understood.direction == direction.replace("TD", "TB")


def test_another_direction_is_refused_with_those_there_are() -> None:
    expected = "to_mermaid: direction must be one of LR, RL, TB, TD, BT, got 'lr'"
    with pytest.raises(ValueError, match=expected):
        to_mermaid(writer, "lr")  # type: ignore[arg-type]  # refused when it runs, too
    with pytest.raises(TypeError, match=r"direction must be a str, one of LR, .*, got 1"):
        to_mermaid(writer, 1)  # type: ignore[arg-type]  # refused when it runs, too


def test_what_is_no_flow_is_refused_with_how_to_make_one() -> None:
    with pytest.raises(TypeError, match=r"flow must be a Flow, .*lift the agent with agent"):
        to_mermaid(Writer)  # type: ignore[arg-type]  # refused when it runs, too


# ------------------------------------------------------------------------------------ sizes


def nested(times: int, wrap: Callable[[AnyFlow], AnyFlow], core: AnyFlow) -> AnyFlow:
    return reduce(lambda inside, _: wrap(inside), range(times), core)


DEEP: dict[str, Callable[[AnyFlow], AnyFlow]] = {
    "map": lambda x: x.map(f),
    "flat_map on the left": lambda x: x.flat_map(pure(f)),
    "flat_map on the right": lambda x: pure(f).flat_map(x),
    "zip": lambda x: x.zip(writer),
    "traverse": lambda x: traverse(x),
    "branch_on": lambda x: pure(f).branch_on(ok, x, identity()),
    "recover": lambda x: x.recover(f),
    "recover_with": lambda x: x.map(f).recover_with(pure(g)),
    "fallback_to": lambda x: x.fallback_to(pure(f)),
    "fallback_to on the right": lambda x: pure(f).fallback_to(x),
    "attempt": lambda x: x.attempt(),
    "retry": lambda x: x.map(f).retry(1),
    "timeout": lambda x: x.timeout(1),
    "tap": lambda x: x.tap(pure(f)),
    "tap on the right": lambda x: pure(f).tap(x),
    "notify": lambda x: x.notify(pure(f)),
    "loop": lambda x: loop(x),
    "named": lambda x: x.named("x"),
}


def test_a_chain_of_100_000_steps_is_a_line_for_each_box_and_each_arrow() -> None:
    lines = to_mermaid(nested(100_000, lambda x: x.map(f), writer)).splitlines()
    assert len(lines) == 1 + 100_003 + 100_002 + 3


@pytest.mark.parametrize("name", DEEP)
def test_flows_of_any_depth_are_drawn_in_linear_size(mermaid: Mermaid, name: str) -> None:
    small, large = (to_mermaid(nested(n, DEEP[name], writer)) for n in (1_000, 10_000))
    assert len(large) <= 13 * len(small)  # ids grow by a digit
    mermaid.flowchart(to_mermaid(nested(30, DEEP[name], writer)))


@pytest.mark.parametrize("name", DEEP)
def test_drawing_takes_linear_work(name: str) -> None:
    def work(n: int) -> int:
        flow = nested(n, DEEP[name], writer)
        with counting() as lines:
            to_mermaid(flow)
            return lines()

    none, once, twice = work(1), work(300), work(600)
    assert twice - none <= 2.1 * (once - none)


# ---------------------------------------------------------------------------------- sharing


def test_a_part_that_occurs_twice_is_drawn_twice(mermaid: Mermaid) -> None:
    part = writer.map(f).named("part")
    understood = mermaid.flowchart(to_mermaid(part.zip(part)))
    assert agents(understood) == 2
    assert [frame.title for frame in understood.frames] == ["part", "part"]


def doubled(times: int, both: Callable[[AnyFlow, AnyFlow], AnyFlow]) -> AnyFlow:
    return reduce(lambda part, _: both(part, part), range(times), writer.map(f))


@pytest.mark.parametrize(
    "both",
    [Flow.zip, Flow.flat_map, Flow.fallback_to, Flow.tap, Flow.notify, race],
    ids=lambda both: both.__name__,
)
def test_exponential_sharing_is_drawn_in_linear_size(
    mermaid: Mermaid, both: Callable[[AnyFlow, AnyFlow], AnyFlow]
) -> None:
    once, twice = (to_mermaid(doubled(n, both)).count("\n") for n in (60, 120))
    assert once < 10 * REPEATED
    assert twice - once <= 60 * 10
    understood = mermaid.flowchart(to_mermaid(doubled(30, both)))
    assert_connected(understood)
    seen = {box.text for box in understood.boxes if box.style == "seen"}
    titles = [frame.title.partition(":")[0] for frame in understood.frames]
    assert seen
    assert all(titles.count(text.removesuffix(" again")) == 1 for text in seen)


def occurrences(flow: AnyFlow) -> Iterator[AnyFlow]:
    yield flow
    for child in children(flow.node):
        yield from occurrences(child)


def test_all_of_a_shared_part_is_drawn_until_that_is_too_much(mermaid: Mermaid) -> None:
    flow = doubled(7, Flow.zip)
    assert len(list(occurrences(flow))) < REPEATED
    assert agents(mermaid.flowchart(to_mermaid(flow))) == 2**7
