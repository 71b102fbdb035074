"""A small finite universe of types: every value of every type, so that "for all" is a loop.

What a law says of any type `A` is checked with `A` one of `TYPES`; the values of a product, a sum
or a sequence follow from those of its parts. Two functions are equal if they agree on the whole
domain, which is then compared value by value.
"""

import math
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from itertools import product
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAliasType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.values import Continue, Done

TYPES: tuple[type[Any], ...] = (bool, str)
"""What a type variable of a law stands for."""

LENGTH = 2
"""How many elements a sequence has at most."""


class Oops(Exception):
    """A recoverable error: what the agents and functions of generated programs fail with.

    >>> from everything_is_an_actor.flow import agent
    >>> from everything_is_an_actor.testing import Does, Reference, scripted
    >>> broken = agent(scripted("broken", {1: Does(Oops("no route"))}))
    >>> [observed] = Reference().observe([(broken.recover(str), 1)])
    >>> observed.result
    <Success: no route>
    """


VALUES: Mapping[object, tuple[Any, ...]] = {
    bool: (False, True),
    str: ("a", "b", "c"),
    int: (1, 2, 3),
    float: (0.5, 1.0, 2.0, 4.0),
    type(None): (None,),
    None: (None,),
    Exception: (Oops("x"), Oops("y"), KeyError("z")),
    object: (False, "a"),
}
"""The values of the basic types."""


_ADDED: dict[type[Any], tuple[Any, ...]] = {}

MOST = 500
"""How many values a type has at most: every flow is run on each of them."""


def register_values[T](kind: type[T], values: Iterable[T]) -> None:
    """Say which values a class of your own has here: a few, since every flow is run on each.

    Where a `kind` is registered again, the last ones count, as in Hypothesis'
    `register_type_strategy`. Raises `ValueError` for none, and for a type that is known by itself.

    >>> from pathlib import PurePath
    >>> register_values(PurePath, [PurePath("a"), PurePath("b")])
    >>> len(values_of(tuple[PurePath, bool]))
    4
    """
    added = tuple(values)
    if not isinstance(kind, type):
        raise TypeError(f"register_values: kind must be a class, got {shown(kind)}")
    if kind in VALUES:
        raise ValueError(f"register_values: the values of {kind.__name__} are known by themselves")
    if not added:
        raise ValueError(f"register_values: values are empty: {kind.__name__} needs one at least")
    strange = [each for each in added if not isinstance(each, kind)]
    if strange:
        raise TypeError(
            f"register_values: values must be of {kind.__name__}, got {shown(strange[0])}"
        )
    _ADDED[kind] = added
    _values_of.cache_clear()


@overload
def values_of[T](hint: type[T]) -> tuple[T, ...]: ...
@overload
def values_of(hint: Any) -> tuple[Any, ...]: ...
def values_of(hint: Any) -> tuple[Any, ...]:
    """Every value of a type, the simplest first.

    Of a sequence, those of at most `LENGTH` elements. Any `hint` may be given, and that of a union
    or an alias is no class, of which a checker of types could know the values: hence the `Any`.
    Raises `TypeError` for a type of which it does not know the values (`register_values` adds
    them), and `ValueError` for one that has more than `MOST`.

    >>> values_of(tuple[bool, None])
    ((False, None), (True, None))
    >>> values_of(Continue[bool] | Done[None])
    (Continue(value=False), Continue(value=True), Done(value=None))

    A dataclass is the product of its fields, an `Enum` or a `Literal` what it lists.
    """
    need_known("values_of", hint)
    return _values_of(hint)


def need_known(where: str, *hints: Any) -> None:
    """Types whose values are known: else an error, from the call that has named them."""
    for hint in hints:
        try:
            _values_of(hint)
        except _Unknown as error:
            raise error.kind(f"{where}: {_within(hint, error.hint)}{error}") from None
        except RecursionError:
            raise TypeError(
                f"{where}: {named(hint)} contains itself, and has no end of values: "
                "register_values says which of them to use"
            ) from None


