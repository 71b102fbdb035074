"""What a law speaks of, drawn by its types: flows, functions or values.

The type variables of a law become types of the finite universe first.
"""

import collections.abc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Annotated, Any, get_args, get_origin, get_type_hints, override

from hypothesis import strategies as st

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.build import agent
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.law import AnyLaw, IsEq, Need, Wait
from everything_is_an_actor.testing.graphs import functions, values
from everything_is_an_actor.testing.interpreters import AnyFlow
from everything_is_an_actor.testing.scripted import Does, Silent, Table
from everything_is_an_actor.testing.strategies import (
    endless_flows,
    fallible_flows,
    flows,
    settling_flows,
    total_flows,
)
from everything_is_an_actor.testing.subjects import Strategy
from everything_is_an_actor.testing.tables import Handler
from everything_is_an_actor.testing.universe import resolved, values_of


def parameters(law: AnyLaw) -> tuple[dict[str, Any], Any]:
    """The types of what a law takes, by name, and the type of its two sides."""
    hints = get_type_hints(law.equate, include_extras=True, localns=_variables(law))
    sides = hints.pop("return", None)
    silent = [name for name in signature(law.equate).parameters if name not in hints]
    if silent or get_origin(sides) is not IsEq:
        what = f"{', '.join(silent)} has no type" if silent else f"it returns {shown(sides)}"
        raise TypeError(
            f"{law.name}: {what}: a law says by its types what it speaks of, such as "
            "(f: Flow[A, B]) -> IsEq[Flow[A, B]]"
        )
    (side,) = get_args(sides)
    return hints, side


def _variables(law: AnyLaw) -> dict[str, Any]:
    return {each.__name__: each for each in law.equate.__type_params__}


def drawn(hint: Any) -> Strategy:
    """What is drawn for a parameter of a law: flows, functions, or values."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Wait:
        return st.just(Sleep(args[0]))
    if hasattr(origin, "__type_params__") and hasattr(origin, "__value__"):
        return drawn(resolved(hint))
    if origin is Annotated:
        need: Need = hint.__metadata__[0]
        return _NEEDED[need](*get_args(hint.__origin__))
    if origin is Flow:
        return flows(*args, size=4)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis and _is_flow(args[0]):
        return st.lists(drawn(args[0]), min_size=2, max_size=3).map(tuple)
    if _is_callable(hint) and args[0] == [Exception]:
        return st.builds(Handler, drawn(args[1]), drawn(args[1]))
    if _is_callable(hint) and _is_flow(args[1]):
        return choices(args[0][0], drawn(args[1]))
    if _is_callable(hint):
        return functions(args[0][0], args[1])
    return values(hint)


_NEEDED: Mapping[Need, Callable[[Any, Any], Strategy]] = {
    Need.TOTAL: total_flows,
    Need.FALLIBLE: fallible_flows,
    Need.NEVER: endless_flows,
    Need.SETTLING: settling_flows,
}


def _is_flow(hint: Any) -> bool:
    return get_origin(hint) is Flow or (
        hasattr(hint, "__value__") and get_origin(get_origin(hint).__value__) is Annotated
    )


def _is_callable(hint: Any) -> bool:
    return get_origin(hint) is collections.abc.Callable


def choices(domain: Any, choice: Strategy) -> Strategy:
    """Functions into what `choice` draws, flows or programs, by their graph."""
    keys = values_of(domain)
    return st.tuples(*(choice for _ in keys)).map(
        lambda row: Table(tuple(zip(keys, map(Does, row), strict=True)))
    )


@dataclass(frozen=True, slots=True)
class Sleep:
    """`sleep` for a type: the flow that yields its input after so many seconds.

    It is seen by the time it takes, not as a call.
    """

    hint: Any

    def __call__(self, seconds: float, /) -> AnyFlow:
        """The flow."""
        rows = ((value, Does(value, seconds)) for value in values_of(self.hint))
        return agent(Silent(f"sleep_{seconds:g}", tuple(rows)), timeout=None)

    @override
    def __repr__(self) -> str:
        return "sleep"
