"""A wrong argument is refused where it is written, by an error that says what was expected."""

from __future__ import annotations

import functools
import inspect
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, NewType, Protocol, TypedDict, override

import pytest

from everything_is_an_actor import flow as face
from everything_is_an_actor.agents import AgentActor
from everything_is_an_actor.algebra import build
from everything_is_an_actor.algebra.node import Leaf, Pure
from everything_is_an_actor.algebra.plain import name_of
from everything_is_an_actor.flow import Cases, Flow, agent, on, pure
from tests.algebra.flows import Circle, Square, f, g

# `Any`, so that mypy lets the wrong programs below pass.
make: Any = face
flow: Any = pure(f)
cases: Any = on(Square, pure(f))


def double(n: int) -> int:
    return 2 * n


async def download(url: str) -> str:
    return url


async def tail(url: str) -> AsyncIterator[str]:
    yield url


class Reader:
    async def execute(self, url: str) -> str:
        return url

    def __repr__(self) -> str:
        return "Reader()"


class Wrapper[A]:
    async def execute(self, value: A) -> A:
        return value


class CallableReader(Reader):
    def __call__(self, url: str) -> str:
        return url


class AsyncCall:
    async def __call__(self, url: str) -> str:
        return url

    def __repr__(self) -> str:
        return "AsyncCall()"


class Blocking:
    def execute(self, url: str) -> str:
        return url


class Sized(Protocol):
    def size(self) -> int: ...


class Person(TypedDict):
    name: str


UserId = NewType("UserId", int)


@dataclass(frozen=True)
class Wrong:
    """A wrong call: of what, in which argument, what it raises and what that says."""

    where: str
    argument: str
    call: Callable[[], object]
    error: type[Exception]
    text: str


type Rows = list[Wrong]


def rows(
    where: str,
    argument: str,
    call: Callable[[Any], object],
    error: type[Exception],
    *wrong: tuple[object, str],
) -> Rows:
    return [
        Wrong(where, argument, functools.partial(call, value), error, f"{where}: {text}")
        for value, text in wrong
    ]


def not_a_flow(
    where: str,
    argument: str,
    call: Callable[[Any], object],
    *,
    called: str = "",
    hint: str = "",
    spread: str = "",
) -> Rows:
    say = f"{called or argument} must be a Flow, got"
    lift = ": lift a function with pure(double)"
    return rows(
        where,
        argument,
        call,
        TypeError,
        (3, f"{say} 3 (int){hint}"),
        (None, f"{say} None (NoneType){hint}"),
        ("pure(f)", f"{say} 'pure(f)' (str){hint}"),
        ([flow, flow], f"{say} [pure(f), pure(f)] (list){spread or hint}"),
        (double, f"{say} {double!r} (function){hint or lift}"),
        (
            download,
            f"{say} {download!r} (function): lift the async function with agent(download)",
        ),
        (Reader, f"{say} {Reader!r} (type): lift the agent with agent(Reader)"),
    )


def not_a_function(
    where: str, argument: str, call: Callable[[Any], object], *, compose: str = ""
) -> Rows:
    say = f"{argument} must be a function, got"
    hint = f": a flow is composed with .{compose}" if compose else ""
    lift = "lift it with agent({0}) and compose it as a flow"
    say_async = f"{argument} must be a plain function, but"
    return rows(
        where,
        argument,
        call,
        TypeError,
        (3, f"{say} 3 (int)"),
        (None, f"{say} None (NoneType)"),
        ([double], f"{say} [{double!r}] (list)"),
        (flow, f"{say} pure(f) (Flow){hint}"),
        (download, f"{say_async} download is async: {lift.format('download')}"),
        (tail, f"{say_async} tail is async: {lift.format('tail')}"),
        (AsyncCall(), f"{say_async} AsyncCall() is async: {lift.format('AsyncCall()')}"),
        (Reader, f"{say_async} Reader is an agent: {lift.format('Reader')}"),
        (Wrapper[str], f"{say_async} Wrapper[str] is an agent: {lift.format('Wrapper[str]')}"),
    )


def not_a_count(where: str, argument: str, call: Callable[[Any], object], *, least: int) -> Rows:
    say = f"{argument} must be"
    return [
        *rows(
            where,
            argument,
            call,
            TypeError,
            ("3", f"{say} an int, got '3' (str)"),
            (2.0, f"{say} an int, got 2.0 (float)"),
            (True, f"{say} an int, got True (bool)"),
            (flow, f"{say} an int, got pure(f) (Flow)"),
        ),
        *rows(
            where,
            argument,
            call,
            ValueError,
            (least - 1, f"{say} at least {least}, got {least - 1}"),
            (-7, f"{say} at least {least}, got -7"),
            (-(10**5000), f"{say} at least {least}, got <int of 16610 bits>"),
        ),
    ]


