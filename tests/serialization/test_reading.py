"""Reading is total: a flow, or every problem with its path and its place in the text."""

from __future__ import annotations

import json
import re
import sys
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor.flow import (
    Backoff,
    agent,
    at_least,
    identity,
    loop,
    on,
    pure,
    race,
    traverse,
)
from everything_is_an_actor.interpreters.documents.problems import (
    DocumentError,
    Position,
    Problem,
    UnknownNameError,
)
from everything_is_an_actor.interpreters.documents.reading import (
    from_dict,
    from_json,
    from_yaml,
    read_document,
)
from everything_is_an_actor.interpreters.documents.writing import to_dict
from tests.algebra.flows import DETERMINISTIC, AnyFlow, Circle, Researcher, Square, f, fetch, g, h
from tests.serialization.names import REGISTRY

A, B = agent(fetch), agent(Researcher)

READ: list[tuple[Any, AnyFlow]] = [
    ("fetch", A),
    ({"agent": "fetch"}, A),
    ({"agent": {"name": "fetch", "timeout": 60, "label": "x"}}, agent(fetch, timeout=60, name="x")),
    ({"steps": ["fetch", "Researcher"]}, A >> B),
    ({"steps": ["fetch"]}, A),
    ({"steps": ["fetch", {"map": "f"}, {"pure": "g"}]}, A.map(f) >> pure(g)),
    ({"steps": ["fetch", {"map": {"source": "Researcher", "fn": "f"}}]}, A >> B.map(f)),
    ({"map": {"source": "fetch", "fn": "f"}}, A.map(f)),
    ({"pure": {"fn": "f"}}, pure(f)),
    ({"identity": None}, identity()),
    ({"attempt": {"source": "fetch"}}, A.attempt()),
    ({"attempt": "fetch"}, A.attempt()),
    ({"attempt": {"attempt": {"agent": "fetch"}}}, A.attempt().attempt()),
    ({"traverse": {"agent": "fetch"}}, traverse(A)),
    ({"loop": {"body": "fetch", "max_iter": 5.0}}, loop(A, max_iter=5)),
    ({"branch": {"Square": "fetch", "Circle": {"pure": "f"}}}, on(Square, A).on(Circle, pure(f))),
    ({"retry": {"source": "fetch", "times": 2, "on": ["ValueError"]}}, A.retry(2, on=ValueError)),
    (
        {"retry": {"source": "fetch", "times": 2, "backoff": {"initial": 0.5}}},
        A.retry(2, backoff=Backoff(0.5)),
    ),
    ({"flow": "Title", "version": 1, "agent": "fetch"}, A),
    ({"version": 1.0, "steps": ["fetch", "Researcher"], "flows": {}}, A >> B),
    ({"flow": "main", "flows": {"main": "fetch"}}, A),
    (
        {"race": [{"flow": "x"}, {"flow": "y"}], "flows": {"x": {"flow": "y"}, "y": "fetch"}},
        race(A, A),
    ),
]


@pytest.mark.parametrize(("document", "flow"), READ, ids=lambda value: str(value)[:60])
def test_a_document_is_a_flow(document: Any, flow: AnyFlow) -> None:
    assert from_dict(document, REGISTRY) == flow
    assert from_json(json.dumps(document), REGISTRY) == flow
    assert from_yaml(json.dumps(document), REGISTRY) == flow


def test_the_example_of_the_guide_is_a_flow() -> None:
    text = """
flow: ResearchReport
version: 1
steps:
  - at_least: {n: 2, flows: [{agent: Google}, {agent: Bing}, {agent: DuckDuckGo}]}
  - all: [{agent: Researcher}, {agent: Analyst}]
  - guard:
      source:
        notify:
          source:
            fallback_to: {source: {agent: {name: Writer, timeout: 60}}, fallback: BackupWriter}
          side: {agent: AuditLogger}
      check: {agent: QualityChecker}
  - loop: {body: {agent: Reviewer}, max_iter: 5}
"""
    names = """
        Google Bing DuckDuckGo Researcher Analyst Writer BackupWriter AuditLogger QualityChecker
        Reviewer
    """
    agents: dict[str, Any] = {name: type(name, (Researcher,), {}) for name in names.split()}
    leaf: dict[str, AnyFlow] = {name: agent(made) for name, made in agents.items()}
    writer: AnyFlow = agent(agents["Writer"], timeout=60)
    assert from_yaml(text, agents) == (
        at_least(2, leaf["Google"], leaf["Bing"], leaf["DuckDuckGo"])
        >> leaf["Researcher"].zip(leaf["Analyst"])
        >> writer.fallback_to(leaf["BackupWriter"])
        .notify(leaf["AuditLogger"])
        .guard(leaf["QualityChecker"])
        >> loop(leaf["Reviewer"], max_iter=5)
    )
    assert read_document(text, agents).name == "ResearchReport"


