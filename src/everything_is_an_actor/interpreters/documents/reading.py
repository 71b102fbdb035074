"""From a document to a flow: `from_dict`, `from_json` and `from_yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import compile as pattern
from typing import Any, Final, Literal

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.node import children
from everything_is_an_actor.interpreters.documents.json_text import parse_json
from everything_is_an_actor.interpreters.documents.problems import (
    DocumentError,
    Position,
    Problem,
    UnknownNameError,
)
from everything_is_an_actor.interpreters.documents.reader import Reader
from everything_is_an_actor.interpreters.documents.registry import Anything, registered
from everything_is_an_actor.interpreters.documents.tree import Tree
from everything_is_an_actor.interpreters.documents.values import Place, position_of, spelled
from everything_is_an_actor.interpreters.documents.yaml_reader import parse_yaml

type Syntax = Literal["json", "yaml"]

_FILE_NAME: Final = pattern(r"(?!.*: )[^{}\[\]\n]+\.(yaml|yml|json)")
"""And no document of one line, which has a mapping or a list in it, if it is more than a name."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read: the flow, its name, and where its parts stand in the text.

    A flow may hold any types: hence the `Any`.
    """

    flow: Flow[Any, Any]
    name: str | None
    _places: Mapping[int, Place] = field(repr=False, compare=False)
    _tree: Tree = field(repr=False, compare=False)

    def position(self, flow: Flow[Any, Any]) -> Position | None:
        """Where a part of the flow stands, by identity; `None` if it is not known."""
        if id(flow) not in self._places:
            return None
        return position_of(self._tree, self._places[id(flow)])

    def path(self, flow: Flow[Any, Any]) -> str | None:
        """The path in the document of a part of the flow, by identity."""
        return spelled(self._places[id(flow)]) if id(flow) in self._places else None


def read_document(
    text: str | bytes, registry: Mapping[str, object], *, syntax: Syntax = "yaml"
) -> Document:
    """What a text in YAML or JSON says, and where in it. Raises `DocumentError` as `from_yaml`.

    >>> from everything_is_an_actor.flow import Registry
    >>> document = read_document("flow: Sizes\\nsteps:\\n  - pure: len\\n", Registry.of(len))
    >>> document.flow, document.name, str(document.position(document.flow))
    (pure(len), 'Sizes', 'line 3, column 5')
    """
    if syntax not in ("json", "yaml"):
        raise ValueError(f"read_document: syntax must be 'json' or 'yaml', got {shown(syntax)}")
    return _read_text("read_document", text, syntax, registry, is_placed=True)


def structure(text: str | bytes, syntax: Syntax) -> object:
    """The values of a document, whatever its names stand for. Raises `DocumentError`."""
    tree = parsed(text, syntax)
    _read(tree, Anything())
    return tree.value


def parsed(text: str | bytes, syntax: Syntax) -> Tree:
    """The values in a text, whatever they mean. Raises as `parse_json` and `parse_yaml`."""
    return parse_json(text) if syntax == "json" else parse_yaml(text)


def from_dict(document: object, registry: Mapping[str, object]) -> Flow[Any, Any]:
    """The flow that a document of dicts, lists and scalars describes; the inverse of `to_dict`.

    Names are looked up in the registry, which may be a plain mapping, and nowhere else. What the
    flow takes and yields is known to `check` alone: hence the `Any`.

    Raises `DocumentError` (a `ValueError`) with every problem found, each with its path;
    `UnknownNameError` (a `KeyError` as well) if they are all names that are not in the registry.

    >>> from everything_is_an_actor.flow import Registry
    >>> from_dict({"steps": [{"pure": "len"}, {"map": "abs"}]}, Registry.of(len, abs))
    pure(len).map(abs)
    >>> from_dict({"steps": [{"pure": "lne"}]}, Registry.of(len))
    Traceback (most recent call last):
        ...
    everything_is_an_actor.interpreters.documents.problems.UnknownNameError: at steps[0].pure: \
there is no function 'lne' in the registry. Did you mean len?
    """
    return _read(Tree(document, None, {}, {}), registry).flow


def from_json(text: str | bytes, registry: Mapping[str, object]) -> Flow[Any, Any]:
    """The flow that a document in JSON describes; the inverse of `to_json`.

    Raises `DocumentError` as `from_dict`, also for what is not JSON.

    >>> from everything_is_an_actor.flow import Registry
    >>> from_json('{"pure": "len"}', Registry.of(len))
    pure(len)
    """
    return _read_text("from_json", text, "json", registry).flow


def from_yaml(text: str | bytes, registry: Mapping[str, object]) -> Flow[Any, Any]:
    """The flow that a document in YAML describes; the inverse of `to_yaml`.

    Raises `DocumentError` as `from_dict`, with lines and columns, also for what is not YAML. Of
    YAML all is read that JSON can say; aliases refer to a part again, tags are refused.

    >>> from everything_is_an_actor.flow import Registry
    >>> from_yaml("steps: [{pure: len}, {map: abs}]", Registry.of(len, abs))
    pure(len).map(abs)
    """
    return _read_text("from_yaml", text, "yaml", registry).flow


def _read_text(
    where: str,
    text: str | bytes,
    syntax: Syntax,
    registry: Mapping[str, object],
    *,
    is_placed: bool = False,
) -> Document:
    try:
        return _read(parsed(text, syntax), registry, is_placed=is_placed)
    except DocumentError:
        if not (isinstance(text, str) and _FILE_NAME.fullmatch(text)):
            raise
        raise DocumentError(
            [Problem(f"{where} takes the text of a document: Path({text!r}).read_text()")]
        ) from None


def _read(tree: Tree, registry: Mapping[str, object], *, is_placed: bool = False) -> Document:
    reader = Reader(tree, registered(registry), is_placed=is_placed)
    flow, name = reader.document()
    found = [*tree.problems, *reader.problems]
    if not found:
        parts = _parts(flow) if is_placed else set()
        places = {part: place for part, place in reader.places.items() if part in parts}
        return Document(flow, name, places, tree)
    if tree.problems or reader.unknown < len(found):
        raise DocumentError(_in_order(found))
    raise UnknownNameError(_in_order(found))


def _in_order(problems: list[Problem]) -> list[Problem]:
    """By their positions; those without come first, in the order in which they were found."""
    start = Position(0, 0)
    return sorted(problems, key=lambda problem: problem.position or start)


def _parts(flow: AnyFlow) -> set[int]:
    """The flow and all that it is made of, by their `id`."""
    parts = {id(flow)}
    pending = [flow]
    while pending:
        for part in children(pending.pop().node):
            if id(part) not in parts:
                parts.add(id(part))
                pending.append(part)
    return parts