def not_seconds(where: str, argument: str, call: Callable[[Any], object]) -> Rows:
    say = f"{argument} must be"
    return [
        *rows(
            where,
            argument,
            call,
            TypeError,
            ("30", f"{say} a number of seconds, got '30' (str)"),
            (True, f"{say} a number of seconds, got True (bool)"),
            (1j, f"{say} a number of seconds, got 1j (complex)"),
        ),
        *rows(
            where,
            argument,
            call,
            ValueError,
            *(
                (bad, f"{say} a finite number of seconds > 0, got {bad!r}")
                for bad in (0, 0.0, -1.5, float("nan"), float("inf"), -float("inf"))
            ),
            (10**5000, f"{say} a finite number of seconds > 0, got <int of 16610 bits>"),
        ),
    ]


def not_a_label(where: str, argument: str, call: Callable[[Any], object]) -> Rows:
    return [
        *rows(
            where,
            argument,
            call,
            TypeError,
            (3, f"{argument} must be a str, got 3 (int)"),
            (b"a", f"{argument} must be a str, got b'a' (bytes)"),
        ),
        *rows(where, argument, call, ValueError, ("", f"{argument} must not be empty")),
    ]


def too_few(where: str) -> Rows:
    made = getattr(make, where)
    return rows(
        where,
        "flows",
        lambda flows: made(*flows),
        ValueError,
        ((), "at least 2 flows are needed, got 0"),
        ((flow,), "at least 2 flows are needed, got 1"),
    )


def not_cases(call: Callable[[Any], object]) -> Rows:
    say = "cases must be on(A, f).on(B, g) or {A: f, B: g}, got"
    return [
        *rows(
            "branch",
            "cases",
            call,
            TypeError,
            (3, f"{say} 3 (int)"),
            (flow, f"{say} pure(f) (Flow)"),
            (double, f"{say} {double!r} (function)"),
            ([(int, flow)], f"{say} [({int!r}, pure(f))] (list)"),
            ({"int": flow}, "a case must be a class, got 'int'"),
            ({int: double}, f"the case for int must be a Flow, got {double!r} (function): "
             "lift a function with pure(double)"),
        ),
        *rows("branch", "cases", call, ValueError, ({}, "at least one case is needed")),
    ]  # fmt: skip


def not_a_case(call: Callable[[Any], object]) -> Rows:
    say = "a case must be a class, got"
    return rows(
        "on",
        "case_type",
        call,
        TypeError,
        (3, f"{say} 3"),
        ("Square", f"{say} 'Square'"),
        (Square | Circle, f"{say} {Square | Circle!r}"),
        (list[int], f"{say} list[int]"),
        (UserId, f"{say} {UserId!r}"),
        (flow, f"{say} pure(f)"),
        (Sized, "Sized cannot be a case: Instance and class checks can only be used with "
         "@runtime_checkable protocols"),
        (Person, "Person cannot be a case: TypedDict does not support instance and class checks"),
        (Any, "Any cannot be a case: typing.Any cannot be used with isinstance()"),
    )  # fmt: skip


def not_error_types() -> Rows:
    say = "on must be a type of Exception, got"
    return [
        *rows(
            "retry",
            "on",
            lambda on: flow.retry(2, on=on),
            TypeError,
            (3, f"{say} 3"),
            ("ValueError", f"{say} 'ValueError'"),
            (ValueError("x"), f"{say} ValueError('x')"),
            (int, f"{say} {int!r}"),
            (KeyboardInterrupt, f"{say} {KeyboardInterrupt!r}"),
            ([ValueError], f"{say} [{ValueError!r}]"),
            ((ValueError, 3), f"{say} 3"),
            (None, f"{say} None"),
        ),
        *rows(
            "retry",
            "on",
            lambda on: flow.retry(2, on=on),
            ValueError,
            ((), "on must name at least one type of Exception, got ()"),
        ),
    ]


class Unfinished(AgentActor[str, str]): ...


class Abstract(ABC):
    @abstractmethod
    async def execute(self, input: str) -> str: ...


class NeedsOne(AgentActor[str, str]):
    def __init__(self, a: int, b: int = 1) -> None: ...

    @override
    async def execute(self, input: str) -> str:
        return input


