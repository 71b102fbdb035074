"""What the builtins and the abstract collections are, as types, which they do not say at run time.

`list` has no parameters to be looked up, `str` is a `Sequence[str]` by registration only, and
`len.__annotations__` does not exist. The facts are those of typeshed.
"""

import collections
import io
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Collection,
    Container,
    Coroutine,
    Generator,
    Hashable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    MutableMapping,
    MutableSequence,
    MutableSet,
    Reversible,
    Sequence,
    Set,
    Sized,
    ValuesView,
)
from decimal import Decimal
from os import PathLike
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO, SupportsFloat, SupportsIndex, SupportsInt, TextIO, TypeVar

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
T_co = TypeVar("T_co", covariant=True)
R_co = TypeVar("R_co", covariant=True)
V_co = TypeVar("V_co", covariant=True)
S_contra = TypeVar("S_contra", contravariant=True)

type Generic = tuple[tuple[TypeVar, ...], tuple[Any, ...]]


def _on(cls: Any, *args: object) -> Any:
    """`cls[args]`, which mypy takes for a type wherever it sees it."""
    return cls[args]


_GENERICS: dict[type[Any], Generic] = {
    Iterable: ((T_co,), ()),
    Container: ((T_co,), ()),
    Iterator: ((T_co,), (_on(Iterable, T_co),)),
    Reversible: ((T_co,), (_on(Iterable, T_co),)),
    Collection: ((T_co,), (_on(Iterable, T_co), _on(Container, T_co), Sized)),
    Sequence: ((T_co,), (_on(Reversible, T_co), _on(Collection, T_co))),
    MutableSequence: ((T,), (_on(Sequence, T),)),
    Set: ((T_co,), (_on(Collection, T_co),)),
    MutableSet: ((T,), (_on(Set, T),)),
    Mapping: ((K, V_co), (_on(Collection, K),)),
    MutableMapping: ((K, V), (_on(Mapping, K, V),)),
    KeysView: ((T_co,), (_on(Set, T_co),)),
    ValuesView: ((T_co,), (_on(Collection, T_co),)),
    ItemsView: ((T_co, V_co), (_on(Set, _on(tuple, T_co, V_co)),)),
    Awaitable: ((T_co,), ()),
    Coroutine: ((T_co, S_contra, R_co), (_on(Awaitable, R_co),)),
    Generator: ((T_co, S_contra, R_co), (_on(Iterator, T_co),)),
    AsyncIterable: ((T_co,), ()),
    AsyncIterator: ((T_co,), (_on(AsyncIterable, T_co),)),
    AsyncGenerator: ((T_co, S_contra), (_on(AsyncIterator, T_co),)),
    type: ((T_co,), (Hashable,)),
    list: ((T,), (_on(MutableSequence, T),)),
    collections.deque: ((T,), (_on(MutableSequence, T),)),
    set: ((T,), (_on(MutableSet, T),)),
    frozenset: ((T_co,), (_on(Set, T_co), Hashable)),
    dict: ((K, V), (_on(MutableMapping, K, V),)),
    collections.defaultdict: ((K, V), (_on(dict, K, V),)),
    collections.OrderedDict: ((K, V), (_on(dict, K, V),)),
    collections.Counter: ((T,), (_on(dict, T, int),)),
    collections.ChainMap: ((K, V), (_on(MutableMapping, K, V),)),
    str: ((), (Sequence[str], Hashable)),
    bytes: ((), (Sequence[int], Hashable)),
    bytearray: ((), (MutableSequence[int],)),
    memoryview: ((), (Sequence[int],)),
    range: ((), (Sequence[int], Hashable)),
    PathLike: ((T_co,), ()),
    PurePath: ((), (_on(PathLike, str), Hashable)),
    io.StringIO: ((), (TextIO, io.TextIOBase)),
    io.TextIOWrapper: ((), (TextIO, io.TextIOBase)),
    io.BytesIO: ((), (BinaryIO, io.BufferedIOBase)),
    io.BufferedReader: ((), (BinaryIO, io.BufferedIOBase)),
    io.BufferedWriter: ((), (BinaryIO, io.BufferedIOBase)),
    io.BufferedRandom: ((), (BinaryIO, io.BufferedIOBase)),
    io.FileIO: ((), (BinaryIO, io.RawIOBase)),
}
# By identity: the metaclass of what is looked up may hash and compare as it likes.
_BY_IDENTITY = {id(cls): generic for cls, generic in _GENERICS.items()}


