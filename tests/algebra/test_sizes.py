"""A flow may be 100,000 levels deep: nothing recurses, and the work is linear in the flow.

Linear is shown by counting the calls made, which is the same in every run, never by a clock.
"""

from __future__ import annotations

import copy
import pickle
import sys
import weakref
from collections.abc import Callable
from functools import partial, reduce
from types import FrameType
from typing import Any

import pytest

from everything_is_an_actor.algebra.laws import normalise
from everything_is_an_actor.algebra.node import Node, children
from everything_is_an_actor.flow import (
    Flow,
    each,
    fold,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    zip_all,
)
from tests.algebra.flows import AnyFlow, Circle, Square, f, g, h


def nested(wrap: Callable[[AnyFlow], AnyFlow]) -> Callable[[int, AnyFlow], AnyFlow]:
    """`wrap` around `wrap` around … `core`, so many times."""
    return lambda times, core: reduce(lambda inside, _: wrap(inside), range(times), core)


SHAPES: dict[str, Callable[[int, AnyFlow], AnyFlow]] = {
    "flat_map to the left": nested(lambda x: x.flat_map(pure(f))),
    "flat_map to the right": nested(lambda x: pure(f).flat_map(x)),
    "map": nested(lambda x: x.map(f)),
    "recover": nested(lambda x: x.recover(f)),
    "recover_with to the left": nested(lambda x: x.recover_with(pure(f))),
    "recover_with to the right": nested(lambda x: pure(f).recover_with(x)),
    "fallback_to to the right": nested(lambda x: pure(f).fallback_to(x)),
    "zip": nested(lambda x: x.zip(pure(f))),
    "each": nested(lambda x: each(pure(f), x)),
    "branch": nested(lambda x: pure(f).branch(on(Square, pure(g)).on(Circle, x))),
    "branch_on": nested(lambda x: pure(f).branch_on(f, pure(g), x)),
    "loop": nested(loop),
    "loop_with_state": nested(lambda x: loop_with_state(x, init_state=[])),
    "named": nested(lambda x: x.named("a")),
    "shared": nested(lambda x: x.zip(x)),
    "wide": lambda times, core: race(core, *(pure(f) for _ in range(times))),
    "wide and shared": lambda times, core: zip_all(*[zip_all(core, *[pure(g)] * times)] * times),
}
BUILT_DEEP = [name for name in SHAPES if "shared" not in name]

# Equal in hash, since lists have none, and yet unequal: `==` has to walk down to find out.
ONE: AnyFlow = loop_with_state(pure(f), init_state=[1])
OTHER: AnyFlow = loop_with_state(pure(f), init_state=[2])


def size(node: Node[int]) -> int:
    return 1 + sum(children(node))


# --------------------------------------------------------------------------------------- depth


@pytest.mark.parametrize(
    ("shape", "depth"),
    [
        ("flat_map to the left", 100_000),
        ("flat_map to the right", 100_000),
        ("map", 100_000),
        ("recover", 10_000),
        ("recover_with to the left", 10_000),
        ("recover_with to the right", 10_000),
    ],
)
def test_the_promised_depths_are_reached(shape: str, depth: int) -> None:
    flow, same = SHAPES[shape](depth, ONE), SHAPES[shape](depth, ONE)
    assert flow == same
    assert hash(flow) == hash(same)
    assert len(repr(flow)) > 5 * depth
    assert normalise(flow) == normalise(same)
    again = pickle.loads(pickle.dumps(flow))
    assert hash(again) == hash(flow)
    outermost = weakref.ref(flow)
    del flow
    assert outermost() is None


@pytest.mark.parametrize("shape", BUILT_DEEP)
def test_a_deep_flow_is_a_value_like_any_other(shape: str) -> None:
    build, depth = SHAPES[shape], 3_000  # a recursion ends at 1,000
    flow, same, other = build(depth, ONE), build(depth, ONE), build(depth, OTHER)

    assert flow == same
    assert hash(flow) == hash(same)
    assert flow != other
    assert flow != build(depth, pure(h))
    assert flow != build(depth - 1, ONE)
    assert fold(size, flow) > depth

    text = repr(flow)
    assert text == repr(same)
    assert text != repr(other)
    assert len(text) > 5 * depth
    assert flow.abridged(20) == text[:20]

    again = pickle.loads(pickle.dumps(flow))
    assert again == flow
    assert hash(again) == hash(flow)


