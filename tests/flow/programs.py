"""Random well-typed programs over ints, of every kind of node, for agents that obey scripts.

No two instants in a run coincide, unless they are one: everything that takes time (an agent, a
timeout, a wait before a retry) has a unit of its own, a power of 8, and takes a few times that. So
a sum of times says which they were. The units lie between a tenth of a microsecond and a week; sums
of them are exact. What competes begins with an agent: that which takes no time at all ends in a
tie, in which it matters to actors how many turns of the loop it took.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra import node
from everything_is_an_actor.flow import (
    Backoff,
    Cases,
    Continue,
    Done,
    Flow,
    QuorumResult,
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
from tests.flow.worlds import ENOUGH, HANGS, AnyFlow, Does, leaf, talker

UNITS = [8.0**k / 2**23 for k in range(15)]  # seconds
RECOVERABLE: list[type[Exception]] = [ValueError, KeyError, OSError]
FATAL: list[type[BaseException]] = [
    MemoryError,
    asyncio.CancelledError,
    KeyboardInterrupt,
    SystemExit,
]


# ------------------------------------------------------------------------- functions over ints


def double(x: int) -> int:
    return 2 * x


def strict(x: int) -> int:
    if x % 5 == 0:
        raise ArithmeticError(x)
    return x


def is_even(x: int) -> bool:
    return x % 2 == 0


def check(x: int) -> None:
    strict(x)


def total(xs: tuple[int, ...]) -> int:
    """Depends on the order."""
    return sum(i * x for i, x in enumerate(xs, 1)) % 1000


def copies(n: int) -> Callable[[int], tuple[int, ...]]:
    def copy(x: int) -> tuple[int, ...]:
        return tuple(x + i for i in range(n))

    return copy


def listed(x: int) -> list[int]:
    return [x + i for i in range(x % 5)]


def of_quorum(result: QuorumResult[int]) -> int:
    return total(result.succeeded) + sum(
        i * size(error) for i, error in enumerate(result.failed, 1)
    )


def size(error: Exception) -> int:
    return len(type(error).__name__) + len(error.args)


def of_result(result: Result[int, Exception]) -> int:
    return size(result.failure()) if isinstance(result, Failure) else result.unwrap()


def judged(x: int) -> Result[int, Exception]:
    return Failure(LookupError(x)) if x % 3 == 0 else Success(x)


def step(x: int) -> Continue[int] | Done[int]:
    return Done(x) if x % 3 == 0 else Continue(x + 1)


def with_state(x: int) -> tuple[Continue[int] | Done[int], int]:
    return step(x), x


def of_pair(pair: tuple[int, int]) -> int:
    return sum(pair)


def unruly(x: int) -> Any:
    """What a body must not yield, now and then."""
    return x if x % 7 == 0 else step(x)


# ------------------------------------------------------------------------------------ programs


class _Growth:
    """One program as it grows: what is drawn, and the units that are left."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.units = draw(st.permutations(UNITS))
        self.names = count()
        self.left = 10  # nodes that may still branch
        self.traverses = False

    def pick[T](self, *choices: T) -> T:
        return self.draw(st.sampled_from(choices))

    def unit(self) -> float:
        assume(self.units)
        return self.units.pop()

    # ---------------------------------------------------------------------------- agents

    def agent(self) -> AnyFlow:
        name = f"a{next(self.names)}"
        kind = self.pick("value", "value", "value", "error", "odd", "fatal", "hang", "chunks")
        unit = self.unit()
        n = self.draw(st.integers(-2, 3))
        error = self.pick(*(FATAL if kind == "fatal" else RECOVERABLE))

        def script(x: int) -> Does:
            after = unit * (1 + x % 4)
            fails = {"error": True, "odd": x % 2 == 1, "fatal": x % 3 == 1}.get(kind, False)
            return Does(error(x), after) if fails else Does(x + n, after)

        match kind:
            case "hang" if self.pick(True, False):
                return leaf(name, lambda _: HANGS, timeout=unit)
            case "hang":
                return leaf(name, lambda _: HANGS).timeout(unit)
            case "chunks":
                return talker(name, lambda x: Does([x, x + 1], unit * (1 + x % 4))).map(sum)
            case _:
                limit = self.unit() if self.pick(False, False, False, True) else None
                return leaf(name, script, timeout=limit)

    # ----------------------------------------------------------------------------- nodes

    def flow(self, depth: int) -> AnyFlow:
        if depth <= 0 or self.left <= 0:
            return self.pick(self.agent, self.agent, self.agent, self.function)()
        self.left -= 1
        return self.pick(*NODES)(self, depth - 1)

    def function(self) -> AnyFlow:
        return self.pick(pure(double), pure(strict), identity())

    def some(self, depth: int) -> list[AnyFlow]:
        return [self.agent() >> self.flow(depth - 1) for _ in range(self.pick(2, 3))]

    def limited(self, depth: int) -> AnyFlow:
        return self.flow(depth).timeout(2 * self.unit())

    def retried(self, depth: int) -> AnyFlow:
        unit = self.unit() if self.pick(True, False) else 0.0
        backoff = Backoff(unit, factor=self.pick(1.0, 2.0), maximum=ENOUGH)
        types = self.pick((Exception,), (ValueError,), (KeyError, OSError))
        return self.flow(depth).retry(self.pick(0, 1, 2), backoff=backoff, on=types)

    def quorum(self, depth: int) -> AnyFlow:
        flows = self.some(depth)
        n = self.pick(*range(1, len(flows) + 1))
        return at_least(n, *flows, stop_early=self.pick(False, True)).map(of_quorum)

    def cases(self, depth: int) -> AnyFlow:
        cases: Cases[Any, Any] = on(bool, self.flow(depth))
        if self.pick(True, True, False):
            cases = cases.on(int, self.flow(depth))
        source: AnyFlow = pure(is_even) if self.pick(True, False) else identity()
        return source.branch(cases)

    def traversed(self, depth: int) -> AnyFlow:
        assume(not self.traverses)  # in one another, they would do the same at the same instant
        self.traverses = True
        body = self.agent() >> self.flow(depth - 1)
        self.traverses = False
        bound = self.pick(None, None, 1, 2)
        return pure(listed) >> traverse(body, max_concurrency=bound).map(total)

    def bound(self, depth: int) -> AnyFlow:
        source, odd, even = self.flow(depth), self.flow(depth), self.flow(depth)
        return source.bind(lambda x: even if x % 2 == 0 else odd)