@dataclass
class NeedsTwo:
    a: int
    b: int = field(kw_only=True)

    async def execute(self, input: str) -> str:
        return input


async def two(a: int, b: int) -> None: ...


async def keyword(a: int, *, b: int) -> None: ...


async def nothing() -> None: ...


async def enough(a: int, b: int = 1, *more: int, c: int = 2, **others: int) -> None: ...


async def anything(*inputs: int) -> None: ...


class Free(Reader):
    def __init__(self, a: int = 1, *more: int, b: int = 2, **others: int) -> None: ...


class MadeOtherwise(Reader):
    def __new__(cls, *_: object) -> MadeOtherwise:
        return super().__new__(cls)

    def __init__(self, a: int) -> None: ...


class Registering(type):
    def __call__(cls, *arguments: Any) -> Any:
        return super().__call__(1)


class MadeByItsMetaclass(Reader, metaclass=Registering):
    def __init__(self, a: int) -> None: ...


WITHOUT = "an agent is made without any; if an object keeps them, a method of it is an agent"


@pytest.mark.parametrize("leaf", [enough, anything, Free, MadeOtherwise, MadeByItsMetaclass])
def test_a_leaf_that_one_input_is_enough_for_is_an_agent(leaf: Any) -> None:
    assert make.agent(leaf)


def test_a_call_of_an_agent_is_told_from_the_agent_and_closed() -> None:
    async def stream(text: str) -> AsyncIterator[str]:
        yield text

    called: Any = download("url")
    with pytest.raises(TypeError, match=r"pass the function itself, agent\(download\), not a call"):
        make.agent(called)
    assert inspect.getcoroutinestate(called) == inspect.CORO_CLOSED
    called = stream("text")
    with pytest.raises(TypeError, match=r"pass the function itself, agent\(stream\), not a call"):
        make.agent(called)


def not_a_leaf() -> Rows:
    expected = "expected a class with an async `execute`, or an `async def`"
    return rows(
        "agent",
        "leaf",
        make.agent,
        TypeError,
        (3, f"{expected}; got 3 (int): pass a class"),
        (None, f"{expected}; got None (NoneType): pass a class"),
        ("Reader", f"{expected}; got 'Reader' (str): pass a class"),
        (flow, f"{expected}; pure(f) is a flow already"),
        (Reader(), f"{expected}; got Reader() (Reader): pass its class, or a method of it"),
        (
            CallableReader(),
            f"{expected}; got an instance, Reader(): pass its class, or a method of it",
        ),
        (int, f"{expected}; int has no `execute`"),
        (list[int], f"{expected}; list has no `execute`"),
        (Blocking, f"{expected}; Blocking.execute is not async"),
        (double, f"{expected}; double is a plain function: lift it with pure(double)"),
        (print, f"{expected}; print is a plain function: lift it with pure(print)"),
        (
            lambda text: text,
            f"{expected}; <lambda> is a plain function: lift it with pure(lambda …)",
        ),
        (Unfinished, f"{expected}; Unfinished does not define execute"),
        (Abstract, f"{expected}; Abstract does not define execute"),
        (NeedsOne, f"NeedsOne needs the argument 'a': {WITHOUT}"),
        (NeedsTwo, f"NeedsTwo needs the arguments 'a', 'b': {WITHOUT}"),
        (two, "an agent takes one input, two needs 'a', 'b'"),
        (keyword, "an agent takes one input, keyword needs 'a', 'b'"),
        (nothing, "an agent takes one input, nothing takes none by position"),
    )


FOR_A_FUNCTION = " (for a function: .map, or .bind for one that returns a flow)"

