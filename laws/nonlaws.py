"""What an equation is that does not hold: as data, with the smallest counterexample."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from everything_is_an_actor.algebra.laws.law import IsEq, Observation


@dataclass(frozen=True)
class NonLaw:
    """An equation, and the flows, functions and input on which its two sides differ.

    `equate` may be a law that holds under a weaker observation. `by` is the weakest one that tells
    the two sides apart on `input`; `because` says in a sentence why they differ. The arguments and
    the input are of any type: hence the `Any`.
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
