"""What an equation is that does not hold: as data, with the smallest counterexample.

And the agents of which such counterexamples are made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from everything_is_an_actor.algebra.build import agent, identity
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.law import IsEq, Observation
from everything_is_an_actor.testing.scripted import Does, scripted
from everything_is_an_actor.testing.universe import Oops


@dataclass(frozen=True)
class NonLaw:
    """An equation, and the flows, functions and input on which its two sides differ.

    `equate` may be a law that holds under a weaker observation. `by` is the weakest one that tells
    the two sides apart on these arguments and this `input`: others may do it under a weaker one.
    `because` says in a sentence why they differ. The arguments and the input are of any type: hence
    the `Any`.
    """

    name: str
    equation: str
    equate: Callable[..., IsEq[Any]]
    arguments: Mapping[str, Any]
    input: Any
    by: Observation
    because: str

    def sides(self) -> IsEq[Any]:
        """The two sides, of these arguments."""
        return self.equate(**self.arguments)

    @override
    def __str__(self) -> str:
        return self.name


type Effect = Flow[None, None]
"""All that there is to it is its calls, its time and its errors."""


def takes(name: str, seconds: float) -> Effect:
    """An agent that yields `None` after so many seconds."""
    return agent(scripted(name, {None: Does(None, seconds)}), timeout=None)


def fails(name: str, seconds: float) -> Effect:
    """An agent that fails after so many seconds, by an error that names it."""
    return agent(scripted(name, {None: Does(Oops(name), seconds)}), timeout=None)


def dies(name: str, seconds: float) -> Effect:
    """An agent that fails after so many seconds, by an error that no handler sees."""
    return agent(scripted(name, {None: Does(MemoryError(name), seconds)}), timeout=None)


def after(name: str, of_false: Does, of_true: Does) -> Flow[bool, bool]:
    """An agent that does this on False, and that on True."""
    return agent(scripted(name, {False: of_false, True: of_true}), timeout=None)


NEVER = takes("never", float("inf"))
NOTHING: Effect = identity()
