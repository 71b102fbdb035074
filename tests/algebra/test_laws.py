"""Each law of flows says something, and something else than the other ones.

Any flow that a law takes is here one function of its own, and so is any function and any value:
what two laws make of the same ones is compared as it is written, without a run.
"""

from __future__ import annotations

import collections.abc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any, get_args, get_origin, override

import pytest
from returns.result import Result, Success

from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws import FLOW, LEFT_OUT
from everything_is_an_actor.algebra.laws.arrows import Either
from everything_is_an_actor.algebra.laws.law import (
    AnyLaw,
    Fallible,
    Never,
    Settling,
    Total,
    Wait,
)
from everything_is_an_actor.algebra.values import Continue
from everything_is_an_actor.testing.parameters import parameters

FLOWS = (Flow, Total, Fallible, Never, Settling)


@dataclass(frozen=True)
class Letter:
    """A function or a value about which nothing is known but its name."""

    name: str

    def __call__(self, x: object) -> Flow[Any, Any]:
        """Some flow, for the functions from values to flows."""
        return pure(Letter(f"{self.name}({x!r})"))

    @override
    def __repr__(self) -> str:
        return self.name


ERRORS = tuple(Exception(n) for n in range(3))
MAKE: Mapping[Any, Callable[[int], Any]] = {
    int: lambda n: n + 2,
    float: lambda n: n + 0.5,
    Exception: lambda n: ERRORS[n],
    tuple[int, int, int]: lambda n: (2, 3, 1),
    Result: lambda n: Success(Letter(f"x{n}")),
    Either: lambda n: Continue(Letter(f"x{n}")),
    Wait: lambda n: Letter(f"wait{n}"),
    collections.abc.Callable: lambda n: Letter(f"h{n}"),
}


def kind(hint: Any) -> Any:
    """Parameters of a kind may be taken for one another."""
    origin = hint if hint in MAKE else get_origin(hint) or hint
    if origin is tuple and get_args(hint)[1:] == (...,):
        return tuple, kind(get_args(hint)[0])
    return origin if origin in FLOWS or origin in MAKE else object


def made(kind: Any, n: int) -> Any:
    """The n-th of a kind."""
    match kind:
        case (_, part):
            return tuple(pure(Letter(f"{part.__name__} {n}.{i}")) for i in range(3))
        case _ if kind in MAKE:
            return MAKE[kind](n)
        case _:
            return pure(Letter(f"{kind.__name__} {n}")) if kind in FLOWS else Letter(f"x{n}")


def equations(law: AnyLaw) -> Iterator[frozenset[Any]]:
    """What the law says, of the same arguments in any order."""
    by_kind: defaultdict[Any, list[str]] = defaultdict(list)
    for name, hint in parameters(law)[0].items():
        by_kind[kind(hint)].append(name)
    orders = (permutations(range(len(names))) for names in by_kind.values())
    for order in product(*orders):
        yield _sides(law, by_kind, order)


def _sides(
    law: AnyLaw, by_kind: dict[Any, list[str]], orders: tuple[tuple[int, ...], ...]
) -> frozenset[Any]:
    arguments = {
        name: made(kind, n)
        for (kind, names), order in zip(by_kind.items(), orders, strict=True)
        for name, n in zip(names, order, strict=True)
    }
    equation = law(**arguments)
    return frozenset((equation.lhs, equation.rhs))


def test_no_law_is_there_twice() -> None:
    named: defaultdict[frozenset[Any], set[str]] = defaultdict(set)
    for name, law in FLOW.laws():
        for equation in equations(law):
            named[equation].add(name)
    assert [sorted(names) for names in named.values() if len(names) > 1] == []


BY_CONSTRUCTION = (
    "derived.branch_is_composition",
    "derived.zip_all_of_two_is_zip",
    "shape.normal_form_is_normal",
    "shape.normal_form_means_the_same",
)
"""Whose sides are the same expression here: what builds it is another, or what normalises it."""


@pytest.mark.parametrize(("name", "law"), [pytest.param(*each, id=each[0]) for each in FLOW.laws()])
def test_the_sides_of_a_law_are_two_expressions(name: str, law: AnyLaw) -> None:
    assert (len(next(equations(law))) == 1) == (name in BY_CONSTRUCTION)


def test_no_two_laws_have_the_same_text() -> None:
    said = Counter((law.equation, law.needs, law.observations) for _, law in FLOW.laws())
    assert [text for text, n in said.items() if n > 1] == []


def test_what_is_left_out_is_no_law_and_is_said_once() -> None:
    left_out = Counter(f"`{each.equation}`" for each in LEFT_OUT)
    assert [text for text, n in left_out.items() if n > 1] == []
    assert left_out.keys() & {law.equation for _, law in FLOW.laws()} == set()
    assert [each for each in LEFT_OUT if not each.because] == []
