"""Flows as indented trees of text: every kind, every size, what is shared."""

import itertools
from typing import Any

import pytest
from hypothesis import given

from everything_is_an_actor.algebra.node import Match
from everything_is_an_actor.algebra.plain import name_of
from everything_is_an_actor.flow import Flow, agent, at_least, identity, pure, race, to_tree
from everything_is_an_actor.interpreters.captions import WIDTH
from everything_is_an_actor.interpreters.text_tree import LEVELS
from tests.algebra.flows import DETERMINISTIC, SAMPLES, Researcher, f, fetch, flows, g

GOLDEN = {
    "agent(fetch, timeout=None)": "agent fetch, no timeout",
    'agent(fetch, timeout=5, name="the reader\'s")': "agent fetch, as the reader's, within 5 s",
    "pure(f)": "pure f",
    "identity()": "identity",
    "pure(f).map(g)": """
        steps
        ├─ pure f
        └─ map g""",
    "pure(f).flat_map(pure(g).flat_map(pure(h)))": """
        steps
        ├─ pure f
        ├─ pure g
        └─ pure h""",
    "pure(f).bind(g)": """
        bind g, chooses the rest as it runs, on the same input
        └─ pure f""",
    "zip_all(pure(f), pure(g), pure(h))": """
        all
        ├─ pure f
        ├─ pure g
        └─ pure h""",
    "each(pure(f), pure(g))": """
        each
        ├─ [0]: pure f
        └─ [1]: pure g""",
    "race(pure(f), race(pure(g), pure(h)))": """
        race
        ├─ pure f
        └─ race
           ├─ pure g
           └─ pure h""",
    "first_completed(pure(f), pure(g))": """
        first_completed
        ├─ pure f
        └─ pure g""",
    "at_least(2, pure(f), pure(g), stop_early=True)": """
        at_least 2 of 2, stop early
        ├─ pure f
        └─ pure g""",
    "traverse(pure(f), max_concurrency=2)": """
        traverse 2 at a time
        └─ pure f""",
    "pure(f).flat_map(on(Square, pure(f)).on(Circle, pure(g)))": """
        steps
        ├─ pure f
        └─ branch
           ├─ Square: pure f
           └─ Circle: pure g""",
    "pure(f).branch_on(f, pure(f), pure(g))": """
        steps
        ├─ pure f
        └─ branch_on f
           ├─ then: pure f
           └─ otherwise: pure g""",
    "pure(f).recover(g)": """
        recover on error g
        └─ pure f""",
    "pure(f).recover_with(pure(g))": """
        recover_with
        ├─ try: pure f
        └─ on error: pure g""",
    "pure(f).fallback_to(pure(g))": """
        fallback_to
        ├─ try: pure f
        └─ on error: pure g""",
    "pure(f).attempt()": """
        attempt
        └─ pure f""",
    "pure(f).absolve()": """
        steps
        ├─ pure f
        └─ absolve""",
    "pure(f).retry(2, backoff=Backoff(initial=1, factor=2.0, maximum=60.0), on=ValueError)": """
        retry at most 2 more, on ValueError, after 1 s
        └─ pure f""",
    "pure(f).timeout(2.5)": """
        timeout 2.5 s
        └─ pure f""",
    "pure(f).filter(g)": """
        steps
        ├─ pure f
        └─ filter g""",
    "pure(f).guard(pure(g))": """
        steps
        ├─ pure f
        └─ guard
           └─ pure g""",
    "pure(f).and_then(g)": """
        steps
        ├─ pure f
        └─ and_then g""",
    "pure(f).tap(pure(g))": """
        steps
        ├─ pure f
        └─ tap
           └─ pure g""",
    "pure(f).notify(pure(g))": """
        steps
        ├─ pure f
        └─ notify
           └─ pure g""",
    "pure(f).divert_to(pure(g), f)": """
        steps
        ├─ pure f
        └─ divert_to if f
           └─ pure g""",
    "loop(pure(step), max_iter=3)": """
        loop at most 3 runs
        └─ pure step""",
    "loop_with_state(pure(step), init_state=0, max_iter=None)": """
        loop_with_state without a bound, state from 0
        └─ pure step""",
    "pure(f).named('a')": """
        named a
        └─ pure f""",
}


def text_of(golden: str) -> str:
    return "\n".join(line.removeprefix(" " * 8) for line in golden.strip("\n").splitlines())


