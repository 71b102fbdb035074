"""What a report says: paths, rules, hints as a reader writes them, and what was left out."""

from collections.abc import AsyncIterator, Callable
from functools import partial, wraps
from typing import Any, Literal, NamedTuple, NoReturn, Optional, Union

import pytest

from everything_is_an_actor import flow as face
from everything_is_an_actor.agents import AgentActor
from everything_is_an_actor.algebra.node import Pure
from everything_is_an_actor.algebra.plain import name_of
from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    QuorumResult,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    on,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.interpreters.check import CheckReport, check
from everything_is_an_actor.moa import Directed, LayerOutput, moa_layer, moa_tree

# Untyped: of what is wrong below mypy says so as well.
agent: Any = face.agent
pure: Any = face.pure


class Yes: ...


class No: ...


class Perhaps: ...


class Pair(NamedTuple):
    number: int
    text: str


def inc(n: int) -> int:
    return n + 1


def shout(s: str) -> str:
    return s.upper()


def is_even(n: int) -> bool:
    return n % 2 == 0


def words(s: str) -> list[str]:
    return s.split()


def answer(s: str) -> Yes | No:
    return Yes()


def of_yes(yes: Yes) -> str:
    return "yes"


def of_no(no: No) -> str:
    return "no"


def of_code(error: OSError) -> str:
    return "?"


def halve(n: int) -> Continue[str] | Done[str]:
    return Done("x")


def bare(n):  # type: ignore[no-untyped-def]  # what is not annotated is the point
    return n


def loose(n: Any) -> Any:
    return n


def optional(s: Optional[Union[str, bytes]]) -> str:  # noqa: UP007, UP045  # as some write it
    return "x"


async def fetch(s: str) -> int:
    return len(s)


async def chunks(n: int) -> AsyncIterator[bytes]:
    yield bytes(n)


def said(flow: Flow[Any, Any], input_type: object = None) -> list[str]:
    return str(check(flow, input_type)).splitlines()


@pytest.mark.parametrize(
    ("flow", "line"),
    [
        (pure(words).map(shout), "at steps[1]: map: expected str, got list[str]"),
        (pure(words) >> pure(shout), "at steps[1]: steps: expected str, got list[str]"),
        (
            pure(words) >> identity() >> race(pure(len), pure(shout)),
            "at steps[2].race[1]: race: expected str, got list[str]",
        ),
        (zip_all(pure(shout), pure(inc)), "at all[1]: all: expected int, got str"),
        (first_completed(pure(shout), pure(inc)), "first_completed[1]"),
        (at_least(1, pure(shout), pure(inc)), "at at_least[1]: at_least: expected int, got str"),
        (
            pure(shout) >> each(pure(inc), pure(inc)),
            "at steps[1]: each: expected a tuple of 2 elements, got str",
        ),
        (
            pure(shout).zip(fetch_flow := agent(fetch)) >> each(pure(inc), pure(inc)),
            "at steps[1].each[0]: each: expected int, got str",
        ),
        (
            pure(inc) >> traverse(pure(shout)),
            "at steps[1]: traverse: expected Sequence[str], got int",
        ),
        (
            pure(words) >> traverse(pure(inc)),
            "at steps[1].traverse[0]: traverse: expected int, got str",
        ),
        (
            pure(answer).branch({Yes: pure(of_yes)}),
            "at steps[1]: branch: expected a case for No, got cases for Yes",
        ),
        (
            pure(answer).branch(on(Yes, pure(of_yes)).on(No, pure(of_no)).on(Perhaps, pure(id))),
            "at steps[1]: branch: expected cases for Yes | No, "
            "got a case for Perhaps, which nothing reaches",
        ),
        (
            pure(answer).branch({Yes: pure(of_no), No: pure(of_no)}),
            "at steps[1].branch[Yes]: branch: expected No, got Yes",
        ),
        (
            fetch_flow.branch_on(shout, pure(inc), pure(inc)),
            "branch_on: expected str, got int",
        ),
        (
            fetch_flow.branch_on(inc, pure(inc), pure(inc)),
            "branch_on: expected bool, got int",
        ),
        (
            fetch_flow.branch_on(is_even, pure(inc), pure(shout)),
            "at branch_on.otherwise: branch_on: expected str, got int",
        ),
        (fetch_flow.recover(of_code), "recover: expected OSError, got Exception"),
        (
            fetch_flow.recover_with(pure(of_code)),
            "at recover_with.handler: recover_with: expected OSError, got Exception",
        ),
        (
            fetch_flow.fallback_to(pure(inc)),
            "at fallback_to.fallback: fallback_to: expected int, got str",
        ),
        (fetch_flow.absolve(), "absolve: expected Result[…, Exception], got int"),
        (fetch_flow.filter(shout), "filter: expected str, got int"),
        (fetch_flow.guard(pure(inc)), "guard: expected bool, got int"),
        (fetch_flow.and_then(inc), "and_then: expected None, got int"),
        (fetch_flow.tap(pure(shout)), "at tap.side: tap: expected str, got int"),
        (fetch_flow.notify(pure(shout)), "at notify.side: notify: expected str, got int"),
        (
            fetch_flow.divert_to(pure(shout), is_even),
            "at divert_to.side: divert_to: expected str, got int",
        ),
        (loop(pure(inc)), "loop: expected Continue | Done, got int"),
        (loop(pure(halve)), "at loop.body: loop: expected int, got str"),
        (
            loop_with_state(pure(inc), init_state=0),
            "loop_with_state: expected a pair of Continue | Done and the state, got int",
        ),
        (
            (pure(shout) >> pure(inc)).named("draft").retry(1),
            "at retry.source.draft.steps[1]: steps: expected int, got str",
        ),
        (fetch_flow.map(optional), "at steps[1]: map: expected str | bytes | None, got int"),
    ],
    ids=str,
)
def test_a_finding_is_one_line_with_path_rule_what_was_expected_and_what_came(
    flow: Flow[Any, Any], line: str
) -> None:
    assert any(line in each for each in said(flow)), said(flow)


