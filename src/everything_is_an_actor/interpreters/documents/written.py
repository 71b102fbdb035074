"""What may be written as a document: what can be read again, no more."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Final

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.interpreters.documents.problems import SerializationError
from everything_is_an_actor.interpreters.documents.scalars import half_of_a_pair, too_long
from everything_is_an_actor.interpreters.documents.tree import BYTES, DEPTH, VALUES, path_text

_SIMPLE: Final = frozenset({bool, type(None), dict, list})  # nothing is wrong with such a value


def writable(value: object) -> object:
    """`value` itself, if it is one of JSON, within the bounds of reading.

    Of exactly the types of JSON: `dict` with keys of `str`, `list`, `str`, `int`, `float`, `bool`,
    `None`. What is referred to twice is counted twice, as it will be in the text. Raises
    `SerializationError`, which has the path.

    >>> writable({"timeout": 1.5})
    {'timeout': 1.5}
    """
    way: list[str | int] = [0]  # the first one leads to `value`, and is not part of the path
    entries: list[Iterator[tuple[str | int, object]]] = [iter([(0, value)])]
    count = 0
    while entries:
        for key, item in entries[-1]:
            way[-1] = key
            count += 1
            if type(item) not in _SIMPLE and (reason := _wrong(item)):
                raise SerializationError(reason, path_text(way[1:]))
            if count > VALUES:
                raise SerializationError(f"a document has at most {VALUES:,} values")
            if isinstance(item, dict | list):
                if len(entries) > DEPTH:
                    message = f"lists and mappings are nested deeper than {DEPTH}"
                    raise SerializationError(message, path_text(way[1:]))
                if isinstance(item, dict) and (reason := _wrong_keys(item)):
                    raise SerializationError(reason, path_text(way[1:]))
                entries.append(iter(item.items() if isinstance(item, dict) else enumerate(item)))
                way.append(0)
                break
        else:
            entries.pop()
            way.pop()
    return value


def within_bounds(text: str) -> str:
    """`text` itself, if it is not too large to be read. Raises `SerializationError`."""
    if len(text) > BYTES or len(text.encode()) > BYTES:
        raise SerializationError(
            f"a document has at most {BYTES // 1024 // 1024} MiB, and this has more: "
            f"in JSON with indent=None there is the most room"
        )
    return text


def _wrong(value: object) -> str | None:
    """Why a value, looked at by itself, is none of JSON."""
    kind = type(value)
    if isinstance(value, str) and kind is str:
        half = half_of_a_pair(value)
        return half and half[1]
    if isinstance(value, int) and kind is int:
        return too_long(value)
    if isinstance(value, float) and kind is float:
        return None if isfinite(value) else f"{value} is no number in JSON"
    return f"{shown(value)} is no value of JSON"


def _wrong_keys(mapping: Mapping[object, object]) -> str | None:
    for key in mapping:
        if type(key) is not str:
            return f"a key is a text, not {shown(key)}"
        if reason := _wrong(key):
            return reason
    return None
