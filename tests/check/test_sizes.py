"""Flows of any depth are checked in linear time, and what is shared is looked at once."""

import time
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import pytest

from everything_is_an_actor.flow import Flow, agent, identity, pure, zip_all
from everything_is_an_actor.interpreters.check import check

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


def test_prefixes_of_one_chain_are_looked_at_once() -> None:
    prefixes: list[Flow[Any, Any]] = [pure(inc)]
    for _ in range(5_000):
        prefixes.append(prefixes[-1].map(inc))
    begin = time.process_time()
    assert check(zip_all(*prefixes)).ok
    assert time.process_time() - begin < 5


def test_the_time_is_linear() -> None:
    def seconds(size: int) -> float:
        flow: Flow[Any, Any] = pure(inc)
        for _ in range(size):
            flow = (flow >> agent(fetch)).map(inc)
        begin = time.process_time()
        check(flow)
        return time.process_time() - begin

    seconds(100)
    assert seconds(50_000) < 30 * max(seconds(5_000), 0.01)


def test_handlers_of_a_type_each_are_checked_in_linear_time() -> None:
    flow: Flow[Any, Any] = pure(inc)
    for _ in range(5_000):
        flow = flow.recover(giving(type("Kind", (), {})))
    begin = time.process_time()
    report = check(flow)
    assert (report.ok, report.output) == (True, Any)
    assert time.process_time() - begin < 3


def test_a_union_of_classes_goes_into_a_union_of_classes() -> None:
    kinds = [type(f"Kind{n}", (), {}) for n in range(400)]
    narrow: Any = reduce(or_, kinds)
    wide = narrow | int

    def wider(x: Any) -> int:
        return 1

    wider.__annotations__ = {"x": wide, "return": int}
    begin = time.process_time()
    assert str(check(pure(wider), narrow)).startswith("sound: Kind0 | Kind1 | ")
    assert time.process_time() - begin < 0.5


def giving(kind: type[Any]) -> Callable[[Exception], Any]:
    def handle(error: Exception) -> Any:
        return kind()

    handle.__annotations__ = {"error": Exception, "return": kind}
    return handle
