"""What a law is: an equation as a value, which asserts nothing and knows of no test framework.

A law is a function from flows, functions and values to the two sides of its equation. Its type
parameters and the types of its parameters say what it quantifies over; its docstring is the
equation; `holds` says by what observation the two sides cannot be told apart. After the laws of
`cats`, where a law is a method that returns `IsEq`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints, override

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.values import Continue, Done


class Observation(Enum):
    """What of two flows is compared, for every input; `.value` is its letter in tables.

    Each of R, M and T sees what the one before it sees. Always also: nothing is left running.

    >>> [each.value for each in Observation]
    ['R', 'M', 'T', 'S']
    """

    RESULT = "R"
    """The outcome: the value, or the error's type and arguments."""

    CALLS = "M"
    """As well the multiset of the agents' calls, each with its input and its ending."""

    TRACE = "T"
    """As well the instants at which the calls began and ended, and that of the outcome."""

    SHAPE = "S"
    """No run: the expression in normal form (`normalise`)."""


RESULT = Observation.RESULT
CALLS = Observation.CALLS
TRACE = Observation.TRACE
SHAPE = Observation.SHAPE


@dataclass(frozen=True, slots=True)
class IsEq[T]:
    """The two sides of an equation. Which equality is meant, the law says."""

    lhs: T
    rhs: T


class Need(Enum):
    """What a flow that a law speaks of has to be like."""

    TOTAL = "always yields a value"
    FALLIBLE = "yields a value, or fails in a way that handlers see; it always ends"
    NEVER = "never ends"
    SETTLING = "goes on a few times at most, as the body of a loop"


type Total[A, B] = Annotated[Flow[A, B], Need.TOTAL]
"""Flows that always yield a value: none of their agents and functions fails, or never ends."""

type Fallible[A, B] = Annotated[Flow[A, B], Need.FALLIBLE]
"""Flows that end, by a value or by a recoverable error."""

type Never[A, B] = Annotated[Flow[A, B], Need.NEVER]
"""Flows that wait for ever, until they are cancelled."""

type Settling[A, B] = Annotated[Flow[A, Continue[A] | Done[B]], Need.SETTLING]
"""Bodies of loops that say `Done` after a few rounds, if they do not fail and are not cut short."""

type Wait[A] = Callable[[float], Flow[A, A]]
"""`sleep`: the flow that yields its input after so many seconds, and calls no agent."""


@dataclass(frozen=True, slots=True)
class Law[**P, T]:
    """An equation: `law(*arguments)` is its two sides.

    `observations` are those under which it holds: the strongest of R, M and T, and S where the two
    sides are the same expression in normal form.
    """

    equate: Callable[P, IsEq[T]]
    observations: tuple[Observation, ...]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> IsEq[T]:
        """The two sides, of these arguments."""
        return self.equate(*args, **kwargs)

    @property
    def name(self) -> str:
        """The name of the law within its rule set."""
        return self.equate.__name__

    @property
    def equation(self) -> str:
        """The equation in symbols: the first paragraph of the docstring, on one line."""
        text = (self.equate.__doc__ or "").strip().split("\n\n")[0]
        return " ".join(text.split()).removesuffix(".")

    @property
    def needs(self) -> frozenset[Need]:
        """What the flows that it speaks of have to be like; of any flow, nothing."""
        hints = get_type_hints(self.equate, include_extras=True).values()
        return frozenset(need for hint in hints for need in _needs(hint))

    @override
    def __repr__(self) -> str:
        return f"<law {self.name}: {self.equation}>"


def _needs(hint: object) -> Iterator[Need]:
    alias = getattr(get_origin(hint), "__value__", None)
    yield from getattr(alias, "__metadata__", ())
    for part in get_args(hint):
        yield from _needs(part)


type AnyLaw = Law[..., Any]  # of any parameters, as a table of laws holds them


def holds[**P, T](
    *observations: Observation,
) -> Callable[[Callable[P, IsEq[T]]], Law[P, T]]:
    """Make a law of a function: it holds under these observations.

    >>> from everything_is_an_actor.flow import identity
    >>> @holds(TRACE, SHAPE)
    ... def left_identity[A, B](f: Flow[A, B]) -> IsEq[Flow[A, B]]:
    ...     '''`id >>> f ≈ f`'''
    ...     start: Flow[A, A] = identity()
    ...     return IsEq(start >> f, f)
    >>> left_identity
    <law left_identity: `id >>> f ≈ f`>
    """

    def law(equate: Callable[P, IsEq[T]]) -> Law[P, T]:
        return Law(equate, observations)

    return law


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The laws of one structure, and the structures that it is one of as well.

    >>> from everything_is_an_actor.algebra.laws.category import CATEGORY
    >>> [law.name for _, law in CATEGORY.laws()]
    ['associativity', 'left_identity', 'right_identity']
    """

    name: str
    own: tuple[AnyLaw, ...]
    parents: "tuple[RuleSet, ...]" = ()

    def laws(self) -> Iterator[tuple[str, AnyLaw]]:
        """Each law once, however it is reached, with its name in full: `category.associativity`."""
        seen: set[str] = set()
        pending = [self]
        while pending:
            rules = pending.pop()
            if rules.name not in seen:
                seen.add(rules.name)
                yield from ((f"{rules.name}.{law.name}", law) for law in rules.own)
                pending.extend(reversed(rules.parents))
