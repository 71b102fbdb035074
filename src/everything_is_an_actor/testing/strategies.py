"""Hypothesis strategies for well-typed flows over the finite universe."""

from typing import Any

from hypothesis import strategies as st

from everything_is_an_actor.algebra.laws.law import Need
from everything_is_an_actor.testing.growth import NAMES, AnyFlow, Growth
from everything_is_an_actor.testing.kinds import KINDS, TOTAL

SIZE = 6
"""How many nodes a generated flow has, about, before its parts are agents and functions only."""


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
        return Growth(draw, draw(NAMES), None, KINDS).settles(I, O, draw(st.integers(0, size)))
    growth = Growth(draw, draw(NAMES), need, TOTAL if need is Need.TOTAL else KINDS)
    if need is Need.NEVER:
        return growth.hangs(I)
    return growth.flow(I, O, draw(st.integers(0, size)))
