"""Hypothesis strategies for values, functions and well-typed flows over the finite universe.

A flow is grown from its types: every node kind may be the outermost one, and its parts are grown in
the same way, smaller. Agents are scripted: they yield, fail in a way that handlers see or in one
that they do not, take their time, speak in chunks, or never end.

No two agents take the same time, and hardly two sums of their times are equal: what happens at one
instant in two branches is a tie, and no law is about the order of two branches.
"""

import math
import types
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count, islice
from typing import Any, get_args, get_origin

from hypothesis import strategies as st

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.build import (
    agent,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.algebra.flow import Flow, on
from everything_is_an_actor.algebra.laws.law import Need
from everything_is_an_actor.algebra.values import Continue, Done
from everything_is_an_actor.testing.scripted import Does, Scripted, Table, Talking
from everything_is_an_actor.testing.tables import Folded, Handler, Tallied
from everything_is_an_actor.testing.universe import (
    TYPES,
    Oops,
    list_of,
    product_of,
    step_of,
    tuple_of,
    values_of,
)

type AnyFlow = Flow[Any, Any]

SIZE = 6
"""How many nodes a generated flow has, about, before its parts are agents and functions only."""

RECOVERABLE = (Oops("x"), Oops("y"), KeyError("z"))
FATAL = MemoryError("fatal")


# ------------------------------------------------------------------------------- values, functions


def values(hint: Any) -> st.SearchStrategy[Any]:
    """The values of a type, the simplest first. The type may be any: hence the `Any`.

    >>> from hypothesis import find
    >>> find(values(tuple[bool, str]), lambda value: value[1] > "a")
    (False, 'b')
    """
    return st.sampled_from(values_of(hint))


def functions(I: Any, O: Any, *, total: bool = True) -> st.SearchStrategy[Table]:
    """Functions by their graph: tables that print and shrink. If not `total`, they may fail.

    >>> from hypothesis import find
    >>> find(functions(bool, str), lambda f: f(True) == "b")
    table({False: 'a', True: 'b'})
    """
    keys = values_of(I)
    results = st.sampled_from(values_of(O))
    if not total:
        results = st.one_of(results, results, results, st.sampled_from((*RECOVERABLE, FATAL)))
    rows = st.tuples(*(results for _ in keys))
    return rows.map(lambda row: Table(tuple(zip(keys, map(Does, row), strict=True))))


# ------------------------------------------------------------------------------------------- flows


def flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]:
    """Flows from `I` to `O` of all kinds. What they are built of may fail, or never end.

    >>> from hypothesis import find
    >>> find(flows(bool, bool), lambda flow: True)
    identity()
    """
    return _grown(I, O, None, size)


def total_flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]:
    """Flows from `I` to `O` that always yield a value: `Total[I, O]`.

    >>> from hypothesis import find
    >>> find(total_flows(bool, str), lambda flow: True)
    pure(table({False: 'a', True: 'a'}))
    """
    return _grown(I, O, Need.TOTAL, size)


def fallible_flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]:
    """Flows from `I` to `O` that end, by a value or a recoverable error: `Fallible[I, O]`."""
    return _grown(I, O, Need.FALLIBLE, size)


def endless_flows(I: Any, O: Any) -> st.SearchStrategy[AnyFlow]:
    """Flows from `I` to `O` that never end: `Never[I, O]`."""
    return _grown(I, O, Need.NEVER, 1)


def settling_flows(I: Any, step: Any) -> st.SearchStrategy[AnyFlow]:
    """Bodies of loops that end: `Settling[I, O]`, where `step` is `Continue[I] | Done[O]`."""
    return _grown(I, step, Need.SETTLING, 2)


@st.composite
def _grown(draw: st.DrawFn, I: Any, O: Any, need: Need | None, size: int) -> AnyFlow:
    if need is Need.SETTLING:
        return _Growth(draw, draw(_names), None).settles(I, O, draw(st.integers(0, size)))
    growth = _Growth(draw, draw(_names), need)
    if need is Need.NEVER:
        return growth.hangs(I)
    return growth.flow(I, O, draw(st.integers(0, size)))


