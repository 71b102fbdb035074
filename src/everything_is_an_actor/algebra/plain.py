"""Any value in JSON's terms: for events, traces, and whoever else writes down what a user has made.

`opened` looks one level into a value: a scalar as it is, a list, an object, or a text where JSON
has no such form. There are two ways down from it:

    plain   = all of it; whatever the value's own code raises is raised
    bounded = what a reader can take in; never an error, never more than so much

A value that is written twice is the same text twice, also in another process: a set is put in
order, and an address in memory is left out of a `repr`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import islice
from math import inf, isfinite
from pathlib import PurePath
from typing import Any, Final

from returns.result import Failure, Success

from everything_is_an_actor.algebra.arguments import callable_name, shown

DEPTH: Final = 16  # values within values that `bounded` goes down
ELEMENTS: Final = 100  # of a list, an object or a set
VALUES: Final = 2_000  # in all
CHARACTERS: Final = 10_000  # of a text

_ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+")


def plain(value: Any) -> object:
    """A value in JSON's terms: a dataclass by its fields, an error by its type, text and notes.

    A ref is its path. What has no such form is written as its `repr`. A value may be anything:
    hence the `Any`. Raises what its own code raises, and `RecursionError` for what is too deep.

    >>> plain({1: {2.0}, "path": PurePath("a/b")})
    {'1': [2.0], 'path': 'a/b'}
    >>> plain(ValueError("no"))
    {'error': 'ValueError', 'message': 'no', 'notes': []}
    """
    level = opened(value)
    if isinstance(level, list):
        return [plain(element) for element in level]
    if isinstance(level, dict):
        return {key: plain(element) for key, element in level.items()}
    return level


def opened(value: Any) -> object:
    """One level of a value: a scalar, a list or a dict with keys of text. Raises as `plain`."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if isfinite(value) else repr(value)
        case list() | tuple():
            return list(value)
        case set() | frozenset():
            return sorted(value, key=_order)
        case dict():
            return {_key(key): element for key, element in value.items()}
        case PurePath():
            return str(value)
        case Enum():
            return f"{type(value).__name__}.{value.name}"
        case BaseException():
            return {
                "error": type(value).__name__,
                "message": without_addresses(str(value)),
                "notes": [without_addresses(str(note)) for note in notes_of(value)],
            }
        case Success(inner_value):
            return {"success": inner_value}
        case Failure(inner_value):
            return {"failure": inner_value}
        case _ if (path := ref_path(value)) is not None:
            return path
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: getattr(value, field.name) for field in fields(value)}
        case _:
            return without_addresses(repr(value))


def bounded(value: Any) -> object:
    """As `plain`, of any value, in bounded size; `json.dumps` takes it, with `allow_nan=False`.

    What is cut says so: a text by its length, a list or an object by how many more there are, a
    value that is too deep or that holds itself by `…`. An object whose own code fails is written as
    that. Raises nothing.

    >>> bounded([float("nan"), 10**5000, {2, "b", 1}])
    ['nan', '<int of 16610 bits>', [1, 2, 'b']]
    >>> cycle = [1]
    >>> cycle.append(cycle)
    >>> bounded(cycle)
    [1, '…']
    """
    return _Bounded().written(value)


def ref_path(value: Any) -> str | None:
    """The path of a ref: what can be told or asked something, and has a `path` of text."""
    kind = type(value)
    if hasattr(kind, "tell") or hasattr(kind, "ask"):
        path: object = getattr(value, "path", None)
        return path if isinstance(path, str) else None
    return None


def without_addresses(text: str) -> str:
    """`text`, which may be a `repr`, without the places in memory that differ from run to run.

    >>> without_addresses("<__main__.Odd object at 0x7f83cc2a3b60>")
    '<__main__.Odd object>'
    """
    return _ADDRESS.sub("", text)


def text_of(value: object) -> str:
    """The `repr` of a value for people: on one line, cut short, the same in every run.

    >>> text_of(("Ada", object()))
    "('Ada', <object object>)"
    """
    try:
        path = ref_path(value)
        if path is not None:
            return exactly(path)
        if isinstance(value, type):
            return exactly(callable_name(value))
        return exactly(without_addresses(shown(value)))
    except Exception as error:
        return unshowable(value, error)


def exactly(text: str) -> str:
    """A text of the class `str` itself: a subclass may be odd in every way."""
    return str.__getitem__(text, slice(None))