NODE = "a node is needed, a mapping with one keyword such as `agent: NAME`"

WRONG: list[tuple[Any, list[str]]] = [
    (3, [f"{NODE}; got 3"]),
    (None, [f"{NODE}; got null"]),
    ([], [f"{NODE}; got a list: a list of nodes goes under `steps:`, `all:` …"]),
    ({}, [f"the document has no node: {NODE}"]),
    (
        {"flow": "x"},
        [f"the document has no node: {NODE}; `flow:` is its name, or names one of `flows:`"],
    ),
    ({"agnt": "fetch"}, ["at agnt: there is no keyword 'agnt'. Did you mean agent?"]),
    ({"version": 2, "agent": "fetch"}, ["at version: the version must be 1, got 2"]),
    ({"version": True, "agent": "fetch"}, ["at version: the version must be 1, got true"]),
    ({"flow": 3, "agent": "fetch"}, ["at flow: a text that is not empty is needed, got 3"]),
    (
        {"flows": [], "agent": "fetch"},
        ["at flows: a mapping from names to nodes is needed, got a list"],
    ),
    ({"flow": "x", "flows": {"y": "fetch"}}, ["at flow: there is no 'x' under `flows:`."]),
    (
        {"steps": ["fetch", {"flow": "drft"}], "flows": {"draft": "fetch"}},
        ["at steps[1].flow: there is no 'drft' under `flows:`. Did you mean draft?"],
    ),
    (
        {"flow": "x", "flows": {"x": {"attempt": {"flow": "y"}}, "y": {"flow": "x"}}},
        ["at flows.y.flow: a flow cannot contain itself: x → y → x"],
    ),
    (
        {"agent": {"name": "fetch"}, "timeout": 5},
        [
            "a node has one keyword, this has agent and timeout. "
            "timeout goes inside: agent: {timeout: …}",
        ],
    ),
    (
        {"steps": ["fetch", {"agent": "fetch", "timeuot": 5}]},
        ["at steps[1].timeuot: there is no 'timeuot' beside agent. Did you mean timeout?"],
    ),
    (
        {"loop": "fetch", "max_iter": 5},
        ["at max_iter: there is no 'max_iter' beside loop. It goes inside: loop: {max_iter: …}."],
    ),
    (
        {"map": "f"},
        [
            "at map: a mapping of fn, source is needed, got 'f'; "
            "`map: NAME` alone is a step that follows another"
        ],
    ),
    ({"steps": []}, ["at steps: a list of nodes is needed, this has 0"]),
    ({"race": ["fetch"]}, ["at race: a list of 2 nodes or more is needed, this has 1"]),
    (
        {"at_least": {"n": 3, "flows": ["fetch", "fetch"]}},
        ["at at_least: n=3 of 2 flows can never succeed"],
    ),
    (
        {"attempt": {"sorce": "fetch"}},
        [
            "at attempt.sorce: there is no 'sorce' here, there are source. Did you mean source?",
            "at attempt: source must be given",
        ],
    ),
    ({"identity": {"x": 1}}, ["at identity.x: there is no 'x' here, it takes nothing."]),
    ({"branch": {}}, ["at branch: a mapping from types to nodes is needed, got an empty one"]),
    (
        {"branch": {"Squar": "fetch"}},
        ["at branch.Squar: there is no type 'Squar' in the registry. Did you mean Square?"],
    ),
    (
        {"loop_with_state": {"body": "fetch"}},
        ["at loop_with_state: one of init_state and init_from must be given, got neither"],
    ),
    (
        {"loop_with_state": {"body": "fetch", "init_state": 1, "init_from": "start"}},
        ["at loop_with_state: one of init_state and init_from must be given, got both"],
    ),
    (
        {"loop": {"body": "fetch", "max_iter": 0}},
        ["at loop.max_iter: a whole number from 1 on, or null for none, is needed, got 0"],
    ),
    (
        {"loop": {"body": "fetch", "max_iter": True}},
        ["at loop.max_iter: a whole number from 1 on, or null for none, is needed, got true"],
    ),
    (
        {"timeout": {"source": "fetch", "seconds": 0}},
        ["at timeout.seconds: a number of seconds above 0 is needed, got 0"],
    ),
    (
        {"timeout": {"source": "fetch", "seconds": float("nan")}},
        ["at timeout.seconds: a number of seconds above 0 is needed, got nan"],
    ),
    (
        {"retry": {"source": "fetch", "times": 1, "backoff": {"initial": 9, "maximum": 1}}},
        ["at retry.backoff: maximum must be at least initial, got initial=9, maximum=1"],
    ),
    (
        {"retry": {"source": "fetch", "times": 1, "on": "Square"}},
        ["at retry.on: Square is no type of errors: name a class of exceptions"],
    ),
    (
        {"retry": {"source": "fetch", "times": 1, "on": []}},
        ["at retry.on: at least one name is needed, got an empty list"],
    ),
    (
        {"pure": "fetch"},
        ["at pure: fetch is an agent, not a function: use it as a step, `agent: fetch`"],
    ),
    (
        {"branch": {"str": "fetch"}},
        [
            "at branch.str: there is no type 'str' in the registry. "
            "A builtin is there only if it was put there."
        ],
    ),
    (
        {"pure": "Researcher"},
        ["at pure: Researcher is an agent, not a function: use it as a step, `agent: Researcher`"],
    ),
    (
        {"agent": "f"},
        ["at agent: f is a function, not an agent: use it by `pure: f`"],
    ),
    (
        {"named": {"source": "fetch", "label": ""}},
        ["at named.label: a text that is not empty is needed, got ''"],
    ),
    ({1: "fetch"}, ["at [1]: there is no keyword 1."]),
    (
        {"steps": [{"agnt": "A"}, {"agent": "fetsh"}, {"retry": {"source": "f", "times": -1}}]},
        [
            "at steps[0].agnt: there is no keyword 'agnt'. Did you mean agent?",
            "at steps[1].agent: there is no agent 'fetsh' in the registry. Did you mean fetch?",
            "at steps[2].retry.times: a whole number from 0 on is needed, got -1",
            "at steps[2].retry.source: f is a function, not an agent: use it by `pure: f`",
        ],
    ),
]


