"""The JSON Schema (2020-12) of documents, for editors: what reading accepts, said beforehand.

It is made from the table in `keywords.py`. For every document

    reading accepts it  ⟺  the schema accepts it, and what no schema can say holds

which is: names are in the registry and fit (a schema that was made with the registry lists them),
no two cases of a branch are one type, sub-flows are there and do not contain themselves, a quorum
of more than `QUORUM` is of as many flows, the longest wait is no shorter than the first one, and
the document is not too large.
"""

import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, assert_never

from everything_is_an_actor.interpreters.documents.keywords import KEYWORDS, MAP, SUB_FLOW, VERSION
from everything_is_an_actor.interpreters.documents.registry import (
    ROLES,
    Registry,
    registered,
)
from everything_is_an_actor.interpreters.documents.sorts import (
    ABSENT,
    Choices,
    Count,
    Field,
    Flag,
    Keyword,
    Name,
    Names,
    Number,
    Part,
    Parts,
    Record,
    Sort,
    Steps,
    Text,
    Value,
)

QUORUM: Final = 16

type Schema = dict[str, Any]  # a mapping of JSON


def json_schema(registry: Mapping[str, object] | None = None) -> Schema:
    """The JSON Schema of documents; with a registry, its names are the only ones, for completion.

    A schema is a mapping of JSON: hence the `Any`.

    >>> schema = json_schema(Registry.of(len))
    >>> schema["$defs"]["function"]
    {'enum': ['len']}
    >>> sorted(schema["$defs"]["node"]["anyOf"][1]["properties"])[:4]
    ['absolve', 'agent', 'all', 'and_then']
    """
    names = None if registry is None else registered(registry)
    node = {keyword.name: _ref(f"keyword {keyword.name}") for keyword in KEYWORDS.values()}
    header: Schema = {
        SUB_FLOW: _TEXT | {"description": "The name of the document."},
        "version": {"const": VERSION, "description": "Of the document model."},
        "flows": {
            "type": "object",
            "description": f"Nodes by name, for `{SUB_FLOW}: NAME`.",
            "propertyNames": _TEXT,
            "additionalProperties": _ref("node"),
        },
    }
    only_named: Schema = {
        "required": [SUB_FLOW, "flows"],
        "not": {"anyOf": [{"required": [name]} for name in KEYWORDS]},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A flow of agents",
        "anyOf": [
            _ref("agent"),
            _record_of({**header, **node})
            | {"oneOf": [*({"required": [name]} for name in KEYWORDS), only_named]},
        ],
        "$defs": {
            "node": {
                "anyOf": [
                    _ref("agent"),
                    _record_of({**node, SUB_FLOW: _sub_flow()})
                    | {"minProperties": 1, "maxProperties": 1},
                ]
            },
            "step": {
                "anyOf": [
                    _ref("node"),
                    _record_of({MAP.name: _ref("function")}, required=[MAP.name]),
                ]
            },
            **{f"keyword {name}": _keyword(keyword) for name, keyword in KEYWORDS.items()},
            **{role: _names(role, names) for role in ROLES},
        },
    }


_TEXT: Final[Schema] = {"type": "string", "minLength": 1}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name.replace(' ', '%20')}"}


def _sub_flow() -> Schema:
    return _TEXT | {"description": "The node of that name under `flows`."}


def _names(role: Any, names: Registry | None) -> Schema:
    if names is None:
        return _TEXT
    fitting = sorted(name for name in names if names.misfit(name, role) is None)
    return {"enum": fitting} if fitting else {"not": {}, "description": f"There is no {role}."}


def _keyword(keyword: Keyword) -> Schema:
    sole = keyword.sole
    schemas = [] if sole is None else [_sort(sole.sort)]
    if not keyword.alone:
        schemas.insert(0, _fields(keyword))
    if not keyword.fields:
        schemas.append({"type": "null"})
    described: Schema = {"description": keyword.says}
    return described | (schemas[0] if len(schemas) == 1 else {"anyOf": schemas})


def _fields(keyword: Keyword) -> Schema:
    schema = _record(keyword.fields, keyword.one_of)
    if keyword.one_of:
        schema["oneOf"] = [{"required": [key]} for key in keyword.one_of]
    if keyword.at_most is not None:
        number, several = keyword.at_most
        schema["allOf"] = [
            {
                "if": {"properties": {number: {"type": "integer", "minimum": n}}},
                "then": {"properties": {several: {"type": "array", "minItems": n}}},
            }
            for n in range(2, QUORUM + 1)
        ]
    return schema


def _record(fields: Iterable[Field], optional: Collection[str] = ()) -> Schema:
    return _record_of(
        {field.key: _with_default(field) for field in fields},
        required=[f.key for f in fields if f.default is ABSENT and f.key not in optional],
    )


def _record_of(properties: Schema, required: Iterable[str] = ()) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return schema | ({"required": [*required]} if required else {})


def _with_default(field: Field) -> Schema:
    schema = _sort(field.sort) | {"description": field.says}
    if isinstance(field.default, bool | int | float | None):
        schema |= {"default": field.default}
    return schema


def _sort(sort: Sort) -> Schema:
    """The values that a field may hold."""
    match sort:
        case Part():
            return _ref("node")
        case Parts(least):
            return {"type": "array", "items": _ref("node"), "minItems": least}
        case Steps():
            return {
                "type": "array",
                "prefixItems": [_ref("node")],
                "items": _ref("step"),
                "minItems": 1,
            }
        case Choices():
            return {
                "type": "object",
                "propertyNames": _ref("type"),
                "additionalProperties": _ref("node"),
                "minProperties": 1,
            }
        case Name(role):
            return _ref(role)
        case Names(role):
            several = {"type": "array", "items": _ref(role), "minItems": 1}
            return {"anyOf": [_ref(role), several]}
        case Count(least, nullable):
            return _nullable({"type": "integer", "minimum": least}, nullable)
        case Number(least, above, nullable):
            bound = "exclusiveMinimum" if above else "minimum"
            number = {"type": "number", bound: least, "maximum": sys.float_info.max}
            return _nullable(number, nullable)
        case Flag():
            return {"type": "boolean"}
        case Text(nullable):
            return _nullable(dict(_TEXT), nullable)
        case Value():
            return {}
        case Record(fields):
            return _record(fields)
        case _ as unreachable:
            assert_never(unreachable)


def _nullable(schema: Schema, nullable: bool) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]} if nullable else schema