WRONG: Rows = [
    *rows(
        "Flow",
        "node",
        make.Flow,
        TypeError,
        (3, "expected a node, got 3 (int): flows are built by agent, pure and the other "
         "constructors"),
        (flow, "expected a node, got pure(f) (Flow): flows are built by agent, pure and the other "
         "constructors"),
    ),
    # constructors
    *not_a_leaf(),
    *not_seconds("agent", "timeout", lambda x: make.agent(download, timeout=x)),
    *not_a_label("agent", "name", lambda x: make.agent(download, name=x)),
    *not_a_function("pure", "fn", make.pure),
    *too_few("zip_all"),
    *not_a_flow("zip_all", "flows", lambda x: make.zip_all(x, flow), called="flow 0",
                spread=": spread it, zip_all(*flows)"),
    *not_a_flow("zip_all", "flows", lambda x: make.zip_all(flow, flow, x), called="flow 2",
                spread=": spread it, zip_all(*flows)"),
    *too_few("each"),
    *not_a_flow("each", "flows", lambda x: make.each(x), called="flow 0",
                spread=": spread it, each(*flows)"),
    *too_few("race"),
    *not_a_flow("race", "flows", lambda x: make.race(flow, x), called="flow 1",
                spread=": spread it, race(*flows)"),
    *too_few("first_completed"),
    *not_a_flow("first_completed", "flows", lambda x: make.first_completed(flow, x),
                called="flow 1",
                spread=": spread it, first_completed(*flows)"),
    *not_a_count("at_least", "n", lambda x: make.at_least(x, flow, flow), least=1),
    *not_a_flow("at_least", "flows", lambda x: make.at_least(1, flow, x), called="flow 1",
                spread=": spread it, at_least(n, *flows)"),
    *rows("at_least", "n", lambda x: make.at_least(x, flow, flow), ValueError,
          (3, "n=3 of 2 flows can never succeed")),
    *rows("at_least", "n", lambda x: make.at_least(x), ValueError,
          (1, "n=1 of 0 flows can never succeed")),
    *rows("at_least", "stop_early", lambda x: make.at_least(1, flow, stop_early=x), TypeError,
          (1, "stop_early must be True or False, got 1 (int)"),
          ("no", "stop_early must be True or False, got 'no' (str)"),
          (None, "stop_early must be True or False, got None (NoneType)")),
    *not_a_flow("traverse", "flow", make.traverse),
    *not_a_count("traverse", "max_concurrency",
                 lambda x: make.traverse(flow, max_concurrency=x), least=1),
    *not_a_flow("loop", "body", make.loop),
    *not_a_count("loop", "max_iter", lambda x: make.loop(flow, max_iter=x), least=1),
    *not_a_flow("loop_with_state", "body", lambda x: make.loop_with_state(x, init_state=0)),
    *not_a_count("loop_with_state", "max_iter",
                 lambda x: make.loop_with_state(flow, init_state=0, max_iter=x), least=1),
    *rows("loop_with_state", "init_state", lambda x: make.loop_with_state(flow, init_state=x),
          TypeError,
          (download, "init_state must be a plain function, but download is async: "
           "lift it with agent(download) and compose it as a flow")),
    *not_a_case(lambda x: make.on(x, flow)),
    *not_a_flow("on", "flow", lambda x: make.on(Square, x), called="the case for Square"),
    # methods
    *not_a_function("map", "fn", flow.map, compose="flat_map"),
    *not_a_flow("flat_map", "next", flow.flat_map, hint=FOR_A_FUNCTION),
    *not_a_flow("flat_map", "next", lambda x: flow >> x, hint=FOR_A_FUNCTION),
    *not_a_function("bind", "k", flow.bind, compose="flat_map"),
    *not_a_flow("zip", "other", flow.zip),
    *not_a_flow("zip", "other", lambda x: flow & x),
    *not_a_flow("race", "other", flow.race),
    *not_cases(flow.branch),
    *not_a_function("branch_on", "predicate", lambda x: flow.branch_on(x, flow, flow)),
    *not_a_flow("branch_on", "then", lambda x: flow.branch_on(f, x, flow)),
    *not_a_flow("branch_on", "otherwise", lambda x: flow.branch_on(f, flow, x)),
    *not_a_function("recover", "handler", flow.recover, compose="recover_with"),
    *not_a_flow("recover_with", "handler", flow.recover_with, hint=" (for a function: .recover)"),
    *not_a_flow("fallback_to", "other", flow.fallback_to),
    *not_a_flow("fallback_to", "other", lambda x: flow | x),
    *not_a_count("retry", "times", flow.retry, least=0),
    *rows("retry", "backoff", lambda x: flow.retry(2, backoff=x), TypeError,
          (0.5, "backoff must be a Backoff, got 0.5"),
          ("fast", "backoff must be a Backoff, got 'fast'")),
    *not_error_types(),
    *not_seconds("timeout", "seconds", flow.timeout),
    *rows("timeout", "seconds", flow.timeout, TypeError,
          (None, "seconds must be a number of seconds, got None (NoneType)")),
    *not_a_function("filter", "predicate", flow.filter, compose="guard"),
    *not_a_flow("guard", "check", flow.guard, hint=" (for a function: .filter)"),
    *not_a_function("and_then", "fn", flow.and_then, compose="tap"),
    *not_a_flow("tap", "side", flow.tap, hint=" (for a function: .and_then)"),
    *not_a_flow("notify", "side", flow.notify),
    *not_a_flow("divert_to", "side", lambda x: flow.divert_to(x, f)),
    *not_a_function("divert_to", "when", lambda x: flow.divert_to(flow, x)),
    *not_a_label("named", "label", flow.named),
    *rows("named", "label", flow.named, TypeError,
          (None, "label must be a str, got None (NoneType)")),
    *not_a_case(lambda x: cases.on(x, flow)),
    *not_a_flow("on", "flow", lambda x: cases.on(Circle, x), called="the case for Circle"),
    *rows("on", "case_type", lambda x: cases.on(x, flow), ValueError,
          (Square, "Square has a case already")),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.where}-{wrong.argument}")