@pytest.mark.parametrize(("document", "texts"), WRONG, ids=lambda value: str(value)[:60])
def test_every_problem_is_told_with_its_path(document: Any, texts: list[str]) -> None:
    with pytest.raises(DocumentError) as raised:
        from_dict(document, REGISTRY)
    assert [str(problem) for problem in raised.value.problems] == texts


def test_names_alone_are_an_error_of_their_own() -> None:
    with pytest.raises(UnknownNameError) as raised:
        from_dict({"steps": ["fetsh", {"pure": "abs"}]}, REGISTRY)
    assert isinstance(raised.value, KeyError)
    assert isinstance(raised.value, DocumentError)
    assert str(raised.value) == (
        "the document has 2 problems:\n"
        "  at steps[0]: there is no agent 'fetsh' in the registry. Did you mean fetch?\n"
        "  at steps[1].pure: there is no function 'abs' in the registry. "
        "A builtin is there only if it was put there."
    )


def test_a_problem_in_yaml_has_its_line_and_column() -> None:
    text = (
        "steps:\r\n"
        "  - agent: fetch\r\n"
        "  - retry:\r\n"
        "      source: {agent: &a nobody}\r\n"
        "      tims: 2\r\n"
    )
    with pytest.raises(DocumentError) as raised:
        from_yaml(text, REGISTRY)
    assert [(problem.position, problem.path) for problem in raised.value.problems] == [
        (Position(4, 7), "steps[1].retry"),
        (Position(4, 23), "steps[1].retry.source.agent"),
        (Position(5, 7), "steps[1].retry.tims"),
    ]


def test_problems_of_the_text_and_of_the_model_are_told_together_in_the_order_of_the_text() -> None:
    with pytest.raises(DocumentError) as raised:
        from_yaml("steps:\n  - agnt: A\n  - agent: fetch\n    agent: fetch\n  - B\n", REGISTRY)
    assert [str(problem.position) for problem in raised.value.problems] == [
        "line 2, column 5",
        "line 4, column 5",
        "line 5, column 5",
    ]