def one_line(text: str) -> str:
    """`text` without control characters, which would move a cursor.

    >>> one_line("one\\ntwo\\x1b[2J")
    'one two [2J'
    """
    return "".join(c if c.isprintable() else " " for c in text)


def name_of(value: object) -> str:
    """The name of a function or a class for people, the same in every run. Raises nothing.

    >>> name_of(len), name_of(lambda x: x)
    ('len', 'λ')
    """
    try:
        name = exactly(without_addresses(callable_name(value)))
    except Exception as error:  # of the repr of what it holds
        return unshowable(value, error)
    return "λ" if name == "<lambda>" else name


def message_of(error: BaseException) -> str:
    """The text of an error, in bounded size. Raises nothing."""
    try:
        return _cut(without_addresses(str(error)))
    except Exception as raised:
        return unshowable(error, raised)


def error_text(error: BaseException) -> str:
    """The type and the text of an error, in bounded size. Raises nothing."""
    message = message_of(error)
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def notes_of(error: BaseException) -> Iterable[object]:
    """The notes on an error."""
    notes: Iterable[object] = getattr(error, "__notes__", ())
    return notes


def unshowable(value: object, error: Exception) -> str:
    """What is written for an object whose own code raised `error`."""
    return f"<{type(value).__name__}: cannot be shown: {type(error).__name__}>"


def safely(show: Callable[[object], str], value: object) -> str:
    """What `show`, which is `str` or `repr`, says of a value. Raises nothing."""
    try:
        return show(value)
    except Exception as error:
        return unshowable(value, error)


class _Bounded:
    """Writes one value: how many values it may still have, and which it is within."""

    __slots__ = ("_left", "_within")

    def __init__(self) -> None:
        self._left = VALUES
        self._within: set[int] = set()

    def written(self, value: Any) -> object:
        self._left -= 1
        if self._left < 0 or id(value) in self._within or len(self._within) >= DEPTH:
            return "…"
        try:
            level = _opened_shortly(value)
        except Exception as error:
            return unshowable(value, error)
        if not isinstance(level, list | dict):
            return level
        self._within.add(id(value))
        if isinstance(level, list):
            written: object = [self.written(element) for element in level]
        else:
            written = {_cut(key): self.written(element) for key, element in level.items()}
        self._within.discard(id(value))
        return written


def _opened_shortly(value: Any) -> object:
    """`opened`, but exactly of JSON's types, and of what is long only about as much as is shown."""
    match value:
        case None | bool():
            return value
        case int():
            return int.__int__(value) if value.bit_length() <= 1024 else text_of(value)
        case str():
            return _cut(value)
        case float():
            return float.__float__(value) if isfinite(value) else float.__repr__(value)
        case bytes() | bytearray() if (length := len(value)) > CHARACTERS:
            return f"{value[:CHARACTERS]!r}… ({length} bytes)"
        case list() | tuple() if (more := len(value) - ELEMENTS) > 0:
            return [*islice(value, ELEMENTS), f"… {more} more"]
        case set() | frozenset() if len(value) > ELEMENTS:
            return f"<{type(value).__name__} of {len(value)} elements>"
        case Mapping():
            items = {_key(key): element for key, element in islice(value.items(), ELEMENTS)}
            more = len(value) - ELEMENTS
            return items | {"…": f"{more} more"} if more > 0 else items
        case _ if hasattr(type(value), "abridged"):
            return _cut(without_addresses(value.abridged(CHARACTERS + 1)))
        case _:
            level = opened(value)
            return _cut(level) if isinstance(level, str) else level


def _key(key: object) -> str:
    return key if isinstance(key, str) else without_addresses(str(key))


def _order(element: Any) -> tuple[float, str]:
    """Numbers first, by size; the others by what is in them."""
    match element:
        case int() | float() if element == element:
            return element, ""
        case str():
            return inf, element
        case tuple():
            return inf, repr(list(map(_order, element)))
        case frozenset():
            return inf, repr(sorted(map(_order, element)))
        case _:
            return inf, without_addresses(repr(element))


def _cut(text: str) -> str:
    """`text`, or its beginning and its length."""
    length = str.__len__(text)
    if length <= CHARACTERS:
        return exactly(text)
    return f"{str.__getitem__(text, slice(CHARACTERS))}… ({length} characters)"