def test_a_wrong_argument_is_refused_with_a_text_that_teaches(wrong: Wrong) -> None:
    with pytest.raises(wrong.error) as caught:
        wrong.call()
    assert type(caught.value) is wrong.error
    assert str(caught.value) == wrong.text


def test_every_argument_of_everything_that_builds_is_checked() -> None:
    builders: dict[str, Callable[..., object]] = {
        name: value
        for name, value in vars(face).items()
        if inspect.isfunction(value) and value.__module__ in (build.__name__, Flow.__module__)
    }
    methods: dict[str, Callable[..., object]] = {
        name: value
        for kind in (Flow, Cases)
        for name, value in vars(kind).items()
        if inspect.isfunction(value) and not name.startswith("_") and name != "abridged"
    }
    arguments = {("Flow", "node")}
    for name, function in [*builders.items(), *methods.items()]:
        arguments |= {(name, p) for p in inspect.signature(function).parameters if p != "self"}
    assert {(wrong.where, wrong.argument) for wrong in WRONG} == arguments


@pytest.mark.parametrize(
    "call",
    [lambda: 3 >> flow, lambda: double & flow, lambda: "a" | flow, lambda: int | flow],
    ids=[">>", "&", "|", "type |"],
)
def test_an_operator_needs_a_flow_on_its_left(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match="unsupported operand type"):
        call()


# ------------------------------------------------------------------------- right, if only just


class StaticExecute:
    @staticmethod
    async def execute(url: str) -> str:
        return url


class ClassExecute:
    @classmethod
    async def execute(cls, url: str) -> str:
        return url


class StreamingExecute:
    async def execute(self, url: str) -> AsyncIterator[str]:
        yield url


class Inherits(Reader): ...


class Generic[T](Reader): ...


@pytest.mark.parametrize(
    "leaf",
    [
        Reader,
        Inherits,
        Generic,
        Generic[int],
        StaticExecute,
        ClassExecute,
        StreamingExecute,
        CallableReader,
        download,
        tail,
        Reader().execute,
        AsyncCall(),
        functools.partial(download),
        functools.partial(tail),
    ],
    ids=name_of,
)
def test_whatever_is_asynchronous_is_a_leaf(leaf: Any) -> None:
    assert agent(leaf).node == Leaf(leaf, timeout=30.0, name=None)


class Shout:
    def __call__(self, text: str) -> str:
        return text.upper()


@pytest.mark.parametrize(
    "fn",
    [double, print, len, int, str.upper, "".join, Shout(), Square, functools.partial(double, 3)],
    ids=name_of,
)
def test_whatever_can_be_called_is_a_function(fn: Any) -> None:
    assert pure(fn).node == Pure(fn)


@pytest.mark.parametrize(
    "build",
    [
        lambda: make.agent(download, timeout=None),
        lambda: make.agent(download, timeout=1e-9),
        lambda: make.at_least(1, flow),
        lambda: make.at_least(2, flow, flow),
        lambda: make.loop(flow, max_iter=1),
        lambda: make.loop(flow, max_iter=None),
        lambda: make.traverse(flow, max_concurrency=1),
        lambda: flow.retry(0),
        lambda: flow.retry(1, on=(ValueError, ExceptionGroup)),
        lambda: flow.timeout(1e-9),
        lambda: flow.branch({object: flow}),
        lambda: make.on(bool, flow).on(int, flow),
        lambda: make.on(type(None), flow),
        lambda: make.loop_with_state(flow, init_state=None),
        lambda: flow.map(g).map(g),
    ],
)
def test_the_least_that_is_right_is_accepted(build: Callable[[], object]) -> None:
    assert isinstance(build(), Flow)


class Closed(ABC):
    @abstractmethod
    def close(self) -> None: ...


def test_an_abstract_class_is_a_case() -> None:
    assert repr(on(Closed, pure(f))) == "on(Closed, pure(f))"