def generic(cls: type[Any]) -> Generic | None:
    """The type parameters of a builtin class, and the bases that it has on them, if it is known."""
    return _BY_IDENTITY.get(id(cls))


type Annotated = tuple[object, object]

FUNCTIONS: dict[Any, Annotated] = {
    str: (object, str),
    repr: (object, str),
    ascii: (object, str),
    bool: (object, bool),
    callable: (object, bool),
    print: (object, None),
    id: (object, int),
    hash: (object, int),
    len: (Sized, int),
    int: (str | bytes | bytearray | SupportsInt | SupportsIndex, int),
    float: (str | bytes | bytearray | SupportsFloat | SupportsIndex, float),
    hex: (int | SupportsIndex, str),
    oct: (int | SupportsIndex, str),
    bin: (int | SupportsIndex, str),
    chr: (int | SupportsIndex, str),
    ord: (str | bytes | bytearray, int),
    list: (_on(Iterable, T), _on(list, T)),
    tuple: (_on(Iterable, T), _on(tuple, T, ...)),
    set: (_on(Iterable, T), _on(set, T)),
    frozenset: (_on(Iterable, T), _on(frozenset, T)),
    any: (Iterable[object], bool),
    all: (Iterable[object], bool),
}
"""What some functions without annotations take, as the only argument, and give."""

METHODS: dict[type[Any], dict[str, object]] = {
    str: {
        **dict.fromkeys(
            ("upper", "lower", "strip", "lstrip", "rstrip", "title", "capitalize", "casefold"), str
        ),
        **dict.fromkeys((name for name in dir(str) if name.startswith("is")), bool),
        **dict.fromkeys(("split", "rsplit", "splitlines"), list[str]),
        "swapcase": str,
        "encode": bytes,
    },
    bytes: {
        **dict.fromkeys(("upper", "lower", "strip", "lstrip", "rstrip", "title"), bytes),
        **dict.fromkeys((name for name in dir(bytes) if name.startswith("is")), bool),
        "decode": str,
        "hex": str,
    },
}
"""What the methods of builtin classes give that take nothing but the object."""

BOUND_METHODS: dict[type[Any], dict[str, Annotated]] = {
    str: {"join": (Iterable[str], str)},
    bytes: {"join": (Iterable[bytes | bytearray | memoryview], bytes)},
}
"""What the methods of a text at hand take, as the only argument, and give."""

CONSTRUCTORS: dict[type[Any], Any] = {
    **dict.fromkeys((PurePath, PurePosixPath, PureWindowsPath, Path), str | PathLike[str]),
    Decimal: int | float | str | Decimal,
}
"""What the constructors of some classes take, as the only argument."""

# What may be compared with what else there is of it.
_ORDERED: list[Any] = [
    TypeVar("Number", bound=float),
    TypeVar("Text", bound=str),
    TypeVar("Bytes", bound=bytes),
]

OVERLOADS: dict[Any, tuple[Annotated, ...]] = {
    sorted: tuple((_on(Iterable, var), _on(list, var)) for var in _ORDERED),
    max: tuple((_on(Iterable, var), var) for var in _ORDERED),
    min: tuple((_on(Iterable, var), var) for var in _ORDERED),
    sum: ((Iterable[int], int), (Iterable[float], float)),
    abs: ((int, int), (float, float), (complex, float), (Decimal, Decimal)),
    round: ((int, int), (float, int), (Decimal, int)),
}
"""What some functions take and give, by what they are given."""
