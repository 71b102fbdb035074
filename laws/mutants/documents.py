"""Wrong formats of documents: less is written than the flow says, or another flow is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.laws.documents import DOCUMENTS, Names
from everything_is_an_actor.algebra.node import Each, Leaf, Named, ZipAll
from everything_is_an_actor.testing.documents import DICT, Format, on_documents
from laws.mutant import WrongSubject
from laws.wrong import AnyFlow, N, Wrong, reverse

# ---------------------------------------------------------------------------------------- writing


def written(name: str, change: Callable[[Any], Any]) -> Format:
    """A format in whose documents something is changed."""

    def write(flow: AnyFlow, names: Names) -> object:
        return change(DICT.write(flow, names))

    return Format(name, write, DICT.read)


@dataclass(frozen=True)
class Without:
    """A document in which no node has a certain field."""

    key: str

    def __call__(self, document: Any) -> Any:
        match document:
            case dict() if len(document) > 1:
                return {k: self(value) for k, value in document.items() if k != self.key}
            case dict():
                return {k: self(value) for k, value in document.items()}
            case list():
                return list(map(self, document))
            case _:
                return document


@dataclass
class InTurns:
    """A document whose keys are in the opposite order every second time."""

    backwards: bool = False

    def __call__(self, document: Any) -> Any:
        self.backwards = not self.backwards
        return _backwards(document) if self.backwards else document


def _backwards(document: Any) -> Any:
    match document:
        case dict():
            return {key: _backwards(value) for key, value in reversed(document.items())}
        case list():
            return list(map(_backwards, document))
        case _:
            return document


# ---------------------------------------------------------------------------------------- reading


def reading(name: str, rewrite: Callable[[N], Wrong], format: Format = DICT) -> Format:
    """A format that reads some nodes as others."""

    def read(document: Any, names: Names) -> AnyFlow:
        return fold(_rewritten, format.read(document, names))

    def _rewritten(node: N) -> AnyFlow:
        found = rewrite(node)
        return Flow(node) if found is None else found

    return Format(name, format.write, read)


def agents_without_timeouts(node: N) -> Wrong:
    return Flow(replace(node, timeout=None)) if isinstance(node, Leaf) else None


def siblings_swapped(node: N) -> Wrong:
    if not isinstance(node, ZipAll | Each):
        return None
    return Flow(replace(node, flows=reverse(node.flows)))


def no_labels(node: N) -> Wrong:
    return node.source if isinstance(node, Named) else None


FORMATS = (
    written("a_document_that_drops_a_timeout", Without("timeout")),
    written("a_document_whose_keys_are_in_no_order", InTurns()),
    reading("a_document_read_without_the_timeouts_of_agents", agents_without_timeouts),
    reading("a_document_read_with_its_siblings_swapped", siblings_swapped),
    reading("a_document_read_without_labels", no_labels),
)

MUTANTS: tuple[WrongSubject, ...] = tuple(
    WrongSubject(on_documents(each), DOCUMENTS) for each in FORMATS
)
