"""Flows of any depth are checked in linear time, and what is shared is looked at once."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import pytest

from everything_is_an_actor.flow import Flow, agent, identity, pure, zip_all
from everything_is_an_actor.interpreters.check import check
from tests.algebra.test_sizes import calls

DEEPEST = ("maps", "to the left", "to the right")


def inc(n: int) -> int:
    return n + 1


def same[T](x: T) -> T:
    return x


def explain(error: Exception) -> int:
    return 0


upper: Any = str.upper  # which takes no int


async def fetch(n: int) -> int:
    return n


DEEP: dict[str, Callable[[Flow[Any, Any]], Flow[Any, Any]]] = {
    "maps": lambda flow: flow.map(inc),
    "generic maps": lambda flow: flow.map(same),
    "to the left": lambda flow: flow >> pure(inc),
    "agents to the left": lambda flow: flow >> agent(fetch),
    "to the right": lambda flow: pure(inc) >> flow,
    "identities": lambda flow: identity() >> flow,
    "zips to the left": lambda flow: flow.zip(pure(inc)),
    "zips to the right": lambda flow: pure(inc).zip(flow),
    "races": lambda flow: flow.race(pure(inc)),
    "names": lambda flow: flow.named("x"),
    "filters": lambda flow: flow.filter(bool),
    "guards": lambda flow: flow.guard(pure(bool)),
}


@pytest.mark.parametrize("shape", DEEP)
def test_flows_of_any_depth_are_checked(shape: str) -> None:
    flow: Flow[Any, Any] = pure(inc)
    for _ in range(100_000 if shape in DEEPEST else 20_000):
        flow = DEEP[shape](flow)
    report = check(flow)
    assert (report.findings, report.unchecked, report.input) == ((), (), int)


def test_ten_thousand_handlers_within_one_another_are_checked() -> None:
    flow: Flow[Any, Any] = pure(inc)
    for _ in range(10_000):
        flow = flow.recover(explain)
    assert str(check(flow)) == "sound: int → int"


def test_a_long_chain_of_mistakes_is_a_list_of_findings() -> None:
    flow: Flow[Any, Any] = pure(inc)
    for _ in range(1_000):
        flow = flow.map(upper).map(inc)
    report = check(flow)
    assert len(report.findings) == 2_000
    assert report.findings[-1].path == "steps[2000]"


def test_a_part_that_is_shared_is_looked_at_once() -> None:
    flow: Flow[Any, Any] = pure(inc)
    for _ in range(60):
        flow = flow.zip(flow)
    report = check(flow.map(str))
    assert (report.ok, report.unchecked, report.output) == (True, (), str)
    assert len(str(check(flow))) < 1_000
    assert check(flow).output is Any


def prefixes(size: int) -> Flow[Any, Any]:
    flows: list[Flow[Any, Any]] = [pure(inc)]
    for _ in range(size):
        flows.append(flows[-1].map(inc))
    return zip_all(*flows)


def pairs(size: int) -> Flow[Any, Any]:
    flow: Flow[Any, Any] = pure(inc)
    for _ in range(size):
        flow = (flow >> agent(fetch)).map(inc)
    return flow


def handlers(size: int) -> Flow[Any, Any]:
    flow: Flow[Any, Any] = pure(inc)
    for _ in range(size):
        flow = flow.recover(giving(type("Kind", (), {})))
    return flow


@pytest.mark.parametrize("build", [prefixes, pairs, handlers])
def test_twice_the_flow_is_at_most_twice_the_work(build: Callable[[int], Flow[Any, Any]]) -> None:
    """By the calls made, which are the same in every run, never by a clock."""
    small, large = build(1_000), build(2_000)
    check(build(10))  # what is made once, for the first flow
    assert calls(lambda: check(large)) <= 2.1 * calls(lambda: check(small))


@pytest.mark.parametrize("build", [prefixes, handlers])
def test_what_is_shared_or_differs_is_sound_at_any_size(
    build: Callable[[int], Flow[Any, Any]],
) -> None:
    assert check(build(5_000)).ok


def test_a_union_of_classes_goes_into_a_union_of_classes() -> None:
    def work(size: int) -> int:
        kinds = [type(f"Kind{n}", (), {}) for n in range(size)]
        narrow: Any = reduce(or_, kinds)
        wide = narrow | int

        def wider(x: Any) -> int:
            return 1

        wider.__annotations__ = {"x": wide, "return": int}
        assert str(check(pure(wider), narrow)).startswith("sound: Kind0 | Kind1 | ")
        return calls(lambda: check(pure(wider), narrow))

    assert work(400) <= 2.1 * work(200)


def giving(kind: type[Any]) -> Callable[[Exception], Any]:
    def handle(error: Exception) -> Any:
        return kind()

    handle.__annotations__ = {"error": Exception, "return": kind}
    return handle