@pytest.mark.parametrize("shape", BUILT_DEEP)
def test_a_deep_flow_is_collected_with_its_last_reference(shape: str) -> None:
    """At once and all of it: there is no cycle in it for the collector to find."""
    core: AnyFlow = pure(f)
    flow = SHAPES[shape](20_000, core)
    outermost, innermost = weakref.ref(flow), weakref.ref(core)
    del flow, core
    assert outermost() is None
    assert innermost() is None


@pytest.mark.parametrize("shape", ["flat_map to the left", "flat_map to the right", "recover"])
def test_a_deep_flow_can_be_copied(shape: str) -> None:
    flow = SHAPES[shape](10_000, pure(f))
    assert copy.copy(flow) == flow
    assert copy.deepcopy(flow) == flow


def test_a_deep_flow_can_be_named_in_an_error() -> None:
    wrong: Any = SHAPES["flat_map to the left"](10_000, pure(f))
    with pytest.raises(TypeError, match=r"\.\.\. \(Flow\): a flow is composed with \.flat_map$"):
        pure(f).map(wrong)


def test_a_flow_too_long_to_print_can_be_named_in_an_error() -> None:
    wrong: Any = SHAPES["shared"](100, pure(f))
    with pytest.raises(TypeError, match=r"\.\.\. \(Flow\): a flow is composed with \.flat_map$"):
        pure(f).map(wrong)
    with pytest.raises(TypeError, match=r"\.\.\. \(list\): spread it"):
        zip_all([wrong, wrong])  # type: ignore[call-overload]  # a list for its flows


# ---------------------------------------------------------------------------------- linear work


def calls(do: Callable[[], object]) -> int:
    """How many calls, of functions in Python and in C, `do` makes."""
    made = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        do()
    finally:
        sys.setprofile(before)
    return made


WORK: dict[str, Callable[[AnyFlow, AnyFlow], object]] = {
    "==": lambda flow, same: flow == same,
    "hash": lambda flow, same: hash(flow),
    "pickle": lambda flow, same: pickle.dumps(flow),
    "unpickle": lambda flow, same: copy.copy(flow),
    "deepcopy": lambda flow, same: copy.deepcopy(flow),
    "fold": lambda flow, same: fold(size, flow),
    "normalise": lambda flow, same: normalise(flow),
    "fold a pair": lambda flow, same: fold(size, flow.zip(same)),
}
PRINTED = [name for name in SHAPES if "shared" not in name]


def work(build: Callable[[int, AnyFlow], AnyFlow], times: int, core: AnyFlow) -> dict[str, int]:
    flow, same = build(times, core), build(times, core)
    counted = {name: calls(partial(do, flow, same)) for name, do in WORK.items()}
    return counted | {"build": calls(lambda: build(times, core))}


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "wide and shared"])
def test_twice_the_flow_is_at_most_twice_the_work(shape: str) -> None:
    once, twice = (work(SHAPES[shape], times, ONE) for times in (100, 200))
    assert {name: n for name, n in twice.items() if n > 2 * once[name]} == {}
    assert once["fold"] > 100


@pytest.mark.parametrize("shape", PRINTED)
def test_twice_the_flow_is_at_most_twice_the_printing(shape: str) -> None:
    once, twice = (SHAPES[shape](times, ONE) for times in (100, 200))
    assert 100 < calls(lambda: repr(twice)) <= 2 * calls(lambda: repr(once))


@pytest.mark.parametrize("shape", BUILT_DEEP)
def test_telling_flows_apart_at_their_innermost_is_linear(shape: str) -> None:
    def compare(times: int) -> int:
        left, right = SHAPES[shape](times, ONE), SHAPES[shape](times, OTHER)
        assert hash(left) == hash(right)
        return calls(lambda: left != right)

    assert 100 < compare(200) <= 2 * compare(100)


@pytest.mark.parametrize("shape", BUILT_DEEP)
def test_flows_of_unequal_hash_are_told_apart_at_once(shape: str) -> None:
    def compare(times: int) -> int:
        left, right = SHAPES[shape](times, pure(f)), SHAPES[shape](times, pure(g))
        return calls(lambda: left != right)

    assert compare(100) == compare(3)


def test_a_wide_part_is_looked_at_once_however_often_it_is_shared() -> None:
    """`n` times a part with `n` children is `2 n` edges, not `n * n`."""
    once, twice = (work(SHAPES["wide and shared"], times, ONE) for times in (100, 200))
    assert {name: n for name, n in twice.items() if n > 2 * once[name]} == {}


def test_a_flow_whose_parts_are_shared_compares_with_one_whose_parts_are_not() -> None:
    part = pure(f)
    shared, apart = race(*[part] * 1000), race(*(pure(f) for _ in range(1000)))
    assert shared == apart
    assert Flow(shared.node) == apart