def test_a_document_knows_where_the_parts_of_its_flow_stand() -> None:
    text = """\
steps:
  - fetch
  - {map: f}
  - race:
      - Researcher
      - flow: slow
flows:
  slow: {pure: h}
"""
    document = read_document(text, REGISTRY)
    flow: Any = document.flow
    raced = flow.node.next
    assert document.position(flow.node.source) == Position(3, 5)
    assert document.position(raced) == Position(4, 5)
    assert document.position(raced.node.flows[0]) == Position(5, 9)
    assert document.position(raced.node.flows[1]) == Position(8, 9)
    assert document.path(raced.node.flows[0]) == "steps[2].race[0]"
    assert document.path(raced.node.flows[1]) == "flows.slow"
    assert document.position(pure(h)) is None


def test_a_chain_of_named_flows_is_read_in_any_order() -> None:
    n = 2_000
    flows = {f"f{i}": {"attempt": {"flow": f"f{i + 1}"}} for i in range(n)} | {f"f{n}": "fetch"}
    backwards = dict(reversed(flows.items()))
    read = from_dict({"flow": "f0", "flows": flows}, REGISTRY)
    assert read == from_dict({"flow": "f0", "flows": backwards}, REGISTRY)


def test_a_circle_of_named_flows_is_told_however_long_it_is() -> None:
    flows = {f"f{i}": {"attempt": {"flow": f"f{(i + 1) % 500}"}} for i in range(500)}
    with pytest.raises(DocumentError) as raised:
        from_dict({"flow": "f0", "flows": flows}, REGISTRY)
    assert str(raised.value) == (
        "at flows.f499.attempt.flow: a flow cannot contain itself: f0 → … → f0"
    )


def test_a_document_that_holds_itself_is_too_deep() -> None:
    document: dict[str, Any] = {}
    document["race"] = [document, document]
    with pytest.raises(DocumentError) as raised:
        from_dict(document, REGISTRY)
    assert "more than 100 lists and mappings deep" in str(raised.value)
    assert len(raised.value.problems) <= 10_001


def test_reading_stops_after_very_many_problems() -> None:
    with pytest.raises(DocumentError) as raised:
        from_dict({"steps": ["nobody"] * 20_000}, REGISTRY)
    assert len(raised.value.problems) == 10_001
    assert Problem("there are more than 10,000 problems") in raised.value.problems


_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.binary(max_size=2)
)
_keys = ["agent", "steps", "map", "race", "flow", "flows", "version", "source", "branch", "body"]
_garbage = st.recursive(
    _scalars | st.sampled_from([*"fgh", "fetch", "Square", "agent", "steps", "flow"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_keys) | _scalars,
            inner,
            max_size=3,
        )
    ),
    max_leaves=20,
)


@DETERMINISTIC
@given(document=_garbage)
def test_garbage_is_a_flow_or_a_document_error(document: Any) -> None:
    before = set(sys.modules)
    with suppress(DocumentError):
        from_dict(document, REGISTRY)
    assert set(sys.modules) == before


@pytest.mark.parametrize("name", ["os.system", "__import__", "builtins.eval", "f.__globals__"])
def test_a_document_names_only_what_is_in_the_registry(name: str) -> None:
    for keyword in ("agent", "pure"):
        with pytest.raises(UnknownNameError):
            from_dict({keyword: name}, REGISTRY)


def test_a_plain_mapping_serves_as_a_registry() -> None:
    assert from_dict({"steps": [{"pure": "f"}, {"map": "g"}]}, {"f": f, "g": g}) == pure(f).map(g)


def test_the_names_of_a_race_are_agents() -> None:
    assert from_dict({"race": ["fetch", "Researcher"]}, REGISTRY) == race(A, B)


def test_the_outermost_node_has_a_place() -> None:
    document = read_document("# a comment\nrace: [fetch, Researcher]\n", REGISTRY)
    assert document.position(document.flow) == Position(2, 1)
    assert document.path(document.flow) == ""


def test_a_problem_with_an_alias_is_told_where_the_alias_stands() -> None:
    text = (
        "steps:\n  - agent: {name: fetch, timeout: &t 60}\n  - named: {label: *t, source: fetch}\n"
    )
    with pytest.raises(DocumentError) as raised:
        from_yaml(text, REGISTRY)
    assert str(raised.value) == (
        "line 3, column 20: at steps[1].named.label: a text that is not empty is needed, got 60"
    )


class Expression:
    """What a placeholder of a query language does: comparing it makes another."""

    def __call__(self, value: Any) -> Any:
        return value

    def __eq__(self, other: object) -> Any:
        return Expression()

    __hash__ = object.__hash__


