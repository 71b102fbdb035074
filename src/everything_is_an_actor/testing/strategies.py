"""Hypothesis strategies for well-typed flows over the finite universe."""

from typing import Any, overload

from hypothesis import strategies as st

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.law import Need
from everything_is_an_actor.testing.growth import NAMES, AnyFlow, Growth
from everything_is_an_actor.testing.kinds import KINDS, TOTAL
from everything_is_an_actor.testing.universe import need_known

SIZE = 6
"""How many nodes a generated flow has, about, before its parts are agents and functions only."""


@overload
def flows[A, B](I: type[A], O: type[B], *, size: int = SIZE) -> st.SearchStrategy[Flow[A, B]]: ...
@overload
def flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]: ...
def flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]:
    """Flows from `I` to `O` of all kinds. What they are built of may fail, or never end.

    They have about `size` nodes at most, before their parts are agents and functions only. `I` and
    `O` may be any types, also such as are no classes, of which a checker of types does not know
    what they stand for: hence the `Any`, here and in the other strategies. Raises `TypeError` for
    a type whose values are not known, `ValueError` for one that has too many.

    >>> from hypothesis import find
    >>> find(flows(bool, bool), lambda flow: True)
    identity()
    >>> flows(bool, bytes)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    TypeError: flows: the values of bytes are not known. Known are bool, str, int, ...
    """
    need_known("flows", I, O)
    return _grown(I, O, None, size)


@overload
def total_flows[A, B](
    I: type[A], O: type[B], *, size: int = SIZE
) -> st.SearchStrategy[Flow[A, B]]: ...
@overload
def total_flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]: ...
def total_flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]:
    """Flows from `I` to `O` that always yield a value: `Total[I, O]`.

    >>> from hypothesis import find
    >>> find(total_flows(bool, str), lambda flow: True)
    pure(table({False: 'a', True: 'a'}))
    """
    need_known("total_flows", I, O)
    return _grown(I, O, Need.TOTAL, size)


@overload
def fallible_flows[A, B](
    I: type[A], O: type[B], *, size: int = SIZE
) -> st.SearchStrategy[Flow[A, B]]: ...
@overload
def fallible_flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]: ...
def fallible_flows(I: Any, O: Any, *, size: int = SIZE) -> st.SearchStrategy[AnyFlow]:
    """Flows from `I` to `O` that end, by a value or a recoverable error: `Fallible[I, O]`.

    >>> from hypothesis import find
    >>> from returns.result import Failure
    >>> from everything_is_an_actor.testing import Reference
    >>> def fails(flow: Flow[bool, str]) -> bool:
    ...     [observed] = Reference().observe([(flow, True)])
    ...     return isinstance(observed.result, Failure)
    >>> fails(find(fallible_flows(bool, str), fails))
    True
    """
    need_known("fallible_flows", I, O)
    return _grown(I, O, Need.FALLIBLE, size)


@overload
def endless_flows[A, B](I: type[A], O: type[B]) -> st.SearchStrategy[Flow[A, B]]: ...
@overload
def endless_flows(I: Any, O: Any) -> st.SearchStrategy[AnyFlow]: ...
def endless_flows(I: Any, O: Any) -> st.SearchStrategy[AnyFlow]:
    """Flows from `I` to `O` that never end: `Never[I, O]`.

    >>> from hypothesis import find
    >>> from everything_is_an_actor.testing import ACTORS
    >>> hangs = find(endless_flows(bool, str), lambda flow: True)
    >>> [observed] = ACTORS.observe([(hangs.timeout(60.0), True)])
    >>> print(observed.seconds)
    60.0
    """
    need_known("endless_flows", I, O)
    return _grown(I, O, Need.NEVER, 1)


def settling_flows(I: Any, step: Any) -> st.SearchStrategy[AnyFlow]:
    """Bodies of loops that end: `Settling[I, O]`, where `step` is `Continue[I] | Done[O]`."""
    return _grown(I, step, Need.SETTLING, 2)


@st.composite
def _grown(draw: st.DrawFn, I: Any, O: Any, need: Need | None, size: int) -> AnyFlow:
    if need is Need.SETTLING:
        return Growth(draw, draw(NAMES), None, KINDS).settles(I, O, draw(st.integers(0, size)))
    growth = Growth(draw, draw(NAMES), need, TOTAL if need is Need.TOTAL else KINDS)
    if need is Need.NEVER:
        return growth.hangs(I)
    return growth.flow(I, O, draw(st.integers(0, size)))