class _Unknown(Exception):
    """A type without values, and the kind of error that it is."""

    def __init__(self, kind: type[Exception], hint: object, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.hint = hint


def _within(hint: Any, unknown: object) -> str:
    return "" if hint is unknown else f"of {named(hint)}, "


def named(hint: Any) -> str:
    """A type as one writes it."""
    return hint.__qualname__ if type(hint) is type else str(hint)


@cache
def _values_of(hint: Any) -> tuple[Any, ...]:
    if hint in VALUES:
        return VALUES[hint]
    if hint in _ADDED:
        return _ADDED[hint]
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(hint, TypeAliasType) or isinstance(origin, TypeAliasType):
        return _values_of(resolved(hint))
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _sequences(hint, tuple, args[0])
    if origin is tuple:
        return tuple(_product(hint, args))
    if origin is list or origin is Sequence:
        return _sequences(hint, list, args[0])
    if origin in (Continue, Done):
        return tuple(map(origin, _values_of(args[0])))
    if origin is Result:
        return (*map(Success, _values_of(args[0])), *map(Failure, _values_of(args[1])))
    if origin in (Union, types.UnionType):
        return tuple(value for part in args for value in _values_of(part))
    if origin is Literal:
        return args
    if isinstance(hint, type) and issubclass(hint, Enum):
        return tuple(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        parts = get_type_hints(hint)
        names = [each.name for each in fields(hint) if each.init]
        rows = _product(hint, [parts[name] for name in names])
        return tuple(hint(**dict(zip(names, row, strict=True))) for row in rows)
    raise _Unknown(
        TypeError,
        hint,
        f"the values of {named(hint)} are not known. Known are bool, str, int, float, None, every "
        "Enum, Literal and dataclass, and tuples, lists, unions and Results of such; "
        "register_values(cls, values) adds those of a class",
    )


def _product(hint: Any, parts: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
    columns = [_values_of(part) for part in parts]
    _need_few(hint, math.prod(map(len, columns)))
    return product(*columns)


def _sequences(hint: Any, make: Any, element: Any) -> tuple[Any, ...]:
    parts = _values_of(element)
    _need_few(hint, sum(len(parts) ** n for n in range(LENGTH + 1)))
    return tuple(make(p) for n in range(LENGTH + 1) for p in product(parts, repeat=n))


def _need_few(hint: Any, count: int) -> None:
    if count > MOST:
        raise _Unknown(
            ValueError,
            hint,
            f"there are {count} values of {named(hint)}, on each of which a flow would be run: "
            "register_values(cls, values) says which of them to use for a class",
        )


def product_of(*parts: Any) -> Any:
    """The type of tuples of these types, which are known only when this runs."""
    return types.GenericAlias(tuple, parts)


def tuple_of(element: Any) -> Any:
    """The type of tuples of any length."""
    return types.GenericAlias(tuple, (element, ...))


def list_of(element: Any) -> Any:
    """The type of lists."""
    return types.GenericAlias(list, (element,))


def step_of(again: Any, end: Any) -> Any:
    """The type of what the body of a loop yields, which is the sum of the algebra."""
    return types.GenericAlias(Continue, (again,)) | types.GenericAlias(Done, (end,))


def resolved(hint: Any) -> Any:
    """A subscripted `type` alias, or a plain one, as what it stands for."""
    if isinstance(hint, TypeAliasType):
        return hint.__value__
    alias = get_origin(hint)
    bound = dict(zip(alias.__type_params__, get_args(hint), strict=True))
    return substituted(alias.__value__, bound)


def substituted(hint: Any, bound: Mapping[Any, Any]) -> Any:
    """`hint` with types in place of type variables."""
    if isinstance(hint, TypeVar):
        return bound[hint]
    if isinstance(hint, list):  # the parameters of a Callable
        return [substituted(each, bound) for each in hint]
    args = get_args(hint)
    if not args:
        return hint
    origin = get_origin(hint)
    if hasattr(hint, "__metadata__"):  # Annotated
        return _annotated(substituted(hint.__origin__, bound), hint.__metadata__)
    if origin is Literal:
        return hint
    inner = tuple(each if each is Ellipsis else substituted(each, bound) for each in args)
    if origin in (Union, types.UnionType):
        return Union[inner]  # noqa: UP007  # of as many as there are
    return origin[inner]


def _annotated(hint: Any, metadata: tuple[Any, ...]) -> Any:
    return Annotated[(hint, *metadata)]