type _Make = Callable[[_Growth, int], AnyFlow]

MAKE: dict[type[Any], list[_Make]] = {
    node.Leaf: [lambda g, d: g.agent()],
    node.Pure: [lambda g, d: g.function()],
    node.Identity: [lambda g, d: identity()],
    node.Map: [lambda g, d: g.flow(d).map(g.pick(double, strict))],
    node.FlatMap: [
        lambda g, d: g.flow(d) >> g.flow(d) >> g.flow(d),
        lambda g, d: g.flow(d) >> (g.flow(d) >> g.flow(d)),
    ],
    node.Bind: [_Growth.bound],
    node.ZipAll: [lambda g, d: zip_all(*g.some(d)).map(total)],
    node.Each: [lambda g, d: _each(g.some(d)).map(total)],
    node.Race: [lambda g, d: race(*g.some(d))],
    node.FirstCompleted: [lambda g, d: first_completed(*g.some(d))],
    node.AtLeast: [_Growth.quorum, _Growth.quorum],
    node.Traverse: [_Growth.traversed, _Growth.traversed],
    node.Match: [_Growth.cases],
    node.BranchOn: [lambda g, d: g.flow(d).branch_on(is_even, g.flow(d), g.flow(d))],
    node.Recover: [lambda g, d: g.flow(d).recover(size)],
    node.RecoverWith: [lambda g, d: g.flow(d).recover_with(pure(size) >> g.flow(d))],
    node.FallbackTo: [lambda g, d: g.flow(d) | g.flow(d)],
    node.Attempt: [lambda g, d: g.flow(d).attempt().map(of_result)],
    node.Absolve: [
        lambda g, d: g.flow(d).attempt().absolve(),
        lambda g, d: g.flow(d).map(judged).absolve(),
    ],
    node.Retry: [_Growth.retried],
    node.Timeout: [_Growth.limited, _Growth.limited],
    node.Filter: [lambda g, d: g.flow(d).filter(is_even)],
    node.Guard: [lambda g, d: g.flow(d).guard(g.flow(d).map(is_even))],
    node.AndThen: [lambda g, d: g.flow(d).and_then(check)],
    node.Tap: [lambda g, d: g.flow(d).tap(g.flow(d))],
    node.Notify: [lambda g, d: g.flow(d).notify(g.flow(d))],
    node.DivertTo: [lambda g, d: g.flow(d).divert_to(g.flow(d), is_even)],
    node.Loop: [
        lambda g, d: loop(g.flow(d).map(step), max_iter=3),
        lambda g, d: loop(g.flow(d).map(unruly), max_iter=2),
    ],
    node.LoopWithState: [
        lambda g, d: loop_with_state(
            pure(of_pair) >> g.flow(d).map(with_state), init_state=1, max_iter=3
        ),
        lambda g, d: loop_with_state(
            pure(of_pair) >> g.flow(d).map(with_state), init_state=int, max_iter=2
        ),
    ],
    node.Named: [lambda g, d: g.flow(d).named("part")],
}

NODES: list[_Make] = [make for kind, ways in MAKE.items() if kind is not node.Leaf for make in ways]


def _each(flows: list[AnyFlow]) -> AnyFlow:
    return pure(copies(len(flows))) >> each(*flows)


@st.composite
def programs(draw: st.DrawFn) -> Flow[int, int]:
    """A flow that ends on every int, and its side flows with it."""
    growth = _Growth(draw)
    return growth.flow(draw(st.integers(1, 4)))