def test_things_with_odd_code_of_their_own_are_only_named() -> None:
    class Explosive(type):
        def __instancecheck__(cls, instance: object) -> bool:
            raise RuntimeError("not now")

        def __getattr__(cls, name: str) -> object:
            raise RuntimeError("not now")

    class Trap(metaclass=Explosive): ...

    names: dict[str, Any] = {"expression": Expression(), "f": f, "Trap": Trap}
    flow: AnyFlow = pure(f).map(names["expression"])
    assert from_dict(to_dict(flow, names), names) == flow
    with pytest.raises(DocumentError, match="Trap cannot be looked at: RuntimeError"):
        from_dict({"branch": {"Trap": {"pure": "f"}}}, names)
    with pytest.raises(UnknownNameError, match="no type 'T' in the registry"):
        from_dict({"branch": {"T": {"pure": "f"}}}, names)


def test_equal_things_keep_their_names() -> None:
    class Multiply:
        def __init__(self, by: int) -> None:
            self.by = by

        def __call__(self, value: int) -> int:
            return value * self.by

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Multiply)

        def __hash__(self) -> int:
            return 7

    names: dict[str, Any] = {"double": Multiply(2), "treble": Multiply(3)}
    assert to_dict(pure(names["treble"]), names) == {"version": 1, "pure": "treble"}


def test_two_names_of_one_type_are_one_case() -> None:
    names = {"int": int, "integer": int, "f": f}
    with pytest.raises(DocumentError, match="int and integer are one type"):
        from_dict({"branch": {"int": {"pure": "f"}, "integer": {"pure": "f"}}}, names)


def test_what_cannot_be_compared_in_a_document_is_a_document_error() -> None:
    class Odd:
        def __eq__(self, other: object) -> bool:
            raise RuntimeError("not now")

        __hash__ = object.__hash__

    with pytest.raises(DocumentError, match="a value cannot be looked at: RuntimeError"):
        from_dict({"version": Odd(), "agent": "fetch"}, REGISTRY)


def test_a_document_is_read_by_whoever_is_deep_already() -> None:
    document: Any = "fetch"
    for _ in range(95):
        document = {"attempt": document}

    def down(frames: int) -> None:
        if frames:
            down(frames - 1)
        else:
            with pytest.raises(DocumentError, match="too little stack"):
                from_dict(document, REGISTRY)

    down(sys.getrecursionlimit() - 350)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"verison": 1, "agent": "fetch"}, "Did you mean version?"),
        ({"STEPS": ["fetch"]}, "Did you mean steps?"),
        ({"flat_map": ["fetch"]}, "In documents it is `steps:`."),
        ({"agent": "FETCH"}, "Did you mean fetch?"),
        ({"agent": "myapp.agents.fetch"}, "Did you mean fetch?"),
    ],
)
def test_near_misses_are_asked_back_about(document: object, text: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(text)):
        from_dict(document, REGISTRY)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="syntax must be 'json' or 'yaml', got 'xml'"):
        read_document("agent: fetch", REGISTRY, syntax="xml")  # type: ignore[arg-type]  # run as well
    with pytest.raises(TypeError, match="expected a Registry or a mapping of names, got None"):
        from_dict("fetch", None)  # type: ignore[arg-type]  # run as well


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (from_yaml, "agent: news.yaml"),
        (from_yaml, "[news.yaml"),
        (from_json, '{"agent": "news"}, news.json'),
    ],
)
def test_a_document_of_one_line_is_no_name_of_a_file(read: Any, text: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read(text, {})
    assert "takes the text" not in str(raised.value)


@pytest.mark.parametrize(
    ("read", "name"),
    [(from_yaml, "news.yaml"), (from_yaml, "a folder/news.yml"), (from_json, "news.json")],
)
def test_the_name_of_a_file_is_told_from_its_text(read: Any, name: str) -> None:
    text = rf"^{read.__name__} takes the text of a document: Path\('{name}'\).read_text\(\)$"
    with pytest.raises(DocumentError, match=text):
        read(name, {})


def test_the_middle_of_a_long_path_is_left_out() -> None:
    problem = Problem("there is no agent 'a'", f"steps[7]{'[0]' * 200}.agent")
    text = str(problem)
    assert text.startswith("at steps[7][0][0]")
    assert text.endswith("[0][0].agent: there is no agent 'a'")
    assert len(text) < 160
