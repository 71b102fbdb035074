"""Flows written as documents and read again: an interpreter of them, and laws about them.

What a flow is made of gets its names by itself: `names_in` is the registry of all agents, functions
and types in a flow, in their order in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from hypothesis import strategies as st

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold, para
from everything_is_an_actor.algebra.laws.documents import Naming, Read, Write
from everything_is_an_actor.algebra.laws.law import RESULT, IsEq, Observation
from everything_is_an_actor.algebra.node import LoopWithState, Node
from everything_is_an_actor.interpreters.documents.reading import from_dict, from_json, from_yaml
from everything_is_an_actor.interpreters.documents.registry import Registry
from everything_is_an_actor.interpreters.documents.writing import to_dict, to_json, to_yaml
from everything_is_an_actor.testing.interpreters import AnyFlow, FlowInterpreter, Run
from everything_is_an_actor.testing.observing import Observed
from everything_is_an_actor.testing.subjects import Named, Strategy, Subject, differing


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write flows, and to read them."""

    name: str
    write: Write
    read: Read


DICT = Format("dict", to_dict, from_dict)
JSON = Format("json", to_json, from_json)
YAML = Format("yaml", to_yaml, from_yaml)

FORMATS = (DICT, JSON, YAML)


# ----------------------------------------------------------------------------------------- names


def names_in(flow: AnyFlow) -> Registry:
    """Names for all agents, functions and types that a flow is made of: `agent-1`, `table-2` …

    >>> from everything_is_an_actor.flow import pure
    >>> names_in(pure(len).retry(1, on=ValueError))
    Registry({'builtin_function_or_method-1': len, 'type-2': ValueError})
    """
    things: dict[int, object] = {}
    for node in nodes_of(flow):
        for thing in _things(node):
            things.setdefault(id(thing), thing)
    return Registry(
        {
            f"{type(thing).__name__.lower()}-{number}": thing
            for number, thing in enumerate(things.values(), 1)
        }
    )


def nodes_of(flow: AnyFlow) -> list[Node[Any]]:
    """The nodes of a flow, from the leaves up; one that is shared is there once."""
    found: list[Node[Any]] = []
    para(lambda part, node: found.append(part.node), flow)
    return found


def _things(node: Node[Any]) -> list[object]:
    """What a node holds that only code can say: all that can be called and is no flow."""
    values = [getattr(node, each.name) for each in fields(node)]
    several = [part for value in values if isinstance(value, tuple) for part in value]
    return [
        thing for thing in (*values, *several) if callable(thing) and not isinstance(thing, Flow)
    ]


# ------------------------------------------------------------------------------------ interpreter


@dataclass(frozen=True, slots=True)
class Initial[S]:
    """A function that returns an initial state."""

    state: S

    def __call__(self) -> S:
        """The state."""
        return self.state


def _writable(node: Node[AnyFlow]) -> AnyFlow:
    """As its own error says: a state that JSON cannot hold is what a function returns."""
    if isinstance(node, LoopWithState):
        state = node.init_state
        if not (callable(state) or state is None or type(state) in (bool, int, float, str)):
            return Flow(replace(node, init_state=Initial(state)))
    return Flow(node)


@dataclass(frozen=True, slots=True)
class ThroughDocuments:
    """An interpreter of flows that were written and read again."""

    format: Format
    inner: FlowInterpreter

    @property
    def name(self) -> str:
        """Such as `json-then-actors`."""
        return f"{self.format.name}-then-{self.inner.name}"

    def observe(self, runs: Sequence[Run]) -> list[Observed]:
        """What the inner interpreter sees of each flow as it was read."""
        read: dict[int, AnyFlow] = {}
        for flow, _ in runs:
            if id(flow) not in read:
                read[id(flow)] = self._read(flow)
        return self.inner.observe([(read[id(flow)], input) for flow, input in runs])

    def _read(self, flow: AnyFlow) -> AnyFlow:
        writable: AnyFlow = fold(_writable, flow)
        names = names_in(writable)
        return self.format.read(self.format.write(writable, names), names)


def through_documents(format: Format, inner: FlowInterpreter) -> ThroughDocuments:
    """The interpreter that writes a flow in a format, reads it, and leaves it to another one.

    >>> from everything_is_an_actor.testing.on_a_loop import ACTORS
    >>> through_documents(JSON, ACTORS).name
    'json-then-actors'
    """
    return ThroughDocuments(format, inner)


# ---------------------------------------------------------------------------------------- subject


def on_documents(format: Format) -> Subject:
    """A format of documents as the subject of the laws about documents."""
    supplied: Mapping[object, object] = {
        Write: Named(format.write, f"write {format.name}"),
        Read: Named(format.read, f"read {format.name}"),
        Naming: Named(names_in, "names"),
    }

    def supply(hint: Any) -> Strategy | None:
        return st.just(supplied[hint]) if hint in supplied else None

    def difference(equation: IsEq[Any], hint: Any, by: Observation) -> str | None:
        return differing(equation)

    return Subject(format.name, (RESULT,), supply, difference)
