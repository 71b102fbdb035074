"""`returns` checks the laws of a container on flows, by an adapter: flows with one type of input.

`Flow` itself is none of its containers: these are invariant, and take the mapped type first. Two
flows are equal here if the reference observes the same of both for every input.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, override

import pytest
from hypothesis import strategies as st
from returns.contrib.hypothesis.laws import check_all_laws
from returns.interfaces.container import Container1
from returns.primitives.container import BaseContainer
from returns.primitives.hkt import Kind1, SupportsKind1

from everything_is_an_actor.algebra.laws import TRACE
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.flow import Flow, pure
from everything_is_an_actor.testing.interpreters import Reference
from everything_is_an_actor.testing.observing import differ
from everything_is_an_actor.testing.strategies import flows
from laws.sizes import SECOND_OPINION

INPUTS = (False, True)


class OfBool[A](BaseContainer, SupportsKind1["OfBool[Any]", A], Container1[A]):
    """A flow from `bool`, as a container of what it yields."""

    __slots__ = ()

    def __init__(self, flow: Flow[bool, A]) -> None:
        super().__init__(flow)

    @property
    def flow(self) -> Flow[bool, A]:
        flow: Flow[bool, A] = self._inner_value
        return flow

    def map[B](self, function: Callable[[A], B]) -> OfBool[B]:
        return OfBool(self.flow.map(function))

    def bind[B](self, function: Callable[[A], Kind1[OfBool[Any], B]]) -> OfBool[B]:
        return OfBool(self.flow.bind(lambda value: flow_of(function(value))))

    def apply[B](self, container: Kind1[OfBool[Any], Callable[[A], B]]) -> OfBool[B]:
        return OfBool(flow_of(container)).bind(self.map)

    @classmethod
    def from_value[B](cls, inner_value: B) -> OfBool[B]:
        return OfBool(pure(Constant(inner_value)))

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, OfBool) and same(self.flow, other.flow)

    @override
    def __hash__(self) -> int:
        return 0


def flow_of[A](container: Kind1[OfBool[Any], A]) -> Flow[bool, A]:
    assert isinstance(container, OfBool)
    return container.flow


def same(left: Flow[bool, Any], right: Flow[bool, Any]) -> bool:
    """`≈`: the outcome, the calls of agents, and when."""
    observe = Reference().observe
    one, other = (observe([(flow, x) for x in INPUTS]) for flow in (left, right))
    return differ(one, other, TRACE) is None


def any_flow(thing: object) -> st.SearchStrategy[OfBool[Any]]:
    """Flows of all kinds, with agents that fail and hang, not constants alone."""
    return flows(bool, bool, size=4).map(OfBool)


check_all_laws(
    OfBool,
    container_strategy=any_flow,
    settings_kwargs=SECOND_OPINION,
)

LAWS = {
    name: law
    for name, law in vars(sys.modules[__name__]).items()
    if name.startswith("test_ofbool_")
}


def test_the_laws_of_functor_applicative_and_monad_are_among_them() -> None:
    assert sorted(LAWS) == [
        "test_ofbool_applicativen_composition_law",
        "test_ofbool_applicativen_homomorphism_law",
        "test_ofbool_applicativen_identity_law",
        "test_ofbool_applicativen_interchange_law",
        "test_ofbool_containern_associative_law",
        "test_ofbool_containern_left_identity_law",
        "test_ofbool_containern_right_identity_law",
        "test_ofbool_mappablen_associative_law",
        "test_ofbool_mappablen_identity_law",
    ]


bind, map_, apply = OfBool.bind, OfBool.map, OfBool.apply

type Method = Callable[..., Any]


def twice(container: OfBool[Any]) -> OfBool[Any]:
    return bind(container, lambda _: container)


WRONG: dict[str, tuple[str, Method]] = {
    "a bind that runs the flow twice": ("bind", lambda m, k: bind(twice(m), k)),
    "a bind that forgets the flow": ("bind", lambda m, k: k(False)),
    "a bind that forgets what goes on": ("bind", lambda m, k: m),
    "a bind that runs what goes on twice": ("bind", lambda m, k: bind(m, lambda a: twice(k(a)))),
    "a bind that feeds the wrong value": ("bind", lambda m, k: bind(m, lambda a: k(not a))),
    "a bind that feeds the value as the input": (
        "bind",
        lambda m, k: OfBool(m.flow.bind(lambda a: pure(Constant(bool(a))) >> k(a).flow)),
    ),
    "a bind that hides an error": (
        "bind",
        lambda m, k: bind(OfBool(m.flow.fallback_to(pure(Constant(False)))), k),
    ),
    "a map that maps twice": ("map", lambda m, f: map_(map_(m, f), f)),
    "a map that does not": ("map", lambda m, f: m),
    "an apply that runs the argument twice": ("apply", lambda m, f: apply(twice(m), f)),
    "an apply that forgets the function": ("apply", lambda m, f: m),
}


@pytest.mark.parametrize(("method", "wrong"), WRONG.values(), ids=WRONG)
def test_a_wrong_container_is_caught(
    method: str, wrong: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OfBool, method, wrong)
    assert any(is_broken(law) for law in LAWS.values())


def is_broken(law: Callable[[], None]) -> bool:
    try:
        law()
    except Exception:
        return True
    return False