@pytest.mark.parametrize("expression", GOLDEN)
def test_every_kind_is_a_line_with_its_parts_below(expression: str) -> None:
    assert to_tree(SAMPLES[expression]) == text_of(GOLDEN[expression])


def test_the_trees_are_of_every_kind() -> None:
    shown = {type(SAMPLES[expression].node) for expression in GOLDEN}
    assert {type(flow.node) for flow in SAMPLES.values()} - shown == {Match}  # within a chain


@DETERMINISTIC
@given(flows())
def test_any_flow_is_a_tree_whose_lines_are_in_order(flow: Flow[Any, Any]) -> None:
    lines = to_tree(flow, ascii_only=True).splitlines()
    indents = [len(line) - len(line.lstrip("|`- ")) for line in lines]
    assert indents[0] == 0
    assert all(after <= before + 3 for before, after in itertools.pairwise(indents))
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_the_steps_of_what_is_around_a_chain_are_right_below_it() -> None:
    assert to_tree(pure(f).map(g).named("both")) == "named both\n├─ pure f\n└─ map g"


def test_a_member_that_is_a_chain_is_one_member() -> None:
    lines = to_tree(at_least(1, pure(f).map(g))).splitlines()
    assert lines == ["at_least 1 of 1", "└─ steps", "   ├─ pure f", "   └─ map g"]


def test_a_shared_part_is_shown_once_and_referred_to() -> None:
    part = race(pure(f), pure(g)).named("found")
    assert to_tree(part.zip(part.map(f))).splitlines() == [
        "all",
        "├─ named found  (1)",
        "│  └─ race",
        "│     ├─ pure f",
        "│     └─ pure g",
        "└─ steps",
        "   ├─ named found, as in (1)",
        "   └─ map f",
    ]


def test_a_shared_chain_is_one_step_of_another() -> None:
    part = pure(f).map(g)
    assert to_tree(part.flat_map(part)).splitlines() == [
        "steps",
        "├─ steps  (1)",
        "│  ├─ pure f",
        "│  └─ map g",
        "└─ steps, as in (1)",
    ]


def test_a_shared_part_of_one_line_is_repeated() -> None:
    part = agent(fetch)
    assert to_tree(part.zip(part)) == "all\n├─ agent fetch\n└─ agent fetch"


@pytest.mark.parametrize("join", [Flow.zip, Flow.flat_map, Flow.fallback_to], ids=name_of)
def test_what_is_shared_sixty_times_over_is_a_short_tree(join: Any) -> None:
    flow: Flow[Any, Any] = pure(f).map(g)
    for _ in range(60):
        flow = join(flow, flow)
    assert len(to_tree(flow).splitlines()) < 200


def test_a_deep_flow_is_indented_so_far_and_its_lines_begin_with_their_depth() -> None:
    flow: Flow[Any, Any] = pure(f)
    for _ in range(100_000):
        flow = flow.named("n")
    lines = to_tree(flow).splitlines()
    assert len(lines) == 100_001
    assert lines[LEVELS].strip() == "└─ named n"
    assert lines[-1].strip() == "[depth 100,000] pure f"
    assert max(map(len, lines)) < 100


def test_a_long_chain_is_flat() -> None:
    left: Flow[Any, Any] = pure(f)
    right: Flow[Any, Any] = identity().flat_map(pure(f))
    for _ in range(20_000):
        left, right = left.map(g), pure(f).flat_map(right)
    assert len(to_tree(left).splitlines()) == 20_002
    assert len(to_tree(right).splitlines()) == 20_003


def test_a_line_is_one_short_line_whatever_is_in_it() -> None:
    label = "a\nb\x1b[2J" + "c" * 500
    first, second = to_tree(agent(Researcher).named(label)).splitlines()
    assert first.startswith("named a b [2Jccc")
    assert len(first) == WIDTH
    assert second == "└─ agent Researcher"


def test_in_ascii_nothing_else_is_said() -> None:
    flow: Flow[Any, Any] = pure(lambda value: value).map(f).named("ü")
    assert to_tree(flow, ascii_only=True) == "named \\xfc\n|- pure lambda\n`- map f"


def test_what_is_no_flow_is_refused() -> None:
    with pytest.raises(TypeError, match="to_tree: flow must be a Flow"):
        to_tree(len)  # type: ignore[arg-type]  # that is what is tested
