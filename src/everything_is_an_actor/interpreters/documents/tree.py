"""A document as plain values, with the places in the text that they come from.

The values are those of JSON: `dict` with keys of `str`, `list`, `str`, `int`, `float`, `bool`,
`None`. A part that the text refers to twice (an alias of YAML) is one object, twice: a tree may be
a graph, but never a cycle.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from everything_is_an_actor.algebra.arguments import cut, shown
from everything_is_an_actor.interpreters.documents.problems import Position, Problem

DEPTH: Final = 100  # lists and mappings within one another
VALUES: Final = 1_000_000  # in all, those of a part that is referred to twice counted twice
PROBLEMS: Final = 10_000  # after which nobody reads on
BYTES: Final = 64 * 1024 * 1024  # of a text in UTF-8

_SHOWN: Final = 40  # characters of a key, in a path

type Entry = tuple[int, str | int]
"""A value by the `id` of the list or mapping that holds it, and its index or key there."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A document that was read, and what was wrong with its text.

    `root` is where the document begins. `positions` says where each value stands, and `keys` where
    each key of a mapping does; both are empty for a text whose parser does not tell. `problems`
    have left something to go on with: of a key that is there twice, the first.
    """

    value: object
    root: Position | None
    positions: Mapping[Entry, Position]
    keys: Mapping[Entry, Position]
    problems: Sequence[Problem] = ()


def path_text(way: Iterable[str | int]) -> str:
    """The path that a way of keys and indices is, as a problem has it.

    >>> path_text(["steps", 2, "all", 0, "no name"])
    'steps[2].all[0]."no name"'
    """
    parts = [f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in way]
    return "".join(parts).removeprefix(".")


def spoken(value: object) -> str:
    """A value as a reader of the document knows it.

    >>> [spoken(value) for value in (None, True, 1.5, {"a": 1})]
    ['null', 'true', '1.5', 'a mapping']
    """
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return shown(value)


def _key(key: str) -> str:
    return key if key.isidentifier() and len(key) <= _SHOWN else cut(json.dumps(key[:_SHOWN]))
