"""What is no argument of the package for tests is refused at once, by a text that says what is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath, PurePosixPath
from typing import Any

import pytest
from hypothesis import Phase, find, settings

from everything_is_an_actor import MemoryMailbox
from everything_is_an_actor.algebra.laws import CALLS, CATEGORY, SHAPE, IsEq, RuleSet, holds
from everything_is_an_actor.flow import Flow, agent, pure
from everything_is_an_actor.testing import (
    ACTORS,
    Reference,
    assert_equivalent,
    check_rules,
    checks,
    endless_flows,
    fallible_flows,
    flows,
    functions,
    interpreter_suite,
    mailbox_suite,
    on_interpreter,
    register_values,
    registry_store_suite,
    running,
    scripted,
    total_flows,
    values,
    values_of,
)

ONE = settings(max_examples=1, phases=[Phase.generate])
REFERENCE = Reference()


class Strange:
    pass


@dataclass
class Parcel:
    """A dataclass that cannot be hashed."""

    content: str
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Address:
    where: PurePosixPath


@dataclass(frozen=True)
class Tree:
    below: "list[Tree]"


@dataclass(frozen=True)
class Wide:
    a: list[str]
    b: list[str]
    c: list[str]


async def interpret(flow: Flow[Any, Any], input: Any) -> Any:
    return None


def synchronous(flow: Flow[Any, Any], input: Any) -> Any:
    return 3


@holds(CALLS)
def speechless(f, g):  # type: ignore[no-untyped-def]  # that is the question
    """`f ≈ g`"""
    return IsEq(f, g)


@holds(CALLS)
def of_bytes[A](f: Flow[A, A], data: bytes) -> IsEq[Flow[A, A]]:
    """`f ≈ f`"""
    return IsEq(f, f)


def checked(law: Any) -> None:
    for check in checks(RuleSet("mine", (law,)), on_interpreter(REFERENCE)):
        check()


def untyped(value: object) -> Any:
    """What a checker of types would refuse as well."""
    return value


REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "a function as an interpreter": (
        lambda: check_rules(CATEGORY, untyped(interpret)),
        TypeError,
        r"check_rules: interpreter must be a FlowInterpreter, got <function interpret at .*>: "
        r"make one of an async function of a flow and an input: running\('interpret', interpret\)",
    ),
    "a class as an interpreter": (
        lambda: assert_equivalent(pure(len), pure(len), ["a"], interpreter=untyped(Reference)),
        TypeError,
        r"assert_equivalent: interpreter must .*: make one of the class: Reference\(\.\.\.\)",
    ),
    "anything as an interpreter": (
        lambda: on_interpreter(untyped(Strange())),
        TypeError,
        "on_interpreter: interpreter must .*: one has a `name`, and a method `observe` from runs",
    ),
    "a number to run": (
        lambda: interpreter_suite(untyped(3)),
        TypeError,
        r"interpreter_suite: an interpreter must be a function, async def run\(flow, input\), "
        "got 3",
    ),
    "a synchronous interpreter": (
        lambda: check_rules(CATEGORY, running("now", untyped(synchronous)), configured=ONE),
        TypeError,
        "now: an interpreter must be an async function of a flow and an input, got one that "
        "returns 3: write it with async def",
    ),
    "a law as rules": (
        lambda: check_rules(untyped(CATEGORY.own[0]), REFERENCE),
        TypeError,
        r"check_rules: rules must be a RuleSet, .*: make one of laws: RuleSet\('mine', \(assoc",
    ),
    "an interpreter as a subject": (
        lambda: checks(CATEGORY, untyped(ACTORS)),
        TypeError,
        "checks: a subject .*, got the interpreter actors: on_interpreter makes one of it",
    ),
    "a function as a subject": (
        lambda: checks(CATEGORY, untyped(interpret)),
        TypeError,
        "checks: a subject of laws is expected, got .*: on_interpreter makes one of an interp",
    ),
    "a letter as an observation": (
        lambda: check_rules(CATEGORY, REFERENCE, observing=untyped("R")),
        TypeError,
        "check_rules: observing must be an Observation, got 'R': RESULT, CALLS, TRACE or SHAPE",
    ),
    "a letter to observe two flows by": (
        lambda: assert_equivalent(pure(len), pure(len), ["a"], observing=untyped("R")),
        TypeError,
        "assert_equivalent: observing must be an Observation, got 'R'",
    ),
    "the shape of runs": (
        lambda: interpreter_suite(interpret, observing=SHAPE),
        ValueError,
        "interpreter_suite: observing must be RESULT, CALLS or TRACE, .*: SHAPE is of expressions",
    ),
    "one input": (
        lambda: assert_equivalent(pure(len), pure(len), untyped("word")),
        TypeError,
        r"inputs must be several inputs, got 'word': of one, make a list: \['word'\]",
    ),
    "a law without types": (
        lambda: checked(speechless),
        TypeError,
        "speechless: f, g has no type: a law says by its types what it speaks of",
    ),
    "a law of what is not known": (
        lambda: checked(of_bytes),
        TypeError,
        "mine.of_bytes: nothing is drawn for data: the values of bytes are not known",
    ),
    "a type that is not known": (
        lambda: flows(Strange, str),
        TypeError,
        "flows: the values of Strange are not known. Known are bool, str, int, float, None, every "
        r"Enum, .*; register_values\(cls, values\) adds those of a class",
    ),
    "a field that is not known": (
        lambda: values(Address),
        TypeError,
        "values: of Address, the values of PurePosixPath are not known",
    ),
    "a type that contains itself": (
        lambda: total_flows(bool, Tree),
        TypeError,
        "total_flows: Tree contains itself, .*: register_values says which of them to use",
    ),
    "a type of too many values": (
        lambda: fallible_flows(Wide, bool),
        ValueError,
        "fallible_flows: there are 2197 values of Wide, on each of which a flow would be run",
    ),
    "functions of what is not known": (
        lambda: functions(bool, bytes),
        TypeError,
        "functions: the values of bytes are not known",
    ),
    "endless flows of what is not known": (
        lambda: endless_flows(bytes, bool),
        TypeError,
        "endless_flows: the values of bytes are not known",
    ),
    "other values of what is known": (
        lambda: register_values(bool, [True]),
        ValueError,
        "register_values: the values of bool are known by themselves",
    ),
    "no values": (
        lambda: register_values(Strange, []),
        ValueError,
        "register_values: values are empty: Strange needs one at least",
    ),
    "values of another class": (
        lambda: register_values(Strange, [untyped("a")]),
        TypeError,
        "register_values: values must be of Strange, got 'a'",
    ),
    "what is no class": (
        lambda: register_values(untyped("Strange"), ["a"]),
        TypeError,
        "register_values: kind must be a class, got 'Strange'",
    ),
    "a factory that takes something else": (
        lambda: mailbox_suite(untyped(MemoryMailbox)),
        TypeError,
        r"mailbox_suite: factory must take a size and a policy, but MemoryMailbox takes \(maxsize",
    ),
    "a factory of what is no mailbox": (
        lambda: mailbox_suite(untyped(lambda size, policy: []), configured=ONE)[0](),
        TypeError,
        r"mailbox_suite: factory must make a Mailbox, got \[\]: derive its class from",
    ),
    "no factory": (
        lambda: registry_store_suite(untyped({})),
        TypeError,
        "registry_store_suite: factory must be a function or a class, got {}",
    ),
    "a factory of what is no store": (
        lambda: registry_store_suite(untyped(list), configured=ONE)[0](),
        TypeError,
        r"registry_store_suite: factory must make a RegistryStore, got \[\]: it has async methods",
    ),
}


@pytest.mark.parametrize(("ask", "error", "text"), REFUSED.values(), ids=REFUSED)
def test_is_refused(ask: Callable[[], object], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        ask()


def test_registered_values_are_those_of_the_class_from_then_on() -> None:
    with pytest.raises(TypeError, match="not known"):
        values_of(tuple[PurePath, bool])
    register_values(PurePath, [PurePath("a"), PurePath("b")])
    assert len(values_of(tuple[PurePath, bool])) == 4
    register_values(PurePath, [PurePath("c")])
    assert values_of(PurePath) == (PurePath("c"),)


def test_a_dataclass_that_cannot_be_hashed_is_as_good_as_any() -> None:
    flow = find(flows(Parcel, Parcel), lambda flow: "race" in repr(flow))
    for input in values_of(Parcel)[:3]:
        assert_equivalent(flow, flow, [input])
    known = agent(scripted("known", {True: Parcel("book", ["heavy"])}))
    assert_equivalent(known, known.map(lambda parcel: Parcel("book", ["heavy"])), [True])
    with pytest.raises(AssertionError, match="not equivalent"):
        assert_equivalent(known, known.map(lambda parcel: Parcel("book")), [True])
