"""How a flow of each kind is grown: one function a kind, and what fits its types around it."""

import types
from typing import Any, get_args, get_origin

from hypothesis import strategies as st

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.build import (
    at_least,
    each,
    first_completed,
    loop,
    loop_with_state,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.algebra.flow import on
from everything_is_an_actor.algebra.laws.law import Need
from everything_is_an_actor.algebra.values import Done
from everything_is_an_actor.testing.growth import AnyFlow, Growth, Kind
from everything_is_an_actor.testing.scripted import Does, Table
from everything_is_an_actor.testing.tables import Folded, Handler, Tallied
from everything_is_an_actor.testing.universe import (
    Oops,
    list_of,
    product_of,
    step_of,
    tuple_of,
    values_of,
)


def _leaf(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.smallest(I, O)


def _map(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    return g.flow(I, X, size).map(g.function(X, O))


def _flat_map(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    return g.flow(I, X, size).flat_map(g.flow(X, O, size))


def _bind(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    rows = ((key, Does(g.flow(I, O, size // 2))) for key in values_of(bool))
    return g.flow(I, bool, size).bind(Table(tuple(rows)))


def _zip(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    if get_origin(O) is tuple and len(get_args(O)) == 2 and get_args(O)[1] is not Ellipsis:
        X, Y = get_args(O)
        return g.child(I, X, size).zip(g.child(I, Y, size))
    X, Y = g.type(), bool
    return g.child(I, X, size).zip(g.child(I, Y, size)).map(g.table(product_of(X, Y), O))


def _zip_all(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    parts = [g.child(I, hint, size // 2) for hint in (bool, X, bool)]
    return zip_all(*parts).map(g.table(product_of(bool, X, bool), O))


def _each(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X, Y = g.type(), bool
    split = pure(g.table(I, product_of(X, Y)))
    both = each(g.child(X, X, size), g.child(Y, Y, size))
    return split.flat_map(both).map(g.table(product_of(X, Y), O))


def _race(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return race(g.child(I, O, size), g.child(I, O, size))


def _first_completed(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return first_completed(g.child(I, O, size), g.child(I, O, size))


def _at_least(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    n, early = g.draw(st.integers(1, 3)), g.draw(st.booleans())
    parts = [g.child(I, X, size // 2) for _ in range(3)]
    return at_least(n, *parts, stop_early=early).map(Tallied(g.table(product_of(X, bool), O)))


def _traverse(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X, Y = g.type(), bool
    several = pure(g.table(I, list_of(X)))
    bound = g.draw(st.sampled_from((None, 1, 2)))
    mapped = traverse(g.child(X, Y, size), max_concurrency=bound)
    return several.flat_map(mapped).map(g.table(tuple_of(Y), O))


def _branch(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    cases = on(bool, g.flow(bool, O, size)).on(str, g.flow(str, O, size))
    return g.flow(I, bool | str, size).branch(cases)


def _branch_one(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, bool | str, size).branch({str: g.flow(str, O, size)})


def _branch_on(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    then, otherwise = g.flow(X, O, size), g.flow(X, O, size)
    return g.flow(I, X, size).branch_on(g.function(X, bool), then, otherwise)


def _recover(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).recover(Handler(g.value(O), g.value(O)))


def _recover_with(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).recover_with(g.flow(Exception, O, size))


def _fallback_to(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).fallback_to(g.flow(I, O, size))


def _attempt(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    X = g.type()
    folded = Folded(Handler(g.value(O), g.value(O)), g.table(X, O))
    return g.flow(I, X, size).attempt().map(folded)


def _absolve(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).attempt().absolve()


def _retry(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    factor = g.draw(st.sampled_from((None, 2.0, 1.0, 1.5)))
    backoff = None if factor is None else Backoff(g.seconds(), factor)
    kinds = g.draw(st.sampled_from((Exception, Oops)))
    return g.flow(I, O, size).retry(g.draw(st.integers(0, 2)), backoff=backoff, on=kinds)


def _timeout(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).timeout(g.seconds())


def _filter(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).filter(g.function(O, bool))


def _guard(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).guard(g.flow(O, bool, size))


def _and_then(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).and_then(g.function(O, None))


def _tap(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).tap(g.flow(O, bool, size))


def _notify(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).notify(g.flow(O, bool, size))


def _divert_to(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).divert_to(g.flow(O, bool, size), g.function(O, bool))


def _loop(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    if g.draw(st.integers(0, 3)) == 3:
        return loop(g.settles(I, step_of(I, O), size), max_iter=None)
    return loop(g.flow(I, _bounded_step(g, I, O), size), max_iter=g.draw(st.integers(1, 3)))


def _loop_with_state(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    state, within = g.value(bool), product_of(I, bool)
    if g.draw(st.integers(0, 3)) == 3:
        settling = g.settles(within, product_of(step_of(I, O), bool), 0)
        return loop_with_state(settling, init_state=state, max_iter=None)
    body = g.smallest(within, product_of(_bounded_step(g, I, O), bool))
    return loop_with_state(body, init_state=state, max_iter=g.draw(st.integers(1, 3)))


def _bounded_step(g: Growth, I: Any, O: Any) -> Any:
    """What a body yields that is run a few times at most: one too many would be a failure."""
    return types.GenericAlias(Done, (O,)) if g.need is Need.TOTAL else step_of(I, O)


def _named(g: Growth, I: Any, O: Any, size: int) -> AnyFlow:
    return g.flow(I, O, size).named("part")


_MAY_FAIL: tuple[Kind, ...] = (_branch_one, _timeout, _filter, _guard)
TOTAL: tuple[Kind, ...] = (
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
KINDS = (*TOTAL, *_MAY_FAIL)
