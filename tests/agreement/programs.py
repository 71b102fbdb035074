"""Flows of all kinds, whose agents do what scripts say."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from returns.result import Result

from everything_is_an_actor.flow import (
    Backoff,
    Continue,
    Done,
    Flow,
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
from everything_is_an_actor.interpreters.reference import Answer
from tests.agreement.worlds import Scripts

ERRORS = [ValueError, KeyError, MemoryError]

numbers = st.integers(0, 10**6)


def double(x: int) -> int:
    return 2 * x


def is_even(x: int) -> bool:
    return x % 2 == 0


def total(xs: tuple[int, ...]) -> int:
    return sum(xs)


def size(error: Exception) -> int:
    return len(error.args)


def strict(x: int) -> int:
    if x % 3 == 0:
        raise ArithmeticError(x)
    return x


def of_quorum(result: Any) -> int:
    return int(sum(result.succeeded)) + 100 * len(result.failed)


def of_result(result: Result[int, Exception]) -> int:
    value: int = result.value_or(-1)
    return value


def countdown(x: int) -> Continue[int] | Done[int]:
    return Continue(x - 5) if x > 0 else Done(x)


def stateful(step: tuple[int, int]) -> tuple[Continue[int] | Done[int], int]:
    x, seen = step
    return (Continue(x - 3) if x > 0 else Done(seen)), seen + 1


def nothing(x: int) -> None:
    return None


def dup(x: int) -> tuple[int, int]:
    return (x, x + 1)


def listed(x: int) -> list[int]:
    return list(range(x % 4))


@st.composite
def leaves(draw: st.DrawFn, scripts: Scripts) -> Flow[int, int]:
    """An agent that takes a time of its own for each input, so that nothing ends in a tie."""
    name = f"a{len(scripts.by_agent)}"
    kind = draw(st.sampled_from(["value", "value", "value", "error", "odd", "hang"]))
    if kind == "hang":
        return scripts.hangs(name, timeout=scripts.seconds(draw(numbers)))
    after, step = scripts.seconds(draw(numbers)), scripts.seconds(0)
    n = draw(st.integers(-3, 3))
    failure = draw(st.sampled_from(ERRORS))

    def script(x: int) -> Answer:
        fails = kind == "error" or (kind == "odd" and x % 2 == 1)
        return Answer(failure(x) if fails else x + n, after + (x % 7) * step)

    return scripts.leaf(name, script)


def flows(scripts: Scripts) -> st.SearchStrategy[Flow[int, int]]:
    seconds = st.builds(scripts.seconds, numbers)
    return st.recursive(
        leaves(scripts),
        lambda f: st.one_of(*[st.builds(build, f, f, f, seconds) for build in COMBINATORS]),
        max_leaves=12,
    )


type F = Flow[int, int]

COMBINATORS: list[Callable[[F, F, F, float], F]] = [
    lambda f, g, h, s: f.map(double),
    lambda f, g, h, s: f.map(strict),
    lambda f, g, h, s: f.flat_map(identity()),
    lambda f, g, h, s: f.flat_map(pure(strict)).flat_map(g),
    lambda f, g, h, s: f.flat_map(g).flat_map(h),
    lambda f, g, h, s: f.flat_map(g.flat_map(h)),
    lambda f, g, h, s: f.bind(lambda v: g if v % 2 else h),
    lambda f, g, h, s: f.zip(g).map(total),
    lambda f, g, h, s: zip_all(f, g, h).map(total),
    lambda f, g, h, s: pure(dup).flat_map(each(f, g)).map(total),
    lambda f, g, h, s: race(f, g, h),
    lambda f, g, h, s: first_completed(f, g, h),
    lambda f, g, h, s: at_least(2, f, g, h).map(of_quorum),
    lambda f, g, h, s: at_least(1, f, g, h, stop_early=True).map(of_quorum),
    lambda f, g, h, s: at_least(2, f, g, h, stop_early=True).map(of_quorum),
    lambda f, g, h, s: pure(listed).flat_map(traverse(f)).map(total),
    lambda f, g, h, s: pure(listed).flat_map(traverse(f, max_concurrency=2)).map(total),
    lambda f, g, h, s: f.branch(on(bool, g).on(int, h)),
    lambda f, g, h, s: f.branch({str: g}),
    lambda f, g, h, s: f.branch_on(is_even, g, h),
    lambda f, g, h, s: f.recover(size),
    lambda f, g, h, s: f.recover_with(pure(size).flat_map(g)),
    lambda f, g, h, s: f.fallback_to(g),
    lambda f, g, h, s: f.attempt().map(of_result),
    lambda f, g, h, s: f.attempt().absolve(),
    lambda f, g, h, s: f.retry(2, backoff=Backoff(s / 7, maximum=1e6)),
    lambda f, g, h, s: f.retry(1, on=ValueError),
    lambda f, g, h, s: f.timeout(s),
    lambda f, g, h, s: f.filter(is_even),
    lambda f, g, h, s: f.guard(g.map(is_even)),
    lambda f, g, h, s: f.and_then(nothing),
    lambda f, g, h, s: f.tap(g),
    lambda f, g, h, s: f.notify(g),
    lambda f, g, h, s: f.divert_to(g, is_even),
    lambda f, g, h, s: loop(f.map(countdown), max_iter=4),
    lambda f, g, h, s: loop_with_state(pure(stateful), init_state=0, max_iter=3).flat_map(f),
    lambda f, g, h, s: f.named("part"),
]