def test_the_flow_at_fault_is_at_hand() -> None:
    wrong = pure(inc)
    (finding,) = check(pure(shout) >> wrong.retry(1)).findings
    assert finding.at is wrong
    assert (finding.path, finding.rule) == ("steps[1].retry.source", "steps")


def test_what_flows_in_is_a_rule_of_its_own() -> None:
    assert said(pure(inc).map(inc), str) == ["at steps[0]: input: expected int, got str"]
    assert said(pure(inc), bool) == ["sound: bool → int"]


def test_one_fault_is_found_once() -> None:
    shared = pure(words).map(shout).map(len)
    assert len(check(shared.zip(shared).race(shared)).findings) == 1


def test_the_report_has_the_hints_of_the_whole() -> None:
    report = check(agent(fetch).map(inc).zip(pure(words)))
    assert (report.input, report.output) == (str, tuple[int, list[str]])
    assert report == CheckReport((), (), str, tuple[int, list[str]], report.type)
    assert str(report) == "sound: str → tuple[int, list[str]]"


def test_what_has_no_hint_is_unchecked_and_no_error() -> None:
    report = check(pure(inc).map(bare).map(inc).map(lambda n: n).map(shout))
    assert report.ok
    assert [(each.path, each.what) for each in report.unchecked] == [
        ("steps[1]", "bare"),
        ("steps[3]", "<lambda>"),
    ]
    assert "its parameter n and its result: no annotation" in str(report)


def test_any_is_unchecked() -> None:
    report = check(pure(inc).map(loose).map(inc))
    assert report.ok
    assert len(report.unchecked) == 2
    assert report.output is int


def test_of_a_bind_the_flow_is_known_by_the_annotation_alone() -> None:
    def choose(n: int) -> Flow[str, bytes]:
        return face.pure(str.encode)

    known = check(agent(fetch).bind(choose))
    assert str(known) == "sound: str → bytes"
    unknown = check(agent(fetch).bind(lambda n: pure(str.encode)).map(inc))
    assert unknown.ok
    assert [each.what for each in unknown.unchecked] == ["<lambda>"]


def test_agents_are_known_by_their_parameters_where_execute_says_nothing() -> None:
    class Silent(AgentActor[str, int]):
        async def execute(self, input):  # type: ignore[no-untyped-def]  # the point
            return 1

    class Open[T](AgentActor[T, list[T]]):
        async def execute(self, input: T) -> list[T]:
            return [input]

    class Closed(Open[int]): ...

    assert said(agent(Silent)) == ["sound: str → int"]
    assert said(agent(Closed)) == ["sound: int → list[int]"]
    assert said(agent(fetch) >> agent(Open[int])) == ["sound: str → list[int]"]
    assert said(agent(fetch) >> agent(Open)) == ["sound: str → list[int]"]
    assert said(agent(chunks)) == ["sound: int → list[bytes]"]


def test_callables_of_every_sort_have_a_type() -> None:
    class Offset[T]:
        def __init__(self, by: T) -> None: ...

        def __call__(self, n: int) -> str:
            return "x"

        def shift(self, n: int) -> bytes:
            return b""

        @classmethod
        def parse(cls, s: str) -> int:
            return 1

        @staticmethod
        def shown(n: float) -> str:
            return "x"

    def add(a: int, b: str) -> bytes:
        return b""

    flows: dict[Callable[[Any], Any], str] = {
        Offset: "sound: int → Offset[int]",
        Offset(1): "sound: int → str",
        Offset(1).shift: "sound: int → bytes",
        Offset.parse: "sound: str → int",
        Offset.shown: "sound: float → str",
        partial(add, 1): "sound: str → bytes",
        partial(add, b="x"): "sound: int → bytes",
        len: "sound: Sized → int",
        str.upper: "sound: str → str",
    }
    for fn, text in flows.items():
        assert said(pure(fn), int if fn is Offset else None) == [text]


