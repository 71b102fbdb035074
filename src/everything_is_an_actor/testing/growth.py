"""How a flow is grown from its types: its kind is drawn, and its parts are grown alike, smaller.

Agents are scripted: they yield, fail in a way that handlers see or in one that they do not, take
their time, speak in chunks, or never end. No two agents take the same time, and hardly two sums of
their times are equal: what happens at one instant in two branches is a tie, and no law is about the
order of two branches.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import count, islice
from typing import Any, get_origin

from hypothesis import strategies as st

from everything_is_an_actor.algebra.build import agent, identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.law import Need
from everything_is_an_actor.algebra.values import Continue, Done
from everything_is_an_actor.testing.graphs import FATAL, RECOVERABLE, tables, values
from everything_is_an_actor.testing.scripted import Does, Scripted, Table, Talking
from everything_is_an_actor.testing.tables import Handler
from everything_is_an_actor.testing.universe import TYPES, list_of, values_of

type AnyFlow = Flow[Any, Any]
type Kind = Callable[["Growth", Any, Any, int], AnyFlow]
"""How a flow of one kind is grown, from its types, with parts of about so many nodes."""


class Growth:
    """One flow as it is grown: what it draws from, and what its parts have to be like."""

    def __init__(
        self, draw: st.DrawFn, names: "Names", need: Need | None, kinds: Sequence["Kind"]
    ) -> None:
        self.draw = draw
        self.kinds = kinds
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
        kind = self.draw(st.sampled_from(self.kinds))
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
            case 5:
                return agent(
                    Scripted(self.names.name(), self.rows(I, O)), timeout=None, name="labelled"
                )
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
        if not self._beside and self.draw(st.booleans()):
            drawn = ((key, Does(self.draw(st.sampled_from(steps)))) for key, steps in onward)
            return pure(Table(tuple(drawn)))
        acting = tuple((key, self.does(steps)) for key, steps in onward)
        return agent(Scripted(self.names.name(), acting), timeout=None)

    def rows(self, I: Any, O: Any) -> tuple[tuple[Any, Does], ...]:
        """What an agent does on each input."""
        return tuple((key, self.does(values_of(O))) for key in values_of(I))

    def does(self, possible: tuple[Any, ...]) -> Does:
        """To yield one of these, or to fail, if the flow may."""
        outcome = self.draw(st.integers(0, 15))
        value = self.draw(st.sampled_from(possible))
        if outcome > 11 and self.need is not Need.TOTAL:
            value = self.draw(st.sampled_from(RECOVERABLE))
        if outcome == 15 and self.need is None:
            return self.draw(st.sampled_from((Does(None, math.inf), Does(FATAL, self.seconds()))))
        return Does(value, self.seconds())

    def seconds(self) -> float:
        """A time that nothing else takes."""
        return self.draw(st.integers(0, 2)) + self.names.fraction()

    def type(self) -> Any:
        """A type of the universe."""
        return self.draw(st.sampled_from(TYPES))

    def value(self, hint: Any) -> Any:
        """A value of a type."""
        return self.draw(values(hint))

    def table(self, I: Any, O: Any) -> Table:
        """A total function."""
        return self.draw(tables(I, O))

    def function(self, I: Any, O: Any) -> Table:
        """A function that may fail, if the flow may."""
        return self.draw(tables(I, O, total=self.need is not None))


def _onward(step: Any, later: tuple[Any, ...]) -> tuple[Any, ...]:
    """The steps that leave the loop, or go on to one of the `later` inputs."""
    return tuple(value for value in values_of(step) if _goes_on_to(value, later))


def _goes_on_to(step: Any, later: tuple[Any, ...]) -> bool:
    match step:
        case Continue(value):
            return value in later
        case Done(inner):
            return _goes_on_to(inner, later)
        case (Continue(value), state):
            return (value, state) in later
        case _:
            return True


class Names:
    """What tells the agents of one test apart: a name, and fractions of a second."""

    def __init__(self) -> None:
        self._numbers = count()

    def name(self) -> str:
        """Another one."""
        return f"a{next(self._numbers)}"

    def fraction(self) -> float:
        """Another one, of seconds."""
        return _fraction(next(self._numbers))

    def __repr__(self) -> str:
        return "Names()"


NAMES: st.SearchStrategy[Names] = st.shared(st.builds(Names), key="everything_is_an_actor.names")
"""One for all the flows of a test case: two parameters of a law share no agent."""


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
