"""How an interpreter is made wrong: by another meaning of a node, or by a look that is not true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.node import Bind, Node
from everything_is_an_actor.testing.interpreters import Reference, Run
from everything_is_an_actor.testing.observing import Observed
from laws.mutant import said

type AnyFlow = Flow[Any, Any]
type N = Node[AnyFlow]
type Wrong = AnyFlow | None
type Rewrite = Callable[[N], Wrong]


def reverse(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(reversed(values))


@dataclass(frozen=True)
class Rewriting:
    """The reference semantics, of a flow in which some nodes have been replaced."""

    name: str
    rewrite: Rewrite

    @property
    def more(self) -> str:
        return said(self.rewrite)

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        return Reference().observe([(self.rewritten(flow), input) for flow, input in runs])

    def rewritten(self, flow: AnyFlow) -> AnyFlow:
        return fold(self._replaced, flow)

    def _replaced(self, node: Node[AnyFlow]) -> AnyFlow:
        if isinstance(node, Bind):
            node = Bind(node.source, _Chosen(node.k, self))
        found = self.rewrite(node)
        return Flow(node) if found is None else found


def mutant(rewrite: Rewrite) -> Rewriting:
    """Another meaning of one kind of node: what stands in its place; None: the node itself."""
    return Rewriting(rewrite.__name__, rewrite)


@dataclass(frozen=True)
class _Chosen:
    """What a `bind` goes on with is rewritten as well."""

    k: Callable[[Any], AnyFlow]
    rewriting: Rewriting

    def __call__(self, value: Any) -> AnyFlow:
        return self.rewriting.rewritten(self.k(value))


@dataclass(frozen=True)
class Distorting:
    """The reference semantics, of whose runs something else is seen than happened."""

    name: str
    distort: Callable[[Observed], Observed]

    @property
    def more(self) -> str:
        return said(self.distort)

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        return [self.distort(observed) for observed in Reference().observe(runs)]


@dataclass(frozen=True)
class Patched:
    """The reference semantics with another function in the place of one that it is made of."""

    name: str
    function: str
    instead: Callable[..., Any]

    @property
    def more(self) -> str:
        return said(self.instead)

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        with patch(f"everything_is_an_actor.interpreters.reference.{self.function}", self.instead):
            return Reference().observe(runs)


type WrongInterpreter = Rewriting | Distorting | Patched