def test_a_function_of_another_number_of_arguments_is_a_finding() -> None:
    def two(a: int, b: int) -> int:
        return a + b

    def none() -> int:
        return 1

    assert said(pure(inc).map(two)) == [
        "at steps[1]: map: expected a function of one argument, got two, which takes a, b"
    ]
    assert len(check(pure(inc).map(none)).findings) == 1


def test_a_named_tuple_is_split_by_each() -> None:
    def pair(n: int) -> Pair:
        return Pair(n, "x")

    assert said(pure(pair) >> each(pure(inc), pure(shout))) == ["sound: int → tuple[int, str]"]
    assert not check(pure(pair) >> each(pure(shout), pure(shout))).ok


def test_the_demand_of_flows_that_share_an_input_is_what_all_of_them_take() -> None:
    def of_some(x: int | str | bytes) -> int:
        return 1

    def of_others(x: int | str | None) -> int:
        return 1

    assert said(pure(of_some).zip(pure(of_others))) == ["sound: int | str → tuple[int, int]"]
    assert said(identity().filter(is_even).map(inc)) == ["sound: int → int"]
    assert said(pure(len).zip(pure(shout))) == ["sound: str → tuple[int, str]"]


def test_mixtures_of_agents_have_a_type() -> None:
    async def propose(question: str) -> str:
        return question

    async def settle(proposals: QuorumResult[str]) -> str:
        return ""

    async def direct(proposals: QuorumResult[str]) -> LayerOutput[str, int]:
        return LayerOutput("", 1)

    async def directed(question: Directed[str, int]) -> str:
        return ""

    plain = moa_layer(proposers=[propose, propose], aggregator=settle)
    directing = moa_layer(proposers=[propose, propose], aggregator=direct)
    last = moa_layer(proposers=[directed, directed], aggregator=settle)
    assert said(moa_tree((plain, plain))) == ["sound: str → str"]
    assert said(moa_tree((directing, last))) == ["sound: str → str"]
    assert not check(moa_tree([directing, plain])).ok
    assert not check(moa_tree([plain, last])).ok


def test_only_a_flow_and_a_hint_are_checked() -> None:
    with pytest.raises(TypeError, match="check: flow must be a Flow"):
        check(inc)  # type: ignore[arg-type]  # the point


def logged(fn: Any) -> Any:
    @wraps(fn)
    async def inner(*args: Any) -> Any:
        return await fn(*args)

    return inner


def test_a_decorator_hides_what_a_function_takes_and_gives() -> None:
    why = "it is wrapped by a decorator, which may change its type"

    @logged
    async def fetch(key: str) -> int:
        return len(key)

    assert str(check(agent(fetch))) == f"fetch is unchecked: {why}"


def test_of_a_decorated_execute_the_parameters_of_the_class_are_known() -> None:
    class Fetch(AgentActor[str, int]):
        @logged
        async def execute(self, input: str) -> int:
            return len(input)

    assert str(check(agent(Fetch))) == "sound: str → int"


@pytest.mark.parametrize(
    "value", [3, [int], ..., {"a": 1}, "int", Literal, Optional, is_even], ids=name_of
)
def test_what_is_no_hint_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"^check: input_type must be a hint .*, got "):
        check(pure(inc), value)


class Odd:
    def of(self, x: Any) -> int:
        return 1

    def give(self, x: int) -> Any:
        return x


def test_no_text_has_an_address_in_memory() -> None:
    text = str(check(pure(inc).map(Odd().of).map(Odd().give).map(Odd().give)))
    assert "0x" not in text
    assert "Odd(...).of is unchecked: its parameter is Any" in text


def test_what_is_not_decided_is_written_with_its_any() -> None:
    def bare(s: str) -> list:  # type: ignore[type-arg]  # the point
        return [s]

    def total(numbers: list[int]) -> int:
        return sum(numbers)

    text = "at steps[1]: total is unchecked: list[Any] into list[int] cannot be decided"
    assert str(check(pure(bare).map(total))) == text


def test_a_function_that_takes_its_argument_by_keyword_only_is_at_fault_itself() -> None:
    def named(*, n: int) -> int:
        return n

    fn: Any = named
    got = "expected a function of one argument, got named, which takes n (by keyword only)"
    assert str(check(face.Flow(Pure(fn)))) == f"pure: {got}"


def test_what_follows_a_function_that_never_ends_is_unchecked() -> None:
    def never(s: str) -> NoReturn:
        raise ValueError(s)

    why = "nothing flows into it: what comes before it never ends"
    assert str(check(pure(never).map(inc))) == f"at steps[1]: inc is unchecked: {why}"


def test_an_int_may_come_where_a_float_is_meant() -> None:
    def ratio(s: str) -> float:
        return 1

    def of_float(x: float) -> str:
        return ""

    why = "branch is unchecked: int goes for float, and no case takes it"
    assert str(check(pure(ratio).branch(on(float, pure(of_float))))) == f"at steps[1]: {why}"
