"""Annotations are what somebody has written: none of them is an error of the checker."""

from __future__ import annotations

import functools
import operator
import typing
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor.algebra.node import Pure
from everything_is_an_actor.algebra.plain import text_of
from everything_is_an_actor.flow import Flow, agent, pure
from everything_is_an_actor.interpreters.check import check


class Raising:
    """Whose annotations raise when they are looked at."""

    @property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]  # the point
        raise RuntimeError("no annotations today")

    def __call__(self, x: Any) -> Any:
        return x


class Elusive:
    """Which has whatever it is asked for, and gives nothing of use."""

    def __getattr__(self, name: str) -> Any:
        return 3

    def __call__(self, x):  # type: ignore[no-untyped-def]  # the point
        return x


class Meta(type):
    def __eq__(cls, other: object) -> bool:
        raise RuntimeError("no comparison today")

    def __hash__(cls) -> int:
        raise RuntimeError("no hash today")

    def __instancecheck__(cls, instance: object) -> bool:
        raise RuntimeError("no instances today")

    def __subclasscheck__(cls, subclass: type) -> bool:
        raise RuntimeError("no subclasses today")


class Contrary(metaclass=Meta): ...


class Node:
    def __init__(self, value: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821  # the point


class Table(typing.TypedDict):
    a: int


type Endless = list[Endless] | int
type Broken = Missing  # type: ignore[name-defined]  # noqa: F821  # the point
P = ParamSpec("P")
Late = TypeVar("Late", bound="Undefined")  # type: ignore[name-defined]  # noqa: F821  # the point


def annotated(input: object, output: object) -> Callable[[Any], Any]:
    def fn(x: Any) -> Any:
        return x

    fn.__annotations__ = {"x": input, "return": output}
    return fn


def of_contrary(x: Contrary) -> Contrary:
    return x


def unresolved(x: Nowhere) -> int:  # type: ignore[name-defined]  # noqa: F821  # the point
    return 1


HINTS: list[Any] = [
    *(int, str, None, Any, list, list[int], dict[str, int], tuple[int, ...], tuple[()], 3, ...),
    *("int", "Nowhere", "int +", "", "list['Nowhere']", b"x", [], {}, (), [int], int | None),
    *(Endless, Broken, Late, P, typing.Never, typing.Self, typing.LiteralString, typing.ClassVar),
    *(typing.Literal[1, "x", None], typing.Annotated[int, []], typing.Callable, typing.Union),
    *(Callable[P, int], Callable[..., int], Callable[[int], int], typing.Required[int]),
    *(typing.NewType("Id", int), typing.NewType("Odd", "Late"), typing.Generic, typing.Protocol),
    *(Callable[typing.Concatenate[int, P], int], Table, type),
    *(typing.Unpack[tuple[int]], object(), Elusive(), Raising(), len, type[int], Meta, Contrary),
]  # fmt: skip


# By number: to print them, Hypothesis would hash and compare them.
numbers = st.integers(0, len(HINTS) - 1)


@settings(deadline=None)
@given(numbers, numbers, numbers, numbers)
def test_any_annotation_at_all_gives_a_report(a: int, b: int, c: int, d: int) -> None:
    flow = pure(annotated(HINTS[a], HINTS[b])).map(annotated(HINTS[c], HINTS[d]))
    assert isinstance(str(check(flow)), str)


@settings(deadline=None)
@given(numbers, numbers)
def test_any_input_gives_a_report_or_an_error_that_teaches(hint: int, taken: int) -> None:
    try:
        report = check(pure(annotated(HINTS[taken], int)), HINTS[hint])
    except TypeError as error:
        assert str(error).startswith("check: input_type must be a hint")  # noqa: PT017  # or a report
    else:
        assert isinstance(str(report), str)


@pytest.mark.parametrize(
    "fn",
    [
        Raising(),
        Elusive(),
        Node,
        unresolved,
        operator.itemgetter(0),
        operator.attrgetter("x"),
        functools.partial(operator.add, 1),
        functools.lru_cache(unresolved),
        functools.singledispatch(unresolved),
        b"".split,
        {}.get,
        type,
        max,
        iter,
    ],
    ids=text_of,
)
def test_a_callable_that_says_nothing_is_unchecked(fn: Callable[[Any], Any]) -> None:
    # Not by `pure`, which looks at the object as well.
    report = check(Flow(Pure(fn)).map(print), int)
    assert report.ok, str(report)
    assert report.unchecked


def test_a_class_with_a_metaclass_of_its_own_mind_is_compared_by_identity() -> None:
    flow: Flow[Any, Any] = pure(of_contrary).map(of_contrary)
    assert check(flow).ok
    assert not check(flow, int).ok or check(flow, int).unchecked


def test_an_execute_whose_annotations_name_nothing_is_unchecked() -> None:
    class Lost:
        async def execute(self, input: Nowhere) -> Nowhere:  # type: ignore[name-defined]  # noqa: F821
            return input

    (unchecked,) = check(agent(Lost)).unchecked
    assert "cannot be resolved (NameError" in unchecked.reason


def test_names_of_type_parameters_and_of_what_a_closure_holds_are_resolved() -> None:
    class Local: ...

    def of_local(x: Local) -> Local:
        return x if isinstance(x, Local) else Local()

    def box[T](x: T) -> list[T]:
        return [x]

    assert str(check(pure(of_local).map(box))) == "sound: Local → list[Local]"
