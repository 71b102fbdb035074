"""A flow that `check` finds sound raises no routing or type error when it runs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from beartype.door import is_bearable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra import steps
from everything_is_an_actor.algebra.failure import FlowError, NoBranchError
from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    QuorumResult,
    agent,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.interpreters import reference
from everything_is_an_actor.interpreters.check import check
from everything_is_an_actor.interpreters.reference import evaluate

mistakes: list[str] = []
"""What a function was given that is not of its hint, and what could not be routed."""


class Animal: ...


class Dog(Animal): ...


@dataclass(frozen=True)
class Box[T]:
    content: T


class Refusal(Exception):
    """What functions raise that are right to raise it."""


def strict(fn: Any) -> Any:
    """`fn`, which makes known if it is given what it does not take."""
    hints = get_type_hints(fn, localns={each.__name__: each for each in fn.__type_params__})
    (hint,) = (found for name, found in hints.items() if name != "return")

    @functools.wraps(fn)
    def checked(value: Any) -> Any:
        if not fn.__type_params__ and not is_bearable(value, hint):
            mistakes.append(f"{fn.__name__} of {value!r}")
        return fn(value)

    del checked.__wrapped__
    checked.__annotations__ = {"value": hint, "return": hints["return"]}
    return checked


def length(s: str) -> int:
    return len(s)


def inc(n: int) -> int:
    return n + 1


def show(n: int) -> str:
    return str(n)


def is_even(n: int) -> bool:
    return n % 2 == 0


def is_short(s: str) -> bool:
    return len(s) < 3


def words(s: str) -> list[str]:
    return [s, s]


def maybe(s: str) -> str | None:
    return s or None


def either(n: int) -> int | str:
    return n if n % 2 else str(n)


def joined(xs: Sequence[str]) -> str:
    return "".join(xs)


def total(xs: tuple[int, ...]) -> int:
    return sum(xs)


def size(xs: Sequence[object]) -> int:
    return len(xs)


def left(pair: tuple[int, str]) -> int:
    return pair[0]


def swap[A, B](pair: tuple[A, B]) -> tuple[B, A]:
    return pair[1], pair[0]


def first[T](xs: Sequence[T]) -> T:
    if not xs:
        raise Refusal
    return xs[0]


def pack[T](x: T) -> Box[T]:
    return Box(x)


def unpack[T](box: Box[T]) -> T:
    return box.content


def text_or_none(s: str | None) -> str:
    return s or ""


def adopt(s: str) -> Dog:
    return Dog()


def meet(s: str) -> Animal:
    return Animal() if s else Dog()


def stroke(animal: Animal) -> str:
    return "x"


def feed(dog: Dog) -> int:
    return 1


def explain(error: Exception) -> str:
    return type(error).__name__


def refuse(s: str) -> int:
    raise Refusal


def anything(x: object) -> None: ...
def parsed(s: str) -> Result[int, Exception]:
    return Success(3) if s else Failure(Refusal())


def halve(n: int) -> Continue[int] | Done[str]:
    return Continue(n // 2) if n > 1 else Done("x")


def shorten(s: str) -> Continue[str] | Done[int]:
    return Continue(s[1:]) if s else Done(0)


def tally(step: tuple[int, str]) -> tuple[Continue[int] | Done[str], str]:
    n, seen = step
    return (Continue(n // 2) if n > 1 else Done(seen)), seen + "x"


def values[T](quorum: QuorumResult[T]) -> tuple[T, ...]:
    return quorum.succeeded


async def fetch(s: str) -> int:
    raise NotImplementedError


async def write(n: int) -> str:
    raise NotImplementedError


class Echo[T]:
    async def execute(self, input: T) -> T:
        raise NotImplementedError


class Split:
    async def execute(self, input: str) -> tuple[int, str]:
        raise NotImplementedError


FUNCTIONS: list[Any] = [
    *map(strict, (length, inc, show, is_even, is_short, words, maybe, either, joined, total, size)),
    *map(strict, (left, swap, first, pack, unpack, text_or_none, adopt, meet, stroke, feed)),
    *map(strict, (refuse, anything, parsed, halve, shorten, tally, values, explain)),
]  # fmt: skip
PREDICATES = [strict(is_even), strict(is_short), strict(feed)]


def scripted(fn: Callable[[Any], Any], hint: Any) -> Callable[[Any], Any]:
    def answer(value: Any) -> Any:
        if not is_bearable(value, hint):
            mistakes.append(f"an agent for {hint} is given {value!r}")
        return fn(value)

    return answer


AGENTS: dict[Any, Callable[[Any], Any]] = {
    fetch: scripted(lambda s: len(s), str),
    write: scripted(lambda n: str(n), int),
    Echo: scripted(lambda x: x, object),
    Split: scripted(lambda s: (len(s), s), str),
}
ATOMS: list[Flow[Any, Any]] = [
    *map(pure, FUNCTIONS),
    *map(agent, AGENTS),
    identity(),
    loop(pure(FUNCTIONS[23])),
]
VALUES: dict[Any, list[Any]] = {
    int: [0, 1, 2, 5],
    bool: [True, False],
    str: ["", "a", "abcd"],
    object: [3, "x", None],
    type(None): [None],
    None: [None],
    Animal: [Animal(), Dog()],
    Dog: [Dog()],
    Exception: [Refusal()],
}
CASES = [int, str, bool, Animal, Dog, type(None), list, tuple, object]


def values_of(hint: Any) -> list[Any] | None:
    """A few values of a hint of this world; `None` of another one."""
    if hint in VALUES:
        return VALUES[hint]
    origin, inner = get_origin(hint), [values_of(arg) for arg in get_args(hint) if arg is not ...]
    if any(found is None for found in inner):
        return None
    parts = [found for found in inner if found]
    if origin is tuple and ... not in get_args(hint):
        return [tuple(found[0] for found in parts), tuple(found[-1] for found in parts)]
    if origin is tuple:
        return [(), tuple(parts[0])]
    if origin in (list, Sequence):
        return [[], parts[0]]
    if origin is Box:
        return [Box(found) for found in parts[0]]
    if origin is Union or isinstance(hint, type(int | str)):
        return [found for part in parts for found in part]
    return None


@st.composite
def flows(draw: st.DrawFn, depth: int = 2) -> Flow[Any, Any]:
    """Flows of which many are sound: of each step, what fits is more likely than what does not."""
    flow: Flow[Any, Any] = draw(st.sampled_from(ATOMS))
    for _ in range(draw(st.integers(0, 4)) if depth else 0):
        candidates = [draw(extended(flow, depth)) for _ in range(3)]
        wrong = draw(st.integers(0, 9)) == 0
        fitting = (each for each in candidates if wrong or is_sound(each))
        flow = next(fitting, candidates[0])
    return flow


def is_sound(flow: Flow[Any, Any]) -> bool:
    report = check(flow)
    return report.ok and not report.unchecked


@st.composite
def extended(draw: st.DrawFn, flow: Flow[Any, Any], depth: int) -> Flow[Any, Any]:
    fn = draw(st.sampled_from(FUNCTIONS))
    predicate: Any = draw(st.sampled_from(PREDICATES))
    deep = draw(st.integers(0, 3)) == 0
    other = draw(flows(depth - 1)) if deep else draw(st.sampled_from(ATOMS))
    third = draw(st.sampled_from(ATOMS))
    types = draw(st.lists(st.sampled_from(CASES), min_size=1, max_size=3, unique=True))
    cases: Any = on(types[0], draw(st.sampled_from(ATOMS)))
    for case in types[1:]:
        cases = cases.on(case, draw(st.sampled_from(ATOMS)))
    build: list[Callable[[], Flow[Any, Any]]] = [
        lambda: flow.map(fn),
        lambda: flow >> other,
        lambda: flow.branch(cases),
        lambda: flow >> other.branch(cases),
        lambda: flow.zip(other),
        lambda: zip_all(flow, other, third),
        lambda: flow >> each(other, third),
        lambda: flow >> traverse(other),
        lambda: traverse(flow),
        lambda: race(flow, other),
        lambda: first_completed(flow, other),
        lambda: at_least(1, flow, other),
        lambda: flow.branch_on(predicate, other, third),
        lambda: flow.recover(strict(explain)),
        lambda: flow.recover_with(other),
        lambda: flow.fallback_to(other),
        lambda: flow.attempt(),
        lambda: flow.absolve(),
        lambda: flow.retry(1),
        lambda: flow.timeout(3).named("x"),
        lambda: flow.filter(predicate),
        lambda: flow.guard(other),
        lambda: flow.and_then(strict(anything)),
        lambda: flow.tap(other),
        lambda: flow.notify(other),
        lambda: flow.divert_to(other, predicate),
        lambda: loop(flow, max_iter=4),
        lambda: flow >> loop(other, max_iter=4),
        lambda: loop_with_state(flow, init_state="", max_iter=4),
    ]
    make: Callable[[], Flow[Any, Any]] = draw(st.sampled_from(build))
    return make()


@pytest.fixture(scope="module", autouse=True)
def watched() -> Any:
    """What routes in the reference semantics makes its errors known, also if they are handled."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("elements", "sequence", "chosen_case", "absolved", "loop_step"):
            patch.setattr(reference, name, watching(getattr(reference, name)))
        patch.setattr(reference, "stateful_step", watching(steps.stateful_step))
        yield


def watching(route: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(route)
    def watched(*args: Any) -> Any:
        try:
            return route(*args)
        except (TypeError, ValueError, NoBranchError) as error:
            mistakes.append(repr(error))
            raise

    return watched


seen = {"sound": 0, "wrong": 0}


@given(flows())
@settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_flow_that_is_found_sound_raises_no_routing_or_type_error(flow: Flow[Any, Any]) -> None:
    report = check(flow)
    if not report.ok or report.unchecked:
        seen["wrong"] += 1
        return
    seen["sound"] += 1
    output: Any = report.output
    for value in values_of(report.input) or ():
        mistakes.clear()
        result = evaluate(flow, value, AGENTS).result
        assert mistakes == []
        if isinstance(result, Success):
            assert is_bearable(result.unwrap(), output)
        else:
            assert isinstance(result.failure(), Refusal | FlowError | ExceptionGroup)


def test_the_flows_of_the_law_are_sound_and_wrong() -> None:
    assert seen["sound"] > 20
    assert seen["wrong"] > 20
