"""From a flow to a document: `to_dict`, `to_json` and `to_yaml`."""

from collections.abc import Mapping
from typing import Any

from everything_is_an_actor.algebra.arguments import need_label
from everything_is_an_actor.algebra.flow import Flow, need_flow
from everything_is_an_actor.interpreters.documents.json_text import json_text
from everything_is_an_actor.interpreters.documents.keywords import (
    SUB_FLOW,
    VERSION,
)
from everything_is_an_actor.interpreters.documents.problems import SerializationError
from everything_is_an_actor.interpreters.documents.registry import (
    registered,
)
from everything_is_an_actor.interpreters.documents.tree import VALUES
from everything_is_an_actor.interpreters.documents.writer import Json, Writer, writable_text
from everything_is_an_actor.interpreters.documents.yaml_writer import yaml_text


def to_dict(
    flow: Flow[Any, Any], registry: Mapping[str, object] | None = None, *, name: str | None = None
) -> Json:
    """`flow` as a document: `from_dict(to_dict(flow, registry), registry) == flow`.

    Agents, functions and types are written by their names in the registry, which may be a plain
    mapping; without one, by the `__name__` of a class or function of a module. `name` is that of
    the document. In linear time; long chains are lists, deep and shared parts are under `flows`.
    A flow may hold any types, and so may a document: hence the `Any`.

    Raises `SerializationError` (a `TypeError`) with the path in the flow for what has no name or no
    form in JSON, and for two things of one name.

    >>> from everything_is_an_actor.flow import Registry, pure, race
    >>> to_dict(race(pure(min), pure(max)).map(abs), Registry.of(min, max, abs))
    {'version': 1, 'steps': [{'race': [{'pure': 'min'}, {'pure': 'max'}]}, {'map': 'abs'}]}
    """
    need_flow("to_dict", "flow", flow)
    if name is not None:
        need_label("to_dict", "name", name)
    names = None if registry is None else registered(registry)
    header: Json = {} if name is None else {SUB_FLOW: writable_text(name)}
    writer = Writer(flow, names)
    body = writer.body()
    if writer.values > VALUES:
        raise SerializationError(
            f"the flow takes {writer.values:,} values, and a document holds {VALUES:,} at most: "
            f"write parts of it as documents of their own"
        )
    flows: Json = {"flows": writer.flows} if writer.flows else {}
    return {**header, "version": VERSION, **body, **flows}


def to_json(
    flow: Flow[Any, Any],
    registry: Mapping[str, object] | None = None,
    *,
    name: str | None = None,
    indent: int | None = 2,
) -> str:
    """`flow` as a document in JSON, on one line if `indent` is `None`; raises as `to_dict`.

    >>> from everything_is_an_actor.flow import Registry, pure
    >>> to_json(pure(len).map(abs), Registry.of(len, abs), indent=None)
    '{"version": 1, "steps": [{"pure": "len"}, {"map": "abs"}]}\\n'
    """
    return json_text(to_dict(flow, registry, name=name), indent)


def to_yaml(
    flow: Flow[Any, Any],
    registry: Mapping[str, object] | None = None,
    *,
    name: str | None = None,
) -> str:
    """`flow` as a document in YAML; raises as `to_dict`.

    >>> from everything_is_an_actor.flow import Registry, pure
    >>> print(to_yaml(pure(len).map(abs), Registry.of(len, abs), name="Sizes"), end="")
    flow: Sizes
    version: 1
    steps:
      - pure: len
      - map: abs
    """
    return yaml_text(to_dict(flow, registry, name=name))