class _Growth:
    """One flow as it is grown: what it draws from, and what its parts have to be like."""

    def __init__(self, draw: st.DrawFn, names: "_Names", need: Need | None) -> None:
        self.draw = draw
        self.names = names
        self.need = need
        self._beside = False  # whether it is a part of something concurrent

    def flow(self, I: Any, O: Any, size: int) -> AnyFlow:
        """A flow of about so many nodes."""
        if I is Exception:
            X = self.type()
            return pure(Handler(self.value(X), self.value(X))).flat_map(self.flow(X, O, size - 1))
        if size <= 0:
            return self.smallest(I, O)
        kind = self.draw(st.sampled_from(_TOTAL if self.need is Need.TOTAL else _KINDS))
        return kind(self, I, O, (size - 1) // 2)

    def child(self, I: Any, O: Any, size: int) -> AnyFlow:
        """A part that runs beside others: it takes a time of its own, so that there is no tie."""
        outside, self._beside = self._beside, True
        flow = self.flow(I, O, size)
        self._beside = outside
        return flow

    def smallest(self, I: Any, O: Any) -> AnyFlow:
        """An agent or, where it may take no time, a function."""
        match self.draw(st.integers(0, 7)):
            case 0 if I == O and not self._beside:
                return identity()
            case 0 | 1 if not self._beside:
                return pure(self.function(I, O))
            case 2 if get_origin(O) is list:
                return agent(Talking(self.names.name(), self.rows(I, O)), timeout=None)
            case 3 if self.need is None:
                return agent(Scripted(self.names.name(), self.rows(I, O)), timeout=self.seconds())
            case 4:
                X = self.type()
                chunks = Talking(self.names.name(), self.rows(I, list_of(X)))
                return agent(chunks, timeout=None).map(self.table(list_of(X), O))
            case _:
                return agent(Scripted(self.names.name(), self.rows(I, O)), timeout=None)

    def hangs(self, I: Any) -> AnyFlow:
        """An agent that never ends."""
        rows = tuple((key, Does(None, math.inf)) for key in values_of(I))
        return agent(Scripted(self.names.name(), rows), timeout=None)

    def settles(self, I: Any, step: Any, size: int) -> AnyFlow:
        """A body that goes on to later inputs only: by itself, or as any flow has chosen it."""
        if size > 0:
            rows = ((key, Does(self.settles(I, step, 0))) for key in values_of(bool))
            return self.flow(I, bool, size).bind(Table(tuple(rows)))
        inputs = values_of(I)
        onward = [(key, _onward(step, inputs[i:])) for i, key in enumerate(inputs, 1)]
        if self.draw(st.booleans()):
            drawn = ((key, Does(self.draw(st.sampled_from(steps)))) for key, steps in onward)
            return pure(Table(tuple(drawn)))
        acting = tuple((key, self.does(steps)) for key, steps in onward)
        return agent(Scripted(self.names.name(), acting), timeout=None)

    def rows(self, I: Any, O: Any) -> tuple[tuple[Any, Does], ...]:
        return tuple((key, self.does(values_of(O))) for key in values_of(I))

    def does(self, possible: tuple[Any, ...]) -> Does:
        outcome = self.draw(st.integers(0, 15))
        value = self.draw(st.sampled_from(possible))
        if outcome > 11 and self.need is not Need.TOTAL:
            value = self.draw(st.sampled_from(RECOVERABLE))
        if outcome == 15 and self.need is None:
            return self.draw(st.sampled_from((Does(None, math.inf), Does(FATAL, self.seconds()))))
        return Does(value, self.seconds())

    def seconds(self) -> float:
        return self.draw(st.integers(0, 2)) + self.names.fraction()

    def type(self) -> Any:
        return self.draw(st.sampled_from(TYPES))

    def value(self, hint: Any) -> Any:
        return self.draw(values(hint))

    def table(self, I: Any, O: Any) -> Table:
        """A total function."""
        return self.draw(functions(I, O))

    def function(self, I: Any, O: Any) -> Table:
        """A function that may fail, if the flow may."""
        return self.draw(functions(I, O, total=self.need is not None))


def _onward(step: Any, later: tuple[Any, ...]) -> tuple[Any, ...]:
    """The steps that leave the loop, or go on to one of the `later` inputs."""
    return tuple(value for value in values_of(step) if _goes_on_to(value, later))


def _goes_on_to(step: Any, later: tuple[Any, ...]) -> bool:
    match step:
        case Continue(value):
            return value in later
        case Done(inner):
            return _goes_on_to(inner, later)
        case _:
            return True


class _Names:
    """What tells the agents of one test apart: a name, and fractions of a second."""

    def __init__(self) -> None:
        self._numbers = count()

    def name(self) -> str:
        return f"a{next(self._numbers)}"

    def fraction(self) -> float:
        return _fraction(next(self._numbers))

    def __repr__(self) -> str:
        return "Names()"


# One for all the flows of a test case: two parameters of a law share no agent.
_names: st.SearchStrategy[_Names] = st.shared(st.builds(_Names), key="everything_is_an_actor.names")


@cache
def _fraction(index: int) -> float:
    """Square roots of primes are linearly independent over the rationals; floats add them exactly
    if they have few bits."""
    return (math.isqrt(_primes(index) << 40) % (1 << 20) + 1) / (1 << 20)


@cache
def _primes(index: int) -> int:
    return next(islice(_all_primes(), index, None))


def _all_primes() -> Iterator[int]:
    return (n for n in count(2) if all(n % d for d in range(2, math.isqrt(n) + 1)))


# ------------------------------------------------------------------------- the kinds, one by one

type Kind = Callable[[_Growth, Any, Any, int], AnyFlow]


def _leaf(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.smallest(I, O)


def _map(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    return g.flow(I, X, size).map(g.function(X, O))


def _flat_map(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    return g.flow(I, X, size).flat_map(g.flow(X, O, size))


def _bind(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    rows = ((key, Does(g.flow(I, O, size // 2))) for key in values_of(bool))
    return g.flow(I, bool, size).bind(Table(tuple(rows)))


def _zip(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    if get_origin(O) is tuple and len(get_args(O)) == 2 and get_args(O)[1] is not Ellipsis:
        X, Y = get_args(O)
        return g.child(I, X, size).zip(g.child(I, Y, size))
    X, Y = g.type(), bool
    return g.child(I, X, size).zip(g.child(I, Y, size)).map(g.table(product_of(X, Y), O))


def _zip_all(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    parts = [g.child(I, hint, size // 2) for hint in (bool, X, bool)]
    return zip_all(*parts).map(g.table(product_of(bool, X, bool), O))


def _each(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X, Y = g.type(), bool
    split = pure(g.table(I, product_of(X, Y)))
    both = each(g.child(X, X, size), g.child(Y, Y, size))
    return split.flat_map(both).map(g.table(product_of(X, Y), O))


def _race(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return race(g.child(I, O, size), g.child(I, O, size))


def _first_completed(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return first_completed(g.child(I, O, size), g.child(I, O, size))


def _at_least(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    n, early = g.draw(st.integers(1, 3)), g.draw(st.booleans())
    parts = [g.child(I, X, size // 2) for _ in range(3)]
    return at_least(n, *parts, stop_early=early).map(Tallied(g.table(product_of(X, bool), O)))


def _traverse(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X, Y = g.type(), bool
    several = pure(g.table(I, list_of(X)))
    bound = g.draw(st.sampled_from((None, 1, 2)))
    mapped = traverse(g.child(X, Y, size), max_concurrency=bound)
    return several.flat_map(mapped).map(g.table(tuple_of(Y), O))


def _branch(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    cases = on(bool, g.flow(bool, O, size)).on(str, g.flow(str, O, size))
    return g.flow(I, bool | str, size).branch(cases)


def _branch_one(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, bool | str, size).branch({str: g.flow(str, O, size)})


def _branch_on(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    then, otherwise = g.flow(X, O, size), g.flow(X, O, size)
    return g.flow(I, X, size).branch_on(g.function(X, bool), then, otherwise)


def _recover(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).recover(Handler(g.value(O), g.value(O)))


def _recover_with(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).recover_with(g.flow(Exception, O, size))


def _fallback_to(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).fallback_to(g.flow(I, O, size))


def _attempt(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    folded = Folded(Handler(g.value(O), g.value(O)), g.table(X, O))
    return g.flow(I, X, size).attempt().map(folded)


def _absolve(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).attempt().absolve()


def _retry(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    backoff = Backoff(g.seconds()) if g.draw(st.booleans()) else None
    kinds = g.draw(st.sampled_from((Exception, Oops)))
    return g.flow(I, O, size).retry(g.draw(st.integers(0, 2)), backoff=backoff, on=kinds)


def _timeout(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).timeout(g.seconds())


def _filter(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).filter(g.function(O, bool))


def _guard(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).guard(g.flow(O, bool, size))


def _and_then(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).and_then(g.function(O, None))


def _tap(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).tap(g.flow(O, bool, size))


def _notify(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).notify(g.flow(O, bool, size))


def _divert_to(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).divert_to(g.flow(O, bool, size), g.function(O, bool))


def _loop(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    step = types.GenericAlias(Done, (O,)) if g.need is Need.TOTAL else step_of(I, O)
    return loop(g.flow(I, step, size), max_iter=g.draw(st.integers(1, 3)))


def _loop_with_state(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    step = types.GenericAlias(Done, (O,)) if g.need is Need.TOTAL else step_of(I, O)
    body = g.smallest(product_of(I, bool), product_of(step, bool))
    return loop_with_state(body, init_state=g.value(bool), max_iter=g.draw(st.integers(1, 3)))


def _named(g: _Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).named("part")


_MAY_FAIL: tuple[Kind, ...] = (_branch_one, _timeout, _filter, _guard)
_TOTAL: tuple[Kind, ...] = (
    _leaf,
    _map,
    _flat_map,
    _bind,
    _zip,
    _zip_all,
    _each,
    _race,
    _first_completed,
    _at_least,
    _traverse,
    _branch,
    _branch_on,
    _recover,
    _recover_with,
    _fallback_to,
    _attempt,
    _absolve,
    _retry,
    _and_then,
    _tap,
    _notify,
    _divert_to,
    _loop,
    _loop_with_state,
    _named,
)
_KINDS = (*_TOTAL, *_MAY_FAIL)
